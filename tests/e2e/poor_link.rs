//! A link of 50 kbit/s with two seconds of latency that loses one segment of twenty.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    big_tables::{LARGE, with_large_exercise},
    harness::{Browser, Quality, Screen, Server, wait_long},
    people::EXERCISE,
};

/// How long anything may take on such a link.
const SLOW: Duration = Duration::from_secs(120);
/// How often the application may connect where it need not: once when it opens, and once more
/// should the losses fall together.
const CONNECTIONS: usize = 2;
/// Some 300 kB, packed: far more than a region has.
const ROWS: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_over_a_poor_link_and_nothing_is_lost() -> Result<()> {
    let server = Server::start("poor_link", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    ana.see_kept().await?;
    ana.close().await?;
    ana.network().become_link(Quality::POOR);
    let connected = ana.network().sockets();

    // What the device has is there at once, and is written into before the server was heard.
    ana.reopen().await?;
    ana.open(EXERCISE).await?;
    for round in 1..=6 {
        ana.overwrite("juntos", "budget", &format!("{round}111")).await?;
        ana.overwrite("mejora", "coverage", &format!("{round}2")).await?;
        ana.append("emprende", "description", &format!(" De lejos {round}.")).await?;
        bruno.append("emprende", "description", &format!(" De cerca {round}.")).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    bruno.overwrite("emprende", "coverage", "77").await?;
    ana.picture("under way").await?;
    ana.see_status_within(SLOW, "Todo en el servidor").await?;
    for browser in [&ana, &bruno] {
        browser.see_in("juntos", "budget", "6.111").await?;
        browser.see_in("mejora", "coverage", "62").await?;
        browser.see_in_within(SLOW, "emprende", "coverage", "77").await?;
        let text = browser.shown("emprende", "description").await?;
        for round in 1..=6 {
            for piece in [format!(" De lejos {round}."), format!(" De cerca {round}.")] {
                ensure!(text.contains(&piece), "{}: no «{piece}» in {text}", browser.person());
            }
        }
    }
    ana.ensure_connected_at_most(connected + CONNECTIONS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_opening_over_a_poor_link_shows_how_far_it_is_and_completes() -> Result<()> {
    let server = with_large_exercise("poor_first_opening", ROWS).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.see_kept().await?;
    ana.network().become_link(Quality::POOR);
    let connected = ana.network().sockets();

    ana.open(LARGE).await?;
    let mut percents = Vec::new();
    wait_long(3 * SLOW, "all of it to be on the device", async || {
        let text = ana.text().await?;
        if let Some((_, rest)) = text.split_once("Descargando el ejercicio… ")
            && let Some((percent, _)) = rest.split_once(" %")
            && percents.last() != Some(&percent.parse::<u32>()?)
        {
            percents.push(percent.parse()?);
            ana.picture("progress").await?;
        }
        Ok(ana.status().await?.contains("Todo en el servidor"))
    })
    .await?;
    ana.picture("opened").await?;
    ensure!(percents.len() > 2 && percents.is_sorted(), "progress that is seen: {percents:?}");
    let rows = "return Number(document.querySelector('[role=grid]').ariaRowCount);";
    let rows: usize = ana.driver().execute(rows, vec![]).await?.convert()?;
    ensure!(rows == ROWS + 1, "{rows} rows");
    ana.ensure_connected_at_most(connected + CONNECTIONS)?;

    // It is on the device from now on.
    ana.network().cut();
    ana.reload().await?;
    ana.see_in("r3", "action", "Acción 3").await
}

impl Browser {
    /// Fails where the application gave connections up that were only slow.
    fn ensure_connected_at_most(&self, most: usize) -> Result<()> {
        let sockets = self.network().sockets();
        ensure!(sockets <= most, "{}: {sockets} connections, not {most}", self.person());
        Ok(())
    }
}
