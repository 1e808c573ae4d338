//! What became of each cell, and the exercise as it was: the log, read as history.
//!
//! A [`Trace`] replays entries through a document and notes, for each cell that one touched, what
//! the cell held then. Texts are noted as the replacement that was made, so that a long text costs
//! no more than what was typed.

mod moments;
mod past;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    doc::{Document, MergeError},
    edit::{Edit, Splice},
    ids::{ExerciseId, Peer},
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise},
    protocol::Seq,
    value::Value,
};

pub use moments::Moments;
pub use past::{Difference, Since, Told, WorkSession, differences, sessions};

/// Texts and sets that somebody goes on changing after less than this are one step.
const PAUSE_MS: i64 = 5 * 60 * 1000;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// The person's name.
    pub name: String,
    /// The person's role, as [`crate::access::Role::title`] says it.
    pub role: String,
}

/// One entry of the log, as far as history needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its place; entries that have none yet go on counting.
    pub seq: Seq,
    /// Its writer.
    pub peer: Peer,
    /// When it was committed, in milliseconds since 1970 (UTC), where that is known.
    pub at: Option<i64>,
    /// The update.
    pub update: &'a [u8],
}

/// What one entry did to one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    seq: Seq,
    peer: Peer,
    at: Option<i64>,
    after: After,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum After {
    Cell(Option<Cell>),
    Text(Splice),
}

/// One step in the history of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The place of its last entry.
    pub seq: Seq,
    /// When it began and ended, where that is known.
    pub from: Option<i64>,
    /// See `from`.
    pub at: Option<i64>,
    /// Who did it; `None` where that is not known.
    pub author: Option<Author>,
    /// Who brought it to the server, where that was somebody else: from a rescue file or a meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_by: Option<String>,
    /// What the cell held before.
    pub before: Option<Cell>,
    /// What it held then.
    pub after: Option<Cell>,
}

/// Replays a log.
#[derive(Debug)]
pub struct Trace {
    document: Document,
    /// What the exercise was where the replay began.
    origin: Exercise,
    /// Entries up to here are known.
    seq: Seq,
    changes: BTreeMap<Key, Vec<Change>>,
    /// The present texts of cells that were touched.
    texts: BTreeMap<Key, String>,
}

impl Trace {
    /// Begins before the first entry.
    #[must_use]
    pub fn new(id: ExerciseId) -> Self {
        Self::from(Document::new(id, Peer::SERVER), 0)
    }

    /// Begins with what a document holds up to a place of the log: what was before is not known.
    #[must_use]
    pub fn from(document: Document, seq: Seq) -> Self {
        let (changes, texts) = Default::default();
        Self { origin: document.exercise().clone(), document, seq, changes, texts }
    }

    /// The place of the last entry.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The exercise after the last entry.
    #[must_use]
    pub fn exercise(&self) -> &Exercise {
        self.document.exercise()
    }

    /// Takes the next entry.
    pub fn add(&mut self, entry: Entry<'_>) -> Result<(), MergeError> {
        let Entry { seq, peer, at, update } = entry;
        let touched = self.document.merge(update)?;
        self.seq = seq;
        // Members of a set are noted as the set.
        let cells: BTreeSet<Key> =
            touched.into_iter().map(|key| Key { member: None, ..key }).collect();
        for key in cells {
            let now = cell(self.document.exercise(), &key);
            if let Some(after) = self.after(&key, now) {
                self.changes.entry(key).or_default().push(Change { seq, peer, at, after });
            }
        }
        Ok(())
    }

    fn after(&mut self, key: &Key, now: Option<Cell>) -> Option<After> {
        let known = match self.texts.get_mut(key) {
            Some(known) => Some(known),
            None => match (cell(&self.origin, key), &now) {
                (Some(Cell::Narrative(text)), _) => {
                    Some(self.texts.entry(key.clone()).or_insert(text))
                }
                (_, Some(Cell::Narrative(_))) => Some(self.texts.entry(key.clone()).or_default()),
                _ => None,
            },
        };
        let Some(known) = known else { return Some(After::Cell(now)) };
        let text = match now {
            Some(Cell::Narrative(text)) => text,
            _ => String::new(),
        };
        let splice = Splice::between(known, &text)?;
        *known = text;
        Some(After::Text(splice))
    }

