//! For eyes that see little: text at twice its size, narrow windows, more contrast, the colours of
//! the system, no motion.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::{
    axe::Audit,
    harness::{Browser, Screen, Server},
    people::{EXERCISE, cell},
};

/// Windows in CSS pixels: a laptop's of 1366 × 768 at 200 %, and the narrowest of WCAG 1.4.10.
const WINDOWS: [(&str, u32, u32); 2] = [("magnified", 683, 384), ("narrow", 320, 568)];

/// What scrolls in two directions, what reaches beyond the window, and what is cut off. A table may
/// do the first.
const CUT: &str = "
    const [width] = [document.documentElement.clientWidth];
    const name = (element) => `${element.tagName}.${element.className} #${element.id} `
        + `«${(element.innerText || '').slice(0, 60)}»`;
    const found = [];
    const page = document.scrollingElement;
    if (page.scrollWidth > width + 1) found.push(`the page is ${page.scrollWidth} wide`);
    const tables = '.grid-scroller, .past-scroll, .pivot-scroller, .paste-sample, .rule-example';
    const scrolls = (value) => value === 'auto' || value === 'scroll';
    for (const element of document.body.querySelectorAll('*')) {
        if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (element.closest('.visually-hidden, svg, option, .grid-scroller, .skip-link')) continue;
        const style = getComputedStyle(element);
        const [wider, higher] = [element.scrollWidth > element.clientWidth + 1,
            element.scrollHeight > element.clientHeight + 1];
        if (scrolls(style.overflowX) && scrolls(style.overflowY) && wider && higher
            && !element.matches(tables)) found.push(`two directions: ${name(element)}`);
        if (element.closest(tables)) continue;
        const { left, right, width: own } = element.getBoundingClientRect();
        const inScroller = (() => {
            for (let at = element.parentElement; at; at = at.parentElement) {
                if (scrolls(getComputedStyle(at).overflowX)) return true;
            }
            return false;
        })();
        if (own > 1 && (right > width + 1 || left < -1) && !inScroller) {
            found.push(`beyond the window: ${name(element)}`);
        }
        const clips = (value) => value === 'hidden' || value === 'clip';
        const cut = (clips(style.overflowX) && wider) || (clips(style.overflowY) && higher);
        const lines = style.webkitLineClamp !== 'none';
        if (cut && !lines && element.innerText && !element.matches('textarea, .carets')) {
            found.push(`cut off: ${name(element)}`);
        }
    }
    return [...new Set(found)];";

impl Browser {
    /// Gives the window another size, in CSS pixels.
    async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        self.driver().cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        // Everything follows within two frames.
        let script = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)));";
        self.driver().execute_async(script, vec![]).await?;
        Ok(())
    }

    /// The side of an element, in CSS pixels.
    async fn tall(&self, selector: &str) -> Result<f64> {
        let script = "return document.querySelector(arguments[0]).getBoundingClientRect().height;";
        Ok(self.driver().execute(script, vec![selector.into()]).await?.convert()?)
    }
}

