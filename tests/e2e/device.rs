//! What is on the device: choosing it, taking it away, and closing it to others.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

impl Browser {
    /// Whether anything that is stored by this page holds this text as it is.
    async fn stores_openly(&self, text: &str) -> Result<bool> {
        let script = "const [text, done] = arguments;
            const bytes = Array.from(new TextEncoder().encode(text));
            const holds = (value) => value instanceof Uint8Array
                ? value.some((_, at) => bytes.every((byte, next) => value[at + next] === byte))
                : JSON.stringify(value)?.includes(text);
            (async () => {
                let found = false;
                for (const { name } of await indexedDB.databases()) {
                    const database = await new Promise((opened) => {
                        indexedDB.open(name).onsuccess = ({ target }) => opened(target.result);
                    });
                    for (const store of database.objectStoreNames) {
                        const values = await new Promise((read) => {
                            database.transaction(store).objectStore(store).getAll().onsuccess =
                                ({ target }) => read(target.result);
                        });
                        found ||= values.some(holds);
                    }
                    database.close();
                }
                return found;
            })().then(done);";
        Ok(self.driver().execute_async(script, vec![text.into()]).await?.convert()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exercise_is_brought_before_it_is_opened_and_taken_away_with_a_warning() -> Result<()> {
    let mut server = Server::start("shelf", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.see_kept().await?;
    ana.open("/equipo").await?;
    ana.see("Sin copia en este equipo").await?;
    ana.picture("before").await?;
    ana.choose("Dejar disponible sin conexión").await?;
    ana.see_no_more("Sin copia en este equipo").await?;
    ana.see("Disponible sin conexión").await?;
    ana.picture("brought").await?;

    server.kill().await?;
    ana.open_focus().await?;
    ana.overwrite("juntos", "budget", "123456").await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.open("/equipo").await?;
    ana.see("1 cambio por enviar").await?;
    ana.choose("Quitar").await?;
    ana.see("tiene 1 cambio sin enviar").await?;
    ana.picture("warned").await?;
    ana.choose("Cancelar").await?;
    ana.see("1 cambio por enviar").await?;

    // The list is enough to have it sent.
    server.start_again().await?;
    ana.open("/").await?;
    wait_until("the change to be sent", async || {
        Ok(server.command(&["export", "01-2019"]).await?.contains("123456"))
    })
    .await?;
    ana.open("/equipo").await?;
    ana.see("Nada espera en este equipo").await?;
    ana.choose("Quitar").await?;
    ana.see("ya no está en este equipo").await?;
    ana.see("Sin copia en este equipo").await?;
    ana.open(EXERCISE).await?;
    ana.see_in("juntos", "budget", "123.456").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_keeps_is_closed_to_another_and_opens_with_a_pin() -> Result<()> {
    let mut server = Server::start("closed", &["--demo"]).await?;
    let tablet = server.browser("ana", Screen::Tablet).await?;
    tablet.enter_focus().await?;
    tablet.see_kept().await?;
    tablet.open("/equipo").await?;
    tablet.type_into("#pin", "terreno-7").await?;
    tablet.choose("Poner PIN").await?;
    tablet.see("El PIN quedó puesto").await?;
    tablet.picture("pin").await?;
    tablet.open_focus().await?;
    tablet.network().cut();
    tablet.append("juntos", "description", " Palabras reservadas.").await?;
    tablet.see_status("por enviar").await?;
    ensure!(!tablet.stores_openly("Palabras reservadas").await?, "closed while she works");

    // Signing out warns, and closes what is there.
    tablet.choose("Salir").await?;
    // A text that is typed slowly is several.
    tablet.see(" sin enviar").await?;
    tablet.picture("signing out").await?;
    tablet.choose("Salir igual").await?;
    tablet.see("Volver sin conexión").await?;
    tablet.picture("signed out").await?;
    tablet.network().restore();
    tablet.sign_in("bruno").await?;
    tablet.open("/equipo").await?;
    tablet.see("Nada espera en este equipo").await?;
    tablet.open_focus().await?;
    ensure!(!tablet.shown("juntos", "description").await?.contains("reservadas"));
    ensure!(!tablet.stores_openly("Palabras reservadas").await?, "and for him");
    tablet.choose("Salir").await?;

    // Without a server she comes back with her PIN, and with nothing else.
    server.kill().await?;
    tablet.see("Volver sin conexión").await?;
    tablet.type_into("#pin-entry", "terreno-8").await?;
    tablet.choose("Abrir con PIN").await?;
    tablet.see("Ese no es el PIN. 9 intentos más").await?;
    tablet.type_into("#pin-entry", "terreno-7").await?;
    tablet.choose("Abrir con PIN").await?;
    tablet.see("Salir").await?;
    tablet.open_focus().await?;
    tablet.picture("back").await?;
    tablet.see_in("juntos", "description", "Palabras reservadas.").await?;
    tablet.append("juntos", "description", " Y más.").await?;
    tablet.see_status("por enviar").await?;

    server.start_again().await?;
    tablet.see("Tus cambios siguen en este equipo").await?;
    tablet.picture("somebody else's session").await?;
    tablet.choose("Ingresar").await?;
    tablet.type_into("#login", "ana").await?;
    tablet.type_into("#password", "demo-focaliza").await?;
    tablet.click("button[type=submit]").await?;
    tablet.see_status("Todo en el servidor").await?;
    let export = server.command(&["export", "01-2019"]).await?;
    ensure!(export.contains("Palabras reservadas. Y más."));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_month_without_the_server_a_device_only_reads() -> Result<()> {
    let mut server = Server::start("lapsed", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.see_kept().await?;
    server.kill().await?;
    ana.set_clock(29 * DAY).await?;
    ana.reload().await?;
    ana.overwrite("juntos", "budget", "123456").await?;
    ana.see_status("1 cambio por enviar").await?;
    ana.set_clock(31 * DAY).await?;
    ana.reload().await?;
    ana.see("lleva más de 30 días sin encontrarse con el servidor").await?;
    ana.see_in("juntos", "budget", "123.456").await?;
    ana.overwrite("juntos", "budget", "777").await?;
    ana.picture("reading").await?;
    ana.see_in("juntos", "budget", "123.456").await?;
    server.start_again().await?;
    ana.renew_session("ana").await?;
    ana.reload().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.see_no_more("lleva más de 30 días").await?;
    // What could not be written is still in its cell.
    ana.picture("writing again").await?;
    ana.press(Key::Escape + "").await?;
    ana.overwrite("juntos", "budget", "888").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.see_in("juntos", "budget", "888").await
}
