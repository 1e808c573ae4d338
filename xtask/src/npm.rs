//! What npm installs: axe-core, which looks for barriers in what the browser tests show, Lighthouse,
//! which the benchmark asks about a page, the grid beside which it measures ours, and the provider of
//! identities that the server's tests start.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::programs::{answers, apt_get};
use crate::workspace::{announce, root, run, target};

const ADVICE: &str = "\
the tests of signing in and of accessibility, and the benchmark, need what npm installs:
  Debian:  apt-get install nodejs npm
  Fedora:  dnf install nodejs npm
  Arch:    pacman -S nodejs npm
  macOS:   brew install node";

/// The pinned manifest, beside what it pins.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what `tests/NAME` pins into `target/NAME`, where it is not there yet.
pub fn ensure(name: &str) -> Result<()> {
    ensure_from("tests", name)
}

/// Installs what a folder of this name in another one pins into `target/NAME`, where it is not there
/// yet.
pub fn ensure_from(folder: &str, name: &str) -> Result<()> {
    let (pinned, place) = (root().join(folder).join(name), target().join(name));
    let lock = fs::read(pinned.join("package-lock.json"))?;
    let stamp = place.join("installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !answers("npm", "--version") {
        if !answers("apt-get", "--version") {
            bail!(ADVICE);
        }
        announce("Installing npm");
        let installed = apt_get(&["update", "--quiet"]).and_then(|()| {
            apt_get(&["install", "--yes", "--no-install-recommends", "nodejs", "npm"])
        });
        if let Err(error) = installed {
            bail!("{error:#}\n{ADVICE}");
        }
    }
    announce(&format!("Installing {name}"));
    fs::create_dir_all(&place)?;
    for file in FILES {
        fs::copy(pinned.join(file), place.join(file))?;
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&place);
    run(install.stdout(std::io::stderr())).context(ADVICE)?;
    fs::write(&stamp, lock)?;
    Ok(())
}
