//! The device below the browser: its clock, its disk, its processes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use super::{Browser, Engine};

impl Browser {
    /// Has the device's clock be wrong by so many seconds, from the next page on. What a page
    /// reads of it, that is: certificates and cookies go by the machine's.
    pub async fn set_clock(&self, ahead: i64) -> Result<()> {
        let script = format!(
            "(() => {{
                const True = globalThis.trueDate ??= Date;
                globalThis.clockAhead = {ahead}000;
                globalThis.Date = class extends True {{
                    constructor(...parts) {{
                        if (parts.length) super(...parts);
                        else super(True.now() + clockAhead);
                    }}
                    static now() {{ return True.now() + clockAhead; }}
                }};
            }})();"
        );
        match self.engine() {
            Engine::Chromium => {
                let page = json!({ "source": script });
                self.driver().cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", page).await?;
                Ok(())
            }
            Engine::Firefox => self.preload(&format!("() => {{ {script} }}")).await,
            // Its window looks for it (`webkit.py`).
            Engine::WebKit => Ok(fs::write(self.home().join("first.js"), script)?),
        }
    }

    /// Has every new page of this session call a function first (WebDriver BiDi).
    async fn preload(&self, function: &str) -> Result<()> {
        let address = self.driver().capabilities().get("webSocketUrl").and_then(Value::as_str);
        let (mut socket, _) = connect_async(address.context("the driver has no socket")?).await?;
        let command = json!({
            "id": 1,
            "method": "script.addPreloadScript",
            "params": { "functionDeclaration": function },
        });
        socket.send(Message::text(command.to_string())).await?;
        while let Some(message) = socket.next().await {
            let answer: Value = serde_json::from_str(message?.to_text()?)?;
            if answer["id"] == 1 {
                ensure!(answer["type"] == "success", "{answer}");
                return Ok(());
            }
        }
        bail!("the driver did not answer")
    }

    /// Turns the clock of the open page, which [`Browser::set_clock`] gave it.
    pub async fn turn_clock(&self, ahead: i64) -> Result<()> {
        self.driver().execute(format!("globalThis.clockAhead = {ahead}000;"), vec![]).await?;
        Ok(())
    }

    /// The processes that draw pages, with the time that each has worked.
    pub fn pages(&self) -> Result<BTreeMap<u32, i64>> {
        let group = self.process_group().context("the browser is not open")?;
        // Processes end while they are looked at.
        let processes = fs::read_dir("/proc")?.flatten();
        let worked = |process: fs::DirEntry| worked(&process.path(), group, self.engine());
        Ok(processes.filter_map(worked).collect())
    }

    /// Ends a process that draws pages with SIGKILL: the one that has worked most since then. The
    /// rest of the browser lives on.
    pub fn kill_page(&self, since: &BTreeMap<u32, i64>) -> Result<()> {
        let pages = self.pages()?.into_iter();
        let busiest = pages.max_by_key(|(page, time)| time - since.get(page).unwrap_or(&0));
        let (page, _) = busiest.context("no process draws a page")?;
        let killed = Command::new("kill").args(["-KILL", &page.to_string()]).status()?;
        ensure!(killed.success(), "cannot kill {page}");
        Ok(())
    }
}

/// A process of this group that draws pages, and the time that it has worked.
fn worked(process: &Path, group: u32, engine: Engine) -> Option<(u32, i64)> {
    let name = process.file_name()?.to_str()?.parse().ok()?;
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name before them may hold blanks.
    let numbers: Vec<i64> =
        stat.rsplit(") ").next()?.split(' ').skip(1).map_while(|word| word.parse().ok()).collect();
    let line = fs::read(process.join("cmdline")).ok()?;
    let is_page = engine.draws_pages(&String::from_utf8_lossy(&line));
    let is_here = *numbers.get(1)? == i64::from(group);
    (is_page && is_here).then_some((name, numbers.get(10)? + numbers.get(11)?))
}

/// Makes a folder hold what another holds, and nothing else.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    ensure!(copied.success(), "{} is copied", from.display());
    Ok(())
}
