//! An exercise with its process as a file, and restored on another server.

use std::path::{Path, PathBuf};

use reqwest::{Method, header};
use serde_json::{Value, json};
use shared::{
    api::process::code,
    process::{
        Act,
        act::Of,
        letter::{Attachment, LetterKind, Reception},
        version::{VersionKind, receipt_number},
    },
};

use crate::{
    device::{Device, exercise},
    process::{Stage, date, letter},
    stage::{Server, body, focaliza},
};

const ID: &str = "01-2027";

/// An exercise in which a letter with a file came, and a preliminary was sent and received.
async fn sent() -> Stage {
    let stage = Stage::start("2026-03-10").await;
    for (login, role, region) in [
        ("ana", "gore_counterpart", Some("01")),
        ("gabriela", "gore_signatory", Some("01")),
        ("carla", "sercotec_manager", None),
    ] {
        stage.account(login, role, region).await;
    }
    let ana = stage.on("2026-03-10", "ana").await;
    let (mut device, _) = Device::open(&ana, 7).await;
    device.place().await;
    let entry = device.push(100).await;
    device.acknowledged(entry).await;
    drop(device);
    let carla = stage.on("2026-03-10", "carla").await;
    let file = format!("/api/exercises/{ID}/files?name=oficio.pdf");
    let file = carla.request(Method::POST, &file).body(b"%PDF-1.7\n%".to_vec()).send().await;
    let file: Attachment = serde_json::from_value(body(file.unwrap()).await).unwrap();
    let mut opening = letter(LetterKind::Opening, "120", "2026-03-10");
    opening.attachments.push(file);
    carla.asks("request-1", Act::Letter(opening)).await.unwrap();
    let gabriela = stage.on("2026-11-14", "gabriela").await;
    gabriela.fixes("request-2", VersionKind::Preliminary, "2026-11-14").await.unwrap();
    // By now the first session is over, and its connection with it.
    let ana = stage.on("2026-11-14", "ana").await;
    let (mut device, _) = Device::open(&ana, 8).await;
    device.place().await;
    let entry = device.push(200).await;
    device.acknowledged(entry).await;
    let carla = stage.on("2026-11-16", "carla").await;
    let what = Reception { on: date("2026-11-16"), stamp: "2345".into() };
    carla.asks("request-3", Act::Received(Of { of: 2, what })).await.unwrap();
    stage
}

async fn export(data: &Path, to: &Path, more: &[&str]) -> Value {
    let line = [&["export", ID, "--out", to.to_str().unwrap()], more].concat();
    let output = focaliza(data, &line).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(to).unwrap()).unwrap()
}

