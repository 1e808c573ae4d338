//! axe-core finds no barrier on any screen, light or dark.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    harness::{Browser, Screen, Server, target, wait_until},
    people::{EXERCISE, cell},
};

/// What WCAG 2.2 asks for up to level AA, and what practice adds.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const RUN: &str = "
    const [runOnly, done] = arguments;
    const rest = () => new Promise((go) => setTimeout(() => requestAnimationFrame(go), 200));
    rest().then(() => axe.run(document, { runOnly, resultTypes: ['violations'] }))
        .then(({ violations }) => done(violations.map(({ id, nodes }) => ({ rule: id,
            elements: nodes.map(({ target, html }) => `${target.join(' ')} ${html.slice(0, 160)}`),
            why: nodes[0].failureSummary }))))
        .catch((error) => done([{ rule: 'axe-core', elements: [], why: String(error) }]));";

#[derive(Deserialize)]
struct Violation {
    rule: String,
    elements: Vec<String>,
    why: String,
}

/// Goes through screens and keeps what axe-core says of each.
pub struct Audit<'a> {
    browser: &'a Browser,
    rules: Value,
    features: &'static [(&'static str, &'static str)],
    found: Vec<String>,
}

impl<'a> Audit<'a> {
    async fn begin(browser: &'a Browser) -> Result<Self> {
        Self::of(browser, json!({ "type": "tag", "values": TAGS }), &[]).await
    }

    /// With some rules of axe-core, where the browser prefers something.
    pub async fn of(
        browser: &'a Browser,
        rules: Value,
        features: &'static [(&'static str, &'static str)],
    ) -> Result<Self> {
        let path = target().join("axe/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&path).with_context(|| missing(&path))?;
        let cdp = browser.driver().cdp();
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe })).await?;
        Ok(Self { browser, rules, features, found: Vec::new() })
    }

    async fn run(&self) -> Result<Vec<Violation>> {
        let violations = self.browser.driver().execute_async(RUN, vec![self.rules.clone()]).await?;
        Ok(serde_json::from_value(violations.json().clone())?)
    }

    /// What is on the screen now, in both themes.
    pub async fn look(&mut self, place: &str) -> Result<()> {
        for theme in ["light", "dark"] {
            let mut features = self.features.to_vec();
            features.push(("prefers-color-scheme", theme));
            self.browser.dress(&features).await?;
            let mut violations = self.run().await?;
            // Just after a page has come, colours of one theme may stand on grounds of the other.
            if !violations.is_empty() {
                violations = self.run().await?;
            }
            self.browser.picture(&format!("{place}-{theme}")).await?;
            for Violation { rule, elements, why } in violations {
                let (count, why) = (elements.len(), why.replace('\n', " "));
                let elements = elements.into_iter().take(3).collect::<Vec<_>>().join("\n    ");
                let what = format!("{place}, {theme}: {rule}, {count} times: {why}");
                self.found.push(format!("{what}\n    {elements}"));
            }
        }
        Ok(())
    }

    pub fn end(self) -> Result<()> {
        ensure!(self.found.is_empty(), "{}", self.found.join("\n"));
        Ok(())
    }
}

fn missing(path: &Path) -> String {
    format!("{} is missing: `cargo xtask e2e` installs it", path.display())
}

