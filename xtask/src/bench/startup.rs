//! How long `cargo xtask run` takes where nothing changed since the last time.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::clock;
use crate::workspace::{cargo, target};

/// The time until the second of two starts on the same data serves.
pub fn second() -> Result<Duration> {
    let data = target().join("bench-data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start = || -> Result<Duration> {
        let began = clock::elapsed();
        let mut command = cargo(["xtask", "run", "--demo", "--port", "0", "--data"]);
        let child = command.arg(&data).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        Running(child).wait_until_it_serves()?;
        Ok(clock::elapsed() - began)
    };
    start()?;
    let taken = start()?;
    fs::remove_dir_all(data)?;
    Ok(taken)
}

/// Cargo, which becomes `xtask`, which becomes the server; killed when dropped.
struct Running(Child);

impl Running {
    fn wait_until_it_serves(mut self) -> Result<()> {
        let output = self.0.stdout.take().context("its output is piped")?;
        let mut lines = BufReader::new(output).lines();
        // Other lines come first, those about the demo among them.
        let address = loop {
            let line = lines.next().context("it names no address")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split_whitespace().next().unwrap_or_default().to_owned();
            }
        };
        let mut server = TcpStream::connect(&address)?;
        write!(server, "GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        server.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "the server answers {answer}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