    /// The history of a cell, the latest first, up to so many steps.
    #[must_use]
    pub fn steps(&self, key: &Key, most: usize, who: impl Fn(Peer) -> Option<Author>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut present = cell(&self.origin, key);
        for change in self.changes.get(key).into_iter().flatten() {
            let before = present.clone();
            present = change.after.apply(present);
            let step = Step {
                seq: change.seq,
                from: change.at,
                at: change.at,
                author: who(change.peer),
                brought_by: None,
                before,
                after: present.clone(),
            };
            match steps.last_mut() {
                Some(last) if last.goes_on_in(&step) => {
                    (last.seq, last.at, last.after) = (step.seq, step.at, step.after);
                }
                _ => steps.push(step),
            }
        }
        steps.retain(|step| step.before != step.after);
        steps.reverse();
        steps.truncate(most);
        steps
    }

    /// Who last changed a cell after a place of the log, and when.
    #[must_use]
    pub fn last_change(&self, key: &Key, after: Seq) -> Option<(Peer, Option<i64>)> {
        let last = self.changes.get(key)?.last()?;
        (last.seq > after).then_some((last.peer, last.at))
    }
}

impl After {
    fn apply(&self, before: Option<Cell>) -> Option<Cell> {
        match self {
            Self::Cell(cell) => cell.clone(),
            Self::Text(splice) => {
                let mut text = match before {
                    Some(Cell::Narrative(text)) => text,
                    _ => String::new(),
                };
                splice.apply(&mut text);
                (!text.is_empty()).then_some(Cell::Narrative(text))
            }
        }
    }
}

impl Step {
    /// Whether another step continues this one: the same person, a text or set, without a pause.
    fn goes_on_in(&self, next: &Self) -> bool {
        let gathers = |cell: &Option<Cell>| matches!(cell, Some(Cell::Narrative(_) | Cell::Set(_)));
        let is_near = match (self.at, next.from) {
            (Some(at), Some(from)) => from - at < PAUSE_MS,
            (at, from) => at == from,
        };
        (gathers(&self.after) || gathers(&next.after)) && self.author == next.author && is_near
    }
}

/// What a cell holds. The order and the mark of deletion of a row are cells here.
#[must_use]
pub fn cell(exercise: &Exercise, key: &Key) -> Option<Cell> {
    let row = exercise.row(key.table, &key.row)?;
    match key.field.as_str() {
        ORDER => (!row.order.is_empty()).then(|| Cell::Value(Value::Text(row.order.clone()))),
        DELETED => row.deleted.then_some(Cell::Value(Value::Flag(true))),
        field => row.cells.get(field).cloned(),
    }
}

/// The edits that make a cell hold again what it once held; none where it does already.
#[must_use]
pub fn restoring(exercise: &Exercise, key: &Key, wanted: Option<&Cell>) -> Vec<Edit> {
    let present = cell(exercise, key);
    if present.as_ref() == wanted {
        return Vec::new();
    }
    match (&present, wanted) {
        (Some(Cell::Narrative(_)), _) | (_, Some(Cell::Narrative(_))) => {
            let text = |cell: Option<&Cell>| match cell {
                Some(Cell::Narrative(text)) => text.clone(),
                _ => String::new(),
            };
            let splice = Edit::splice(key.clone(), &text(present.as_ref()), &text(wanted));
            splice.into_iter().collect()
        }
        (Some(Cell::Set(_)), _) | (_, Some(Cell::Set(_))) => {
            let members = |cell: Option<&Cell>| match cell {
                Some(Cell::Set(members)) => members.clone(),
                _ => BTreeSet::new(),
            };
            let (now, then) = (members(present.as_ref()), members(wanted));
            let edit = |member: &String| {
                let key = Key::member(key.table, &key.row, &key.field, member);
                Edit::SetMember { key, present: then.contains(member) }
            };
            now.symmetric_difference(&then).map(edit).collect()
        }
        _ => {
            let value = match wanted {
                Some(Cell::Value(value)) => Some(value.clone()),
                _ => None,
            };
            vec![Edit::SetCell { key: key.clone(), value }]
        }
    }
}

#[cfg(test)]
mod tests;