impl Browser {
    /// Has the browser prefer something, beside no motion.
    pub async fn dress(&self, features: &[(&str, &str)]) -> Result<()> {
        let mut all = vec![json!({ "name": "prefers-reduced-motion", "value": "reduce" })];
        all.extend(features.iter().map(|(name, value)| json!({ "name": name, "value": value })));
        let media = json!({ "features": all });
        self.driver().cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Has the browser paste a text into whatever has the focus.
    async fn paste_text(&self, text: &str) -> Result<()> {
        let script = "const data = new DataTransfer();
            data.setData('text/plain', arguments[0]);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste',
                { clipboardData: data, bubbles: true, cancelable: true }));";
        self.driver().execute(script, vec![text.into()]).await?;
        Ok(())
    }

    pub async fn no_more(&self, selector: &str) -> Result<()> {
        let script = "return document.querySelector(arguments[0]) === null;";
        wait_until(&format!("{selector} to go"), async || {
            Ok(self.driver().execute(script, vec![selector.into()]).await?.convert()?)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_around_the_grid() -> Result<()> {
    let server = Server::start("axe_pages", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let mut audit = Audit::begin(&ana).await?;
    ana.open("/").await?;
    ana.find("#login").await?;
    audit.look("sign-in").await?;
    ana.type_into("#login", "ana").await?;
    ana.type_into("#password", "olvidada").await?;
    ana.click("button[type=submit]").await?;
    ana.find("[role=alert] .message, [role=alert].message, .message.danger").await?;
    audit.look("refused").await?;
    ana.sign_in("ana").await?;
    ana.see("Tarapacá").await?;
    audit.look("exercises").await?;
    for (path, words) in
        [("/reglas", "VAL-07"), ("/reglas/VAL-07", "VAL-07"), ("/nada", "no existe")]
    {
        ana.open(path).await?;
        ana.see(words).await?;
        audit.look(&path[1..].replace('/', "-")).await?;
    }
    for view in [
        "focus/por-instrumento",
        "focus/por-objetivo",
        "focus/por-territorio",
        "focus/mapa",
        "strategic/por-fuente",
        "strategic/por-ambito",
        "trazabilidad",
        "trazabilidad?fila=challenges/ob6",
        "trazabilidad?ver=huerfanos",
    ] {
        ana.open(&format!("{EXERCISE}/{view}")).await?;
        ana.find(".view").await?;
        audit.look(&view.replace(['/', '?', '='], "-")).await?;
    }
    for table in ["instruments", "general", "columns", "documents", "strategic", "potentials"] {
        ana.open(&format!("{EXERCISE}/{table}")).await?;
        ana.see_status("Todo en el servidor").await?;
        audit.look(table).await?;
    }
    ana.open(&format!("{EXERCISE}/ninguna")).await?;
    ana.see("Esta matriz no existe").await?;
    audit.look("no-table").await?;
    ana.open(&format!("{EXERCISE}/historial")).await?;
    ana.find(".past-moment").await?;
    audit.look("past-moments").await?;
    ana.click(".past-moment").await?;
    ana.find(".past-tab").await?;
    audit.look("past-since").await?;
    ana.click(".past-tab:nth-child(2)").await?;
    ana.find(".past-table").await?;
    audit.look("past-table").await?;
    audit.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_the_process_and_among_people() -> Result<()> {
    let server = Server::start("axe_process", &["--demo"]).await?;
    let manager = ["user", "add", "--login", "carmen", "--name", "Carmen Leal", "--role"];
    let rest = ["sercotec_manager", "--password", "demo-focaliza"];
    server.command(&[&manager[..], &rest[..]].concat()).await?;
    let carmen = server.browser("carmen", Screen::Laptop).await?;
    let mut audit = Audit::begin(&carmen).await?;
    carmen.sign_in("carmen").await?;
    for (part, words) in [
        ("", "Le toca a"),
        ("enviar", "Todavía no se ha fijado"),
        ("oficios", "Registrar un oficio"),
        ("montos", "Informar montos"),
        ("core", "todavía no aprueba"),
        ("minuta", "Todavía no se ha fijado"),
        ("calendario", "Focalización final"),
        ("linea", "Registrar otro acto"),
    ] {
        carmen.open(&format!("/proceso/01-2019/{part}")).await?;
        carmen.see(words).await?;
        audit.look(&format!("process-{part}")).await?;
    }
    carmen.open("/tablero").await?;
    carmen.see("Presupuesto").await?;
    audit.look("board").await?;
    carmen.open("/verificar/01-2019-0001/0000000000000000").await?;
    carmen.see("No hay ningún acuse").await?;
    audit.look("receipt").await?;
    carmen.open("/personas").await?;
    carmen.see("Ana Soto").await?;
    carmen.choose("Cambiar").await?;
    carmen.find(".people-change").await?;
    audit.look("people").await?;
    carmen.open("/personas/registro").await?;
    carmen.see("Entró").await?;
    audit.look("audit").await?;
    carmen.open("/invitacion/nada").await?;
    carmen.see("ya se usó").await?;
    audit.look("invitation").await?;
    audit.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_the_grid() -> Result<()> {
    let server = Server::start("axe_grid", &["--demo"]).await?;
    let (ana, bruno) = (
        server.browser("ana", Screen::Laptop).await?,
        server.browser("bruno", Screen::Laptop).await?,
    );
    let mut audit = Audit::begin(&ana).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    bruno.go_to("redes", "budget").await?;
    ana.find(".grid-other").await?;
    audit.look("table").await?;
    ana.go_to("emprende", "budget").await?;
    ana.chord("Shift+ArrowDown").await?;
    audit.look("selection").await?;
    ana.go_to("emprende", "budget").await?;
    ana.press("mucho").await?;
    ana.chord("Enter").await?;
    ana.find(".grid-editor.open [role=alert]").await?;
    audit.look("editor").await?;
    ana.chord("Escape").await?;
    ana.go_to("emprende", "description").await?;
    ana.chord("F2").await?;
    audit.look("narrative").await?;
    ana.chord("Escape").await?;
    for (field, name) in [("funding", "choice"), ("objectives", "references"), ("places", "places")]
    {
        ana.go_to("emprende", field).await?;
        ana.chord("Enter").await?;
        ana.find(".picker").await?;
        audit.look(&format!("picker-{name}")).await?;
        ana.chord("Escape").await?;
    }
    ana.go_to("emprende", "action").await?;
    ana.chord("Shift+F10").await?;
    ana.find(".menu").await?;
    audit.look("menu").await?;
    ana.choose("Columna…").await?;
    ana.find("[role=dialog]").await?;
    audit.look("column").await?;
    ana.choose("Ordenar de").await?;
    ana.see("Vista ordenada").await?;
    audit.look("sorted").await?;
    ana.choose("Quitar").await?;
    ana.choose("Vista").await?;
    ana.find("[role=dialog]").await?;
    audit.look("view").await?;
    ana.choose("Columnas de la región").await?;
    ana.find(".regional-new").await?;
    audit.look("regional").await?;
    ana.chord("Escape").await?;
    ana.go_to("gremios", "action").await?;
    ana.paste_text("Feria\tTexto\tx\ty\nOtra\tMás\tz\t\n").await?;
    ana.see("Antes de pegar").await?;
    audit.look("paste").await?;
    ana.chord("Escape").await?;
    ana.no_more(".paste").await?;
    ana.chord("F1").await?;
    ana.find("dialog.help").await?;
    audit.look("help").await?;
    ana.chord("Escape").await?;
    ana.no_more("dialog.help").await?;
    ana.chord("Ctrl+f").await?;
    ana.find(".grid-find").await?;
    ana.press("feria").await?;
    ana.see("en total").await?;
    audit.look("find").await?;
    ana.chord("Escape").await?;
    ana.chord("Alt+Enter").await?;
    ana.find(".card-foot").await?;
    audit.look("card").await?;
    ana.chord("Escape").await?;
    audit.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_panels_and_notices() -> Result<()> {
    let server = Server::start("axe_panels", &["--demo"]).await?;
    let (ana, bruno) = (
        server.browser("ana", Screen::Laptop).await?,
        server.browser("bruno", Screen::Laptop).await?,
    );
    let mut audit = Audit::begin(&ana).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    ana.choose("avisos").await?;
    ana.find(".panel .finding, .panel li").await?;
    audit.look("findings").await?;
    // Something to decide, something deleted, something that waits.
    for browser in [&ana, &bruno] {
        browser.network().cut();
    }
    ana.overwrite("emprende", "budget", "300000000").await?;
    bruno.overwrite("emprende", "budget", "320000000").await?;
    ana.append("emprende", "description", " Ana agrega ferias.").await?;
    bruno.append("emprende", "description", " Bruno agrega mentorías.").await?;
    bruno.overwrite("juntos", "budget", "5").await?;
    ana.go_to("juntos", "action").await?;
    ana.chord("Ctrl+Delete").await?;
    ana.find(".grid-notice button").await?;
    audit.look("deleted-notice").await?;
    ana.click(".status").await?;
    ana.see("por enviar").await?;
    audit.look("waiting").await?;
    bruno.network().restore();
    bruno.see_status("Todo en el servidor").await?;
    ana.network().restore();
    ana.see("escribió en la fila").await?;
    ana.go_to("emprende", "description").await?;
    ana.choose("1 por revisar").await?;
    ana.find(".panel .change-new").await?;
    audit.look("review").await?;
    ana.choose("1 por decidir").await?;
    ana.see("320.000.000").await?;
    audit.look("decide").await?;
    ana.choose("Eliminadas").await?;
    ana.see("Restaurar").await?;
    audit.look("deleted").await?;
    ana.go_to("emprende", "budget").await?;
    ana.choose("Historial").await?;
    ana.see("Restaurar este valor").await?;
    audit.look("history").await?;
    ana.choose("Archivos").await?;
    ana.find("#import-file").await.ok();
    audit.look("files").await?;
    ana.click(".people-button").await?;
    ana.choose("Seguir").await?;
    ana.see("Sigues a").await?;
    audit.look("following").await?;
    audit.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_a_phone() -> Result<()> {
    let server = Server::start("axe_phone", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Phone).await?;
    let mut audit = Audit::begin(&bruno).await?;
    bruno.open("/").await?;
    bruno.find("#login").await?;
    audit.look("sign-in").await?;
    bruno.sign_in("bruno").await?;
    audit.look("exercises").await?;
    bruno.open(EXERCISE).await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.find("[id=item-emprende]").await?;
    audit.look("list").await?;
    bruno.tap(bruno.middle("[id=item-emprende]").await?).await?;
    bruno.find(".card-foot").await?;
    audit.look("card").await?;
    bruno.tap(bruno.middle("[id=field-emprende-places]").await?).await?;
    bruno.find(".picker.tray").await?;
    audit.look("picker").await?;
    bruno.choose("Listo").await?;
    bruno.choose("Volver a la lista").await?;
    bruno.choose("Ver como tabla").await?;
    for _ in 0..2 {
        bruno.tap(bruno.middle(&cell("emprende", "instrument")).await?).await?;
    }
    bruno.find(".picker.tray").await?;
    audit.look("table").await?;
    bruno.choose("Listo").await?;
    bruno.choose("avisos").await?;
    bruno.find(".panel").await?;
    audit.look("findings").await?;
    bruno.open(&format!("{EXERCISE}/instruments")).await?;
    bruno.see_status("Todo en el servidor").await?;
    audit.look("instruments").await?;
    bruno.open(&format!("{EXERCISE}/focus/por-objetivo")).await?;
    bruno.find(".view").await?;
    audit.look("objectives").await?;
    audit.end()
}
