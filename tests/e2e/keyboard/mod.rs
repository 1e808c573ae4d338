//! A whole edit with the keyboard alone, and what a screen reader is told at each stop.
//!
//! `told.txt` holds it in words; `UPDATE=1 cargo xtask e2e keyboard` writes it anew.

use std::{fmt::Write as _, path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::TypingData;

use crate::harness::{Browser, PATIENCE, Screen, Server};

/// Nothing new for this long: the page has settled.
const QUIET: Duration = Duration::from_millis(900);
const LOOK: Duration = Duration::from_millis(150);

/// Keeps what live regions say, from the first moment of each page on.
const LISTEN: &str = include_str!("listen.js");

/// What has the focus: the element, or the one that it names as active in its place.
const FOCUSED: &str = "(() => {
    const focused = document.activeElement;
    const active = focused.getAttribute('aria-activedescendant');
    return (active && document.getElementById(active)) || focused;
})()";

/// What Chromium's accessibility tree does not tell: places in the table, the heading of the column.
const PLACE: &str = "
    const focused = document.activeElement;
    const active = focused.getAttribute('aria-activedescendant');
    const cell = active && document.getElementById(active)?.closest('[aria-colindex]');
    if (!cell) return null;
    const grid = cell.closest('[role=grid]');
    const column = cell.ariaColIndex;
    const heading = grid.querySelector(`[role=columnheader][aria-colindex='${column}']`);
    return { row: cell.closest('[role=row]').ariaRowIndex, rows: grid.ariaRowCount,
        column, columns: grid.ariaColCount,
        heading: heading ? heading.innerText.replace(/[⋮↑↓▿*]/g, '').replace(/\\s+/g, ' ').trim() : '' };";

#[derive(Deserialize)]
struct Place {
    row: String,
    rows: String,
    column: String,
    columns: String,
    heading: String,
}

/// Somebody who presses keys and listens.
struct Listener<'a> {
    browser: &'a Browser,
    told: String,
}

impl<'a> Listener<'a> {
    async fn begin(browser: &'a Browser) -> Result<Self> {
        let cdp = browser.driver().cdp();
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).await?;
        cdp.send_raw("Accessibility.enable", json!({})).await?;
        Ok(Self { browser, told: String::new() })
    }

    /// A heading between the parts of the work.
    fn part(&mut self, title: &str) {
        let _ = write!(self.told, "\n# {title}\n\n");
    }

    /// Presses keys, and listens.
    async fn press(&mut self, keys: &str) -> Result<String> {
        self.browser.chord(keys).await?;
        self.hear(keys).await
    }

    /// Types, and listens.
    async fn write(&mut self, text: &str) -> Result<String> {
        self.browser.press(TypingData::from(text)).await?;
        self.hear(&format!("«{text}»")).await
    }

    /// Presses keys again and again until what is told holds these words.
    async fn press_until(&mut self, keys: &str, words: &str) -> Result<()> {
        for _ in 0..60 {
            if self.press(keys).await?.contains(words) {
                return Ok(());
            }
        }
        anyhow::bail!("{keys} never led to «{words}»:\n{}", self.told)
    }

    /// Writes down what is told now.
    async fn hear(&mut self, after: &str) -> Result<String> {
        let (stop, said) = self.settled().await?;
        let _ = writeln!(self.told, "{after}");
        let _ = writeln!(self.told, "    {stop}");
        for line in said {
            let _ = writeln!(self.told, "    ♪ {line}");
        }
        Ok(stop)
    }

    /// What is told once nothing changes any more.
    async fn settled(&self) -> Result<(String, Vec<String>)> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let (mut last, mut since) = (String::new(), tokio::time::Instant::now());
        loop {
            let said = self.browser.driver().execute("return heard.length;", vec![]).await?;
            let said: usize = said.convert()?;
            // It may be drawn anew between two questions.
            let stop = self.stop().await.unwrap_or_default();
            let now = format!("{said} {stop}");
            let time = tokio::time::Instant::now();
            if now != last {
                (last, since) = (now, time);
            } else if time - since >= QUIET && !stop.is_empty() {
                let said = "return heard.splice(0);";
                let said = self.browser.driver().execute(said, vec![]).await?;
                return Ok((stop, said.convert()?));
            }
            ensure!(time < deadline, "the page did not settle: {last}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What has the focus, in the words of the accessibility tree.
    async fn stop(&self) -> Result<String> {
        let cdp = self.browser.driver().cdp();
        let found = cdp.send_raw("Runtime.evaluate", json!({ "expression": FOCUSED })).await?;
        let object = &found["result"]["objectId"];
        let question = json!({ "objectId": object, "fetchRelatives": false });
        let tree = cdp.send_raw("Accessibility.getPartialAXTree", question).await?;
        let node = &tree["nodes"][0];
        let place = self.browser.driver().execute(PLACE, vec![]).await?;
        let place: Option<Place> = serde_json::from_value(place.json().clone())?;
        Ok(in_words(node, place.as_ref()))
    }
}

/// States that are said when they hold.
const STATES: [&str; 9] = [
    "required",
    "readonly",
    "disabled",
    "expanded",
    "selected",
    "checked",
    "pressed",
    "multiselectable",
    "modal",
];

fn in_words(node: &Value, place: Option<&Place>) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let of = |name: &str| text(&node[name]["value"]);
    let role = of("role");
    let mut words = format!("{role} «{}»", without_time(&of("name")));
    if let Some(Place { row, rows, column, columns, heading }) = place {
        let _ = write!(words, ", fila {row} de {rows}, columna {column} de {columns}");
        let _ = write!(words, " «{heading}»");
    }
    // Of a button or link it is the name once more.
    for (name, label) in [("value", "valor"), ("description", "descripción")] {
        let value = of(name);
        if !value.is_empty() {
            let _ = write!(words, ", {label} «{value}»");
        }
    }
    for property in node["properties"].as_array().into_iter().flatten() {
        let name = property["name"].as_str().unwrap_or_default();
        let value = text(&property["value"]["value"]);
        match (name, value.as_str()) {
            ("invalid" | "hasPopup", "false" | "") => {}
            ("expanded", "false") => words.push_str(", collapsed"),
            ("pressed" | "checked", value) => {
                let _ = write!(words, ", {name} {value}");
            }
            ("invalid" | "hasPopup", _) => {
                let _ = write!(words, ", {name}");
            }
            (name, "true") if STATES.contains(&name) => {
                let _ = write!(words, ", {name}");
            }
            _ => {}
        }
    }
    words
}

