//! What Lighthouse says of the page of a matrix with data, with its settings for phones, to somebody
//! who is signed in and has the exercise on the device. It knows nothing of signing in, so it is
//! shown a browser in which that was done; each time one that was opened anew.

use std::{fs, process::Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::harness::{Screen, Server, target};

/// The pilot exercise: what people have, and not what is measured for its size.
const PAGE: &str = "/ejercicio/01-2019";
const CATEGORIES: [&str; 3] = ["performance", "accessibility", "best-practices"];
const RUNS: usize = 5;

/// By category, out of 100: the median of performance, the worst of the others.
pub async fn scores(server: &Server) -> Result<Value> {
    let mut browser = server.browser("lighthouse", Screen::Laptop).await?;
    browser.sign_in("ana").await?;
    browser.open(PAGE).await?;
    browser.see_status("Todo en el servidor").await?;
    // What is fetched ahead arrives.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    browser.close().await?;
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        browser.reopen().await?;
        let port = fs::read_to_string(browser.profile().join("DevToolsActivePort"))?;
        let port = port.lines().next().context("the browser names no port")?;
        let address = format!("{}{PAGE}", browser.network().address());
        // Chromium does not always tell Lighthouse that the page began to load.
        let first = run(&address, port).await;
        runs.push(match first {
            Ok(scores) => scores,
            Err(_) => run(&address, port).await?,
        });
        browser.close().await?;
    }
    let sorted = |category: &str| {
        let mut scores: Vec<f64> = runs.iter().filter_map(|run| run[category].as_f64()).collect();
        scores.sort_by(f64::total_cmp);
        scores
    };
    let [performance, accessibility, practices] = CATEGORIES.map(sorted);
    Ok(json!({
        "performance": performance.get(RUNS / 2),
        "accessibility": accessibility.first(),
        "best-practices": practices.first(),
        "runs": runs,
    }))
}

async fn run(address: &str, port: &str) -> Result<Value> {
    let program = target().join("lighthouse/node_modules/lighthouse/cli/index.js");
    let output = Command::new("node")
        .arg(program)
        .args([address, "--port", port, "--output", "json", "--quiet", "--disable-storage-reset"])
        .arg(format!("--only-categories={}", CATEGORIES.join(",")))
        .stdin(Stdio::null())
        .output()
        .await
        .context("cannot start Lighthouse: `cargo xtask bench` installs it")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let score = |category: &str| {
        let score = report["categories"][category]["score"].as_f64();
        score.map(|score| (score * 100.0).round())
    };
    let audit = |name: &str| report["audits"][name]["numericValue"].as_f64().map(f64::round);
    Ok(json!({
        "performance": score("performance"),
        "accessibility": score("accessibility"),
        "best-practices": score("best-practices"),
        "blocking_ms": audit("total-blocking-time"),
        "largest_paint_ms": audit("largest-contentful-paint"),
    }))
}
