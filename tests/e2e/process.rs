//! A year of the process on the screen, with the server's clock set to each of its days.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use shared::calendar::legal_time::UtcMillis;

use crate::harness::{Browser, Screen, Server, wait_until};

const PROCESS: &str = "/proceso/01-2027";
const PASSWORD: &str = "demo-focaliza";

/// The server, its clock, and who takes part.
struct Year {
    server: Server,
    clock: PathBuf,
    _directory: tempfile::TempDir,
}

impl Year {
    /// The demo's matrices as those of the year that is lived.
    async fn begin(name: &str) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let clock = directory.path().join("clock");
        std::fs::write(&clock, noon("2026-03-10")?.to_string())?;
        let option = clock.to_str().context("a temporary path is text")?.to_owned();
        let mut server = Server::start(name, &["--demo", "--clock", &option]).await?;
        let mut file: Value = serde_json::from_str(&server.command(&["export", "01-2019"]).await?)?;
        file["budget_year"] = 2027.into();
        let path = directory.path().join("01-2027.json");
        std::fs::write(&path, file.to_string())?;
        server.kill().await?;
        server.command(&["import", path.to_str().context("a temporary path is text")?]).await?;
        for (login, name, role, region) in [
            ("gabriela", "Gabriela Vega", "gore_signatory", Some("01")),
            ("carmen", "Carmen Leal", "sercotec_manager", None),
            ("celia", "Celia Mamani", "core_secretary", Some("01")),
        ] {
            let mut line = vec!["user", "add", "--login", login, "--name", name, "--role", role];
            line.extend(["--password", PASSWORD]);
            line.extend(region.map(|code| ["--region", code]).into_iter().flatten());
            server.command(&line).await?;
        }
        server.start_again().await?;
        Ok(Self { server, clock, _directory: directory })
    }

    /// Somebody on a day, at a part of the process. Sessions end while months pass.
    async fn on(&self, day: &str, login: &str, part: &str) -> Result<Browser> {
        std::fs::write(&self.clock, noon(day)?.to_string())?;
        let browser = self.server.browser(login, Screen::Laptop).await?;
        wait_until("the server's clock", async || {
            let log = self.server.log()?;
            Ok(log.contains(&noon(day)?.to_string()))
        })
        .await?;
        browser.sign_in(login).await?;
        browser.open(&format!("{PROCESS}/{part}")).await?;
        browser.see("hora legal de la región").await?;
        Ok(browser)
    }
}

fn noon(day: &str) -> Result<UtcMillis> {
    let day: chrono::NaiveDate = day.parse()?;
    let noon = day.and_hms_opt(15, 30, 0).context("there is such a time")?;
    Ok(noon.and_utc().timestamp_millis())
}

impl Browser {
    /// Puts something into a field, as a person or a picker would.
    async fn fill(&self, id: &str, value: &str) -> Result<()> {
        self.find(&format!("#{id}")).await?;
        let script = "const field = document.getElementById(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', { bubbles: true }));
            field.dispatchEvent(new Event('change', { bubbles: true }));";
        self.driver().execute(script, vec![id.into(), value.into()]).await?;
        Ok(())
    }

    async fn fill_all(&self, fields: &[(&str, &str)]) -> Result<()> {
        for (id, value) in fields {
            self.fill(id, value).await?;
        }
        Ok(())
    }

    /// Chooses the option of a list whose words begin so.
    async fn choose_option(&self, list: &str, begin: &str) -> Result<()> {
        self.find(&format!("#{list}")).await?;
        let script = "const list = document.getElementById(arguments[0]);
            return [...list.options].find((one) => one.label.startsWith(arguments[1])).value;";
        let option = vec![list.into(), begin.into()];
        let option: String = self.driver().execute(script, option).await?.convert()?;
        self.fill(list, &option).await
    }

