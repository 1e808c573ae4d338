//! The engine of the browser tests, as `FOCALIZA_ENGINE` names it: Chromium unless told.

use anyhow::{Result, bail};

use crate::chromium;
use crate::programs::{answers, apt_get};
use crate::workspace::{announce, cargo, run};

const FIREFOX_ADVICE: &str = "\
FOCALIZA_ENGINE=firefox needs Firefox and geckodriver on PATH:
  Debian:  apt-get install firefox-esr, and cargo install geckodriver --locked
  Fedora:  dnf install firefox, and cargo install geckodriver --locked
  Arch:    pacman -S firefox geckodriver
  macOS:   brew install --cask firefox, and brew install geckodriver
A browser in an unusual place can be named in the variable FIREFOX.";

const WEBKIT_ADVICE: &str = "\
FOCALIZA_ENGINE=webkit needs WebKitGTK, its driver, Python's bindings and a hidden display:
  Debian:  apt-get install webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi xvfb";

/// The tests that every engine runs when none is named: those of what is kept without a network.
/// Others reach for the developer tools of Chromium: fingers, input methods, the accessibility tree,
/// magnification.
const EVERYWHERE: [&str; 11] = [
    "bad_input::",
    "captive_portal::",
    "device::",
    "kills::",
    "meeting::",
    "offline::",
    "rescue::",
    "smoke::",
    "tab_kills::",
    "two_tabs::",
    "wrong_clock::",
];

/// Which tests run when none is named; nothing for all of them.
pub fn tests() -> &'static [&'static str] {
    if named() == "chromium" { &[] } else { &EVERYWHERE }
}

/// Installs the engine with the system's packages where it is missing and that is possible.
pub fn ensure() -> Result<()> {
    match named().as_str() {
        "chromium" => chromium::ensure(),
        "firefox" => {
            if !answers("firefox", "--version") && !answers("firefox-esr", "--version") {
                install("Firefox", &["firefox-esr"], FIREFOX_ADVICE)?;
            }
            if !answers("geckodriver", "--version") {
                announce("Installing geckodriver");
                run(&mut cargo(["install", "geckodriver", "--locked"]))?;
            }
            Ok(())
        }
        "webkit" => {
            let is_there = answers("WebKitWebDriver", "--version")
                && answers("python3", "--version")
                && answers("Xvfb", "-help");
            let packages = ["webkit2gtk-driver", "gir1.2-webkit2-4.1", "python3-gi", "xvfb"];
            if is_there { Ok(()) } else { install("WebKitGTK", &packages, WEBKIT_ADVICE) }
        }
        other => bail!("FOCALIZA_ENGINE is «{other}», not chromium, firefox or webkit"),
    }
}

fn named() -> String {
    std::env::var("FOCALIZA_ENGINE").unwrap_or_else(|_| "chromium".into())
}

fn install(name: &str, packages: &[&str], advice: &str) -> Result<()> {
    if !answers("apt-get", "--version") {
        bail!("{advice}");
    }
    announce(&format!("Installing {name}"));
    let line = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    let installed = apt_get(&["update", "--quiet"]).and_then(|()| apt_get(&line));
    installed.map_err(|error| anyhow::anyhow!("{error:#}\n{advice}"))
}
