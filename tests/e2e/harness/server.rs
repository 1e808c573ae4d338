//! The real server program, on a free port, with a data directory of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{Browser, Screen, free_port, listens, root, target, wait_until};

/// A running server; killed, with its data removed, when dropped.
pub struct Server {
    port: u16,
    data: TempDir,
    evidence: PathBuf,
    /// The command, with its options.
    line: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// Starts a server with an empty data directory. `scenario` names the directory of pictures
    /// and logs below `target/e2e/`; `options` are added to those of `focaliza serve`.
    pub async fn start(scenario: &str, options: &[&str]) -> Result<Self> {
        Self::start_as(scenario, &[&["serve"], options].concat()).await
    }

    /// Starts the server of a meeting.
    pub async fn meeting(scenario: &str, file: &Path) -> Result<Self> {
        let file = file.to_str().context("a temporary path is text")?;
        Self::start_as(scenario, &["meeting", file, "--host", "127.0.0.1"]).await
    }

    /// What the server has printed and logged.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.evidence.join("server.log"))?)
    }

    async fn start_as(scenario: &str, line: &[&str]) -> Result<Self> {
        let evidence = target().join("e2e").join(scenario);
        if evidence.exists() {
            fs::remove_dir_all(&evidence)?;
        }
        fs::create_dir_all(&evidence)?;
        let mut server = Self {
            port: free_port()?,
            data: tempfile::tempdir()?,
            evidence,
            line: line.iter().map(ToString::to_string).collect(),
            process: None,
        };
        server.start_again().await?;
        Ok(server)
    }

    /// Starts the server again after `kill`, on the same port with the same data.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            bail!("the server is running already");
        }
        let log =
            File::options().create(true).append(true).open(self.evidence.join("server.log"))?;
        let program = program()?;
        let mut command = Command::new(&program);
        command.args(&self.line);
        if !self.line.iter().any(|option| option == "--dist") {
            command.arg("--dist").arg(root().join("dist"));
        }
        let mut process = command
            .args(["--port", &self.port.to_string()])
            .arg("--data")
            .arg(self.data.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        wait_until("the server", async || {
            if let Some(status) = process.try_wait()? {
                bail!(
                    "the server ended at once ({status}); see {}",
                    self.evidence.join("server.log").display()
                );
            }
            Ok(listens(self.port).await)
        })
        .await?;
        self.process = Some(process);
        Ok(())
    }

    /// Starts the server again, with more options than before.
    pub async fn start_again_with(&mut self, options: &[&str]) -> Result<()> {
        self.kill().await?;
        self.line.extend(options.iter().map(ToString::to_string));
        self.start_again().await
    }

    /// Ends the server with SIGKILL: only what it has written to disk remains.
    pub async fn kill(&mut self) -> Result<()> {
        let mut process = self.process.take().context("the server is not running")?;
        process.kill().await?;
        Ok(())
    }

    /// Runs another command of the server's program on the same data, e.g. `["user", "list"]`,
    /// and returns what it printed.
    pub async fn command(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(program()?)
            .args(arguments)
            .arg("--data")
            .arg(self.data.path())
            .output()
            .await?;
        if !output.status.success() {
            bail!(
                "`focaliza {}` failed: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Opens a browser of its own (profile, network) for one person.
    pub async fn browser(&self, person: &str, screen: Screen) -> Result<Browser> {
        Browser::start(person, screen, self.port, self.evidence.clone()).await
    }

    /// Where it listens, e.g. `127.0.0.1:8080`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The directory of the database.
    pub fn data(&self) -> &Path {
        self.data.path()
    }
}

/// The program under test: `FOCALIZA`, or what `cargo build` made.
fn program() -> Result<PathBuf> {
    let program = match std::env::var_os("FOCALIZA") {
        Some(program) => PathBuf::from(program),
        None => target().join("debug/focaliza"),
    };
    if !program.is_file() {
        bail!("{} is missing: run `cargo xtask e2e`, which builds it", program.display());
    }
    Ok(program)
}
