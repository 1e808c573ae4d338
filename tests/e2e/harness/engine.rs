//! The engine that the tests run in, and how its browser is started.
//!
//! `FOCALIZA_ENGINE` names it. What drivers do in ways of their own is where it is needed: the clock
//! and processes in `device.rs`, what the page logs in `console.rs`, a full disk in `disk.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use thirtyfour::Capabilities;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::Screen;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// The one that `FOCALIZA_ENGINE` names; Chromium unless told.
    pub fn chosen() -> Result<Self> {
        match std::env::var("FOCALIZA_ENGINE").as_deref().unwrap_or("chromium") {
            "chromium" => Ok(Self::Chromium),
            "firefox" => Ok(Self::Firefox),
            "webkit" => Ok(Self::WebKit),
            other => bail!("FOCALIZA_ENGINE is «{other}», not chromium, firefox or webkit"),
        }
    }

    /// The program that steers it.
    pub(super) fn driver(self, port: u16, home: &Path) -> Command {
        let mut command = Command::new(match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        });
        command.env("TMPDIR", home).arg(format!("--port={port}"));
        match self {
            Self::Chromium => {}
            Self::Firefox => {
                // The screen is larger than any window here. The other port is drawn, too: without
                // it, all browsers would have the same.
                command.arg("--websocket-port=0");
                command.env("HOME", home).env("MOZ_CRASHREPORTER_DISABLE", "1");
                command.env("MOZ_HEADLESS_WIDTH", "1500").env("MOZ_HEADLESS_HEIGHT", "1500");
            }
            Self::WebKit => {
                command.env("HOME", home).env("XDG_RUNTIME_DIR", home);
                command.env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
            }
        }
        command
    }

    /// What the driver is asked for: a browser with this profile, whose downloads go beside it.
    pub(super) fn capabilities(self, screen: Screen, home: &Path) -> Result<Capabilities> {
        let asked = match self {
            Self::Chromium => chromium(screen, home),
            Self::Firefox => firefox(screen, home)?,
            Self::WebKit => webkit(screen, home),
        };
        let Value::Object(asked) = asked else { bail!("capabilities are an object") };
        Ok(asked.into())
    }

    /// Whether a process with this command line draws pages.
    pub(super) fn draws_pages(self, line: &str) -> bool {
        match self {
            Self::Chromium => line.contains("--type=renderer"),
            Self::Firefox => line.contains("-isForBrowser") && line.ends_with("tab\0"),
            Self::WebKit => line.contains("WebKitWebProcess"),
        }
    }
}

/// Where a browser keeps everything.
pub(super) fn profile(home: &Path) -> PathBuf {
    home.join("profile")
}

/// Where a browser saves files.
pub(super) fn downloads(home: &Path) -> PathBuf {
    home.join("downloads")
}

fn chromium(screen: Screen, home: &Path) -> Value {
    let mut options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-sync",
            "--disable-breakpad",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--lang=es-CL",
            "--window-size=1366,768",
            format!("--user-data-dir={}", profile(home).display()),
        ],
        "prefs": { "download.default_directory": downloads(home) },
    });
    if screen != Screen::Laptop {
        let (width, height) = screen.size();
        options["mobileEmulation"] = json!({ "deviceMetrics": {
            "width": width, "height": height, "pixelRatio": 1.0, "touch": true, "mobile": true
        } });
    }
    if let Some(binary) = binary("CHROMIUM") {
        options["binary"] = binary;
    }
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": options,
    })
}

fn firefox(screen: Screen, home: &Path) -> Result<Value> {
    let mut options = json!({
        "binary": resilient_firefox(home)?,
        "args": ["-headless", "-profile", profile(home)],
        "prefs": {
            "intl.accept_languages": "es-CL, es",
            "browser.download.folderList": 2,
            "browser.download.dir": downloads(home),
            "devtools.console.stdout.content": true,
            // In kB, for all origins together; one may use a fifth. Little enough to be filled.
            "dom.quotaManager.temporaryStorage.fixedLimit": 250_000,
        },
    });
    if screen != Screen::Laptop {
        // What the system says of a device with nothing but a touch screen.
        let prefs = &mut options["prefs"];
        prefs["dom.w3c_touch_events.enabled"] = 1.into();
        prefs["ui.primaryPointerCapabilities"] = 1.into();
        prefs["ui.allPointerCapabilities"] = 1.into();
    }
    Ok(json!({ "browserName": "firefox", "webSocketUrl": true, "moz:firefoxOptions": options }))
}

/// Its driver has the whole browser end with the first tab that is killed: a script that starts it
/// without that.
fn resilient_firefox(home: &Path) -> Result<PathBuf> {
    let (script, firefox) = (home.join("firefox.sh"), binary("FIREFOX"));
    let firefox = firefox.as_ref().and_then(Value::as_str).unwrap_or("firefox");
    fs::write(
        &script,
        format!("#!/bin/sh\nunset MOZ_CRASHREPORTER_SHUTDOWN\nexec {firefox} \"$@\"\n"),
    )?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

fn webkit(screen: Screen, home: &Path) -> Value {
    let (width, height) = screen.size();
    let window = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/harness/webkit.py");
    json!({ "webkitgtk:browserOptions": {
        "binary": "/usr/bin/python3",
        "args": [window, home, width.to_string(), height.to_string()],
    } })
}

/// A browser in an unusual place.
fn binary(variable: &str) -> Option<Value> {
    Some(std::env::var_os(variable)?.to_string_lossy().into())
}

/// A screen that nobody sees, for a browser that cannot do without one.
pub(super) async fn hidden_display() -> Result<(Child, String)> {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1500x1500x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start Xvfb: install xvfb")?;
    let said = server.stdout.take().context("its output is read")?;
    let number = BufReader::new(said).lines().next_line().await?.context("Xvfb ended at once")?;
    Ok((server, format!(":{}", number.trim())))
}
