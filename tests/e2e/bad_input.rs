//! What should never arrive, and does: a full disk, files that are none, damaged records, frames
//! that nobody can read. Each is said in words and logged, and takes nothing away.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use shared::protocol::{self, Blob, LogEntry, ToClient};

use crate::{
    harness::{Browser, Engine, Screen, Server, wait_until},
    people::EXERCISE,
};

/// After this long a frame is in the page.
const ARRIVAL: Duration = Duration::from_secs(1);

impl Browser {
    /// Waits until the console holds a line with this text.
    async fn see_in_console(&self, text: &str) -> Result<()> {
        let mut lines = Vec::new();
        wait_until(&format!("«{text}» in the console"), async || {
            lines.extend(self.console().await?);
            Ok(lines.iter().any(|line| line.contains(text)))
        })
        .await
        .with_context(|| lines.join("\n"))
    }

    /// Runs a script on the database of the device's person. It has `database`, and calls `done` at its end.
    async fn in_database(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[0];
             indexedDB.databases().then((all) => {{
                 const {{ name }} = all.find(({{ name }}) => name.startsWith('focaliza-'));
                 const opening = indexedDB.open(name);
                 opening.onerror = () => done('not opened');
                 opening.onsuccess = () => {{ const database = opening.result; {script} }};
             }});"
        );
        Ok(self.driver().execute_async(script, vec![]).await?.json().clone())
    }

    /// Replaces all records of an object store, or the last one alone. How many.
    async fn damage(&self, store: &str, garbage: &str, last: bool) -> Result<u64> {
        let script = format!(
            "const transaction = database.transaction('{store}', 'readwrite');
             const records = transaction.objectStore('{store}');
             let count = 0;
             records.getAllKeys().onsuccess = ({{ target }}) => {{
                 const keys = target.result.slice({});
                 for (const key of keys) records.put({garbage}, key);
                 count = keys.length;
             }};
             transaction.oncomplete = () => {{ database.close(); done(count); }};
             transaction.onabort = () => done('aborted');",
            if last { "-1" } else { "0" }
        );
        self.in_database(&script).await?.as_u64().context("the records were not replaced")
    }
}

