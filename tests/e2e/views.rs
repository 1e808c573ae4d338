//! The read views show what the exercise says: figures are worked out here from its file, by other
//! means than those of the application.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;
use thirtyfour::Key;

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

/// The rows of a table of an exported file.
fn rows<'a>(file: &'a Value, table: &str) -> &'a [Value] {
    file["tables"][table].as_array().map_or(&[], Vec::as_slice)
}

fn members<'a>(row: &'a Value, field: &str) -> Vec<&'a str> {
    let members = row["cells"][field]["set"].as_array();
    members.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn budget(row: &Value) -> i64 {
    row["cells"]["budget"]["value"]["money"].as_i64().unwrap_or(0)
}

/// «$1.234.567».
fn pesos(amount: i64) -> String {
    let digits = amount.to_string();
    let grouped: String = digits
        .chars()
        .enumerate()
        .flat_map(|(at, digit)| {
            let point = at > 0 && (digits.len() - at).is_multiple_of(3);
            point.then_some('.').into_iter().chain([digit])
        })
        .collect();
    format!("${grouped}")
}

async fn exported(server: &Server) -> Result<Value> {
    let text = server.command(&["export", "01-2019"]).await?;
    serde_json::from_str(&text).context("the export is JSON")
}

async fn start(scenario: &str) -> Result<(Server, Browser)> {
    let server = Server::start(scenario, &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    // Nobody was signed in at first, which the browser reports as a failed request.
    ana.console_errors().await?;
    Ok((server, ana))
}

impl Browser {
    async fn open_view(&self, path: &str) -> Result<()> {
        self.open(&format!("{EXERCISE}/{path}")).await?;
        self.find(".view").await.map(drop)
    }

    /// What each group's line says, by its code.
    async fn groups(&self) -> Result<BTreeMap<String, String>> {
        let script = "return Object.fromEntries([...document.querySelectorAll('tbody.group')].map(
            (group) => [group.dataset.group, group.querySelector('.group-line').innerText]));";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    async fn path(&self) -> Result<String> {
        let script = "return location.pathname + location.search;";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// The attribute of all elements that match.
    async fn attributes(&self, selector: &str, name: &str) -> Result<BTreeSet<String>> {
        let script = format!(
            "return [...document.querySelectorAll('{selector}')].map((found) => found.dataset.{name});"
        );
        Ok(self.driver().execute(&script, vec![]).await?.convert()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn views_group_the_rows_with_subtotals_and_count_each_once() -> Result<()> {
    let (server, ana) = start("views_group_the_rows").await?;
    let file = exported(&server).await?;
    let focus = rows(&file, "focus");
    let total: i64 = focus.iter().map(budget).sum();
    assert_eq!(total, 1_252_784_000);

    ana.open_view("focus/por-objetivo").await?;
    ana.see("Total, cada fila una vez").await?;
    ana.see(&pesos(total)).await?;
    let mut expected: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
    for row in focus {
        for objective in members(row, "objectives") {
            let subtotal = expected.entry(objective).or_default();
            *subtotal = (subtotal.0 + 1, subtotal.1 + budget(row));
        }
    }
    let groups = ana.groups().await?;
    for (objective, (count, sum)) in &expected {
        let line = &groups[*objective];
        assert!(line.contains(&pesos(*sum)) && line.contains(&format!("{count} fila")), "{line}");
    }
    // The objective that no action names is there, and is no zero.
    assert!(groups["ob1"].contains("—") && !groups["ob1"].contains("$0"), "{}", groups["ob1"]);
    let repeated = focus.iter().filter(|row| members(row, "objectives").len() > 1).count();
    ana.see(&format!("{repeated} filas se cuentan en más de un objetivo")).await?;
    ana.see("se cuenta en 6 objetivos").await?;
    ana.picture("objectives").await?;

    ana.choose("Por instrumento").await?;
    ana.see("Instrumento y acción").await?;
    let outside: i64 = focus
        .iter()
        .filter(|row| {
            ["formacion", "ferias", "gremios"].contains(&row["id"].as_str().unwrap_or(""))
        })
        .map(budget)
        .sum();
    ana.see(&pesos(outside)).await?;
    ana.see(&pesos(total - outside)).await?;
    let groups = ana.groups().await?;
    assert!(groups["crece"].contains(&pesos(523_429_000)), "{}", groups["crece"]);
    // The joint entry stands for both.
    assert!(groups.contains_key("emprende") && !groups.contains_key("semilla_emprende"));
    assert_eq!(ana.path().await?, format!("{EXERCISE}/focus/por-instrumento"));
    ana.picture("instruments").await?;

    // The way back leads to the view before, and a row to its cell.
    ana.driver().back().await?;
    ana.see("Objetivo estratégico y acción").await?;
    ana.click("tbody[data-group=ob4] [data-row=ferias]").await?;
    ana.find("[role=grid] [data-row=ferias] [data-field=budget]").await?;
    assert_eq!(ana.path().await?, format!("{EXERCISE}/focus"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn views_follow_edits_and_compare_with_what_was_announced() -> Result<()> {
    let (server, ana) = start("views_follow_edits").await?;
    ana.open(&format!("{EXERCISE}/instruments")).await?;
    ana.type_into("#instruments-crece-preliminary_amount", "500.000.000").await?;
    ana.press(Key::Tab + "").await?;
    ana.open_view("focus/por-instrumento").await?;
    ana.see(&format!("de {} informados, supera en {}", pesos(500_000_000), pesos(23_429_000)))
        .await?;

    let bruno = server.browser("bruno", Screen::Laptop).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_view("focus/por-instrumento").await?;
    bruno.see(&pesos(523_429_000)).await?;
    ana.open_focus().await?;
    ana.overwrite("crece", "budget", "400.000.000").await?;
    // Another person's view follows, without a reload.
    wait_until("the subtotal of Crece to follow", async || {
        let groups = bruno.groups().await?;
        Ok(groups["crece"].contains(&pesos(400_000_000)))
    })
    .await?;
    bruno.see(&pesos(1_252_784_000 - 123_429_000)).await?;
    bruno.see(&format!("quedan {}", pesos(100_000_000))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn views_lead_from_a_document_to_the_budget_and_back() -> Result<()> {
    let (server, ana) = start("views_lead_from_a_document").await?;
    let file = exported(&server).await?;
    ana.open(&format!("{EXERCISE}/focus")).await?;
    ana.choose("Trazabilidad").await?;
    ana.click("[data-node=\"challenges/ob6\"]").await?;
    ana.see("Viene de").await?;
    assert_eq!(ana.path().await?, format!("{EXERCISE}/trazabilidad?fila=challenges/ob6"));

    // Backwards by hand: challenges that serve it, what they derive from, and so on.
    let from = |table: &str, ids: &BTreeSet<String>, field: &str| -> BTreeSet<String> {
        let named =
            rows(&file, table).iter().filter(|row| ids.contains(row["id"].as_str().unwrap_or("")));
        named.flat_map(|row| members(row, field)).map(str::to_owned).collect()
    };
    let serving: BTreeSet<String> = rows(&file, "challenges")
        .iter()
        .filter(|row| members(row, "objectives").contains(&"ob6"))
        .filter_map(|row| row["id"].as_str().map(str::to_owned))
        .collect();
    let potentials = from("challenges", &serving, "derived_from");
    let entries = from("potentials", &potentials, "entries");
    let served: Vec<&Value> = rows(&file, "focus")
        .iter()
        .filter(|row| members(row, "objectives").contains(&"ob6"))
        .collect();
    let mut expected: BTreeSet<String> = BTreeSet::new();
    expected.extend(serving.iter().map(|id| format!("challenges/{id}")));
    expected.extend(potentials.iter().map(|id| format!("potentials/{id}")));
    expected.extend(entries.iter().map(|id| format!("strategic/{id}")));
    expected.extend(served.iter().filter_map(|row| Some(format!("focus/{}", row["id"].as_str()?))));
    let linked = ana.attributes(".node.linked", "node").await?;
    let (sources, linked): (BTreeSet<String>, BTreeSet<String>) = linked
        .into_iter()
        .partition(|node| node.starts_with("source/") || node.starts_with("documents/"));
    assert_eq!(linked, expected);
    assert_eq!(sources, ["source/difoi", "source/dr"].map(str::to_owned).into());
    let sum: i64 = served.into_iter().map(budget).sum();
    ana.see(&format!("Presupuesto: {}", pesos(sum))).await?;
    ana.picture("chosen").await?;

    // Keyboard: to the next column, choose, and the way back leads through what was chosen.
    ana.press(Key::Right + "").await?;
    ana.press(Key::Enter + "").await?;
    wait_until("an action to be chosen", async || Ok(ana.path().await?.contains("fila=focus/")))
        .await?;
    ana.driver().back().await?;
    wait_until("the objective again", async || Ok(ana.path().await?.ends_with("challenges/ob6")))
        .await?;

    // Orphans: what nothing leads to or follows from.
    ana.choose("Soltar").await?;
    ana.click("#only-orphans").await?;
    wait_until("the address to say so", async || Ok(ana.path().await?.ends_with("?ver=huerfanos")))
        .await?;
    ana.see_no_more("Feria").await?;
    let orphans = ana.attributes(".node", "node").await?;
    for orphan in
        ["challenges/de7", "challenges/de11", "challenges/op1", "challenges/ob1", "source/diplade"]
    {
        assert!(orphans.contains(orphan), "{orphan}: {orphans:?}");
    }
    assert!(!orphans.contains("challenges/ob6") && !orphans.contains("focus/crece"), "{orphans:?}");
    ana.picture("orphans").await?;
    assert_eq!(ana.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn views_draw_the_region_and_the_sources() -> Result<()> {
    let (_server, ana) = start("views_draw_the_region").await?;
    ana.open_view("focus/mapa").await?;
    // The pilot names no commune: nothing is shaded, and nothing is said to be zero.
    ana.see("10 filas no indican territorio: $1.252.784.000").await?;
    let classes =
        "return [...document.querySelectorAll('.tile')].map((tile) => tile.className).join();";
    let shades: String = ana.driver().execute(classes, vec![]).await?.convert()?;
    assert_eq!(shades, ["tile nothing"; 7].join(","));

    ana.open_focus().await?;
    ana.go_to("crece", "places").await?;
    ana.press(Key::Enter + "").await?;
    ana.type_into(".picker input", "Tamarugal" + Key::Enter + Key::Escape).await?;
    ana.see_in("crece", "places", "Tamarugal").await?;
    ana.choose("Mapa").await?;
    ana.see("1 fila se refiere a toda la provincia: $523.429.000").await?;
    let shaded = ana.attributes(".tile.shade-4", "comuna").await?;
    let tamarugal = ["01401", "01402", "01403", "01404", "01405"].map(str::to_owned);
    assert_eq!(shaded, tamarugal.into());
    ana.click("[data-comuna=\"01405\"]").await?;
    ana.see("Pica: 1 fila").await?;
    ana.picture("map").await?;

    ana.choose("Por territorio").await?;
    ana.see("Provincia de Tamarugal").await?;
    ana.picture("places").await?;

    ana.open_view("strategic/por-fuente").await?;
    ana.see("Estrategia Regional de Desarrollo de Tarapacá").await?;
    let sources = "return [...document.querySelectorAll('.pivot tbody th')].map((th) => th.innerText.replace(/\\s+/g, ' '));";
    let sources: Vec<String> = ana.driver().execute(sources, vec![]).await?.convert()?;
    assert_eq!(
        sources,
        [
            "Estrategia Regional de Desarrollo de Tarapacá 4 entradas",
            "Opinión experta DIFOI 3 entradas",
            "Opinión experta DIPLADE 0 entradas",
            "Dirección Regional Sercotec 3 entradas",
        ]
    );
    ana.picture("sources").await?;
    ana.choose("Por ámbito").await?;
    ana.see(
        "Sin entradas: Estrategia Regional de Desarrollo de Tarapacá, Opinión experta DIPLADE.",
    )
    .await?;
    ana.picture("aspects").await?;
    assert_eq!(ana.console_errors().await?, Vec::<String>::new());
    Ok(())
}
