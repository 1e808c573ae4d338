//! Three people who work for two weeks without a network, and come back in any order.
//!
//! The two weeks are lived once, with the clocks set to each of their days. Then every order starts
//! from the same server and the same three devices, as they were.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    harness::{Browser, Screen, Server, copy_folder, wait_until},
    people::EXERCISE,
};

const DAYS: i64 = 14;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// Days on which the whole browser is closed, and not only the application.
const NIGHTS: i64 = 7;
/// The people, each with the row that only they write in.
const PEOPLE: [(&str, &str); 3] = [("ana", "juntos"), ("bruno", "mejora"), ("diego", "crece")];
/// The row that all of them write in.
const COMMON: &str = "emprende";
/// The orders in which three people come back.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[tokio::test(flavor = "multi_thread")]
async fn two_weeks_without_a_network_come_together_in_any_order() -> Result<()> {
    let mut server = Server::start("two_weeks", &["--demo"]).await?;
    add_third_person(&server).await?;
    let mut browsers = Vec::new();
    for (person, _) in PEOPLE {
        let browser = server.browser(person, Screen::Laptop).await?;
        browser.enter_focus().await?;
        browser.see_kept().await?;
        browsers.push(browser);
    }
    let kept = tempfile::tempdir()?;
    server.kill().await?;
    copy_folder(server.data(), &kept.path().join("server"))?;

    let [ana, bruno, diego] = &mut browsers[..] else { unreachable!("three people") };
    tokio::try_join!(two_weeks(ana, 0), two_weeks(bruno, 1), two_weeks(diego, 2))?;
    for browser in &browsers {
        copy_folder(&browser.profile(), &kept.path().join(browser.person()))?;
    }

    let mut outcome = None::<Value>;
    for order in ORDERS {
        let names = order.map(|person| PEOPLE[person].0).join(", ");
        let export = come_back(&mut server, &mut browsers, kept.path(), order)
            .await
            .with_context(|| format!("in the order {names}"))?;
        ensure_nothing_is_lost(&export).with_context(|| format!("in the order {names}"))?;
        // Nor is it of any consequence who came first.
        let first = outcome.get_or_insert_with(|| export.clone());
        ensure!(*first == export, "the order {names} makes another exercise");
    }
    Ok(())
}

/// An account for somebody else of the region: the demo has two.
async fn add_third_person(server: &Server) -> Result<()> {
    let (login, _) = PEOPLE[2];
    let who = ["user", "add", "--login", login, "--name", "Diego Vera"];
    let may = ["--role", "gore_editor", "--region", "01", "--password", "demo-focaliza"];
    server.command(&[&who[..], &may[..]].concat()).await?;
    Ok(())
}

/// Writes on each day, with the clock of that day, in the application that was closed since.
async fn two_weeks(browser: &mut Browser, person: usize) -> Result<()> {
    let (name, own) = PEOPLE[person];
    browser.network().cut();
    for day in 1..=DAYS {
        if day % NIGHTS == 1 {
            browser.close().await?;
            browser.reopen().await?;
        } else {
            browser.driver().goto("about:blank").await?;
        }
        browser.set_clock(day * DAY).await?;
        browser.open(EXERCISE).await?;
        if day > 1 {
            let yesterday = amount(person, day - 1);
            browser.see_in(own, "budget", &shared::format::format_integer(yesterday)).await?;
        }
        browser.append(own, "description", &piece(name, "own", day)).await?;
        browser.append(COMMON, "description", &piece(name, "common", day)).await?;
        browser.overwrite(own, "budget", &amount(person, day).to_string()).await?;
        if day % 5 == 0 {
            browser.overwrite(COMMON, "budget", &amount(person, day).to_string()).await?;
        }
        browser.see_status("Guardado en este equipo").await?;
    }
    browser.picture("after two weeks").await?;
    browser.close().await
}

fn piece(name: &str, place: &str, day: i64) -> String {
    format!(" [{name} {place} {day}]")
}

fn amount(person: usize, day: i64) -> i64 {
    10_000 * (person as i64 + 1) + day
}

/// The device as it was after two weeks, with the application open.
async fn as_left(browser: &mut Browser, kept: &Path) -> Result<()> {
    copy_folder(&kept.join(browser.person()), &browser.profile())?;
    browser.reopen().await?;
    browser.set_clock(DAYS * DAY).await?;
    browser.open(EXERCISE).await?;
    browser.see_status("Guardado en este equipo").await
}

/// Has the people come back one after the other; what the server has in the end, which all of
/// them see.
async fn come_back(
    server: &mut Server,
    browsers: &mut [Browser],
    kept: &Path,
    order: [usize; 3],
) -> Result<Value> {
    copy_folder(&kept.join("server"), server.data())?;
    server.start_again().await?;
    let [ana, bruno, diego] = &mut *browsers else { unreachable!("three people") };
    tokio::try_join!(as_left(ana, kept), as_left(bruno, kept), as_left(diego, kept))?;
    for person in order {
        browsers[person].network().restore();
        browsers[person].see_status("Todo en el servidor").await?;
    }
    let mut screens = Vec::new();
    let equal = wait_until("all screens to be equal", async || {
        screens.clear();
        for browser in &*browsers {
            screens.push(browser.table().await?);
        }
        Ok(screens.iter().all(|screen| *screen == screens[0]))
    });
    if let Err(error) = equal.await {
        let rows = screens[1..].iter().flat_map(|screen| screens[0].iter().zip(screen));
        let differing: Vec<_> = rows.filter(|(one, other)| one != other).collect();
        return Err(error).with_context(|| format!("{differing:#?}"));
    }
    for browser in &mut *browsers {
        browser.see_status("Todo en el servidor").await?;
        browser.see("1 por decidir").await?;
        browser.network().cut();
        browser.close().await?;
    }
    let export = server.command(&["export", "01-2019"]).await?;
    server.kill().await?;
    Ok(serde_json::from_str(&export)?)
}

/// Every piece of text is there once; of the amounts the last ones, and all of those that people
/// wrote without knowing of each other.
fn ensure_nothing_is_lost(export: &Value) -> Result<()> {
    let text = export.to_string();
    for (person, (name, _)) in PEOPLE.into_iter().enumerate() {
        for day in 1..=DAYS {
            for place in ["own", "common"] {
                let piece = piece(name, place, day);
                let count = text.matches(&piece).count();
                ensure!(count == 1, "«{piece}» is there {count} times");
            }
        }
        for day in [DAYS, 10] {
            let money = format!("{{\"money\":{}}}", amount(person, day));
            ensure!(text.contains(&money), "{money} is missing");
        }
    }
    Ok(())
}
