//! Fingers: the tray, the handles, the menu, and how large everything is that is touched.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::{
    harness::{Browser, Point, Screen, Server, wait_until},
    people::{EXERCISE, cell},
};

/// The least that a finger hits, in CSS pixels.
const TARGET: f64 = 44.0;

impl Browser {
    async fn clipboard(&self, setting: &str) -> Result<()> {
        for name in ["clipboard-read", "clipboard-write"] {
            let permission = json!({ "permission": { "name": name }, "setting": setting });
            self.driver().cdp().send_raw("Browser.setPermission", permission).await?;
        }
        Ok(())
    }

    /// Taps a cell and, in its menu, what says this.
    async fn choose_in_menu(&self, row: &str, field: &str, words: &str) -> Result<()> {
        self.long_press(self.middle(&cell(row, field)).await?).await?;
        self.find(".menu").await?;
        self.choose(words).await
    }

    /// Top and bottom of the tray, and of what is visible of the page.
    async fn tray(&self) -> Result<[f64; 4]> {
        let script = "const tray = document.querySelector('.grid-editor.tray.open');
            const { top, bottom } = tray.getBoundingClientRect();
            const { offsetTop, height } = window.visualViewport;
            return [top, bottom, offsetTop, offsetTop + height];";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finger_edits_in_a_tray_above_the_keyboard() -> Result<()> {
    let server = Server::start("touch_tray", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    // A finger waits for what it sees to stand still.
    bruno.see_status("Todo en el servidor").await?;
    bruno.see("23 avisos").await?;
    let budget = cell("emprende", "budget");
    for _ in 0..2 {
        bruno.tap(bruno.middle(&budget).await?).await?;
    }
    bruno.find(".grid-editor.tray.open").await?;
    bruno.see("Fila 1").await?;
    bruno.picture("tray").await?;
    let [_, bottom, _, visible] = bruno.tray().await?;
    ensure!((bottom - visible).abs() < 1.0, "the tray ends at {bottom}, the page at {visible}");

    // Less of the page is visible, as with the on-screen keyboard: the tray keeps above the rest.
    bruno
        .driver()
        .cdp()
        .send_raw("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 1.6 }))
        .await?;
    wait_until("the tray in what is visible", async || {
        let [top, bottom, from, to] = bruno.tray().await?;
        Ok(top >= from && bottom <= to + 1.0 && to < 1_000.0)
    })
    .await?;
    bruno
        .driver()
        .cdp()
        .send_raw("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 1.0 }))
        .await?;

    // What was typed is kept on the way to the next cell, and to the one before.
    bruno.press(Key::Control + "a" + Key::Null + "12 MM$").await?;
    bruno.tap(bruno.middle(".tray-foot [aria-label='Celda anterior']").await?).await?;
    bruno.see_in("emprende", "budget", "$12.000.000").await?;
    // Rules follow, and draw the row once more.
    bruno.see_status("Todo en el servidor").await?;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    bruno.tap(bruno.middle(&budget).await?).await?;
    bruno.tap(bruno.middle(&budget).await?).await?;
    bruno.find(".grid-editor.tray.open").await?;
    bruno.press(Key::Control + "a" + Key::Null + "13 MM$").await?;
    bruno.choose("Cancelar").await?;
    bruno.see_in("emprende", "budget", "$12.000.000").await?;

    // A list to pick from comes as a tray, too.
    let funding = cell("emprende", "funding");
    for _ in 0..2 {
        bruno.tap(bruno.middle(&funding).await?).await?;
    }
    bruno.find(".picker.tray").await?;
    bruno.picture("picker").await?;
    bruno.choose("Listo").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_drawn_by_its_handles_and_goes_round_by_the_menu() -> Result<()> {
    let server = Server::start("touch_range", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    bruno.clipboard("granted").await?;
    bruno.tap(bruno.middle(&cell("emprende", "budget")).await?).await?;
    let from = bruno.middle(".range-handle.end").await?;
    let to = bruno.middle(&cell("juntos", "budget")).await?;
    let from_again = bruno.middle(".range-handle.end").await?;
    ensure!((from.y - from_again.y).abs() < 1.0, "nothing scrolled");
    bruno.swipe(from, Point { x: from.x, y: to.y }).await?;
    bruno.see_selected(2).await?;
    bruno.picture("range").await?;
    // The other handle makes it smaller again, and larger.
    let start = bruno.middle(".range-handle:not(.end)").await?;
    bruno.swipe(start, Point { x: start.x, y: to.y }).await?;
    bruno.see_selected(1).await?;
    let start = bruno.middle(".range-handle:not(.end)").await?;
    bruno.swipe(start, Point { x: start.x, y: start.y - 60.0 }).await?;
    bruno.see_selected(2).await?;

    bruno.choose_in_menu("juntos", "budget", "Copiar").await?;
    bruno.see_selected(2).await?;
    bruno.choose_in_menu("mejora", "budget", "Pegar").await?;
    bruno.see("Pegaste 2 celdas").await?;
    bruno.see_in("mejora", "budget", "$311.345.000").await?;
    bruno.choose_in_menu("emprende", "budget", "Cortar").await?;
    bruno.see_empty("emprende", "budget").await?;
    bruno.choose_in_menu("redes", "budget", "Pegar").await?;
    bruno.see_in("redes", "budget", "$311.345.000").await?;

    // A browser that refuses is told of.
    bruno.clipboard("denied").await?;
    bruno.choose_in_menu("redes", "budget", "Pegar").await?;
    bruno.see("El navegador no dejó leer el portapapeles").await?;
    bruno.picture("refused").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finger_fills_by_the_menu_and_by_dragging() -> Result<()> {
    let server = Server::start("touch_fill", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.tap(bruno.middle(&cell("emprende", "budget")).await?).await?;
    bruno.choose_in_menu("emprende", "budget", "Rellenar arrastrando").await?;
    bruno.see("Arrastra el cuadrado").await?;
    bruno.picture("square").await?;
    let from = bruno.middle(".range-handle.end.fills").await?;
    bruno.swipe(from, Point { x: from.x, y: from.y + 40.0 }).await?;
    bruno.see("Rellenaste").await?;
    bruno.see_selected(2).await?;
    let filled = bruno.shown("emprende", "budget").await?;
    bruno.see_in("juntos", "budget", &filled).await?;
    bruno.picture("filled").await?;
    // The handle selects again.
    bruno.find(".range-handle.end:not(.fills)").await?;
    bruno.choose("Deshacer").await?;
    wait_until("the amount of before", async || {
        Ok(bruno.shown("juntos", "budget").await? != filled)
    })
    .await?;
    bruno.choose_in_menu("juntos", "budget", "Rellenar hacia abajo").await?;
    bruno.see_in("juntos", "budget", &filled).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_row_that_a_finger_edits_is_seen_above_the_tray() -> Result<()> {
    let server = Server::start("touch_lift", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    bruno.see_status("Todo en el servidor").await?;
    for (field, tray) in [("budget", ".grid-editor.tray.open"), ("funding", ".picker.tray")] {
        let last = format!("[data-row]:last-child [data-field={field}]");
        bruno.tap(bruno.middle(&last).await?).await?;
        bruno.find(&format!("{last}[aria-selected=true]")).await?;
        bruno.tap(bruno.middle(&last).await?).await?;
        bruno.find(tray).await?;
        let script = "const [cell, tray] = [...arguments].map((wanted) =>
            document.querySelector(wanted).getBoundingClientRect());
            return [cell.top, cell.bottom, tray.top];";
        wait_until("the cell above the tray", async || {
            let found = bruno.driver().execute(script, vec![json!(last), json!(tray)]).await?;
            let [top, bottom, tray]: [f64; 3] = found.convert()?;
            Ok(top > 0.0 && bottom <= tray + 1.0)
        })
        .await?;
        bruno.picture(field).await?;
        bruno.choose("Listo").await?;
    }
    Ok(())
}

/// Everything visible that is touched and smaller than a finger, with its size. Links in running
/// text are as high as their line.
const SMALL: &str = "
    const [least] = arguments;
    const all = 'a[href], button, input, select, textarea, summary, [role=button], [role=menuitem], '
        + '[role=option], [role=tab], .range-handle';
    const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && getComputedStyle(element).pointerEvents !== 'none' && !element.closest('.visually-hidden');
    const inText = (element) => getComputedStyle(element).display === 'inline'
        && element.parentElement.innerText.trim().length > element.innerText.trim().length;
    const target = (element) => (element.matches('input[type=checkbox], input[type=radio]')
        && element.closest('label')) || element;
    return [...document.querySelectorAll(all)]
        .filter((element) => seen(element) && !inText(element))
        .map((element) => [element, target(element).getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 1 && (width < least - 0.5 || height < least - 0.5))
        .map(([element, { width, height }]) => `${element.tagName} .${element.className} #${element.id} `
            + `«${element.innerText || element.ariaLabel || ''}» ${width.toFixed(1)}×${height.toFixed(1)}`);";

async fn measure(browser: &Browser, place: &str, small: &mut Vec<String>) -> Result<()> {
    let found = browser.driver().execute(SMALL, vec![json!(TARGET)]).await?;
    let found: Vec<String> = found.convert()?;
    browser.picture(place).await?;
    small.extend(found.into_iter().map(|element| format!("{place}: {element}")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_touched_is_as_large_as_a_finger() -> Result<()> {
    let server = Server::start("touch_targets", &["--demo"]).await?;
    let mut small = Vec::new();
    for (screen, name) in [(Screen::Tablet, "tablet"), (Screen::Phone, "phone")] {
        let bruno = server.browser(name, screen).await?;
        bruno.open("/").await?;
        bruno.find("#login").await?;
        measure(&bruno, "sign-in", &mut small).await?;
        bruno.sign_in("bruno").await?;
        bruno.find(&format!("a[href='{EXERCISE}']")).await?;
        measure(&bruno, "exercises", &mut small).await?;
        bruno.open(EXERCISE).await?;
        bruno.see_status("Todo en el servidor").await?;
        if matches!(screen, Screen::Phone) {
            measure(&bruno, "list", &mut small).await?;
            bruno.tap(bruno.middle("[id=item-emprende]").await?).await?;
            bruno.find(".card-foot").await?;
            measure(&bruno, "card", &mut small).await?;
            bruno.tap(bruno.middle("[id=field-emprende-places]").await?).await?;
            bruno.find(".picker.tray").await?;
            measure(&bruno, "card-picker", &mut small).await?;
            bruno.choose("Listo").await?;
            bruno.choose("Volver a la lista").await?;
            bruno.choose("Ver como tabla").await?;
        }
        // On the phone only the column that stays in view is never below another.
        let at = cell("emprende", "instrument");
        bruno.tap(bruno.middle(&at).await?).await?;
        measure(&bruno, "table", &mut small).await?;
        bruno.tap(bruno.middle(&at).await?).await?;
        bruno.find(".picker.tray").await?;
        measure(&bruno, "picker", &mut small).await?;
        bruno.choose("Listo").await?;
        if matches!(screen, Screen::Tablet) {
            for _ in 0..2 {
                bruno.tap(bruno.middle(&cell("emprende", "budget")).await?).await?;
            }
            bruno.find(".grid-editor.tray.open").await?;
            measure(&bruno, "tray", &mut small).await?;
            bruno.choose("Listo").await?;
        }
        bruno.long_press(bruno.middle(&at).await?).await?;
        bruno.find(".menu").await?;
        measure(&bruno, "menu", &mut small).await?;
        bruno.choose("Columna…").await?;
        bruno.find(".popup").await?;
        measure(&bruno, "column", &mut small).await?;
        bruno.chord("Escape").await?;
        bruno.choose("Vista").await?;
        bruno.find(".popup").await?;
        measure(&bruno, "view", &mut small).await?;
        bruno.choose("Columnas de la región").await?;
        bruno.find(".regional-new").await?;
        measure(&bruno, "regional", &mut small).await?;
        bruno.chord("Escape").await?;
        bruno.chord("Ctrl+f").await?;
        bruno.find(".grid-find").await?;
        measure(&bruno, "find", &mut small).await?;
        bruno.chord("Escape").await?;
        bruno.chord("F1").await?;
        bruno.find("dialog.help").await?;
        measure(&bruno, "help", &mut small).await?;
        bruno.chord("Escape").await?;
        for panel in ["avisos", "Historial"] {
            bruno.choose(panel).await?;
            bruno.find(".panel").await?;
            measure(&bruno, panel, &mut small).await?;
            bruno.click(".panel-close").await?;
        }
        for table in ["instruments", "general", "challenges"] {
            bruno.open(&format!("{EXERCISE}/{table}")).await?;
            bruno.see_status("Todo en el servidor").await?;
            measure(&bruno, table, &mut small).await?;
        }
        bruno.open("/reglas").await?;
        bruno.see("Reglas").await?;
        measure(&bruno, "rules", &mut small).await?;
    }
    ensure!(small.is_empty(), "smaller than a finger:\n{}", small.join("\n"));
    Ok(())
}
