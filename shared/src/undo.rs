//! Taking back what a person did, and nothing of what others did.
//!
//! An action of one person (a word typed, a range emptied, a thousand rows pasted) is recorded as
//! one [`Step`]: what each cell held before and what it held after. Taking it back writes edits
//! like any others, and only where the cell still holds what the action left there: what somebody
//! else has changed since stays, and is reported. In long texts the characters of others stay.

mod history;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use history::{History, Planned};

use self::state::{State, is_member, order, state, text, value};

use crate::{
    edit::{Edit, Splice},
    ids::RowId,
    key::{DELETED, Key, ORDER},
    merge::merged,
    model::{Cell, Exercise},
    template::{self, TableId},
    value::Value,
};

/// What one action did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Step {
    changes: Vec<Change>,
}

/// What it did to one cell or row: how it was, to go back to, and how it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Value {
        key: Key,
        back: Option<Value>,
        now: Option<Value>,
    },
    Member {
        key: Key,
        back: bool,
        now: bool,
    },
    Text {
        key: Key,
        back: String,
        now: String,
    },
    /// A row that was there was moved.
    Moved {
        table: TableId,
        row: RowId,
        back: String,
        now: String,
    },
    /// A row was added; `now` is `false` where that was taken back.
    Added {
        table: TableId,
        row: RowId,
        now: bool,
    },
    Deleted {
        table: TableId,
        row: RowId,
        back: bool,
        now: bool,
    },
}

/// How to take a step back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Return {
    /// What to write; empty where all of it was changed by others since.
    pub edits: Vec<Edit>,
    /// How to do it again.
    pub inverse: Step,
    /// What others changed since, and stays.
    pub kept: Vec<Key>,
}

impl Change {
    fn key(&self) -> Key {
        match self {
            Self::Value { key, .. } | Self::Member { key, .. } | Self::Text { key, .. } => {
                key.clone()
            }
            Self::Moved { table, row, .. } | Self::Added { table, row, .. } => {
                Key::cell(*table, row, ORDER)
            }
            Self::Deleted { table, row, .. } => Key::cell(*table, row, DELETED),
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::Value { back, now, .. } => back == now,
            Self::Member { back, now, .. } | Self::Deleted { back, now, .. } => back == now,
            Self::Text { back, now, .. } | Self::Moved { back, now, .. } => back == now,
            Self::Added { .. } => false,
        }
    }

    /// About how many bytes it takes where it is kept.
    fn size(&self) -> usize {
        const FRAME: usize = 120;
        let text = |value: &Option<Value>| match value {
            Some(Value::Text(text) | Value::Code(text)) => text.len(),
            _ => 0,
        };
        FRAME
            + match self {
                Self::Value { back, now, .. } => text(back) + text(now),
                Self::Text { back, now, .. } => back.len() + now.len(),
                _ => 0,
            }
    }
}

impl Step {
    /// What these edits will do to an exercise that they are about to be applied to.
    #[must_use]
    pub fn of(exercise: &Exercise, edits: &[Edit]) -> Self {
        let mut changes: Vec<Change> = Vec::new();
        let mut places: BTreeMap<Key, usize> = BTreeMap::new();
        for edit in edits {
            let place = *places.entry(edit.key()).or_insert_with(|| {
                changes.push(before(exercise, edit));
                changes.len() - 1
            });
            follow(&mut changes[place], edit);
        }
        changes.retain(|change| !change.is_nothing());
        Self { changes }
    }

    /// Whether it did nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The cells and rows that it changed, in the order of the edits.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.changes.iter().map(Change::key)
    }

    /// About how many bytes it takes where it is kept.
    #[must_use]
    pub fn size(&self) -> usize {
        self.changes.iter().map(Change::size).sum()
    }

    /// Takes in the step that followed at once, if both are typing in one text. What others typed
    /// in between belongs to neither.
    fn join(&mut self, next: &Self) -> bool {
        let ([Change::Text { key, back, now }], [Change::Text { key: other, back: from, now: to }]) =
            (self.changes.as_mut_slice(), next.changes.as_slice())
        else {
            return false;
        };
        if key != other {
            return false;
        }
        if now != from {
            *back = merged(now, back, from);
        }
        *now = to.clone();
        true
    }

    /// How to take it back from how the exercise is now. `is_mine` tells whether the values of a
    /// cell were written by the person whose step it is.
    #[must_use]
    pub fn take_back(&self, exercise: &Exercise, is_mine: impl Fn(&Key) -> bool) -> Return {
        let mut result = Return::default();
        let mut settled: BTreeSet<(TableId, &RowId)> = BTreeSet::new();
        let adds = self.changes.iter().any(|change| matches!(change, Change::Added { .. }));
        // Large for a paste, and asked once for each row that it added.
        let left: BTreeMap<Key, &Change> = match adds {
            true => self.changes.iter().map(|change| (change.key(), change)).collect(),
            false => BTreeMap::new(),
        };
        for change in &self.changes {
            let Change::Added { table, row, now } = change else { continue };
            let is_deleted = exercise.row(*table, row).is_none_or(|row| row.deleted);
            if is_deleted == *now {
                continue;
            }
            let stays = *now && others_wrote_into(exercise, *table, row, &left, &is_mine);
            let is_own = is_mine(&change.key()) && is_mine(&Key::cell(*table, row, DELETED));
            if stays || !is_own {
                result.kept.push(change.key());
                continue;
            }
            settled.insert((*table, row));
            let (table, row, deleted) = (*table, row.clone(), *now);
            result.edits.push(Edit::DeleteRow { table, row: row.clone(), deleted });
            result.inverse.changes.push(Change::Added { table, row, now: !*now });
        }
        for change in &self.changes {
            match change {
                Change::Added { .. } => {}
                // What it wrote into a row that it added goes and comes back with the row.
                Change::Value { key, .. }
                | Change::Member { key, .. }
                | Change::Text { key, .. }
                    if settled.contains(&(key.table, &key.row)) =>
                {
                    result.inverse.changes.push(change.clone());
                }
                change => change.take_back(exercise, &is_mine, &mut result),
            }
        }
        result
    }
}

