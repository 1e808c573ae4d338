//! What a person waits for, measured in a real browser on an exercise of 5.000 rows × 12 columns:
//! as the machine is, four times slower, and slower while others write. Prints one JSON object;
//! `cargo xtask bench` adds it to its own figures.

#[allow(dead_code, reason = "the load driver uses more of it")]
#[path = "../load/device.rs"]
mod device;
#[allow(unused_imports, reason = "the scenarios use more of it")]
#[path = "../e2e/harness/mod.rs"]
mod harness;
mod lighthouse;
mod memory;
mod opening;
mod others;
mod pasting;
#[allow(dead_code, reason = "the scenarios use more of it")]
#[path = "../e2e/people.rs"]
mod people;
mod scrolling;
mod typing;
mod yardstick;

use anyhow::{Context as _, Result};
use harness::{Browser, Screen, Server};
use scrolling::Table;
use serde_json::{Value, json};

const ROWS: usize = 5_000;
/// The exercise of that size.
const EXERCISE: &str = "/ejercicio/01-2027";
/// How a row that is on the screen is found.
const ROW: &str = "[role=row][data-row]";
const TABLE: Table =
    Table { scroller: ".grid-scroller", header: ".grid-scroller [role=columnheader]", row: ROW };
/// How much slower than this machine the tablets are that people use.
const SLOWER: f64 = 4.0;
/// How often typing and scrolling are measured.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    let mut server = Server::start("bench", &["--demo"]).await?;
    let file = server.data().join("large.json");
    let document = tests::large_exercise(ROWS);
    std::fs::write(&file, shared::exchange::export(document.exercise()))?;
    // Files are imported while nobody serves.
    server.kill().await?;
    server.command(&["import", file.to_str().context("a temporary path is text")?]).await?;
    server.start_again().await?;
    let mut browser = server.browser("bench", Screen::Laptop).await?;
    browser.sign_in("ana").await?;
    eprintln!("opening");
    let opened = opening::times(&browser).await?;
    eprintln!("{}", summary(opened.clone()));
    // Pages that were loaded again and again leave something behind in their process: the tab is one
    // of somebody who begins to work.
    browser.close().await?;
    browser.reopen().await?;
    browser.open(EXERCISE).await?;
    browser.see_status("Todo en el servidor").await?;
    note_rules(&browser).await?;
    eprintln!("typing and scrolling");
    let plain = working(&browser).await?;
    eprintln!("{plain}");
    let rules = noted_rules(&browser).await?;
    let tab = memory::of_tab(&browser)?;
    eprintln!("{} {tab} MB", summary(rules.clone()));
    let pasted = pasting::best(&browser).await?;
    eprintln!("1,000 × 10 cells pasted: {pasted:.0} ms");
    slow_down(&browser, SLOWER).await?;
    eprintln!("typing and scrolling, {SLOWER} times slower");
    let slow = working(&browser).await?;
    eprintln!("{slow}");
    let pasted_slow = pasting::best(&browser).await?;
    eprintln!("1,000 × 10 cells pasted: {pasted_slow:.0} ms");
    eprintln!("the yardstick, {SLOWER} times slower");
    let yardstick = yardstick::working(&server, SLOWER).await?;
    eprintln!("{yardstick}");
    let others = others::start(&server.address()).await?;
    eprintln!("typing while others write");
    let slow_and_busy = typing(&browser).await?;
    others.stop().await?;
    drop(browser);
    eprintln!("Lighthouse");
    let lighthouse = lighthouse::scores(&server).await?;
    eprintln!("{lighthouse}");
    let report = json!({
        "rows": ROWS,
        "open_ms": summary(opened),
        "rules_ms": summary(rules),
        "tab_mb": tab,
        "pasted_ms": pasted.round(),
        "pasted_slow_ms": pasted_slow.round(),
        "lighthouse": lighthouse,
        "plain": plain,
        "beside_the_yardstick": beside(&slow, &slow_and_busy, &yardstick),
        "slow": slow,
        "yardstick": yardstick,
        "slow_and_busy": slow_and_busy,
    });
    println!("{report:#}");
    Ok(())
}

async fn working(browser: &Browser) -> Result<Value> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = keys(browser).await?;
        round["scroll"] = scrolling::down(browser, &TABLE).await?;
        rounds.push(round);
    }
    Ok(best(&rounds))
}

async fn typing(browser: &Browser) -> Result<Value> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(keys(browser).await?);
    }
    Ok(best(&rounds))
}

async fn keys(browser: &Browser) -> Result<Value> {
    // Rows out of view are not in the page.
    let script = "document.querySelector('.grid-scroller').scrollTo(0, 0);";
    browser.driver().execute(script, vec![]).await?;
    typing::watch(browser).await?;
    typing::go_to_the_text(browser).await?;
    Ok(json!({
        "first_key_ms": summary(typing::first_keys(browser).await?),
        "key_ms": summary(typing::keys(browser).await?),
    }))
}

/// Of each figure its best round: what else the machine does only adds to what ours takes.
fn best(rounds: &[Value]) -> Value {
    let of = |figure: &str, by: &str, least: bool| {
        let figures = rounds.iter().map(|round| &round[figure]).filter(|of| of[by].is_number());
        let order = |one: &&Value, other: &&Value| {
            let [one, other] = [one, other].map(|of| of[by].as_f64().unwrap_or_default());
            if least { one.total_cmp(&other) } else { other.total_cmp(&one) }
        };
        figures.min_by(order).cloned()
    };
    json!({
        "first_key_ms": of("first_key_ms", "p95", true),
        "key_ms": of("key_ms", "p95", true),
        "scroll": of("scroll", "fps", false),
        "rounds": rounds,
    })
}

/// Ours as a share of the yardstick's.
fn beside(ours: &Value, busy: &Value, yardstick: &Value) -> Option<Value> {
    let share = |ours: &Value, place: &str, theirs: &str| {
        let [ours, theirs] = [ours.pointer(place)?.as_f64()?, yardstick.pointer(theirs)?.as_f64()?];
        Some((ours / theirs * 100.0).round() / 100.0)
    };
    let (key, first) = ("/key_ms/p95", "/first_key_ms/p95");
    Some(json!({
        "key": share(ours, key, key)?,
        "first_key": share(ours, first, key)?,
        "busy_key": share(busy, key, key)?,
        "busy_first_key": share(busy, first, key)?,
        "scroll": share(ours, "/scroll/fps", "/scroll/fps")?,
    }))
}

/// From now on the page keeps how long each evaluation of the rules took.
async fn note_rules(browser: &Browser) -> Result<()> {
    let script = "window.rules = [];
        new PerformanceObserver((list) => window.rules.push(
            ...list.getEntriesByName('rules').map(({ duration }) => duration)
        )).observe({ type: 'measure' });";
    browser.driver().execute(script, vec![]).await?;
    Ok(())
}

async fn noted_rules(browser: &Browser) -> Result<Vec<f64>> {
    Ok(browser.driver().execute("return window.rules;", vec![]).await?.convert()?)
}

async fn slow_down(browser: &Browser, rate: f64) -> Result<()> {
    let rate = json!({ "rate": rate });
    browser.driver().cdp().send_raw("Emulation.setCPUThrottlingRate", rate).await?;
    Ok(())
}

fn summary(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len().saturating_sub(1) as f64 * share).round() as usize;
        times.get(place).map(|time| (time * 10.0).round() / 10.0)
    };
    json!({ "n": times.len(), "p50": at(0.5), "p95": at(0.95), "max": at(1.0) })
}
