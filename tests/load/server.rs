//! The server under load.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use shared::exchange;
use tempfile::TempDir;
use tests::large_exercise;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Child,
};

use crate::device::sign_in;

const PASSWORD: &str = "pampa del tamarugal";
/// Accounts: one alone may not have all connections.
const ACCOUNTS: usize = 4;

/// A running server with a few accounts and one exercise; killed when dropped.
pub struct Server {
    process: Child,
    /// `127.0.0.1:…`
    pub address: String,
    _data: TempDir,
}

impl Server {
    /// Starts the program with a new database that holds an exercise of so many rows.
    pub async fn start(program: &Path, rows: usize) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let file = data.path().join("exercise.json");
        fs::write(&file, exchange::export(large_exercise(rows).exercise()))?;
        let command = |line: &[&str]| {
            let mut command = Command::new(program);
            command.args(line).arg("--data").arg(data.path()).stdin(Stdio::null());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        let run = |line: &[&str]| {
            let status = command(line).status();
            let status = status.with_context(|| format!("cannot run {}", program.display()))?;
            if status.success() { Ok(()) } else { bail!("`focaliza {}` failed", line[0]) }
        };
        run(&["import", file.to_str().context("the path is not UTF-8")?])?;
        for account in 0..ACCOUNTS {
            let login = login(account);
            let mut line = vec!["user", "add", "--name", "Carga", "--login", &login];
            line.extend(["--role", "gore_editor", "--region", "01", "--password", PASSWORD]);
            run(&line)?;
        }
        let mut serve = tokio::process::Command::from(command(&["serve", "--port", "0"]));
        serve.stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = serve.spawn()?;
        let output = process.stdout.take().context("the output is piped")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let line = line.context("the server ended at once")?;
        let address = line.rsplit("//").next().unwrap_or_default().to_owned();
        Ok(Self { process, address, _data: data })
    }

    /// Signs in with every account; the cookies.
    pub async fn sign_in(&self) -> Result<Vec<String>> {
        let mut cookies = Vec::new();
        for account in 0..ACCOUNTS {
            cookies.push(sign_in(&self.address, &login(account), PASSWORD).await?);
        }
        Ok(cookies)
    }

    /// Processor time that it has taken, in seconds.
    pub fn processor(&self) -> Result<f64> {
        /// `sysconf(_SC_CLK_TCK)` of every Linux.
        const TICKS: f64 = 100.0;
        let stat = fs::read_to_string(self.proc("stat")?)?;
        let fields = stat.rsplit(") ").next().context("no fields")?;
        let fields: Vec<_> = fields.split(' ').collect();
        let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
        Ok((user + system) / TICKS)
    }

    /// Memory in use and the most there was (`VmRSS`, `VmHWM`), in MB.
    pub fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(self.proc("status")?)?;
        let of = |name: &str| -> Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kb = line.and_then(|line| line.split_whitespace().next());
            Ok(kb.context("no such line")?.parse::<f64>()? / 1024.0)
        };
        Ok((of("VmRSS:")?, of("VmHWM:")?))
    }

    fn proc(&self, file: &str) -> Result<String> {
        let id = self.process.id().context("the server ended")?;
        Ok(format!("/proc/{id}/{file}"))
    }
}

fn login(account: usize) -> String {
    format!("carga{account}")
}