/// Whether a row holds anything that a step did not leave there.
fn others_wrote_into(
    exercise: &Exercise,
    table: TableId,
    row: &RowId,
    left: &BTreeMap<Key, &Change>,
    is_mine: impl Fn(&Key) -> bool,
) -> bool {
    let Some(found) = exercise.row(table, row) else { return false };
    !found.cells.iter().all(|(field, cell)| {
        let key = Key::cell(table, row, field);
        match (cell, left.get(&key)) {
            (Cell::Value(value), Some(Change::Value { now, .. })) => {
                now.as_ref() == Some(value) && is_mine(&key)
            }
            (Cell::Narrative(text), Some(Change::Text { now, .. })) => now == text,
            (Cell::Set(members), _) => members.iter().all(|member| {
                let key = Key::member(table, row, field, member);
                matches!(left.get(&key), Some(Change::Member { now: true, .. })) && is_mine(&key)
            }),
            _ => false,
        }
    })
}

impl Change {
    fn take_back(&self, exercise: &Exercise, is_mine: impl Fn(&Key) -> bool, result: &mut Return) {
        let key = self.key();
        let present = state(exercise, self);
        let Some(present) = present.filter(|present| !present.is_at(self)) else { return };
        if let (Self::Text { back, now, .. }, State::Text(text)) = (self, &present) {
            let new = if text == now { back.clone() } else { merged(now, back, text) };
            match Splice::between(text, &new) {
                Some(Splice { at, delete, insert }) => {
                    result.edits.push(Edit::SpliceText { key: key.clone(), at, delete, insert });
                    let back = text.clone();
                    result.inverse.changes.push(Self::Text { key, back, now: new });
                }
                None => result.kept.push(key),
            }
            return;
        }
        if !present.is_left_by(self) || !is_mine(&key) {
            return result.kept.push(key);
        }
        let (edit, inverse) = match self.clone() {
            Self::Value { key, back, now } => {
                if template::fits(exercise, &key, back.as_ref()).is_err() {
                    // The column holds something else today.
                    return result.kept.push(key);
                }
                let edit = Edit::SetCell { key: key.clone(), value: back.clone() };
                (edit, Self::Value { key, back: now, now: back })
            }
            Self::Member { key, back, now } => {
                let edit = Edit::SetMember { key: key.clone(), present: back };
                (edit, Self::Member { key, back: now, now: back })
            }
            Self::Moved { table, row, back, now } => {
                let edit = Edit::PlaceRow { table, row: row.clone(), order: back.clone() };
                (edit, Self::Moved { table, row, back: now, now: back })
            }
            Self::Deleted { table, row, back, now } => {
                let edit = Edit::DeleteRow { table, row: row.clone(), deleted: back };
                (edit, Self::Deleted { table, row, back: now, now: back })
            }
            Self::Text { .. } | Self::Added { .. } => return,
        };
        result.edits.push(edit);
        result.inverse.changes.push(inverse);
    }
}

/// A change that has done nothing yet.
fn before(exercise: &Exercise, edit: &Edit) -> Change {
    let key = edit.key();
    match edit {
        Edit::PlaceRow { table, row, .. } => match order(exercise, *table, row) {
            order if order.is_empty() => {
                Change::Added { table: *table, row: row.clone(), now: true }
            }
            back => Change::Moved { table: *table, row: row.clone(), now: back.clone(), back },
        },
        Edit::DeleteRow { table, row, .. } => {
            let back = exercise.row(*table, row).is_some_and(|row| row.deleted);
            Change::Deleted { table: *table, row: row.clone(), back, now: back }
        }
        Edit::SetCell { .. } => {
            let back = value(exercise, &key);
            Change::Value { key, now: back.clone(), back }
        }
        Edit::SetMember { .. } => {
            let back = is_member(exercise, &key);
            Change::Member { key, back, now: back }
        }
        Edit::SpliceText { .. } => {
            let back = text(exercise, &key);
            Change::Text { key, now: back.clone(), back }
        }
    }
}

/// What an edit leaves.
fn follow(change: &mut Change, edit: &Edit) {
    match (change, edit) {
        (Change::Value { now, .. }, Edit::SetCell { value, .. }) => now.clone_from(value),
        (Change::Member { now, .. }, Edit::SetMember { present, .. }) => *now = *present,
        (Change::Moved { now, .. }, Edit::PlaceRow { order, .. }) => now.clone_from(order),
        (Change::Deleted { now, .. }, Edit::DeleteRow { deleted, .. }) => *now = *deleted,
        // A splice that does not fit is refused when it is applied.
        (Change::Text { now, .. }, Edit::SpliceText { at, delete, insert, .. })
            if now.get(*at..at.saturating_add(*delete)).is_some() =>
        {
            now.replace_range(*at..at + delete, insert);
        }
        _ => {}
    }
}
