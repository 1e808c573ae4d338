//! One exercise as a file: JSON that loses nothing, for archives, support and other programs.
//! Its schema is `docs/exercise.schema.json`.
//!
//! Writers are left out: they mean something only to the server that knows them. What was officially
//! done is in [`process`].

use std::collections::BTreeMap;

use serde::Serialize;

use self::process::{Archive, FileProcess};
use crate::{
    doc::{Document, EditError},
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    key::Key,
    model::{Cell, Exercise, Row, Table},
    template::TableId,
    value::Value,
};

pub use import::{ImportError, Problem, import};
pub use next_year::next_year;

mod import;
mod next_year;
mod node;
pub mod process;
#[cfg(test)]
mod tests;

/// What the file says that it is.
pub const FORMAT: &str = "focaliza.exercise";
/// Grows when a program that reads this version could misread the next.
pub const VERSION: u64 = 1;

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u64,
    region: &'a str,
    budget_year: u16,
    tables: BTreeMap<TableId, Vec<FileRow<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undecided: Vec<FileUndecided<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<FileProcess<'a>>,
}

#[derive(Serialize)]
struct FileRow<'a> {
    id: &'a RowId,
    order: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(serialize_with = "by_field")]
    cells: Vec<(&'a str, &'a Cell)>,
}

impl<'a> FileRow<'a> {
    /// A row, with these of its cells.
    fn of(row: &'a Row, stays: impl Fn(&str) -> bool) -> Self {
        Self {
            id: &row.id,
            order: &row.order,
            deleted: row.deleted,
            cells: row.cells.iter().filter(|(field, _)| stays(field)).collect(),
        }
    }
}

#[derive(Serialize)]
struct FileUndecided<'a> {
    cell: &'a Key,
    values: Vec<Option<&'a Value>>,
}

fn by_field<S: serde::Serializer>(
    cells: &[(&str, &Cell)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(cells.iter().copied())
}

/// The exercise as JSON, deleted rows and undecided cells with it.
#[must_use]
pub fn export(exercise: &Exercise) -> String {
    export_with(exercise, &Archive::default()).expect("plain data with text keys is JSON")
}

/// The exercise as JSON with what was officially done in it. An error where an act or a content is no
/// JSON.
pub fn export_with(exercise: &Exercise, archive: &Archive) -> Result<String, serde_json::Error> {
    let tables = TableId::ALL.into_iter().map(|id| (id, rows(exercise.table(id))));
    let undecided = exercise.undecided().iter().map(|(cell, values)| FileUndecided {
        cell,
        values: values.iter().map(|(_, value)| value.as_ref()).collect(),
    });
    let file = File {
        format: FORMAT,
        version: VERSION,
        region: exercise.id.region(),
        budget_year: exercise.id.budget_year,
        tables: tables.filter(|(_, rows)| !rows.is_empty()).collect(),
        undecided: undecided.collect(),
        process: FileProcess::of(exercise.id, archive),
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}

/// Rows that are shown in their order, then the others; a row that holds nothing is none.
fn rows(table: &Table) -> Vec<FileRow<'_>> {
    let hidden = |row: &&Row| row.deleted || row.order.is_empty();
    let empty = |row: &&Row| row.order.is_empty() && !row.deleted && row.cells.is_empty();
    table
        .rows()
        .chain(table.all().filter(hidden).filter(|row| !empty(row)))
        .map(|row| FileRow::of(row, |_| true))
        .collect()
}

/// A file that was read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The exercise that it holds.
    pub id: ExerciseId,
    /// What to apply to an empty document, batch by batch: each fits the limit of an update, and
    /// regional columns come before what is written into them.
    pub batches: Vec<Vec<Edit>>,
    /// The values of undecided cells, one list for each writer, each to be applied to a document
    /// that has seen the batches but none of the other lists.
    pub apart: Vec<Vec<Edit>>,
    /// Official acts that the file carries beside the exercise; [`process::read`] reads them.
    pub acts: usize,
}

/// A document that was made from a file.
#[derive(Debug)]
pub struct Built {
    /// The document, whose writer is the server.
    pub document: Document,
    /// The updates that make it, in the order of a log, with their writers.
    pub updates: Vec<(Peer, Vec<u8>)>,
}

impl Import {
    /// Makes the document.
    pub fn build(&self) -> Result<Built, EditError> {
        let mut document = Document::new(self.id, Peer::SERVER);
        let mut updates = Vec::new();
        for batch in &self.batches {
            updates.push((Peer::SERVER, document.apply(batch)?.update));
        }
        let seen = document.snapshot();
        for (edits, number) in self.apart.iter().zip(2..) {
            let peer = Peer::new(number).expect("a handful of writers have small numbers");
            let mut writer = Document::new(self.id, peer);
            writer.merge(&seen).expect("what this server has just written");
            let update = writer.apply(edits)?.update;
            document.merge(&update).expect("what this server has just written");
            updates.push((peer, update));
        }
        Ok(Built { document, updates })
    }
}
