//! `docs/exercise.schema.json`, made from the templates, and that what is exported follows it.

use jsonschema::Validator;
use serde_json::{Value, json};
use shared::{exchange, ids::Peer, limits, template::TableId, territory};
use tests::{assert_fresh_json, corpus, large_exercise};

mod cells;
mod process;

fn schema() -> Value {
    let tables: serde_json::Map<String, Value> =
        TableId::ALL.into_iter().map(|table| (table.as_str().into(), rows(table))).collect();
    let regions: Vec<&str> = territory::regions().iter().map(|region| region.code).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ejercicio de Focalización Regional",
        "description": "Un ejercicio completo, con filas eliminadas y valores por decidir. Generado desde las plantillas; no editar.",
        "type": "object",
        "required": ["format", "version", "region", "budget_year", "tables"],
        "additionalProperties": false,
        "properties": {
            "format": { "const": exchange::FORMAT },
            "version": { "const": exchange::VERSION },
            "region": { "description": "Código único territorial de la región.", "enum": regions },
            "budget_year": { "description": "Año presupuestario.", "type": "integer", "minimum": 2019, "maximum": 2099 },
            "tables": { "type": "object", "additionalProperties": false, "properties": tables },
            "undecided": {
                "description": "Celdas que varias personas escribieron sin saber unas de otras; el primer valor es el que se muestra.",
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["cell", "values"],
                    "additionalProperties": false,
                    "properties": {
                        "cell": { "type": "string", "pattern": "^[a-z]+/[a-z0-9_]+/[a-z][a-z0-9_]*$" },
                        "values": {
                            "type": "array",
                            "minItems": 2,
                            "items": { "anyOf": [{ "$ref": "#/$defs/value" }, { "type": "null" }] },
                        },
                    },
                },
            },
            "process": process::schema(),
        },
        "$defs": cells::definitions(),
    })
}

fn rows(table: TableId) -> Value {
    let cells: serde_json::Map<String, Value> =
        table.columns().iter().map(|column| (column.field.into(), cells::of(column))).collect();
    json!({
        "title": table.title(),
        "type": "array",
        "maxItems": limits::ROWS,
        "items": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": false,
            "properties": {
                "id": { "type": "string", "pattern": "^[a-z0-9_]{1,24}$" },
                "order": {
                    "description": "Lugar de la fila: se ordenan como textos. Sin él, la fila va después de la anterior; vacío, no se muestra.",
                    "type": "string",
                    "maxLength": 200,
                },
                "deleted": { "type": "boolean", "default": false },
                "cells": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": cells,
                    "patternProperties": {
                        "^x_[a-z0-9_]{1,24}$": {
                            "description": "Columna de la región: una fila de «columns».",
                            "$ref": "#/$defs/regional",
                        },
                    },
                },
            },
        },
    })
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).expect("a valid schema")
}

fn assert_valid(file: &str) {
    let file: Value = serde_json::from_str(file).expect("JSON");
    let errors: Vec<String> = validator()
        .iter_errors(&file)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn schema_is_fresh() {
    assert_fresh_json("docs/exercise.schema.json", &schema());
}

#[test]
fn what_is_exported_follows_the_schema() {
    for case in corpus::CASES {
        assert_valid(case.file);
    }
    let mut large = large_exercise(30);
    let peer = Peer::new(5).unwrap();
    let mut other = shared::doc::Document::new(large.exercise().id, peer);
    other.merge(&large.snapshot()).unwrap();
    other.apply(&[cells::budget(7)]).unwrap();
    large.apply(&[cells::budget(8)]).unwrap();
    large.merge(&other.snapshot()).unwrap();
    let text = exchange::export(large.exercise());
    assert!(text.contains("undecided"));
    assert_valid(&text);
}

#[test]
fn what_the_schema_refuses_is_refused_on_import() {
    let file = |cells: &str| {
        format!(
            r#"{{"format":"focaliza.exercise","version":1,"region":"01","budget_year":2027,
            "tables":{{"focus":[{{"id":"a","cells":{cells}}}]}}}}"#
        )
    };
    let validator = validator();
    for (cells, good) in [
        ("{}", true),
        (r#"{"budget":{"value":{"money":5}}}"#, true),
        (r#"{"budget":{"value":"to_be_defined"}}"#, true),
        (r#"{"places":{"set":["01101"]}}"#, true),
        (r#"{"sectors":{"set":["G"]}}"#, true),
        (r#"{"budget":{"value":{"money":-1}}}"#, false),
        (r#"{"budget":{"value":{"money":1.5}}}"#, false),
        (r#"{"budget":{"value":{"integer":5}}}"#, false),
        (r#"{"budget":{"narrative":"5"}}"#, false),
        (r#"{"budget":5}"#, false),
        (r#"{"action":{"value":"masked"}}"#, false),
        (r#"{"criteria":{"set":["otro"]}}"#, false),
        (r#"{"funding":{"value":{"code":"otro"}}}"#, false),
        (r#"{"description":{"value":{"text":"x"}}}"#, false),
        (r#"{"color":{"value":{"text":"x"}}}"#, false),
    ] {
        let json: Value = serde_json::from_str(&file(cells)).unwrap();
        assert_eq!(validator.is_valid(&json), good, "schema: {cells}");
        assert_eq!(exchange::import(&file(cells)).is_ok(), good, "import: {cells}");
    }
}
