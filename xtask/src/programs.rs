//! Other programs that the tests need, and the system's packages.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::workspace::run;

/// `apt-get` with these arguments, as root where that is possible.
pub fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = if answers("sudo", "--version") {
        let mut sudo = Command::new("sudo");
        sudo.arg("apt-get");
        sudo
    } else {
        Command::new("apt-get")
    };
    // Standard output is for what a task prints, such as the JSON of `bench`.
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run(command.stdout(std::io::stderr()))
}

/// Whether this program is there and works.
pub fn answers(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