async fn look(browser: &Browser, place: &str, found: &mut Vec<String>) -> Result<()> {
    let cut: Vec<String> = browser.driver().execute(CUT, vec![]).await?.convert()?;
    browser.picture(place).await?;
    found.extend(cut.into_iter().map(|what| format!("{place}: {what}")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_fits_a_magnified_and_a_narrow_window() -> Result<()> {
    let server = Server::start("eyesight_reflow", &["--demo"]).await?;
    let mut found = Vec::new();
    for (size, width, height) in WINDOWS {
        let ana = server.browser(size, Screen::Laptop).await?;
        ana.resize(width, height).await?;
        ana.open("/").await?;
        ana.find("#login").await?;
        look(&ana, "sign-in", &mut found).await?;
        ana.sign_in("ana").await?;
        ana.see("Tarapacá").await?;
        look(&ana, "exercises", &mut found).await?;
        ana.open("/reglas").await?;
        ana.see("VAL-07").await?;
        look(&ana, "rules", &mut found).await?;
        ana.open(EXERCISE).await?;
        ana.find("[id=item-emprende]").await?;
        ana.see_status("Todo en el servidor").await?;
        look(&ana, "list", &mut found).await?;
        ana.click("[id=item-emprende]").await?;
        ana.find(".card-foot").await?;
        look(&ana, "card", &mut found).await?;
        ana.click("[id=field-emprende-places]").await?;
        ana.find(".picker").await?;
        look(&ana, "picker", &mut found).await?;
        ana.chord("Escape").await?;
        ana.choose("Volver a la lista").await?;
        for (panel, name) in
            [("avisos", "findings"), ("Historial", "history"), ("Archivos", "files")]
        {
            ana.choose(panel).await?;
            ana.find(".panel").await?;
            look(&ana, name, &mut found).await?;
            ana.click(".panel-close").await?;
        }
        ana.choose("Ver como tabla").await?;
        ana.find(&cell("emprende", "instrument")).await?;
        look(&ana, "table", &mut found).await?;
        ana.choose("Vista").await?;
        ana.find(".popup").await?;
        look(&ana, "popup", &mut found).await?;
        ana.chord("Escape").await?;
        ana.go_to("emprende", "instrument").await?;
        ana.chord("Shift+F10").await?;
        ana.find(".menu").await?;
        look(&ana, "menu", &mut found).await?;
        ana.chord("Escape").await?;
        ana.chord("F1").await?;
        ana.find("dialog.help").await?;
        look(&ana, "help", &mut found).await?;
        ana.chord("Escape").await?;
        ana.no_more("dialog.help").await?;
        ana.chord("Ctrl+f").await?;
        ana.find(".grid-find").await?;
        look(&ana, "find", &mut found).await?;
        ana.chord("Escape").await?;
        for view in [
            "focus/por-instrumento",
            "focus/por-objetivo",
            "focus/mapa",
            "strategic/por-fuente",
            "strategic/por-ambito",
            "trazabilidad",
        ] {
            ana.open(&format!("{EXERCISE}/{view}")).await?;
            ana.find(".view").await?;
            look(&ana, &view.replace('/', "-"), &mut found).await?;
        }
        for table in ["instruments", "general", "historial"] {
            ana.open(&format!("{EXERCISE}/{table}")).await?;
            ana.see_status("Todo en el servidor").await?;
            look(&ana, table, &mut found).await?;
        }
    }
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_worked_in_at_twice_its_size() -> Result<()> {
    let server = Server::start("eyesight_zoom", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.resize(683, 384).await?;
    ana.sign_in("ana").await?;
    ana.open(EXERCISE).await?;
    ana.find("[id=item-emprende]").await?;
    ana.choose("Ver como tabla").await?;
    ana.go_to("emprende", "budget").await?;
    ana.picture("table").await?;
    // The heading and some rows are in view at once.
    let height = ana.tall(".grid-scroller").await?;
    ensure!(height >= 180.0, "only {height} px are left for the table");
    ana.press("12 MM$").await?;
    ana.picture("editor").await?;
    let script =
        "const { top, bottom } = document.querySelector('.grid-editor').getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;";
    let is_in_view: bool = ana.driver().execute(script, vec![]).await?.convert()?;
    ensure!(is_in_view, "the editor is out of view");
    ana.chord("Enter").await?;
    ana.see_in("emprende", "budget", "$12.000.000").await?;
    ana.go_to("redes", "funding").await?;
    ana.press(Key::Enter + "").await?;
    ana.find(".picker").await?;
    ana.picture("picker").await?;
    ana.press(Key::Down + Key::Enter).await?;
    ana.see_cursor("promocion/funding").await?;
    for _ in 0..6 {
        ana.chord("ArrowDown").await?;
    }
    ana.see_cursor("gremios/funding").await?;
    ana.picture("last").await?;
    let script = "const cell = document.querySelector('.grid-cell.current').getBoundingClientRect();
        const table = document.querySelector('.grid-scroller').getBoundingClientRect();
        return cell.bottom <= Math.min(table.bottom, innerHeight) + 1 && cell.top >= Math.max(table.top, 0);";
    let is_in_view: bool = ana.driver().execute(script, vec![]).await?.convert()?;
    ensure!(is_in_view, "the cursor is out of view");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn more_contrast_is_more_contrast() -> Result<()> {
    let server = Server::start("eyesight_contrast", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let rules = json!({ "type": "rule", "values": ["color-contrast-enhanced"] });
    let mut audit = Audit::of(&ana, rules, &[("prefers-contrast", "more")]).await?;
    ana.sign_in("ana").await?;
    audit.look("exercises").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.go_to("emprende", "budget").await?;
    ana.chord("Shift+ArrowDown").await?;
    ana.choose("avisos").await?;
    ana.find(".finding").await?;
    audit.look("table").await?;
    ana.go_to("emprende", "budget").await?;
    ana.chord("Alt+Enter").await?;
    ana.find(".card-foot").await?;
    audit.look("card").await?;
    for view in ["focus/por-instrumento", "focus/mapa", "trazabilidad?fila=challenges/ob6"] {
        ana.open(&format!("{EXERCISE}/{view}")).await?;
        ana.find(".view").await?;
        audit.look(&view.replace(['/', '?', '='], "-")).await?;
    }
    audit.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_colours_of_the_system_leave_everything_visible() -> Result<()> {
    let server = Server::start("eyesight_forced", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
        browser.network().cut();
    }
    ana.overwrite("mejora", "budget", "300000000").await?;
    bruno.overwrite("mejora", "budget", "320000000").await?;
    for browser in [&ana, &bruno] {
        browser.network().restore();
    }
    ana.see("1 por decidir").await?;
    bruno.go_to("redes", "budget").await?;
    ana.find(".grid-other").await?;
    let mut hidden = Vec::new();
    for theme in ["light", "dark"] {
        ana.dress(&[("forced-colors", "active"), ("prefers-color-scheme", theme)]).await?;
        ana.go_to("emprende", "budget").await?;
        ana.chord("Shift+ArrowDown").await?;
        ana.picture(&format!("table-{theme}")).await?;
        // Each stands out by a line or a ground of another colour than what it lies on.
        let script = "const [all] = arguments;
            const ground = getComputedStyle(document.documentElement).backgroundColor;
            const clear = (colour) => /^rgba\\(.*, 0\\)$/.test(colour);
            return all.filter(([selector, pseudo]) => {
                const element = document.querySelector(selector);
                if (!element) return true;
                const style = getComputedStyle(element, pseudo);
                const line = (width, kind, colour) => parseFloat(width) >= 1 && kind !== 'none'
                    && colour !== ground && !clear(colour);
                const lines = line(style.outlineWidth, style.outlineStyle, style.outlineColor)
                    || ['Top', 'Left', 'Bottom'].some((side) => line(style[`border${side}Width`],
                        style[`border${side}Style`], style[`border${side}Color`]));
                const filled = style.backgroundColor !== ground
                    && !clear(style.backgroundColor);
                const written = element.innerText && style.color !== style.backgroundColor
                    && (style.color !== ground || filled);
                return !(lines || filled || (selector.includes('mark') && written));
            }).map(([selector]) => selector);";
        let signs = json!([
            [".grid-cell.current", null],
            [".grid-selection", null],
            [".grid-cell[aria-selected=true]", null],
            [".grid-handle", "::after"],
            [".grid-other", null],
            [".mark.undecided", null],
            [".chain-link[aria-current]", null],
            [".view-link[aria-current]", null],
            [".badge", null],
            [".status-sign", null]
        ]);
        let missing: Vec<String> = ana.driver().execute(script, vec![signs]).await?.convert()?;
        hidden.extend(missing.into_iter().map(|what| format!("{theme}: {what}")));
        // Whatever has the focus has a ring.
        ana.chord("Escape").await?;
        for _ in 0..4 {
            ana.chord("Shift+Tab").await?;
            let script = "const style = getComputedStyle(document.activeElement);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;";
            let has_ring: bool = ana.driver().execute(script, vec![]).await?.convert()?;
            if !has_ring && ana.cursor().await?.is_empty() {
                hidden.push(format!("{theme}: the focus on {}", ana.focused().await?));
            }
        }
    }
    for view in ["focus/mapa", "focus/por-instrumento", "trazabilidad?fila=challenges/ob6"] {
        ana.open(&format!("{EXERCISE}/{view}")).await?;
        ana.find(".view").await?;
        ana.picture("view").await?;
    }
    ensure!(hidden.is_empty(), "{}", hidden.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_who_asked_for_no_motion() -> Result<()> {
    let server = Server::start("eyesight_motion", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.dress(&[]).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.choose("avisos").await?;
    ana.go_to("emprende", "budget").await?;
    ana.chord("F1").await?;
    let script = "const longest = (value) => Math.max(...value.split(',').map((time) =>
            parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000)));
        return [...document.querySelectorAll('*')].filter((element) => {
            const style = getComputedStyle(element);
            return longest(style.transitionDuration) > 1 || style.scrollBehavior === 'smooth'
                || (style.animationName !== 'none' && longest(style.animationDuration) > 1);
        }).map((element) => `${element.tagName}.${element.className}`);";
    let moving: Vec<String> = ana.driver().execute(script, vec![]).await?.convert()?;
    ensure!(moving.is_empty(), "{moving:?}");
    Ok(())
}

impl Browser {
    /// What has the focus, for whoever reads the error.
    async fn focused(&self) -> Result<String> {
        let script = "return document.activeElement.outerHTML.slice(0, 120);";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }
}