/// Waits until the server holds a budget.
async fn see_on_server(server: &Server, budget: u64) -> Result<()> {
    let written = format!("{{\"money\":{budget}}}");
    wait_until(&format!("{budget} on the server"), async || {
        let export = server.command(&["export", "01-2019"]).await?;
        Ok(export.split_whitespace().collect::<String>().contains(&written))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_device_is_told_and_keeps_nobody_from_working() -> Result<()> {
    let server = Server::start("full_device", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;

    ana.fill_disk().await?;
    // Chromium lets a page use the room that it was promised some seconds ago.
    let mut budget = 1000;
    wait_until("the device to be full", async || {
        budget += 1;
        ana.overwrite("emprende", "budget", &budget.to_string()).await?;
        Ok(ana.text().await?.contains("Este equipo no permite guardar"))
    })
    .await?;
    ana.see_in_console("not stored").await?;
    see_on_server(&server, budget).await?;
    ana.overwrite("emprende", "budget", "777000").await?;
    ana.append("emprende", "description", " Con el disco lleno.").await?;
    see_on_server(&server, 777_000).await?;
    ana.see_in("emprende", "budget", "777.000").await?;
    ana.see_in("emprende", "description", "Con el disco lleno.").await?;
    ana.see_status("Este equipo no guarda").await?;
    ana.picture("full-online").await?;

    // Without a network either, they are in this tab alone, and can be saved as a file.
    ana.network().cut();
    ana.overwrite("juntos", "coverage", "12").await?;
    ana.see_status("Sin guardar en este equipo · 1 cambio por enviar").await?;
    let folder = tempfile::tempdir()?;
    let rescue = ana.download(folder.path(), "Descargar respaldo").await?;
    ensure!(rescue.contains("juntos/coverage"), "{rescue}");
    ana.picture("full-offline").await?;

    // There is room again: what waits is stored, and outlives the browser.
    ana.empty_disk().await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.see_no_more("no permite guardar").await?;
    ana.kill().await?;
    ana.reopen().await?;
    ana.network().restore();
    ana.open(EXERCISE).await?;
    ana.see_in("juntos", "coverage", "12").await?;
    ana.renew_session("ana").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.see_in("emprende", "budget", "777.000").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_full_from_the_start_opens_all_the_same() -> Result<()> {
    let server = Server::start("full_from_the_start", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.open("/").await?;
    ana.fill_disk().await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.overwrite("emprende", "budget", "5000").await?;
    see_on_server(&server, 5000).await?;
    let status = ana.status().await?;
    ensure!(!status.contains("Guardado en este equipo"), "{status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_refused_in_words_and_changes_nothing() -> Result<()> {
    let server = Server::start("bad_files", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    let before = ana.table().await?;
    ana.choose("Archivos").await?;

    let good = server.command(&["export", "01-2019"]).await?;
    let file: Value = serde_json::from_str(&good)?;
    let mut newer = file.clone();
    newer["version"] = 2.into();
    let mut unknown = file.clone();
    unknown["tables"]["focus"][0]["cells"]["presupuesto"] = json!({ "money": 1 });
    let huge = format!("{good}{}", " ".repeat(50 << 20));
    let folder = tempfile::tempdir()?;
    for (name, text, said) in [
        ("huge", huge.as_str(), "El archivo pesa"),
        ("newer", &newer.to_string(), "El archivo es de la versión 2 del formato"),
        ("truncated", &good[..good.len() / 2], "El archivo no es JSON válido"),
        ("unknown", &unknown.to_string(), "presupuesto"),
        ("empty", "", "El archivo no es JSON válido"),
        ("other", "{\"a\": 1}", "El archivo no es un ejercicio de Focaliza"),
    ] {
        let path = folder.path().join(format!("{name}.json"));
        fs::write(&path, text)?;
        ana.choose_file(&path).await?;
        ana.see(said).await?;
        ana.see_in_console("file not imported").await?;
        ana.picture(name).await?;
        ensure!(ana.table().await? == before, "{name} changed something");
        ana.see_status("Todo en el servidor").await?;
    }

    let path = folder.path().join("good.json");
    fs::write(&path, &good)?;
    ana.choose_file(&path).await?;
    ana.choose("Escribir en este ejercicio").await?;
    ana.see("El archivo se escribió en el ejercicio.").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_record_is_repaired_from_the_server_or_set_aside() -> Result<()> {
    let server = Server::start("broken_records", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    let before = ana.table().await?;

    // What the server has too is fetched again, whatever became of it here.
    for garbage in ["new Uint8Array([1, 2, 3, 4, 5, 6])", "'no bytes'", "new Uint8Array(0)"] {
        ensure!(ana.damage("log", garbage, false).await? > 0, "there is a log");
        ana.damage("cursors", garbage, false).await?;
        ana.reload().await?;
        ana.see("Una parte de la copia guardada en este equipo estaba dañada").await?;
        ana.see_in_console("damaged record").await?;
        ana.see_status("Todo en el servidor").await?;
        ensure!(ana.table().await? == before, "{garbage}");
    }
    ana.picture("copy").await?;

    // Of what waits, the damaged one is set aside, and what was before it is sent.
    ana.network().cut();
    ana.overwrite("juntos", "coverage", "12").await?;
    ana.overwrite("mejora", "coverage", "31").await?;
    ana.see_status("Guardado en este equipo · 2 cambios por enviar").await?;
    ana.damage("outbox", "new Uint8Array([9, 9, 9])", true).await?;
    ana.network().restore();
    ana.reload().await?;
    ana.see("Un cambio sin enviar estaba dañado y no se pudo leer").await?;
    ana.picture("unsent").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.see_in("juntos", "coverage", "12").await?;
    let aside = "const records = database.transaction('damaged').objectStore('damaged');
        records.getAllKeys().onsuccess = ({ target }) => { database.close(); done(target.result); };";
    let aside = ana.in_database(aside).await?.to_string();
    ensure!(aside.contains("outbox/"), "{aside}");

    // Work goes on.
    ana.overwrite("emprende", "budget", "4000").await?;
    see_on_server(&server, 4000).await
}

/// A WebSocket frame of the server: one whole message, or what begins as one.
fn frame(opcode: u8, length: usize, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match length {
        ..126 => frame.push(length as u8),
        _ => {
            frame.push(126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

fn binary(payload: &[u8]) -> Vec<u8> {
    frame(2, payload.len(), payload)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_nobody_can_read_ends_the_connection_and_nothing_else() -> Result<()> {
    let server = Server::start("hostile_frames", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;

    let exercise = "01-2019".parse()?;
    let update = |first, bytes: &[u8]| ToClient::Updates {
        exercise,
        first,
        entries: vec![LogEntry {
            peer: shared::ids::Peer::SERVER,
            entry: 1_000_000,
            at: 0,
            update: Some(Blob(bytes.to_vec())),
        }],
        digest: None,
    };
    let head = ana.head().await?;
    let genuine = protocol::encode(&update(head + 1, &[7; 60]));
    let mut altered = genuine.clone();
    altered[10] ^= 0x40;
    let sealed = |body: &[u8]| {
        let mut frame = body.to_vec();
        frame.extend(crc32fast::hash(body).to_le_bytes());
        frame
    };
    // A list of more entries than there are bytes in the world.
    let bomb =
        sealed(&[protocol::VERSION, 3, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    for (name, bytes, logged) in [
        ("truncated", binary(&genuine[..genuine.len() / 2]), "frame not understood"),
        ("altered", binary(&altered), "frame not understood"),
        ("empty", binary(&[]), "frame not understood"),
        ("random", binary(&[0xa7; 300]), "frame not understood"),
        ("bomb", binary(&bomb), "frame not understood"),
        ("masked", vec![0x82, 0x85, 1, 2, 3, 4, 5, 6, 7, 8, 9], "WebSocket"),
        ("no such opcode", frame(0xb, 5, b"hello"), "WebSocket"),
    ] {
        ana.see_status("Todo en el servidor").await?;
        ana.console().await?;
        ana.network().say(bytes)?;
        // What the browser itself finds wrong Firefox does not print.
        if ana.engine() != Engine::Firefox || logged != "WebSocket" {
            ana.see_in_console(logged).await.context(name)?;
        }
        ana.see_status("Todo en el servidor").await.context(name)?;
        ensure!(!ana.text().await?.contains("Focaliza se detuvo"), "{name}");
    }

    // A frame of which only the beginning arrives before the line breaks.
    ana.network().say(frame(2, 5000, &genuine))?;
    tokio::time::sleep(ARRIVAL).await;
    ana.network().cut();
    ana.overwrite("emprende", "budget", "6000").await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.network().restore();
    see_on_server(&server, 6000).await?;
    ana.see_status("Todo en el servidor").await?;

    // A newer version of the frames: said, with nothing lost and a way on.
    ana.network().say(binary(&sealed(&[protocol::VERSION + 1, 0])))?;
    ana.see("El servidor usa una versión más nueva de Focaliza").await?;
    ana.picture("newer").await?;
    ana.overwrite("emprende", "budget", "8000").await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.choose("Volver a cargar").await?;
    see_on_server(&server, 8000).await?;
    ana.see_status("Todo en el servidor").await
}

impl Browser {
    /// How many entries the server's log of the exercise has.
    async fn head(&self) -> Result<u64> {
        let script = "const done = arguments[0];
            fetch('/api/exercises').then((answer) => answer.json())
                .then((all) => done(all.find(({ id }) => id === '01-2019').head));";
        Ok(self.driver().execute_async(script, vec![]).await?.convert()?)
    }
}
