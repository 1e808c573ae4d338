//! Chromium and its driver, for the browser tests.

use anyhow::{Result, bail};

use crate::programs::{answers, apt_get};
use crate::workspace::announce;

const ADVICE: &str = "\
the browser tests need Chromium (or Chrome) and a ChromeDriver of the same version on PATH:
  Debian:  apt-get install chromium chromium-driver
  Fedora:  dnf install chromium chromedriver
  Arch:    pacman -S chromium
  macOS:   brew install --cask google-chrome chromedriver
A browser in an unusual place can be named in the variable CHROMIUM.";

/// Installs Chromium with the system's packages where it is missing and that is possible.
pub fn ensure() -> Result<()> {
    if answers("chromedriver", "--version") {
        return Ok(());
    }
    if !answers("apt-get", "--version") {
        bail!(ADVICE);
    }
    announce("Installing Chromium and ChromeDriver");
    let installed = apt_get(&["update", "--quiet"]).and_then(|()| {
        apt_get(&["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"])
    });
    if let Err(error) = installed {
        bail!("{error:#}\n{ADVICE}");
    }
    if !answers("chromedriver", "--version") {
        bail!(ADVICE);
    }
    Ok(())
}
