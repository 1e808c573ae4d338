//! What cells and rows are, to be compared with what an action left.

use super::Change;
use crate::{
    ids::RowId,
    key::Key,
    model::{Cell, Exercise},
    template::{self, TableId},
    value::Value,
};

/// What a cell or row is now.
#[derive(Debug, PartialEq)]
pub(super) enum State {
    /// A cell with one value.
    Value(Option<Value>),
    /// A member, or the mark of deletion.
    Flag(bool),
    /// A long text, or the place of a row.
    Text(String),
}

impl State {
    /// Whether it is what the change would go back to.
    pub fn is_at(&self, change: &Change) -> bool {
        match (self, change) {
            (Self::Value(value), Change::Value { back, .. }) => value == back,
            (Self::Flag(flag), Change::Member { back, .. } | Change::Deleted { back, .. }) => {
                flag == back
            }
            (Self::Text(text), Change::Text { back, .. } | Change::Moved { back, .. }) => {
                text == back
            }
            _ => false,
        }
    }

    /// Whether it is what the change left.
    pub fn is_left_by(&self, change: &Change) -> bool {
        match (self, change) {
            (Self::Value(value), Change::Value { now, .. }) => value == now,
            (Self::Flag(flag), Change::Member { now, .. } | Change::Deleted { now, .. }) => {
                flag == now
            }
            (Self::Text(text), Change::Text { now, .. } | Change::Moved { now, .. }) => text == now,
            _ => false,
        }
    }
}

/// What the cell or row of a change is now; `None` where it is of another kind today.
pub(super) fn state(exercise: &Exercise, change: &Change) -> Option<State> {
    match change {
        Change::Value { key, .. } => Some(State::Value(value(exercise, key))),
        Change::Member { key, .. } => Some(State::Flag(is_member(exercise, key))),
        Change::Text { key, .. } => template::is_narrative(exercise, key.table, &key.field)
            .then(|| State::Text(text(exercise, key))),
        Change::Moved { table, row, .. } | Change::Added { table, row, .. } => {
            Some(State::Text(order(exercise, *table, row)))
        }
        Change::Deleted { table, row, .. } => {
            Some(State::Flag(exercise.row(*table, row).is_some_and(|row| row.deleted)))
        }
    }
}

fn cell<'a>(exercise: &'a Exercise, key: &Key) -> Option<&'a Cell> {
    exercise.row(key.table, &key.row)?.cells.get(key.field.as_str())
}

/// The value of a cell.
pub(super) fn value(exercise: &Exercise, key: &Key) -> Option<Value> {
    match cell(exercise, key) {
        Some(Cell::Value(value)) => Some(value.clone()),
        _ => None,
    }
}

/// The text of a narrative cell.
pub(super) fn text(exercise: &Exercise, key: &Key) -> String {
    match cell(exercise, key) {
        Some(Cell::Narrative(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Whether a set has a member.
pub(super) fn is_member(exercise: &Exercise, key: &Key) -> bool {
    match (cell(exercise, key), &key.member) {
        (Some(Cell::Set(members)), Some(member)) => members.contains(member),
        _ => false,
    }
}

/// The place of a row; empty where there is none.
pub(super) fn order(exercise: &Exercise, table: TableId, row: &RowId) -> String {
    exercise.row(table, row).map(|row| row.order.clone()).unwrap_or_default()
}
