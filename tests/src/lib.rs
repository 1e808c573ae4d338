//! Tests across crates, and what several of them share.

pub mod corpus;
mod large;

pub use large::large_exercise;

/// As [`assert_fresh`], for JSON: the order of names, which depends on what else is built, says nothing.
pub fn assert_fresh_json(path: &str, json: &serde_json::Value) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    if serde_json::from_str::<serde_json::Value>(&found).ok().as_ref() != Some(json) {
        let text = serde_json::to_string_pretty(json).expect("JSON") + "\n";
        assert_fresh(path, &text);
    }
}

/// Asserts that a generated file of the repository holds this text, or writes it where `UPDATE` is
/// set.
///
/// # Panics
/// Where it holds something else, or cannot be written.
pub fn assert_fresh(path: &str, text: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, text).expect("the repository can be written");
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is out of date: run the tests with UPDATE=1 and read its diff");
}
