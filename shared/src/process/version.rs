//! Immutable versions: what was sent, tabled or amended, by the fingerprint of its content, and what
//! is different between two of them.
//!
//! The content is what people see: rows that are shown, with their cells. The order of rows, deleted
//! rows and the log of decisions do not belong to it: moving a row approves nothing anew.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{act::ActNumber, milestone::Milestone, sha256::Fingerprint};
use crate::{
    history::{Difference, differences},
    ids::{ExerciseId, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise, Row},
    protocol::Seq,
    rules::{Context, Finding, Severity, Stage, evaluate},
    template::{TableId, regional_columns, removed_columns},
};

/// Begins the bytes that are hashed. It changes with every change of what they say.
const HEADER: &str = "focaliza.version 1";

/// What a version is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    /// *Focalización preliminar*, sent.
    Preliminary,
    /// What is put before the council.
    Proposal,
    /// What the council amended in its session.
    Amended,
    /// *Focalización final*, sent.
    Final,
    /// The final after a notice of adjustment, sent.
    Adjusted,
}

impl VersionKind {
    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Preliminary => "Focalización preliminar",
            Self::Proposal => "Propuesta al CORE",
            Self::Amended => "Versión enmendada por el CORE",
            Self::Final => "Focalización final",
            Self::Adjusted => "Focalización ajustada",
        }
    }

    /// The milestone that sending it satisfies.
    #[must_use]
    pub const fn milestone(self) -> Option<Milestone> {
        match self {
            Self::Preliminary => Some(Milestone::Preliminary),
            Self::Final => Some(Milestone::Final),
            Self::Proposal | Self::Amended | Self::Adjusted => None,
        }
    }

    /// Whether it goes to Sercotec.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        matches!(self, Self::Preliminary | Self::Final | Self::Adjusted)
    }
}

/// What the rules find of a content that is to be a version of this kind, fixed on this day.
#[must_use]
pub fn findings(exercise: &Exercise, kind: VersionKind, today: NaiveDate) -> Vec<Finding> {
    let stage = match kind {
        VersionKind::Preliminary => Stage::Preliminary,
        _ => Stage::Final,
    };
    evaluate(exercise, &Context { stage, ..Context::of(exercise.id, today) })
}

/// A finding as it was when the version was made, and why it was sent all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedFinding {
    /// The rule's id.
    pub rule: String,
    /// As [`Severity::as_str`] says it.
    pub severity: String,
    /// Where, as [`crate::rules::At`] is written.
    pub at: String,
    /// What it is, in Spanish.
    pub message: String,
    /// The person's reason for sending with it; empty where none was given.
    #[serde(default)]
    pub reason: String,
}

impl RecordedFinding {
    /// Whether it keeps the version from being ready, and so needs a reason.
    #[must_use]
    pub fn is_blocking(&self) -> bool {
        self.severity == Severity::Block.as_str()
    }
}

impl From<&Finding> for RecordedFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.into(),
            severity: finding.severity.as_str().into(),
            at: finding.at.to_string(),
            message: finding.message.clone(),
            reason: String::new(),
        }
    }
}

/// A version, as the register keeps it. Its content lies with the server, by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Version {
    /// What it is for.
    pub kind: VersionKind,
    /// Fingerprint of the content.
    pub fingerprint: Fingerprint,
    /// The place in the log of the document that it was taken from.
    pub seq: Seq,
    /// [`crate::rules::RULES_VERSION`] when it was evaluated.
    pub rules_version: u32,
    /// What the rules found then.
    #[serde(default)]
    pub findings: Vec<RecordedFinding>,
    /// The letter that it goes with, where that is registered already.
    #[serde(default)]
    pub letter: Option<ActNumber>,
    /// The version that it answers or amends.
    #[serde(default)]
    pub based_on: Option<ActNumber>,
}

impl Version {
    /// Blocking findings for which nobody gave a reason.
    #[must_use]
    pub fn unexplained(&self) -> usize {
        let open =
            |finding: &&RecordedFinding| finding.is_blocking() && finding.reason.trim().is_empty();
        self.findings.iter().filter(open).count()
    }

    /// Whether it was found not ready, and is sent with reasons.
    #[must_use]
    pub fn has_blocking(&self) -> bool {
        self.findings.iter().any(RecordedFinding::is_blocking)
    }
}

