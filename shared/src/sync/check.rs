//! What an entry passes before the server keeps it and anybody else sees it.
//!
//! Form and permission only: no rule of the process ever refuses an edit. What an edit made by
//! this product from what its device had seen cannot be, and nothing else, is refused.

use crate::{
    access::Grant,
    doc::{Content, Document, MergeError},
    ids::Peer,
    key::Key,
    limits,
    model::{Cell, Exercise},
    protocol::Code,
    template,
};

/// How much more than [`limits`] allows at once a cell or table may come to hold, because people
/// who did not know of each other filled it up.
const APART: usize = 4;

/// Why an entry is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What its writer is told.
    pub code: Code,
    /// Whether the document holds it nevertheless and must be loaded again.
    pub is_merged: bool,
}

/// Merges an entry into the document if it is the next one of its writer, and if this person may
/// write what it writes.
pub fn accept(
    document: &mut Document,
    grant: &Grant,
    writer: Peer,
    update: &[u8],
) -> Result<(), Refusal> {
    let apart = |code| Refusal { code, is_merged: false };
    if update.len() > limits::UPDATE_BYTES {
        return Err(apart(Code::TooLarge));
    }
    if !grant.may_edit(document.exercise().id) {
        return Err(apart(Code::Forbidden));
    }
    let touched = document.merge_from(writer, update).map_err(|error| match error {
        MergeError::Malformed => apart(Code::Malformed),
        MergeError::OutOfTurn => apart(Code::Incomplete),
        MergeError::Incomplete => Refusal { code: Code::Incomplete, is_merged: true },
        MergeError::Foreign => Refusal { code: Code::Malformed, is_merged: true },
    })?;
    touched
        .iter()
        .try_for_each(|key| judge(document, grant, writer, key))
        .map_err(|code| Refusal { code, is_merged: true })
}

/// Whether this person may write what the writer's entry of this cell says, and whether it fits.
fn judge(document: &Document, grant: &Grant, writer: Peer, key: &Key) -> Result<(), Code> {
    let exercise = document.exercise();
    if !grant.may_write(exercise.id, key) {
        return Err(Code::Forbidden);
    }
    let fits = match document.content(key, writer) {
        Some(Content::Value(value)) => template::fitted(exercise, key, Some(&value)),
        Some(Content::Empty) => template::fitted(exercise, key, None),
        // Whoever types into a text that others began has no entry of the cell.
        Some(Content::Narrative) | None => template::was_narrative(exercise, key),
    };
    fits.map_err(|_| Code::Malformed)?;
    if is_within_limits(exercise, key) { Ok(()) } else { Err(Code::TooLarge) }
}

fn is_within_limits(exercise: &Exercise, key: &Key) -> bool {
    let table = exercise.table(key.table);
    let cell = table.row(&key.row).and_then(|row| row.cells.get(key.field.as_str()));
    let cell_is_within = match cell {
        Some(Cell::Narrative(text)) => text.len() <= APART * limits::NARRATIVE_BYTES,
        Some(Cell::Set(members)) => members.len() <= APART * limits::MEMBERS,
        Some(Cell::Value(_)) | None => true,
    };
    cell_is_within && table.all().len() <= APART * limits::ROWS
}

#[cfg(test)]
mod tests;
