//! What was officially done, in the schema of an exercise. What each act says is described by the
//! server's interface (`docs/openapi.json`).

use serde_json::{Value, json};
use shared::{
    access::Role,
    exchange::{
        self,
        process::{Archive, ArchivedAct},
    },
    limits,
    process::{
        Act, Author, Record,
        version::{Version, VersionKind, fingerprint},
    },
};
use tests::large_exercise;

pub fn schema() -> Value {
    let sha256 = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let number = json!({ "type": "integer", "minimum": 1, "maximum": limits::ACTS });
    let list = |what: &str, required: &[&str], properties: Value| {
        json!({
            "description": what,
            "type": "array",
            "items": {
                "type": "object",
                "required": required,
                "additionalProperties": false,
                "properties": properties,
            },
        })
    };
    json!({
        "description": "Lo que consta oficialmente: solo lo restaura quien administra el servidor, y solo si todas las huellas coinciden.",
        "type": "object",
        "required": ["acts"],
        "additionalProperties": false,
        "properties": {
            "acts": {
                "description": "Los actos del registro, numerados sin saltos desde 1.",
                "type": "array",
                "maxItems": limits::ACTS,
                "items": {
                    "type": "object",
                    "required": ["number", "at", "author", "act", "request"],
                    "properties": {
                        "number": number,
                        "at": { "description": "Milisegundos desde 1970 (UTC), por el reloj del servidor.", "type": "integer" },
                        "author": { "type": "object", "required": ["name", "role"] },
                        "act": { "type": "object", "required": ["type"], "properties": { "type": { "type": "string" } } },
                        "request": { "description": "Con qué se reconoce la misma solicitud si llega dos veces.", "type": "string" },
                    },
                },
            },
            "versions": list(
                "Contenido de las versiones, cada una con la huella que se calcula de él.",
                &["fingerprint", "content"],
                json!({ "fingerprint": sha256, "content": { "$ref": "#" } }),
            ),
            "receipts": list(
                "Recibos: se siguen de los actos, y se comparan con ellos.",
                &["receipt", "act", "fingerprint"],
                json!({
                    "receipt": { "type": "string", "pattern": "^[0-9]{2}-[0-9]{4}-[0-9]{4,}$" },
                    "act": number,
                    "fingerprint": sha256,
                }),
            ),
            "attachments": list(
                "Archivos de los actos; sin «content» solo se nombran.",
                &["sha256", "bytes", "media_type"],
                json!({
                    "sha256": sha256,
                    "bytes": { "type": "integer", "minimum": 0 },
                    "media_type": { "type": "string" },
                    "content": { "type": "string", "contentEncoding": "base64" },
                }),
            ),
        },
    })
}

#[test]
fn what_was_sent_follows_the_schema() {
    let document = large_exercise(3);
    let exercise = document.exercise();
    let version = Version {
        kind: VersionKind::Preliminary,
        fingerprint: fingerprint(exercise),
        seq: 1,
        rules_version: 1,
        findings: Vec::new(),
        letter: None,
        based_on: None,
    };
    let (named, act) = (version.fingerprint, Act::Version(version));
    let author =
        Author { user: 1, name: "Quien firma".into(), role: Role::GoreSignatory, is_acting: false };
    let record = Record { number: 1, at: 0, author, act };
    let text = serde_json::to_string(&record).unwrap();
    let archive = Archive {
        acts: vec![ArchivedAct { request: "request-1".into(), record, text }],
        versions: [(named, exchange::export(exercise))].into(),
        ..Archive::default()
    };
    let file = exchange::export_with(exercise, &archive).unwrap();
    super::assert_valid(&file);
    let (import, read) = exchange::process::read(&file).unwrap();
    assert_eq!(import.acts, 1);
    assert_eq!(read.versions, archive.versions);
    assert_eq!(read.acts[0].record, archive.acts[0].record);
    assert_eq!(exchange::import(&file).unwrap(), import, "also where acts are left alone");
}
