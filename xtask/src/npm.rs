//! axe-core, which looks for barriers in what the browser tests show.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::programs::{answers, apt_get};
use crate::workspace::{announce, root, run, target};

const ADVICE: &str = "\
the accessibility tests need axe-core, which npm installs:
  Debian:  apt-get install nodejs npm
  Fedora:  dnf install nodejs npm
  Arch:    pacman -S nodejs npm
  macOS:   brew install node";

/// The pinned manifest, beside what it pins.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what `tests/axe` pins into `target/axe`, where it is not there yet.
pub fn ensure() -> Result<()> {
    let (pinned, place) = (root().join("tests/axe"), target().join("axe"));
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
    announce("Installing axe-core");
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