/// What importing says, and whether it was done.
async fn import(data: &Path, file: &Path) -> (bool, String) {
    let output = focaliza(data, &["import", file.to_str().unwrap()]).await;
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn written(directory: &Path, name: &str, file: &Value) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, serde_json::to_vec(file).unwrap()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_server_restores_everything_with_equal_fingerprints() {
    let stage = sent().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ejercicio.json");
    let file = export(&stage.server.data(), &path, &["--with-files"]).await;
    assert_eq!(file["process"]["acts"].as_array().unwrap().len(), 3);
    assert_eq!(file["process"]["acts"][1]["request"], "request-2");
    let receipt = receipt_number(exercise(), 2);
    assert_eq!(file["process"]["receipts"][0]["receipt"], json!(receipt));
    let ana = stage.on("2026-11-17", "ana").await;
    let over_http = ana.get(&format!("/api/exercises/{ID}/export?files=true")).await;
    assert_eq!(body(over_http).await, file, "the application exports the same");
    let of = ana.process().await;
    let Act::Version(version) = &of.acts[1].act else { panic!("{of:?}") };
    let verify = format!("/api/receipts/{receipt}/{}", code(&version.fingerprint));
    let shown = body(ana.get(&verify).await).await;

    let mut other = Server::start(&[]).await;
    other.account("otto", "gore_counterpart", Some("01")).await;
    other.kill().await;
    let (done, said) = import(&other.data(), &path).await;
    let expected = format!(
        "Ejercicio {ID} importado.\n\
         Actos: 3. Versiones con su misma huella: 1. Archivos adjuntos: 1.\n"
    );
    assert!(done && said == expected, "{said}");
    let again = directory.path().join("otra_vez.json");
    assert_eq!(export(&other.data(), &again, &["--with-files"]).await, file);
    let nothing = format!("El ejercicio {ID} ya es el del archivo: no cambió nada.\n");
    assert_eq!(import(&other.data(), &path).await, (true, nothing));
    assert_eq!(export(&other.data(), &again, &["--with-files"]).await, file, "twice is once");

    other.start_again().await;
    let anybody = other.browser();
    assert_eq!(body(anybody.get(&verify).await).await, shown, "the receipt verifies");
    let mut otto = other.browser();
    assert_eq!(otto.sign_in("otto", crate::stage::PASSWORD).await.status(), 200);
    assert_eq!(otto.process().await.acts, of.acts);
    let content = |browser: crate::stage::Browser| async move {
        body(browser.get(&format!("/api/exercises/{ID}/versions/2")).await).await
    };
    assert_eq!(content(otto.clone()).await, content(ana.clone()).await);
    let Act::Letter(letter) = &of.acts[0].act else { panic!("{of:?}") };
    let scan = format!("/api/exercises/{ID}/files/{}", letter.attachments[0].sha256);
    assert_eq!(otto.get(&scan).await.bytes().await.unwrap().as_ref(), b"%PDF-1.7\n%");
    // The device that asked for an act gets the same one from the new server.
    let asked = Act::Received(Of {
        of: 2,
        what: Reception { on: date("2026-11-16"), stamp: String::new() },
    });
    assert_eq!(otto.asks("request-3", asked).await.unwrap(), of.acts[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tampered_with_is_refused_and_what_is_there_is_not_lost() {
    let stage = sent().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ejercicio.json");
    let file = export(&stage.server.data(), &path, &["--with-files"]).await;
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        file
    };
    let empty = directory.path().join("empty");
    let cells = "/process/versions/0/content/tables/focus/0/cells";
    for (name, tampered, place) in [
        (
            "version",
            changed(&|file| {
                *file.pointer_mut(cells).unwrap() =
                    json!({ "budget": { "value": { "money": 101 } } });
            }),
            "En «process.versions[0].content»: La huella no coincide",
        ),
        (
            "attachment",
            changed(&|file| file["process"]["attachments"][0]["content"] = json!("JVBERi0xLjg=")),
            "En «process.attachments[0].content»: La huella no coincide",
        ),
        (
            "receipt",
            changed(&|file| file["process"]["receipts"][0]["act"] = json!(1)),
            "En «process.receipts[0]»:",
        ),
        (
            "lacking",
            changed(&|file| file["process"]["versions"] = json!([])),
            "En «process.versions»: Falta en el archivo el contenido de la versión",
        ),
        (
            "gap",
            changed(&|file| drop(file["process"]["acts"].as_array_mut().unwrap().remove(0))),
            "En «process.acts[0].number»: Los actos van numerados sin saltos",
        ),
        (
            "newer",
            changed(&|file| file["process"]["acts"][0]["act"]["type"] = json!("future")),
            "En «process.acts[0].act»: El acto es de una versión más nueva",
        ),
    ] {
        let path = written(directory.path(), name, &tampered);
        let (done, said) = import(&empty, &path).await;
        assert!(!done && said.starts_with(place), "{name}: {said}");
        assert!(said.trim_end().ends_with("No se importó nada."), "{said}");
        assert!(!empty.exists(), "nothing was begun");
    }

    // Without files first; they can follow.
    let bare = directory.path().join("sin_archivos.json");
    let without = export(&stage.server.data(), &bare, &[]).await;
    assert_eq!(without["process"]["attachments"][0]["content"], Value::Null);
    let (done, said) = import(&empty, &bare).await;
    assert!(done && said.contains("Faltan archivos adjuntos: 1."), "{said}");
    let (done, said) = import(&empty, &path).await;
    assert!(done && said.ends_with("Archivos adjuntos: 1.\n"), "{said}");

    // Older and different files say what they would change.
    let older = changed(&|file| drop(file["process"]["acts"].as_array_mut().unwrap().pop()));
    let (done, said) = import(&empty, &written(directory.path(), "older", &older)).await;
    assert!(
        !done
            && said.contains("- actos que están aquí y no en el archivo: se perderían: 1 (n.º 3)"),
        "{said}"
    );
    let different = changed(&|file| {
        file["process"]["acts"][2]["act"]["stamp"] = json!("9");
        file["tables"]["focus"][0]["cells"]["budget"] = json!({ "value": { "money": 7 } });
    });
    let (done, said) = import(&empty, &written(directory.path(), "different", &different)).await;
    assert!(!done, "{said}");
    for line in [
        "El ejercicio 01-2027 ya tiene contenido. El archivo lo cambiaría:",
        "- 1 celda o fila es distinta",
        "- actos que dicen otra cosa en el archivo: 1 (n.º 3)",
        "No se importó nada.",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(export(&empty, &bare, &["--with-files"]).await, file, "nothing was lost");
    // A file of before there were acts asks for nothing.
    let before = changed(&|file| drop(file.as_object_mut().unwrap().remove("process")));
    assert!(import(&empty, &written(directory.path(), "before", &before)).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_acts_are_left_out() {
    let stage = sent().await;
    let path = stage.server.data().join("ejercicio.json");
    let file = export(&stage.server.data(), &path, &[]).await;
    let mut other = Server::start(&[]).await;
    let otto = other.person("otto", "gore_editor", Some("01")).await;
    let sends = |file: String| {
        let request = otto.request(Method::POST, "/api/exercises/import");
        request.header(header::CONTENT_TYPE, "application/json").body(file).send()
    };
    let mut tampered = file.clone();
    tampered["process"]["versions"][0]["fingerprint"] = json!("0".repeat(64));
    let answer = sends(tampered.to_string()).await.unwrap();
    assert_eq!(answer.status(), 400);
    let answer = body(sends(file.to_string()).await.unwrap()).await;
    assert_eq!((&answer["id"], &answer["acts_left_out"]), (&json!(ID), &json!(3)));
    assert_eq!(otto.process().await.acts, []);
    assert_eq!(otto.current().await, stage.on("2026-11-17", "ana").await.current().await);
    // Who runs the server adds them afterwards.
    other.kill().await;
    let (done, said) = import(&other.data(), &path).await;
    assert!(done && said.contains("Actos: 3."), "{said}");
}
