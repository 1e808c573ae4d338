//! The exercise at another moment: when people worked, and what is different since.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Author, cell};
use crate::{
    ids::RowId,
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise},
    protocol::Seq,
    template::TableId,
};

/// A pause after which people are taken to have worked again.
const PAUSE_MS: i64 = 30 * 60 * 1000;

/// People working, without a long pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkSession {
    /// When it began, in milliseconds since 1970 (UTC).
    pub from: i64,
    /// When its last entry was committed.
    pub to: i64,
    /// The place of that entry.
    pub last: Seq,
    /// Who wrote how many entries, the most first.
    pub authors: Vec<(Author, u32)>,
}

/// A cell that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// The cell; the order or the mark of deletion for a row that came, moved or went.
    pub key: Key,
    /// What it held.
    pub before: Option<Cell>,
    /// What it holds.
    pub after: Option<Cell>,
}

/// What is different since a moment, as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Since {
    /// The place of the log's last entry at the moment.
    pub seq: Seq,
    /// The place of the last entry now.
    pub head: Seq,
    /// How many cells are different.
    pub total: usize,
    /// The first of them.
    pub differences: Vec<Told>,
}

/// A difference, with who last changed the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Told {
    /// The difference.
    #[serde(flatten)]
    pub difference: Difference,
    /// Who.
    pub author: Option<Author>,
    /// When, in milliseconds since 1970 (UTC).
    pub at: Option<i64>,
}

/// When people worked, from the places, moments and authors of a log, ascending.
#[must_use]
pub fn sessions(entries: impl IntoIterator<Item = (Seq, i64, Author)>) -> Vec<WorkSession> {
    let mut sessions: Vec<(WorkSession, BTreeMap<Author, u32>)> = Vec::new();
    for (seq, at, author) in entries {
        let goes_on =
            sessions.last_mut().filter(|(session, _)| at.saturating_sub(session.to) < PAUSE_MS);
        let (session, authors) = match goes_on {
            Some(session) => session,
            None => {
                let session = WorkSession { from: at, to: at, last: seq, authors: Vec::new() };
                sessions.push((session, BTreeMap::new()));
                sessions.last_mut().expect("one was added")
            }
        };
        (session.to, session.last) = (at.max(session.to), seq);
        *authors.entry(author).or_default() += 1;
    }
    let counted = |(mut session, authors): (WorkSession, BTreeMap<Author, u32>)| {
        session.authors = authors.into_iter().collect();
        session.authors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        session
    };
    sessions.into_iter().map(counted).collect()
}

/// What is different, table by table and row by row.
#[must_use]
pub fn differences(before: &Exercise, after: &Exercise) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in TableId::ALL {
        for row in rows(before, after, table) {
            let fields = |exercise: &Exercise| -> BTreeSet<String> {
                let row = exercise.row(table, &row);
                row.into_iter().flat_map(|row| row.cells.fields().map(ToOwned::to_owned)).collect()
            };
            let fields: BTreeSet<String> = fields(before).union(&fields(after)).cloned().collect();
            let marks = [ORDER.to_owned(), DELETED.to_owned()];
            for field in marks.into_iter().chain(fields) {
                let key = Key::cell(table, &row, &field);
                let (before, after) = (cell(before, &key), cell(after, &key));
                if before != after {
                    found.push(Difference { key, before, after });
                }
            }
        }
    }
    found
}

/// The rows of both, as they are shown now; those that are not come last.
fn rows(before: &Exercise, after: &Exercise, table: TableId) -> Vec<RowId> {
    let shown = after.table(table).order();
    let mut rows = shown.to_vec();
    let known: BTreeSet<&RowId> = shown.iter().collect();
    let others: BTreeSet<&RowId> =
        before.table(table).all().chain(after.table(table).all()).map(|row| &row.id).collect();
    rows.extend(others.difference(&known).map(|row| (*row).clone()));
    rows
}
