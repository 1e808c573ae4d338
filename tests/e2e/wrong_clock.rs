//! Devices whose clock is a year ahead or a year behind, as a dead battery or a wrong hand leave
//! it: no order of edits, nothing stored and nothing sent may depend on it.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    harness::{Screen, Server},
    people::EXERCISE,
};

/// Seconds of a year.
const YEAR: i64 = 365 * 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn clocks_a_year_wrong_lose_nothing_and_nobody_is_told_nonsense() -> Result<()> {
    let server = Server::start("wrong_clock", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    let mut bruno = server.browser("bruno", Screen::Laptop).await?;
    let reader = server.browser("sercotec", Screen::Laptop).await?;
    ana.set_clock(YEAR).await?;
    bruno.set_clock(-YEAR).await?;
    for browser in [&ana, &bruno, &reader] {
        browser.enter_focus().await?;
    }
    for browser in [&ana, &bruno] {
        browser.see_kept().await?;
    }

    // Seen at once by who has the right time, and by each other.
    ana.overwrite("juntos", "budget", "1111").await?;
    bruno.overwrite("mejora", "budget", "2222").await?;
    for browser in [&ana, &bruno, &reader] {
        browser.see_in("juntos", "budget", "1.111").await?;
        browser.see_in("mejora", "budget", "2.222").await?;
    }
    // Whoever wrote last wins, whatever the clocks say: the year behind over the year ahead.
    bruno.overwrite("juntos", "budget", "3333").await?;
    reader.see_in("juntos", "budget", "3.333").await?;
    ana.see_in("juntos", "budget", "3.333").await?;

    // Without a network, across a new start, and sent afterwards.
    for browser in [&mut ana, &mut bruno] {
        let ahead = if browser.person() == "ana" { YEAR } else { -YEAR };
        browser.network().cut();
        browser.append("emprende", "description", &format!(" De {}.", browser.person())).await?;
        browser.see_waiting(1..=3).await?;
        browser.close().await?;
        browser.reopen().await?;
        browser.set_clock(ahead).await?;
        browser.open(EXERCISE).await?;
        browser.see_in("emprende", "description", &format!("De {}.", browser.person())).await?;
        browser.network().restore();
        browser.see_status("Todo en el servidor · recién").await?;
    }
    for browser in [&ana, &bruno, &reader] {
        browser.see_in("emprende", "description", "De ana.").await?;
        browser.see_in("emprende", "description", "De bruno.").await?;
    }

    // When things happened is the server's to say: the true day, not «recién» to whom it seems to
    // lie in the future, nor an age of a year.
    let script = "const now = new Date(), two = (number) => String(number).padStart(2, '0');
        return [`${two(now.getDate())}-${two(now.getMonth() + 1)}-${now.getFullYear()}`,
            String(now.getFullYear() + 1)];";
    let (today, next_year): (String, String) =
        reader.driver().execute(script, vec![]).await?.convert()?;
    for browser in [&ana, &bruno] {
        browser.go_to("juntos", "budget").await?;
        browser.choose("Historial").await?;
        browser.see("Restaurar este valor").await?;
        let told = browser.find(".history-step .history-who").await?.text().await?;
        ensure!(told.contains(&today), "{}: «{told}» instead of {today}", browser.person());
        browser.picture("history").await?;
        browser.choose("Historial").await?;
    }
    reader.go_to("juntos", "budget").await?;
    reader.choose("Historial").await?;
    reader.see("Restaurar este valor").await?;
    let told = reader.find(".history-step .history-who").await?.text().await?;
    ensure!(["recién", "hace "].iter().any(|words| told.contains(words)), "{told}");

    // The clock is put right: what the device remembers of the future gives way.
    ana.close().await?;
    ana.reopen().await?;
    ana.open(EXERCISE).await?;
    ana.see_status("Todo en el servidor · recién").await?;
    ana.network().cut();
    ana.see_status("Última sincronización").await?;
    let status = ana.status().await?;
    ensure!(!status.contains(&next_year), "{status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_back_hides_no_dead_connection() -> Result<()> {
    let server = Server::start("clock_put_back", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.set_clock(0).await?;
    ana.enter_focus().await?;
    ana.turn_clock(-YEAR).await?;
    // Nothing gets through any more, and nobody says so.
    ana.network().delay(Duration::from_secs(60 * 60));
    ana.overwrite("juntos", "budget", "4444").await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.picture("put back").await?;
    ana.network().delay(Duration::ZERO);
    ana.network().cut();
    ana.network().restore();
    ana.see_status("Todo en el servidor").await?;
    ana.see_in("juntos", "budget", "4.444").await
}
