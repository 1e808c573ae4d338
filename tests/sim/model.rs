//! What the people wrote, and what must therefore be there in the end: worked out without the
//! document, from who had seen what.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    doc::{Content, Document},
    edit::Edit,
    ids::Peer,
    key::{Key, ORDER},
    model::Cell,
    protocol::{EntryNo, LogEntry, Seq},
    sync::journal::Cursor,
    value::Value,
};

use crate::world::{Exercise, Violation};

/// Names an entry.
pub type Id = (Peer, EntryNo);

/// Where no device wrote it.
pub const NO_DEVICE: usize = usize::MAX;

/// An entry of a log, and what was written that it is.
pub type Committed<'a> = (Id, &'a Written);

/// Entries that wait on a device, with what they say.
pub type Found = BTreeMap<Id, Vec<u8>>;

/// The place of each entry in the log of each database that there was.
pub type Logs = BTreeMap<u64, BTreeMap<Id, Seq>>;

/// What an entry does.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub device: usize,
    pub update: Vec<u8>,
    /// Cells of fixed type, with what the writer's entry says from then on.
    cells: BTreeMap<Key, Content>,
    /// Characters; each one is typed once in a run.
    typed: BTreeMap<Key, BTreeSet<char>>,
    erased: BTreeMap<Key, BTreeSet<char>>,
    /// The log up to here had been seen,
    cursor: Cursor,
    /// and these entries of other writers of the device.
    local: Found,
}

impl Written {
    /// What these edits do to the exercise as the person sees it.
    pub fn new(device: usize, cursor: Cursor, local: Found) -> Self {
        Self { device, cursor, local, ..Self::default() }
    }

    fn is(&self, entry: &LogEntry) -> bool {
        entry.update.as_ref().is_some_and(|blob| blob.0 == self.update)
    }

    /// Notes the edits; `before` is what the person saw, `touched` what changed.
    pub fn note(&mut self, edits: &[Edit], before: &Exercise, touched: &BTreeSet<Key>) {
        for edit in edits {
            let key = edit.key();
            if !touched.contains(&key) {
                continue;
            }
            let content = match edit {
                Edit::PlaceRow { order, .. } => Content::Value(Value::Text(order.clone())),
                Edit::DeleteRow { deleted, .. } => Content::Value(Value::Flag(*deleted)),
                Edit::SetCell { value: Some(value), .. } => Content::Value(value.clone()),
                Edit::SetMember { present: true, .. } => Content::Value(Value::Flag(true)),
                Edit::SetCell { value: None, .. } | Edit::SetMember { .. } => Content::Empty,
                Edit::SpliceText { at, delete, insert, .. } => {
                    let text = text(before, &key);
                    let erased = text[*at..at + delete].chars();
                    self.erased.entry(key.clone()).or_default().extend(erased);
                    self.typed.entry(key).or_default().extend(insert.chars());
                    continue;
                }
            };
            self.cells.insert(key, content);
        }
    }
}

/// A narrative cell's text.
pub fn text(exercise: &Exercise, key: &Key) -> String {
    let row = exercise.row(key.table, &key.row);
    match row.and_then(|row| row.cells.get(key.field.as_str())) {
        Some(Cell::Narrative(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Everything that was written, said and promised.
#[derive(Debug, Default)]
pub struct Model {
    /// What entries say: several things where a device became what it was, and used a number again.
    written: BTreeMap<Id, Vec<Written>>,
    /// Entries of which a device said that they are stored.
    pub saved: BTreeSet<Id>,
    /// Entries of which a device was told that the server has them.
    pub acked: BTreeSet<Id>,
    /// Entries that a broken disk took away.
    pub gone: BTreeSet<Id>,
}

impl Model {
    /// The server has lost these.
    pub fn forget(&mut self, gone: impl Iterator<Item = Id>) {
        for id in gone {
            self.acked.remove(&id);
            self.gone.insert(id);
        }
    }

    /// An entry was written; `false` where one of this name had been saved.
    pub fn write(&mut self, id: Id, written: Written) -> bool {
        self.written.entry(id).or_default().push(written);
        self.gone.remove(&id);
        !self.saved.remove(&id)
    }

    /// Whether this device wrote it.
    pub fn is_of(&self, device: usize, id: Id) -> bool {
        self.latest(id).is_some_and(|written| written.device == device)
    }

    fn latest(&self, id: Id) -> Option<&Written> {
        self.written.get(&id)?.last()
    }

    /// Whether an entry of the log is what was last written by its name.
    pub fn is_latest(&self, entry: &LogEntry) -> bool {
        let id = (entry.peer, entry.entry);
        self.latest(id).is_some_and(|written| written.is(entry))
    }

    /// What was written that is this entry of a log.
    pub fn of(&self, entry: &LogEntry) -> Option<&Written> {
        self.written.get(&(entry.peer, entry.entry))?.iter().find(|written| written.is(entry))
    }

    /// Whether the exercise holds exactly what the entries leave that are committed in this log;
    /// `logs` tells what their writers had seen.
    pub fn check(
        &self,
        log: &[Committed<'_>],
        logs: &Logs,
        document: &Document,
    ) -> Result<(), Violation> {
        let saw = |(later, written): Committed<'_>, (earlier, seen): Committed<'_>| {
            let Written { cursor, local, .. } = written;
            let place = logs.get(&cursor.epoch).and_then(|log| log.get(&earlier));
            later.0 == earlier.0 && later.1 > earlier.1
                || place.is_some_and(|place| *place <= cursor.seq)
                || local.get(&earlier).is_some_and(|found| *found == seen.update)
        };
        let mut cells: BTreeMap<&Key, Vec<(Committed<'_>, &Content)>> = BTreeMap::new();
        let mut typed: BTreeMap<&Key, BTreeSet<char>> = BTreeMap::new();
        for (id, written) in log {
            for (key, content) in &written.cells {
                cells.entry(key).or_default().push(((*id, written), content));
            }
            for (key, chars) in &written.typed {
                typed.entry(key).or_default().extend(chars);
            }
        }
        for (key, chars) in log.iter().flat_map(|(_, written)| &written.erased) {
            typed.entry(key).or_default().retain(|char| !chars.contains(char));
        }
        for (key, entries) in cells {
            let left: BTreeMap<Peer, &Content> = entries
                .iter()
                .filter(|(this, _)| {
                    !entries.iter().any(|(other, _)| other.0 != this.0 && saw(*other, *this))
                })
                .map(|((id, _), content)| (id.0, *content))
                .collect();
            let found: BTreeSet<Peer> = document.writers(key).collect();
            if !left.keys().eq(&found)
                || left
                    .iter()
                    .any(|(peer, content)| document.content(key, *peer).as_ref() != Some(*content))
            {
                return Err(format!("{key} should hold {left:?}, and is written by {found:?}"));
            }
            let undecided = document.exercise().undecided().contains_key(key);
            let is_decision = key.member.is_none() && !key.field.starts_with(&ORDER[..1]);
            let differ = left.values().any(|content| Some(content) != left.values().next());
            if undecided != (is_decision && differ) {
                return Err(format!("{key} holds {left:?}; shown as a decision: {undecided}"));
            }
        }
        for (key, expected) in typed {
            let text = text(document.exercise(), key);
            let found: BTreeSet<char> = text.chars().collect();
            if found != expected || text.chars().count() != found.len() {
                return Err(format!("{key} should hold {expected:?}, and is {text:?}"));
            }
        }
        Ok(())
    }
}
