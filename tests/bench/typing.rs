//! From a key to the frame that shows its character.
//!
//! Keys come through the DevTools protocol: WebDriver would run code of its own in the page before
//! each of them.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::json;
use tokio::time::{interval, sleep};

use crate::harness::{Browser, wait_until};

const KEYS: usize = 200;
/// A fast typist.
const PAUSE: Duration = Duration::from_millis(80);
const FIRST_KEYS: usize = 12;
/// Rules have followed and nothing is left to do.
const REST: Duration = Duration::from_millis(700);
/// In view where the table begins.
const ROW: &str = "r3";
const ROWS_ABOVE: usize = 3;
const FIELD: &str = "description";
/// More than there are.
const COLUMNS: usize = 40;
/// As the DevTools protocol numbers it.
const CTRL: u8 = 2;

/// From now on the page keeps the milliseconds from each key to after the frame that follows it.
pub async fn watch(browser: &Browser) -> Result<()> {
    let script = "
        window.delays = [];
        window.watching ??= document.addEventListener('keydown', ({ timeStamp }) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.delays.push(performance.now() - timeStamp);
            requestAnimationFrame(() => port2.postMessage(0));
        }, true) ?? true;";
    browser.driver().execute(script, vec![]).await?;
    Ok(())
}

/// Brings the cursor to the cell by keys: while rows are drawn anew fifty times a second, a pointer
/// may find another element at the place that it was sent to.
pub async fn go_to_the_text(browser: &Browser) -> Result<()> {
    let focus = "document.querySelector('.grid-editor textarea').focus();";
    browser.driver().execute(focus, vec![]).await?;
    press(browser, "Escape", "").await?;
    press_with(browser, CTRL, "Home", "").await?;
    for _ in 0..ROWS_ABOVE {
        press(browser, "ArrowDown", "").await?;
    }
    let is_there = "return document.activeElement.getAttribute('aria-activedescendant')";
    for _ in 0..COLUMNS {
        sleep(PAUSE).await;
        let at: Option<String> = browser.driver().execute(is_there, vec![]).await?.convert()?;
        if at.is_some_and(|at| at.contains(ROW) && at.contains(FIELD)) {
            sleep(REST).await;
            return Ok(());
        }
        press(browser, "ArrowRight", "").await?;
    }
    bail!("the cursor does not reach {ROW}/{FIELD}")
}

/// Takes back what was done last.
pub async fn take_back(browser: &Browser) -> Result<()> {
    press_with(browser, CTRL, "z", "").await
}

/// Keys that open a cell by typing over it, each into a cell of its own.
pub async fn first_keys(browser: &Browser) -> Result<Vec<f64>> {
    let mut first = Vec::new();
    for _ in 0..FIRST_KEYS {
        clear(browser).await?;
        press(browser, "a", "a").await?;
        first.extend(delays(browser, 1).await?);
        press(browser, "Escape", "").await?;
        press(browser, "ArrowDown", "").await?;
        sleep(REST).await;
    }
    Ok(first)
}

/// Keys of somebody who writes a long text.
pub async fn keys(browser: &Browser) -> Result<Vec<f64>> {
    press(browser, "F2", "").await?;
    sleep(REST).await;
    clear(browser).await?;
    let mut turn = interval(PAUSE);
    for key in 0..KEYS {
        turn.tick().await;
        let letter = char::from(b'a' + (key % 26) as u8).to_string();
        press(browser, &letter, &letter).await?;
    }
    let delays = delays(browser, KEYS).await?;
    press(browser, "Escape", "").await?;
    Ok(delays)
}

async fn press(browser: &Browser, key: &str, text: &str) -> Result<()> {
    press_with(browser, 0, key, text).await
}

async fn press_with(browser: &Browser, modifiers: u8, key: &str, text: &str) -> Result<()> {
    let code = match key {
        "Escape" => 27,
        "Home" => 36,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        "F2" => 113,
        letter => letter.to_ascii_uppercase().bytes().next().unwrap_or_default(),
    };
    let event = |kind: &str, text: &str| json!({ "type": kind, "key": key, "text": text, "modifiers": modifiers, "windowsVirtualKeyCode": code });
    let cdp = browser.driver().cdp();
    cdp.send_raw("Input.dispatchKeyEvent", event("keyDown", text)).await?;
    cdp.send_raw("Input.dispatchKeyEvent", event("keyUp", "")).await?;
    Ok(())
}

async fn clear(browser: &Browser) -> Result<()> {
    browser.driver().execute("window.delays = [];", vec![]).await?;
    Ok(())
}

async fn delays(browser: &Browser, keys: usize) -> Result<Vec<f64>> {
    let mut found: Vec<f64> = Vec::new();
    wait_until("the last key to be painted", async || {
        found = browser.driver().execute("return window.delays;", vec![]).await?.convert()?;
        Ok(found.len() >= keys)
    })
    .await?;
    ensure!(found.len() == keys, "{} keys were painted instead of {keys}", found.len());
    Ok(found)
}
