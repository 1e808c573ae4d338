//! One row of a table.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Cells;
use crate::{ids::RowId, value::Value};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// One value.
    Value(Value),
    /// Members, in the order of their codes.
    Set(BTreeSet<String>),
    /// A long text that several people may be writing.
    Narrative(String),
}

/// One row: its cells by field name. A cell that is missing has no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Stable for ever.
    pub id: RowId,
    /// Fractional index; rows without one are not shown (see [`crate::key::ORDER`]).
    pub order: String,
    /// Marked as deleted, to be restored at any time.
    pub deleted: bool,
    /// Cells by field name, regional columns among them.
    pub cells: Cells,
}

impl Row {
    pub(crate) fn new(id: RowId) -> Self {
        Self { id, order: String::new(), deleted: false, cells: Cells::default() }
    }

    /// The value of a cell; `None` where it is missing or not of fixed type.
    #[must_use]
    #[inline]
    pub fn value(&self, field: &str) -> Option<&Value> {
        match self.cells.get(field) {
            Some(Cell::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// The text of a short or narrative cell, without the blanks around it; empty where missing.
    #[must_use]
    #[inline]
    pub fn text(&self, field: &str) -> &str {
        match self.cells.get(field) {
            Some(Cell::Value(Value::Text(text)) | Cell::Narrative(text)) => text.trim(),
            _ => "",
        }
    }

    /// The code of a choice or reference; empty where missing.
    #[must_use]
    #[inline]
    pub fn code(&self, field: &str) -> &str {
        match self.value(field) {
            Some(Value::Code(code)) => code,
            _ => "",
        }
    }

    /// Yes, no or missing.
    #[must_use]
    #[inline]
    pub fn flag(&self, field: &str) -> Option<bool> {
        match self.value(field) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// Pesos, where the cell holds an amount: neither missing nor "por definir".
    #[must_use]
    #[inline]
    pub fn money(&self, field: &str) -> Option<i64> {
        match self.value(field) {
            Some(Value::Money(pesos)) => Some(*pesos),
            _ => None,
        }
    }

    /// A count, where the cell holds one.
    #[must_use]
    #[inline]
    pub fn integer(&self, field: &str) -> Option<i64> {
        match self.value(field) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// The members of a set-valued cell.
    pub fn members(&self, field: &str) -> impl Iterator<Item = &str> {
        match self.cells.get(field) {
            Some(Cell::Set(members)) => Some(members.iter().map(String::as_str)),
            _ => None,
        }
        .into_iter()
        .flatten()
    }

    /// Whether a cell holds anything: a state such as "por definir" counts, blanks do not.
    #[must_use]
    #[inline]
    pub fn has(&self, field: &str) -> bool {
        match self.cells.get(field) {
            None => false,
            Some(Cell::Value(Value::Text(text)) | Cell::Narrative(text)) => {
                text.contains(|character: char| !character.is_whitespace())
            }
            Some(Cell::Value(_)) => true,
            Some(Cell::Set(members)) => !members.is_empty(),
        }
    }
}

/// Whether a row is neither deleted nor unplaced.
pub(super) fn is_shown(row: &Row) -> bool {
    !row.deleted && !row.order.is_empty()
}
