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

/// A text that waits for a cell of this table.
#[must_use]
pub fn find(exercise: ExerciseId, table: TableId) -> Option<(Key, String)> {
    let storage = storage()?;
    let start = name(exercise, &format!("{}/", table.as_str()));
    let names = (0..storage.length().ok()?).filter_map(|at| storage.key(at).ok().flatten());
    let found = names.into_iter().find(|name| name.starts_with(&start))?;
    let key = Key::parse(found.strip_prefix(&name(exercise, ""))?).ok()?;
    Some((key, storage.get_item(&found).ok().flatten()?))
}

fn name(exercise: ExerciseId, key: &str) -> String {
    format!("draft/{exercise}/{key}")
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
