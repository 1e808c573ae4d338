//! One person's browser, with a profile, a screen and a network of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::process::Child;

use super::engine::{self, Engine};
use super::{Network, free_port, listens, wait_until};

/// What the person works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 1366 × 768 with a mouse.
    Laptop,
    /// 820 × 1180, upright, with touch.
    Tablet,
    /// 390 × 844, upright, with touch.
    Phone,
}

impl Screen {
    /// Width and height in pixels.
    pub(super) const fn size(self) -> (u32, u32) {
        match self {
            Self::Laptop => (1366, 768),
            Self::Tablet => (820, 1180),
            Self::Phone => (390, 844),
        }
    }
}

/// Shift, Control, Alt and Meta, as drivers name them.
const MODIFIERS: [char; 4] = ['\u{e008}', '\u{e009}', '\u{e00a}', '\u{e03d}'];

/// A browser; killed, with its profile removed, when dropped.
pub struct Browser {
    person: String,
    engine: Engine,
    screen: Screen,
    /// Holds the profile, downloads and what the browser leaves lying about when it is killed.
    home: TempDir,
    network: Network,
    evidence: PathBuf,
    pictures: AtomicUsize,
    /// How much of what it printed was looked at.
    pub(super) read_lines: AtomicUsize,
    running: Option<Running>,
}

/// The browser and the program that steers it. Both are in one process group, led by the driver.
struct Running {
    driver: WebDriver,
    process: Child,
    group: u32,
    /// Ends when it is dropped.
    _display: Option<Child>,
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
            engine: Engine::chosen()?,
            screen,
            home: tempfile::tempdir()?,
            network: Network::start(server).await?,
            evidence,
            pictures: AtomicUsize::new(0),
            read_lines: AtomicUsize::new(0),
            running: None,
        };
        fs::create_dir_all(browser.profile())?;
        fs::create_dir_all(browser.downloads())?;
        browser.reopen().await?;
        Ok(browser)
    }

    /// Opens the browser again after `kill` or `close`, with the same profile and address.
    pub async fn reopen(&mut self) -> Result<()> {
        if self.running.is_some() {
            bail!("{}'s browser is open already", self.person);
        }
        let port = free_port()?;
        let mut command = self.engine.driver(port, self.home.path());
        let mut display = None;
        if self.engine == Engine::WebKit {
            let (server, name) = engine::hidden_display().await?;
            command.env("DISPLAY", name);
            display = Some(server);
        }
        let output = File::options().create(true).append(true).open(self.output())?;
        let process = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start the driver of {:?}", self.engine))?;
        let group = process.id().context("the driver ended at once")?;
        wait_until("the driver", async || Ok(listens(port).await)).await?;
        let asked = self.engine.capabilities(self.screen, self.home.path())?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), asked)
            .await
            .with_context(|| format!("cannot open {:?}", self.engine));
        self.running = Some(Running { driver: driver?, process, group, _display: display });
        if self.engine == Engine::Firefox {
            let (width, height) = self.screen.size();
            self.driver().set_window_rect(0, 0, width, height).await?;
        }
        Ok(())
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
        engine::profile(self.home.path())
    }

    /// Where the browser saves files.
    pub(super) fn downloads(&self) -> PathBuf {
        engine::downloads(self.home.path())
    }

    /// What the driver and the browser print.
    pub(super) fn output(&self) -> PathBuf {
        self.home.path().join("output.log")
    }

    /// The folder of all that is this browser's.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The engine that it is of.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The process group of the driver, the browser and all its processes.
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
        if self.engine != Engine::Firefox {
            return Ok(self.driver().refresh().await?);
        }
        // Its driver would leave out caches and the service worker, as with the shift key held.
        self.driver().execute("window.isOld = true; location.reload();", vec![]).await?;
        let look = "return !window.isOld && document.readyState === 'complete';";
        wait_until("the page to be loaded again", async || {
            // Between two pages there is none to ask.
            let loaded = self.driver().execute(look, vec![]).await;
            Ok(loaded.is_ok_and(|loaded| loaded.convert().unwrap_or(false)))
        })
        .await
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
        if self.engine != Engine::Chromium {
            return self.press_each(&keys.into()).await;
        }
        let focused = self.driver().active_element().await?;
        Ok(focused.send_keys(keys).await?)
    }

    /// Other drivers would send all keys at once, before the page has seen the first, and keep
    /// sending them to what had the focus then. No keyboard does.
    async fn press_each(&self, keys: &TypingData) -> Result<()> {
        let mut actions = self.driver().action_chain_with_delay(Some(Duration::ZERO), None);
        let mut held = Vec::new();
        for key in keys.as_vec() {
            if key == Key::Null.value() {
                for modifier in held.drain(..) {
                    actions = actions.key_up(modifier);
                }
            } else if MODIFIERS.contains(&key) {
                held.push(key);
                actions = actions.key_down(key);
            } else {
                actions = actions.key_down(key).key_up(key);
            }
        }
        for modifier in held {
            actions = actions.key_up(modifier);
        }
        Ok(actions.perform().await?)
    }

    /// Saves a picture of the page as `target/e2e/<scenario>/<person>-<number>-<name>.png`.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let number = self.pictures.fetch_add(1, Ordering::Relaxed) + 1;
        let file = format!("{}-{number:02}-{name}.png", self.person);
        let path = self.evidence.join(file);
        // Of some pages WebKit's driver never gives one.
        if self.engine != Engine::WebKit {
            self.driver().screenshot(&path).await?;
        }
        Ok(path)
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