/// Times differ from run to run.
fn without_time(name: &str) -> String {
    match name.split_once("en el servidor ·") {
        Some((before, _)) => format!("{before}en el servidor"),
        None => name.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_edit_by_keyboard_tells_a_screen_reader_everything() -> Result<()> {
    let server = Server::start("keyboard", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let mut listener = Listener::begin(&ana).await?;

    listener.part("Ingresar");
    ana.open("/").await?;
    ana.find("#login").await?;
    listener.hear("(se abre la página)").await?;
    listener.press_until("Tab", "«Usuario»").await?;
    listener.write("ana").await?;
    listener.press("Tab").await?;
    listener.write("demo-focaliza").await?;
    ana.chord("Enter").await?;
    ana.see("Tarapacá").await?;
    ana.see("Último cambio").await?;
    listener.hear("Enter").await?;

    listener.part("La lista, y el ejercicio");
    listener.press_until("Tab", "link «Tarapacá»").await?;
    ana.chord("Enter").await?;
    ana.find("[role=grid] [data-row=emprende]").await?;
    ana.see_status("Todo en el servidor").await?;
    listener.hear("Enter").await?;

    listener.part("A la tabla, sin pasar por lo que está antes");
    ana.reload().await?;
    ana.find("[role=grid] [data-row=emprende]").await?;
    ana.see_status("Todo en el servidor").await?;
    listener.hear("(se vuelve a cargar la página)").await?;
    listener.press("Tab").await?;
    listener.press("Enter").await?;
    listener.press_until("Tab", "gridcell").await?;

    listener.part("Una cifra");
    listener.press_until("ArrowRight", "«Presupuesto").await?;
    listener.write("3").await?;
    listener.write("00 MM$").await?;
    listener.press("Enter").await?;
    listener.press("ArrowUp").await?;
    listener.press("F2").await?;
    listener.write(" mucho").await?;
    listener.press("Enter").await?;
    listener.press("Escape").await?;
    listener.press("Shift+ArrowDown").await?;
    listener.press("ArrowDown").await?;

    listener.part("Lo que falta se dice, y se deshace");
    listener.press("ArrowUp").await?;
    listener.press("Delete").await?;
    listener.press("Ctrl+z").await?;

    listener.part("Elegir de una lista");
    listener.press_until("ArrowRight", "«Financiamiento").await?;
    listener.press("Enter").await?;
    listener.press("ArrowDown").await?;
    listener.press("Enter").await?;
    listener.press("ArrowUp").await?;

    listener.part("El menú de la fila");
    listener.press("Shift+F10").await?;
    listener.press("ArrowDown").await?;
    listener.press("Escape").await?;

    listener.part("Salir de la tabla");
    listener.press("Escape").await?;
    listener.press("Tab").await?;
    listener.press_until("Shift+Tab", "gridcell").await?;

    listener.part("Al panel de avisos, y de un aviso a su celda");
    // From the grid backwards: the tabs of its views, the chain of tables, the header.
    listener.press("Escape").await?;
    listener.press_until("Shift+Tab", "avisos», collapsed").await?;
    listener.press("Enter").await?;
    listener.press("Tab").await?;
    listener.press("Tab").await?;
    listener.press("Tab").await?;
    ana.picture("panel").await?;
    listener.press("Escape").await?;
    listener.press("Enter").await?;
    listener.press_until("Tab", "«Puesta en marcha").await?;
    listener.press("Enter").await?;

    compare(&listener.told)
}

fn compare(told: &str) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/keyboard/told.txt");
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&path, told).context("cannot write what was told");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let first = expected.lines().zip(told.lines()).position(|(one, other)| one != other);
    let first = first.unwrap_or(expected.lines().count().min(told.lines().count()));
    let around = |text: &str| {
        text.lines().skip(first.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n")
    };
    ensure!(
        expected == told,
        "told.txt differs from line {} on; it says\n{}\nand was told\n{}",
        first + 1,
        around(&expected),
        around(told)
    );
    Ok(())
}