    /// Gives a reason wherever one is asked for.
    async fn give_reasons(&self) -> Result<()> {
        let script = "for (const field of document.querySelectorAll('.confirm textarea')) {
                field.value = 'Se completa en la versión final.';
                field.dispatchEvent(new Event('input', { bubbles: true }));
            }";
        self.driver().execute(script, vec![]).await?;
        Ok(())
    }

    async fn sends(&self, prepare: &str, send: &str) -> Result<()> {
        self.choose(prepare).await?;
        self.find(".confirm").await?;
        self.give_reasons().await?;
        self.picture(send).await?;
        let count = "return document.querySelectorAll('.receipt').length;";
        let before: u32 = self.driver().execute(count, vec![]).await?.convert()?;
        self.choose(send).await?;
        wait_until("the version to be registered", async || {
            let now: u32 = self.driver().execute(count, vec![]).await?.convert()?;
            Ok(now > before)
        })
        .await
    }

    async fn informs(&self, which: &str, amount: &str) -> Result<()> {
        self.fill("montos-base", which).await?;
        self.fill("monto-crece", amount).await?;
        self.choose("Registrar montos").await?;
        self.see("Registrado.").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_from_the_opening_letter_to_a_final_that_differs_by_one_peso() -> Result<()> {
    let year = Year::begin("process").await?;
    let carmen = year.on("2026-03-10", "carmen", "oficios").await?;
    carmen
        .fill_all(&[
            ("oficio-numero", "120"),
            ("oficio-fecha", "2026-03-10"),
            ("oficio-firma", "Quien firma"),
            ("oficio-para", "Gobierno Regional"),
            ("oficio-materia", "Inicio de la focalización 2027"),
            ("oficio-despacho", "2026-03-10"),
        ])
        .await?;
    carmen.choose("Registrar").await?;
    carmen.see("Oficio de inicio N° 120").await?;
    carmen.see("Iniciado").await?;
    carmen.picture("letters").await?;
    drop(carmen);
    let carmen = year.on("2026-06-22", "carmen", "montos").await?;
    carmen.informs("0", "90.000.000").await?;
    drop(carmen);

    // The preliminary, with a reason for what is missing, and its receipt for anybody.
    let gabriela = year.on("2026-11-14", "gabriela", "enviar").await?;
    gabriela
        .sends("Preparar el envío: Focalización preliminar", "Enviar: Focalización preliminar")
        .await?;
    gabriela.see("Preliminar enviada").await?;
    gabriela.picture("receipt").await?;
    let script = "return document.querySelector('.receipt a').getAttribute('href');";
    let receipt: String = gabriela.driver().execute(script, vec![]).await?.convert()?;
    gabriela.open(PROCESS).await?;
    gabriela.see("Le toca a").await?;
    gabriela.picture("duties").await?;
    drop(gabriela);
    let anybody = year.server.browser("anybody", Screen::Phone).await?;
    anybody.open(&receipt).await?;
    anybody.see("es auténtico").await?;
    ensure!(!anybody.text().await?.contains("Gabriela"), "it tells nothing else");
    anybody.picture("verified").await?;
    let mut other = receipt.clone();
    other.replace_range(receipt.len() - 1.., if receipt.ends_with('0') { "1" } else { "0" });
    anybody.open(&other).await?;
    anybody.see("No hay ningún acuse").await?;
    drop(anybody);

    let carmen = year.on("2026-11-16", "carmen", "enviar").await?;
    carmen.choose("Registrar recepción").await?;
    let script = "return document.querySelector('.opened-form input').id;";
    let field: String = carmen.driver().execute(script, vec![]).await?.convert()?;
    carmen.fill(&field, "2026-11-16").await?;
    carmen.choose("Registrar").await?;
    carmen.see("Recibida por Sercotec el 16-11-2026").await?;
    drop(carmen);
    let carmen = year.on("2026-12-01", "carmen", "montos").await?;
    carmen.informs("1", "95.000.000").await?;
    carmen.see("$5.000.000").await?;
    carmen.picture("amounts").await?;
    drop(carmen);

    // The council approves one exact version.
    let gabriela = year.on("2026-12-10", "gabriela", "enviar").await?;
    gabriela.sends("Fijar: Propuesta al CORE", "Fijar esta versión").await?;
    drop(gabriela);
    let celia = year.on("2026-12-12", "celia", "core").await?;
    celia
        .fill_all(&[
            ("core-sesion", "24"),
            ("core-fecha", "2026-12-12"),
            ("core-consejo", "14"),
            ("core-asisten", "13"),
            ("core-favor", "12"),
            ("core-contra", "1"),
            ("core-abstencion", "0"),
            ("core-acuerdo", "201/2026"),
            ("core-fe", "Celia Mamani"),
        ])
        .await?;
    celia.choose("Registrar acuerdo").await?;
    celia.see("201/2026 · Aprobada").await?;
    celia.see("todavía no se envía la final").await?;
    drop(celia);

    // One peso more, and what is sent is not what was approved: it is said, and where.
    let gabriela = year.on("2026-12-29", "gabriela", "core").await?;
    gabriela.open("/ejercicio/01-2027/focus").await?;
    gabriela.see_status("Todo en el servidor").await?;
    gabriela.overwrite("emprende", "budget", "311345001").await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    gabriela.see_status("Todo en el servidor").await?;
    gabriela.open(&format!("{PROCESS}/enviar")).await?;
    gabriela.sends("Preparar el envío: Focalización final", "Enviar: Focalización final").await?;
    gabriela.open(&format!("{PROCESS}/core")).await?;
    gabriela.see("no es la versión que aprobó el CORE").await?;
    gabriela.see("Matriz Focalización, fila 1, Presupuesto").await?;
    gabriela.see("$311.345.001").await?;
    gabriela.picture("differs").await?;
    // What the council reads of the version, beside what Sercotec informed and the one before.
    gabriela.open(&format!("{PROCESS}/minuta")).await?;
    gabriela.see("Focalización 2027 de Tarapacá").await?;
    gabriela.see("Qué cambió desde la versión anterior (Propuesta al CORE").await?;
    gabriela.see("$95.000.000").await?;
    gabriela.see("$311.345.001").await?;
    gabriela.picture("briefing").await?;
    gabriela.open(&format!("{PROCESS}/calendario")).await?;
    gabriela.see("1-12-2026").await?;
    gabriela.picture("calendar").await?;
    gabriela.open(&format!("{PROCESS}/linea")).await?;
    gabriela.see("Acto 1").await?;
    gabriela.picture("timeline").await?;
    drop(gabriela);
    let carmen = year.on("2026-12-29", "carmen", "").await?;
    carmen.choose("Tablero").await?;
    carmen.see("Final enviada sin aprobación que la cubra").await?;
    carmen.picture("board").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_in_which_nothing_is_sent_ends_with_the_focus_of_the_year_before() -> Result<()> {
    let year = Year::begin("process_without").await?;
    // What region and Dirección Regional agree stands beside what the norm says.
    let ana = year.on("2026-04-02", "ana", "calendario").await?;
    ana.fill("acordado-fecha", "2026-04-02").await?;
    ana.fill("acordado-CAL-10", "2026-11-10").await?;
    ana.choose("Registrar calendario").await?;
    ana.see("Registrado.").await?;
    ana.see("10-11-2026").await?;
    ana.picture("agreed").await?;
    // A session that was not, and does not count.
    ana.open(&format!("{PROCESS}/linea")).await?;
    ana.fill("otro-actividad", "1").await?;
    ana.fill("otro-realizada", "2026-04-01").await?;
    ana.choose("Registrar acto").await?;
    ana.see("Primera sesión").await?;
    ana.find(".timeline .link-button").await?.click().await?;
    ana.fill("razon-2", "La sesión se suspendió").await?;
    ana.choose("Anular este acto").await?;
    ana.see("Anulado").await?;
    ana.picture("annulled").await?;
    drop(ana);

    // A letter of no special kind, whose date was mistyped.
    let gabriela = year.on("2026-11-20", "gabriela", "oficios").await?;
    gabriela.see("Registrar un oficio").await?;
    gabriela.choose_option("oficio-tipo", "Otro").await?;
    gabriela
        .fill_all(&[
            ("oficio-emisor", "0"),
            ("oficio-numero", "877"),
            ("oficio-fecha", "2026-11-12"),
            ("oficio-firma", "Quien firma"),
            ("oficio-para", "Gerencia General"),
            ("oficio-materia", "Pide más plazo"),
            ("oficio-via", "1"),
        ])
        .await?;
    gabriela.choose("Registrar").await?;
    gabriela.see("N° 877").await?;
    gabriela.find(".letters .link-button").await?.click().await?;
    gabriela.see("Rectificar el oficio del acto").await?;
    gabriela.fill("oficio-fecha", "2026-11-19").await?;
    gabriela.fill("oficio-razon", "La fecha se digitó mal").await?;
    gabriela.picture("correcting").await?;
    gabriela.choose("Registrar rectificación").await?;
    gabriela.see("19-11-2026").await?;
    gabriela.see("Registrar un oficio").await?;
    let text = gabriela.text().await?;
    ensure!(!text.contains("12-11-2026") && text.contains("Pide más plazo"), "{text}");
    gabriela.picture("corrected").await?;
    drop(gabriela);

    // The last day passes: the year before is executed, which Sercotec declares.
    let carmen = year.on("2027-01-04", "carmen", "linea").await?;
    carmen.see("Rige la focalización del año anterior").await?;
    carmen.choose_option("otro-tipo", "Rige").await?;
    carmen.fill("otro-nota", "No llegó ninguna focalización").await?;
    carmen.choose("Registrar acto").await?;
    carmen.see("Se ejecuta la focalización del año anterior").await?;
    carmen.picture("fallback").await?;
    carmen.open(&format!("{PROCESS}/montos")).await?;
    carmen.fill("remanente-fecha", "2027-01-04").await?;
    carmen.fill("remanente-crece", "1.250.000").await?;
    carmen.choose("Registrar remanentes").await?;
    carmen.see("Remanentes al 4-1-2027").await?;
    carmen.see("$1.250.000").await?;
    carmen.picture("remainders").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_registered_without_a_network_waits_with_its_file_and_is_registered_once()
-> Result<()> {
    let year = Year::begin("process_offline").await?;
    let mut ana = year.on("2026-04-02", "ana", "oficios").await?;
    ana.see("Registrar un oficio").await?;
    ana.see_kept().await?;
    ana.network().cut();
    let file = year.clock.with_file_name("oficio.txt");
    std::fs::write(&file, "El texto del oficio, con ñandú.")?;
    ana.choose_file_for("oficio-archivo", &file).await?;
    ana.see("oficio.txt (").await?;
    ana.choose_option("oficio-tipo", "Otro").await?;
    ana.fill_all(&[
        ("oficio-numero", "55"),
        ("oficio-fecha", "2026-04-01"),
        ("oficio-firma", "Quien firma"),
        ("oficio-para", "Gerencia General"),
        ("oficio-materia", "Escrito sin red"),
    ])
    .await?;
    ana.choose("Registrar").await?;
    ana.see("hasta entonces no está registrado").await?;
    ana.see("Por registrar desde este equipo").await?;
    ana.picture("waiting").await?;
    ensure!(!ana.text().await?.contains("N° 55"), "it is not called registered");
    // It outlives the browser, and is registered by itself once the network is back.
    ana.close().await?;
    ana.reopen().await?;
    ana.open(&format!("{PROCESS}/oficios")).await?;
    ana.see("Por registrar desde este equipo").await?;
    ana.network().restore();
    ana.see("N° 55").await?;
    ana.see("oficio.txt").await?;
    ana.picture("registered").await?;
    let text = ana.text().await?;
    ensure!(!text.contains("Por registrar desde este equipo"), "{text}");
    ensure!(text.matches("N° 55").count() == 1, "{text}");
    Ok(())
}
