//! Builds the server and becomes it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::site;
use crate::workspace::{announce, cargo, root, run as run_command, target};

/// What `cargo xtask run` passes on to the server.
#[derive(Debug, PartialEq)]
pub struct Options {
    /// TCP port to listen on.
    pub port: u16,
    /// Directory of the database; created where missing. Relative to the workspace.
    pub data: PathBuf,
    /// Load the demonstration exercise and its users.
    pub demo: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 8080, data: PathBuf::from("data"), demo: false }
    }
}

/// Builds the server as it is delivered; its program.
pub fn build() -> Result<PathBuf> {
    announce("Building the server");
    run_command(&mut cargo(["build", "--package", "server", "--bin", "focaliza", "--release"]))?;
    Ok(target().join("release").join(format!("focaliza{}", std::env::consts::EXE_SUFFIX)))
}

/// Serves application and data on one port until the server ends.
pub fn run(options: &Options) -> Result<()> {
    let mut server = Command::new(build()?);
    announce("Starting the server");
    server
        .current_dir(root())
        .arg("serve")
        .args(["--port", &options.port.to_string()])
        .arg("--data")
        .arg(&options.data)
        .arg("--dist")
        .arg(site::directory());
    if options.demo {
        server.arg("--demo");
    }
    become_process(&mut server)
}

/// Replaces this process, so that signals reach the server directly.
#[cfg(unix)]
fn become_process(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Result<()> {
    run_command(command)
}
