//! The interface described, and tried out by what the description says: `docs/openapi.json` is made
//! here from the types that travel and the routes that the server registers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod describe;
mod fuzz;
mod generate;
mod operations;
mod stage;

use std::collections::BTreeSet;

use serde_json::Value;

#[test]
fn every_route_is_described_and_nothing_else() {
    let document = describe::document();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api").unwrap();
        described.extend(item.as_object().unwrap().keys().map(|m| (m.clone(), path.to_owned())));
    }
    let routes = server::router::listed().into_iter();
    let registered: BTreeSet<_> =
        routes.map(|(method, path)| (method.as_str().to_lowercase(), path)).collect();
    assert_eq!(described, registered);
}

/// The order of names depends on which packages are built together, and says nothing.
#[test]
fn the_copy_in_docs_is_fresh() {
    let document = describe::document();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if serde_json::from_str::<Value>(&found).ok().as_ref() == Some(&document) {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "docs/openapi.json is out of date: run the tests with UPDATE=1 and read its diff"
    );
    std::fs::write(path, serde_json::to_string_pretty(&document).unwrap() + "\n").unwrap();
}

/// The published schema of OpenAPI 3.1 leaves the schemas in it open; those are checked by the
/// dialect that they are written in.
#[test]
fn it_is_openapi_3_1() {
    let document = describe::document();
    assert_eq!(document["openapi"], "3.1.1");
    let meta: Value = serde_json::from_str(include_str!("openapi_3_1.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&meta).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}: {schema}");
    }
    for reference in references(&document) {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

fn references(json: &Value) -> Vec<String> {
    match json {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).map(Into::into);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
