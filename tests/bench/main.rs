//! What a person waits for, measured in a real browser on an exercise of 5.000 rows × 12 columns.
//! Prints one JSON object; `cargo xtask bench` adds it to its own figures.

#[path = "../e2e/harness/mod.rs"]
mod harness;
#[allow(dead_code, reason = "the scenarios use more of it")]
#[path = "../e2e/people.rs"]
mod people;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use harness::{Browser, Screen, Server, wait_until};
use serde_json::{Value, json};

const ROWS: usize = 5_000;
const KEYS: usize = 300;
/// A fast typist; each key is painted before the next one comes.
const PAUSE: Duration = Duration::from_millis(40);
const OPENINGS: usize = 7;

#[tokio::main]
async fn main() -> Result<()> {
    let server = Server::start("bench", &["--demo"]).await?;
    let file = server.data().join("large.json");
    let document = tests::large_exercise(ROWS);
    std::fs::write(&file, shared::exchange::export(document.exercise()))?;
    let file = file.to_str().context("a temporary path is text")?;
    server.command(&["import", file]).await?;
    let browser = server.browser("bench", Screen::Laptop).await?;
    browser.sign_in("ana").await?;
    let open = openings(&browser).await?;
    let keys = keystrokes(&browser).await?;
    let rules = measures(&browser, "rules").await?;
    let report = json!({
        "rows": ROWS,
        "open_ms": summary(open),
        "keystroke_to_paint_ms": summary(keys),
        "rules_wasm_ms": summary(rules),
        "tab_memory_mb": memory(&browser).await?,
    });
    println!("{report:#}");
    Ok(())
}

/// Milliseconds from the click on an exercise in the list to its first rows on the screen, read
/// from the device's store.
async fn openings(browser: &Browser) -> Result<Vec<f64>> {
    // The first time it comes from the server.
    browser.open("/ejercicio/01-2027").await?;
    browser.find("[role=row][data-row]").await?;
    browser.see_status("Todo en el servidor").await?;
    // The device replaces its log by a base when it has a moment.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        browser.open("/").await?;
        browser.find("a[href*='01-2027']").await?;
        let script = "const done = arguments[0];
            const start = performance.now();
            document.querySelector(\"a[href*='01-2027']\").click();
            const look = () => {
                if (!document.querySelector('[role=row][data-row]')) {
                    return requestAnimationFrame(look);
                }
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => done(performance.now() - start);
                requestAnimationFrame(() => port2.postMessage(0));
            };
            look();";
        times.push(browser.driver().execute_async(script, vec![]).await?.convert()?);
    }
    Ok(times)
}

/// Milliseconds from a key to the frame that shows its character.
async fn keystrokes(browser: &Browser) -> Result<Vec<f64>> {
    browser.go_to("r3", "description").await?;
    browser.press(thirtyfour::Key::F2 + "").await?;
    let script = "window.delays = [];
        document.addEventListener('keydown', ({ timeStamp }) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.delays.push(performance.now() - timeStamp);
            requestAnimationFrame(() => port2.postMessage(0));
        }, true);";
    browser.driver().execute(script, vec![]).await?;
    for key in 0..KEYS {
        let letter = char::from(b'a' + (key % 26) as u8);
        browser.press(letter.to_string()).await?;
        tokio::time::sleep(PAUSE).await;
    }
    let delays: Vec<f64> =
        browser.driver().execute("return window.delays;", vec![]).await?.convert()?;
    ensure!(delays.len() >= KEYS, "{} of {KEYS} keys were painted", delays.len());
    browser.press(thirtyfour::Key::Escape + "").await?;
    Ok(delays)
}

/// What the application measured itself under this name.
async fn measures(browser: &Browser, name: &str) -> Result<Vec<f64>> {
    let script =
        format!("return performance.getEntriesByName('{name}').map((entry) => entry.duration);");
    let mut found: Vec<f64> = Vec::new();
    wait_until(&format!("the measure «{name}»"), async || {
        found = browser.driver().execute(&script, vec![]).await?.convert()?;
        Ok(!found.is_empty())
    })
    .await?;
    Ok(found)
}

async fn memory(browser: &Browser) -> Result<f64> {
    let script = "return performance.memory.usedJSHeapSize / 1e6;";
    Ok(browser.driver().execute(script, vec![]).await?.convert()?)
}

fn summary(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = ((times.len() - 1) as f64 * share).round() as usize;
        (times[place] * 10.0).round() / 10.0
    };
    json!({ "n": times.len(), "p50": at(0.5), "p95": at(0.95), "max": at(1.0) })
}
