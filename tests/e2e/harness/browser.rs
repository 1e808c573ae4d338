//! One person's browser: Chromium with a profile, a screen and a network of its own.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::{ChromeCapabilities, prelude::*};
use tokio::process::{Child, Command};

use super::{Network, free_port, listens, wait_until};

/// What the person works on.
#[derive(Clone, Copy, Debug)]
pub enum Screen {
    /// 1366 × 768 with a mouse.
    Laptop,
    /// 820 × 1180, upright, with touch.
    Tablet,
    /// 390 × 844, upright, with touch.
    Phone,
}

/// A browser; killed, with its profile removed, when dropped.
pub struct Browser {
    person: String,
    screen: Screen,
    /// Holds the profile and what Chromium leaves lying about when it is killed.
    home: TempDir,
    network: Network,
    evidence: PathBuf,
    pictures: AtomicUsize,
    running: Option<Running>,
}

/// Chromium and the program that steers it. Both are in one process group, led by the driver.
struct Running {
    driver: WebDriver,
    process: Child,
    group: u32,
}

impl Browser {
    /// Opens a browser with an empty profile.
    pub(super) async fn start(
        person: &str,
        screen: Screen,
        server: u16,
        evidence: PathBuf,
    ) -> Result<Self> {
        let mut browser = Self {
            person: person.to_owned(),
            screen,
            home: tempfile::tempdir()?,
            network: Network::start(server).await?,
            evidence,
            pictures: AtomicUsize::new(0),
            running: None,
        };
        browser.reopen().await?;
        Ok(browser)
    }

