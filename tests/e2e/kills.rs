//! What was called saved is there after the program that said so was killed.
//!
//! Few rounds here; `cargo xtask kill 200` runs more, with the same code.

use std::time::Duration;

use anyhow::{Result, ensure};
use thirtyfour::{Key, TypingData};
use tokio::time::Instant;

use crate::{
    harness::{Browser, PATIENCE, Screen, Server},
    people::EXERCISE,
};

/// Edits come at this pace while a round waits for its moment.
const PACE: Duration = Duration::from_millis(50);

fn rounds() -> usize {
    let asked = std::env::var("KILLS").ok();
    asked.and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// Writes ever greater budgets, twenty a second, until the pill begins with `promise` at a moment
/// after the first `edits`; returns the last budget that the promise covers.
async fn edit_until_promised(
    browser: &Browser,
    first: u64,
    edits: u64,
    promise: &str,
) -> Result<u64> {
    browser.go_to("emprende", "budget").await?;
    let started = Instant::now();
    let mut budget = first;
    loop {
        let next = Instant::now() + PACE;
        budget += 1;
        browser.press(TypingData::from(budget.to_string()) + Key::Enter + Key::Up).await?;
        tokio::time::sleep_until(next).await;
        // Both in one look: what is shown, and what is said of it.
        let (shown, status) = browser.shown_and_status("emprende", "budget").await?;
        let is_shown = shown.contains(&grouped(budget));
        if budget >= first + edits && is_shown && status.starts_with(promise) {
            return Ok(budget);
        }
        ensure!(started.elapsed() < PATIENCE, "never «{promise}»: {}", browser.status().await?);
    }
}

/// Like `1.234` for 1234.
fn grouped(number: u64) -> String {
    shared::format::format_integer(number as i64)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_browser_shows_what_it_called_saved() -> Result<()> {
    let server = Server::start("killed_browser", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    for round in 1..=rounds() as u64 {
        ana.open(EXERCISE).await?;
        ana.see_status("Todo en el servidor").await?;
        ana.network().cut();
        let saved =
            edit_until_promised(&ana, round * 1000, round % 20, "Guardado en este equipo").await?;
        ana.kill().await?;
        ana.network().restore();
        ana.reopen().await?;
        ana.open(EXERCISE).await?;
        ana.see_in("emprende", "budget", &grouped(saved)).await?;
        // Chromium writes cookies to the disk in its own time: the killed one forgot the session.
        ana.renew_session("ana").await?;
    }
    println!("{} browsers killed, none lost a saved edit", rounds());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_holds_what_it_acknowledged() -> Result<()> {
    let mut server = Server::start("killed_server", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    for round in 1..=rounds() as u64 {
        ana.open_focus().await?;
        ana.see_status("Todo en el servidor").await?;
        let acknowledged =
            edit_until_promised(&ana, round * 1000, round % 20, "Todo en el servidor").await?;
        server.kill().await?;
        let export = server.command(&["export", "01-2019"]).await?;
        let written = format!("{{\"money\":{acknowledged}}}");
        let export: String = export.split_whitespace().collect();
        ensure!(export.contains(&written), "round {round}: {acknowledged} was acknowledged");
        server.start_again().await?;
    }
    println!("{} servers killed, none lost an acknowledged edit", rounds());
    Ok(())
}