/// The number of a receipt: `01-2027-0007`, by the act that it is for.
#[must_use]
pub fn receipt_number(exercise: ExerciseId, act: ActNumber) -> String {
    format!("{exercise}-{act:04}")
}

/// The fingerprint of an exercise's content.
///
/// SHA-256 over lines of UTF-8: the header and the exercise's name; then, table by table and row by
/// row in the order of their names, a line `table/row`, and for each cell in the order of field names
/// a line with its name, a blank and the size of its content in bytes, followed by that content and
/// the end of its line. A content is one letter for its type and the value, as
/// [`crate::value::Value::encode`] writes it; `s` with the members of a set, separated by commas; `n` with a
/// narrative.
#[must_use]
pub fn fingerprint(exercise: &Exercise) -> Fingerprint {
    Fingerprint::of_pieces(|write| {
        write(format!("{HEADER}\n{}\n", exercise.id).as_bytes());
        let mut tables = TableId::ALL.map(|table| (table.as_str(), table));
        tables.sort_unstable();
        for (name, table) in tables.into_iter().filter(|(_, table)| is_content(*table)) {
            for row in exercise.table(table).all().filter(|row| is_shown(row)) {
                write(format!("{name}/{}\n", row.id).as_bytes());
                for (field, cell) in row.cells.iter() {
                    let content = canonical(cell);
                    let head = format!("{name}/{}/{field} {}\n", row.id, content.len());
                    write(head.as_bytes());
                    write(content.as_bytes());
                    write(b"\n");
                }
            }
        }
    })
}

fn canonical(cell: &Cell) -> String {
    match cell {
        Cell::Value(value) => value.encode(),
        // Members are sorted, and hold no commas.
        Cell::Set(members) => {
            format!("s{}", members.iter().map(String::as_str).collect::<Vec<_>>().join(","))
        }
        Cell::Narrative(text) => format!("n{text}"),
    }
}

fn is_content(table: TableId) -> bool {
    table != TableId::Decisions
}

fn is_shown(row: &Row) -> bool {
    !row.deleted && !row.order.is_empty()
}

/// What is different in the content of two versions. Empty exactly where their fingerprints are equal,
/// for versions of one exercise. A row that came or went is told under [`ORDER`] or [`DELETED`].
#[must_use]
pub fn changes(before: &Exercise, after: &Exercise) -> Vec<Difference> {
    let shown =
        |exercise: &Exercise, key: &Key| exercise.row(key.table, &key.row).is_some_and(is_shown);
    let is_change = |difference: &Difference| {
        let key = &difference.key;
        is_content(key.table)
            && match (shown(before, key), shown(after, key)) {
                (false, false) => false,
                (true, true) => key.field != ORDER && key.field != DELETED,
                _ => true,
            }
    };
    differences(before, after).into_iter().filter(is_change).collect()
}

/// Where a difference is, as a person looks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The table.
    pub table: TableId,
    /// The row.
    pub row: RowId,
    /// Its place in the table, from 1; `None` where it is not shown any more.
    pub position: Option<usize>,
    /// The heading of the column; `None` where the row as a whole came or went.
    pub column: Option<String>,
}

/// Where a cell of the exercise is; its own columns are named as it names them.
#[must_use]
pub fn place(exercise: &Exercise, key: &Key) -> Place {
    let is_cell = !matches!(key.field.as_str(), ORDER | DELETED);
    let column = is_cell.then(|| title(exercise, key));
    Place {
        table: key.table,
        row: key.row.clone(),
        position: exercise.table(key.table).place(&key.row).map(|place| place + 1),
        column,
    }
}

/// The heading of a column; columns that were removed still have one.
fn title(exercise: &Exercise, key: &Key) -> String {
    if let Some(column) = key.table.column(&key.field) {
        return column.title.into();
    }
    let mut regional = regional_columns(exercise, key.table);
    regional.extend(removed_columns(exercise, key.table));
    let found = regional.into_iter().find(|column| column.field == key.field);
    found.map_or_else(|| key.field.clone(), |column| column.title)
}

/// «Matriz Focalización, fila 3, Presupuesto».
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.table.title())?;
        match self.position {
            Some(position) => write!(f, ", fila {position}")?,
            None => write!(f, ", fila «{}»", self.row)?,
        }
        self.column.as_ref().map_or(Ok(()), |column| write!(f, ", {column}"))
    }
}

#[cfg(test)]
mod tests;
