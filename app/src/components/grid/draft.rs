//! What somebody typed and the cell could not keep, for as long as the tab lives: it survives
//! going to another page, and a reload.

use leptos::prelude::window;
use shared::{ids::ExerciseId, key::Key, template::TableId};
use web_sys::Storage;

/// Keeps a text for a cell.
pub fn keep(exercise: ExerciseId, key: &Key, text: &str) {
    if let Some(storage) = storage() {
        // Fails where the browser keeps nothing: then the open editor is all there is.
        let _ = storage.set_item(&name(exercise, &key.to_string()), text);
    }
}

/// The cell was kept after all, or given up.
pub fn forget(exercise: ExerciseId, key: &Key) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(exercise, &key.to_string()));
    }
}

/// The text that waits for a cell.
#[must_use]
pub fn of(exercise: ExerciseId, key: &Key) -> Option<String> {
    storage()?.get_item(&name(exercise, &key.to_string())).ok().flatten()
}

/// The texts that wait for cells of this table.
#[must_use]
pub fn all(exercise: ExerciseId, table: TableId) -> Vec<(Key, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let start = name(exercise, &format!("{}/", table.as_str()));
    let names = 0..storage.length().unwrap_or_default();
    let names = names.filter_map(|at| storage.key(at).ok().flatten());
    let names = names.filter(|name| name.starts_with(&start)).collect::<Vec<_>>().into_iter();
    let draft = |found: String| {
        let key = Key::parse(found.strip_prefix(&name(exercise, ""))?).ok()?;
        Some((key, storage.get_item(&found).ok().flatten()?))
    };
    names.filter_map(draft).collect()
}

fn name(exercise: ExerciseId, key: &str) -> String {
    format!("draft/{exercise}/{key}")
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