    /// Opens the browser again after `kill` or `close`, with the same profile and address.
    pub async fn reopen(&mut self) -> Result<()> {
        if self.running.is_some() {
            bail!("{}'s browser is open already", self.person);
        }
        let port = free_port()?;
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("TMPDIR", self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start chromedriver: install chromium and chromium-driver")?;
        let group = process.id().context("chromedriver ended at once")?;
        wait_until("chromedriver", async || Ok(listens(port).await)).await?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), self.capabilities()?)
            .await
            .context("cannot open Chromium");
        self.running = Some(Running { driver: driver?, process, group });
        Ok(())
    }

    fn capabilities(&self) -> Result<ChromeCapabilities> {
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
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
        ] {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", self.profile().display()))?;
        capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
        let metrics = match self.screen {
            Screen::Laptop => None,
            Screen::Tablet => Some((820, 1180)),
            Screen::Phone => Some((390, 844)),
        };
        if let Some((width, height)) = metrics {
            capabilities.add_experimental_option(
                "mobileEmulation",
                serde_json::json!({ "deviceMetrics": {
                    "width": width, "height": height, "pixelRatio": 1.0, "touch": true, "mobile": true
                } }),
            )?;
        }
        if let Some(chromium) = std::env::var_os("CHROMIUM") {
            capabilities.set_binary(&chromium.to_string_lossy())?;
        }
        Ok(capabilities)
    }

    /// Ends the browser with SIGKILL, all its processes at once: only what has reached the disk
    /// remains.
    pub async fn kill(&mut self) -> Result<()> {
        let mut running = self.running.take().context("the browser is not open")?;
        kill_group(running.group)?;
        running.process.wait().await?;
        forget(running.driver)
    }

    /// Closes the browser as a person does: it may write what it still holds.
    pub async fn close(&mut self) -> Result<()> {
        let mut running = self.running.take().context("the browser is not open")?;
        running.driver.quit().await?;
        kill_group(running.group)?;
        running.process.wait().await?;
        Ok(())
    }

    /// Where the browser keeps everything; whole while it is closed.
    pub fn profile(&self) -> PathBuf {
        self.home.path().join("profile")
    }

    /// The process group of the driver, Chromium and all its processes.
    pub fn process_group(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.group)
    }

    /// Whose browser it is.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The way from this browser to the server.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Everything that the WebDriver library offers beyond the methods here.
    pub fn driver(&self) -> &WebDriver {
        let running = self.running.as_ref();
        &running.expect("the scenario opened the browser").driver
    }

    /// Goes to a path of the application, e.g. `/`.
    pub async fn open(&self, path: &str) -> Result<()> {
        let address = format!("{}{path}", self.network.address());
        Ok(self.driver().goto(address).await?)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver().refresh().await?)
    }

    /// The text that is visible on the page.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .driver()
            .execute("return document.body ? document.body.innerText : ''", vec![])
            .await?;
        Ok(text.convert()?)
    }

    /// Waits until the page shows this text.
    pub async fn see(&self, text: &str) -> Result<()> {
        let wait = wait_until(&format!("the text «{text}»"), async || {
            Ok(self.text().await?.contains(text))
        })
        .await;
        self.explained(wait).await
    }

    /// Waits until the page no longer shows this text.
    pub async fn see_no_more(&self, text: &str) -> Result<()> {
        let wait = wait_until(&format!("the text «{text}» to go"), async || {
            Ok(!self.text().await?.contains(text))
        })
        .await;
        self.explained(wait).await
    }

    /// Waits for the first visible element that matches a CSS selector.
    pub async fn find(&self, selector: &str) -> Result<WebElement> {
        let mut found = None;
        let wait = wait_until(&format!("the element `{selector}`"), async || {
            found = self.visible(selector).await?;
            if found.is_none() && selector.contains("data-field") {
                self.turn_grid().await?;
            }
            Ok(found.is_some())
        })
        .await;
        self.explained(wait).await?;
        found.context("found, or the wait had failed")
    }

    /// Of a grid only the columns in view are in the page: scrolls it to the next ones, and from
    /// its end back to its start.
    pub async fn turn_grid(&self) -> Result<()> {
        let script = "const grid = document.querySelector('.grid-scroller');
            if (grid) {
                const { scrollLeft, clientWidth, scrollWidth } = grid;
                const at_end = scrollLeft + clientWidth > scrollWidth - 2;
                grid.scrollLeft = at_end ? 0 : scrollLeft + clientWidth / 2;
            }";
        self.driver().execute(script, vec![]).await?;
        Ok(())
    }

    /// Scrolls an element into the middle of the view, clear of the frozen column, and waits until
    /// that is painted: columns that come into view draw their rows anew, so that it is then
    /// another element, perhaps a little elsewhere.
    pub async fn bring_to_view(&self, selector: &str) -> Result<()> {
        let element = self.find(selector).await?;
        let script = "const done = arguments[1];
            arguments[0].scrollIntoView({ block: 'center', inline: 'center' });
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));";
        // It may be drawn anew between the two.
        if self.driver().execute_async(script, vec![element.to_json()?]).await.is_err() {
            self.find(selector).await?;
        }
        Ok(())
    }

    async fn visible(&self, selector: &str) -> Result<Option<WebElement>> {
        for element in self.driver().find_all(By::Css(selector)).await? {
            // An element that is replaced meanwhile is not visible.
            if element.is_displayed().await.unwrap_or(false) {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Waits for an element and clicks it.
    pub async fn click(&self, selector: &str) -> Result<()> {
        Ok(self.find(selector).await?.click().await?)
    }

    /// Waits for an element and sends it keys, as text or with `thirtyfour::Key`.
    pub async fn type_into(&self, selector: &str, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.find(selector).await?.send_keys(keys).await?)
    }

    /// Sends keys to whatever has the focus.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        let focused = self.driver().active_element().await?;
        Ok(focused.send_keys(keys).await?)
    }

    /// Saves a picture of the page as `target/e2e/<scenario>/<person>-<number>-<name>.png`.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let number = self.pictures.fetch_add(1, Ordering::Relaxed) + 1;
        let file = format!("{}-{number:02}-{name}.png", self.person);
        let path = self.evidence.join(file);
        self.driver().screenshot(&path).await?;
        Ok(path)
    }

    /// Errors the page wrote to the console since the last call: panics, refused resources,
    /// failed requests.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        let entries = self.driver().browser_log().await?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .collect())
    }

    /// All that was written to the console since the last look at it.
    pub async fn console(&self) -> Result<Vec<String>> {
        let entries = self.driver().browser_log().await?;
        Ok(entries.into_iter().map(|entry| entry.message).collect())
    }

    /// Adds a picture and the visible text to an error.
    async fn explained(&self, result: Result<()>) -> Result<()> {
        let Err(error) = result else { return Ok(()) };
        let picture = self.picture("failed").await?;
        let text = self.text().await?;
        let console = self.console_errors().await?.join("\n");
        bail!(
            "{}: {error:#}\npicture: {}\nthe page says:\n{text}\nthe console says:\n{console}",
            self.person,
            picture.display()
        )
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            // Nothing can be done here about a browser that cannot be killed; the directory of
            // the profile is removed all the same.
            let _ = kill_group(running.group);
            let _ = forget(running.driver);
        }
    }
}

/// Keeps the library from saying goodbye to a driver that is dead.
fn forget(driver: WebDriver) -> Result<()> {
    Ok(driver.leak()?)
}

fn kill_group(group: u32) -> Result<()> {
    let status =
        std::process::Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).status()?;
    if !status.success() {
        bail!("cannot kill process group {group}");
    }
    Ok(())
}
