//! Tests across crates, and what several of them share.

pub mod corpus;
mod large;

pub use large::large_exercise;

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
