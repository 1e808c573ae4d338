//! Exercises as files, by command line and over HTTP.

use reqwest::{Method, Response, header};
use shared::{
    ids::Peer,
    protocol::{Blob, ToClient},
};

use crate::{
    device::Device,
    stage::{Browser, Server, body, focaliza, program},
};

const PILOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/tarapaca_2019.json");

async fn send(browser: &Browser, file: impl Into<reqwest::Body>) -> Response {
    let request = browser.request(Method::POST, "/api/exercises/import");
    request.header(header::CONTENT_TYPE, "application/json").body(file).send().await.unwrap()
}

fn pilot() -> String {
    std::fs::read_to_string(PILOT).unwrap()
}

#[tokio::test]
async fn the_pilot_is_checked_as_text_and_as_json() {
    let output = program(&["check", PILOT, "--date", "2018-11-01"]).await;
    assert_eq!(output.status.code(), Some(3), "something keeps it from being sent");
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "Tarapacá, presupuesto 2019\n",
        "\nPresupuesto: $1.252.784.000\n",
        "\nInstrumentos transferidos: $1.051.444.000\n",
        "\nCobertura: 947 (3 sin dato)\n",
        "\nVAL-07 Impide enviar [focus/juntos/challenges] «",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }

    let output = program(&["check", PILOT, "--format", "json"]).await;
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["exercise"], "01-2019");
    assert_eq!(json["totals"]["budget"]["total"], 1_252_784_000);
    assert_eq!(json["totals"]["coverage"]["missing"], 3);
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["at"] == "focus/juntos/challenges"));
}

#[tokio::test]
async fn a_file_goes_in_and_comes_out_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let output = focaliza(directory.path(), &["import", PILOT]).await;
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "Ejercicio 01-2019 importado.\n");
    let output = focaliza(directory.path(), &["import", PILOT]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "El ejercicio 01-2019 ya es el del archivo: no cambió nada.\n");
    let other = directory.path().join("otro.json");
    std::fs::write(&other, pilot().replacen("\"money\": ", "\"money\": 1", 1)).unwrap();
    let output = focaliza(directory.path(), &["import", other.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.starts_with("El ejercicio 01-2019 ya tiene contenido."), "{complaint}");

    let output = focaliza(directory.path(), &["export", "01-2019"]).await;
    assert_eq!(String::from_utf8(output.stdout).unwrap(), pilot());
    let copy = directory.path().join("copia.json");
    let line = ["export", "01-2019", "--out", copy.to_str().unwrap()];
    assert!(focaliza(directory.path(), &line).await.status.success());
    assert_eq!(std::fs::read_to_string(copy).unwrap(), pilot());
    for missing in ["01-2020", "nada"] {
        let output = focaliza(directory.path(), &["export", missing]).await;
        assert_eq!(output.status.code(), Some(1));
    }
}

#[tokio::test]
async fn files_that_are_none_are_refused_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("archivo.json");
    for (content, complaint) in [
        ("{}".into(), "El archivo no es un ejercicio de Focaliza. No se importó nada."),
        (pilot().replacen("\"version\": 1", "\"version\": 9", 1), "El archivo es de la versión 9"),
        (pilot()[..900].to_owned(), "El archivo no es JSON válido: se interrumpe en la línea"),
    ] {
        std::fs::write(&file, content).unwrap();
        let output = focaliza(directory.path(), &["import", file.to_str().unwrap()]).await;
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(complaint), "{said}");
    }
    // A size is looked at before anything is read.
    std::fs::File::create(&file).unwrap().set_len(600 << 20).unwrap();
    let output = focaliza(directory.path(), &["import", file.to_str().unwrap()]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("El archivo pesa 629,1 MB; se admiten hasta"), "{said}");
}

#[tokio::test]
async fn over_http_a_region_reads_in_its_own_and_sees_it_at_once() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let luisa = server.person("luisa", "gore_editor", Some("05")).await;
    let manager = server.person("gerencia", "sercotec_manager", None).await;
    let file = pilot().replacen("\"budget_year\": 2019", "\"budget_year\": 2027", 1);

    for foreign in [&luisa, &manager] {
        let answer = send(foreign, file.clone()).await;
        assert_eq!(answer.status(), 403);
        let message = body(answer).await["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Tu rol no permite"), "{message}");
    }
    let answer = send(&ana, "{\"format\": \"otra cosa\"}").await;
    assert_eq!(answer.status(), 400);
    let message = body(answer).await["message"].clone();
    assert_eq!(message, "El archivo no es un ejercicio de Focaliza. No se importó nada.");

    // Somebody who has the empty exercise open sees the file arrive, and goes on working.
    let (mut open, _) = Device::open(&ana, 100).await;
    let answer = send(&ana, file.clone()).await;
    assert_eq!(answer.status(), 200);
    let head = body(answer).await["head"].as_u64().unwrap();
    let mut seen = 0;
    while seen < head {
        if let ToClient::Updates { first, entries, .. } = open.next().await {
            for (seq, entry) in (first..).zip(entries) {
                assert_eq!(entry.peer, Peer::SERVER);
                let Some(Blob(update)) = entry.update else { panic!("not its own") };
                open.writer.document.merge(&update).unwrap();
                seen = seq;
            }
        }
    }
    let entry = open.push(5).await;
    open.acknowledged(entry).await;

    assert_eq!(send(&ana, file).await.status(), 409);
    let answer = ana.get("/api/exercises/01-2027/export").await;
    let named = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"focaliza-01-2027.json\"");
    let exported = answer.text().await.unwrap();
    assert_eq!(exported, shared::exchange::export(open.writer.document.exercise()));
    for id in ["01-2026", "nada"] {
        let answer = ana.get(&format!("/api/exercises/{id}/export")).await;
        assert_eq!(answer.status(), 404, "{id}");
    }
    assert_eq!(luisa.get("/api/exercises/01-2027/export").await.status(), 404);
}
