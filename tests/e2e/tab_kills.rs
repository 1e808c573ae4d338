//! What a tab called stored is there after its process was killed, while the browser lives on: its
//! locks, its cache and its other processes outlive the tab.
//!
//! Fifty moments, drawn by chance from a seed, in the midst of writing.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use thirtyfour::{Key, TypingData};
use tokio::time::Instant;

use crate::{
    harness::{Browser, Chance, Engine, Screen, Server, wait_until},
    people::{EXERCISE, cell},
};

const ROUNDS: u64 = 50;
/// No round begins after this long: a slow machine kills fewer tabs.
const LONGEST: Duration = Duration::from_secs(75);
/// At least so many rounds, however slow the machine.
const FEWEST: u64 = 10;
/// The kill comes so long after the last key at most: a transaction is complete in a part of it.
const MOMENT_MS: u64 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_killed_while_writing_shows_what_it_called_stored() -> Result<()> {
    if Engine::chosen()? == Engine::WebKit {
        println!("left out: with the first tab that is killed WebKit's driver ends the session");
        return Ok(());
    }
    let server = Server::start("killed_tab", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.see_kept().await?;
    ana.network().cut();
    // The first tab never shows the application, so that another process draws it: from there the
    // next one is opened.
    ana.close().await?;
    ana.reopen().await?;
    let quiet = ana.driver().window().await?;
    let started = Instant::now();
    let (mut promised, mut written, mut rounds) = (0, 1_000, 0);
    let mut chance = Chance::new(0x5eed);
    while rounds < ROUNDS && (rounds < FEWEST || started.elapsed() < LONGEST) {
        rounds += 1;
        let before = ana.pages()?;
        let tab = ana.driver().new_tab().await?;
        ana.driver().switch_to_window(tab).await?;
        ana.open(EXERCISE).await?;
        ana.see_stored(promised, written)
            .await
            .with_context(|| format!("after {} kills", rounds - 1))?;
        ana.go_to("emprende", "budget").await?;
        for _ in 0..=chance.below(5) {
            written += 1;
            ana.press(TypingData::from(written.to_string()) + Key::Enter + Key::Up).await?;
            let (shown, status) = ana.shown_and_status("emprende", "budget").await?;
            if status.starts_with("Guardado en este equipo") {
                promised = number(&shown).context("a budget that is shown")?;
            }
        }
        ana.driver().switch_to_window(quiet.clone()).await?;
        tokio::time::sleep(Duration::from_millis(chance.below(MOMENT_MS))).await;
        ana.kill_page(&before)?;
    }
    ensure!(promised > 1_000, "the pill said that something is stored");

    // All that is left of all of them is sent in the end.
    let tab = ana.driver().new_tab().await?;
    ana.driver().switch_to_window(tab).await?;
    ana.open(EXERCISE).await?;
    ana.see_stored(promised, written).await?;
    ana.network().restore();
    ana.see_status("Todo en el servidor").await?;
    ana.see_stored(promised, written).await?;
    println!("{rounds} tabs killed, none lost a stored edit");
    Ok(())
}

impl Browser {
    /// Waits for the budget that was promised, or one that was written after it: the first rows may
    /// be those of a preview.
    async fn see_stored(&self, promised: u64, written: u64) -> Result<()> {
        self.find(&cell("emprende", "budget")).await?;
        let mut shown = String::new();
        let stored = wait_until("what was called stored", async || {
            shown = self.shown("emprende", "budget").await?;
            let found = number(&shown).with_context(|| shown.clone())?;
            Ok(promised == 0 || (promised..=written).contains(&found))
        });
        stored.await.with_context(|| {
            format!("{shown} is shown, {promised} was called stored, {written} was written last")
        })
    }
}

/// 1234 for `$1.234`.
fn number(shown: &str) -> Option<u64> {
    let digits: String = shown.lines().next()?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}
