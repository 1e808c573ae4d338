//! The document that people edit together: a CRDT (yrs), hidden behind [`Edit`] and
//! [`Exercise`]. This is the only file that names it.
//!
//! * One flat map holds all cells. Its keys are `key@writer` (see [`crate::key`]): who writes a
//!   cell sets the entry of their own and removes those that they saw. What is left of a cell is
//!   therefore every value that was written without knowledge of the others: one, mostly; several
//!   are a decision that people must take. No value is ever overwritten silently.
//! * A narrative cell is a text of its own, merged by character. Whoever first types into it also
//!   sets the cell's entry to [`NARRATIVE`], which tells the others that the text exists.
//! * Rows are never removed; a mark says that they are deleted.
//!
//! The plain [`Exercise`] follows each change from the keys that the CRDT says were touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use yrs::{
    Any, ClientID, Doc, GetString, Map, MapRef, Observable, OffsetKind, Options, Out, ReadTxn,
    StateVector, Text, Transact, TransactionMut, Update, WriteTxn, types::EntryChange,
    updates::decoder::Decode,
};

use crate::{
    digest::Digest,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    limits,
    model::{Cell, Exercise},
    template::{self, Misfit, TableId},
    value::Value,
};

const CELLS: &str = "cells";
const OBSERVER: &str = "cells";
/// Entry that says that a narrative cell has a text.
const NARRATIVE: &str = "n";
/// Entry of a cell that was emptied, so that emptying is seen beside a value written meanwhile.
const EMPTY: &str = "";

/// Why an edit was not applied. The document is as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditError {
    /// The value may not stand in that cell.
    Misfit(Misfit),
    /// The splice does not fit the text as it is now.
    TextMoved,
    /// A limit of [`limits`] would be passed.
    TooMuch,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misfit(misfit) => misfit.fmt(f),
            Self::TextMoved => f.write_str("El texto cambió mientras se escribía."),
            Self::TooMuch => f.write_str("Se pasó el tamaño máximo permitido."),
        }
    }
}

impl std::error::Error for EditError {}

/// Why bytes from elsewhere were not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeError {
    /// They are no update.
    Malformed,
    /// They build on something that this document has not got. Updates must come in an order in
    /// which each follows what its writer had seen, as in the server's log; the document must be
    /// loaded again.
    Incomplete,
    /// They write what no edit writes. The document holds it and must be loaded again.
    Foreign,
    /// They are not the next ones of their writer: written by another, repeated, or after some that
    /// are missing. The document is as before.
    OutOfTurn,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "Los datos recibidos están dañados.",
            Self::Incomplete => "Faltan cambios anteriores a los recibidos.",
            Self::Foreign => "Los datos recibidos no son de un ejercicio.",
            Self::OutOfTurn => "Los datos recibidos no siguen a los anteriores de su autor.",
        })
    }
}

impl std::error::Error for MergeError {}

/// What applying edits, or merging somebody's update, did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// For others to merge; empty where nothing changed.
    pub update: Vec<u8>,
    /// The cells that are not what they were.
    pub touched: BTreeSet<Key>,
}

/// What a writer's entry of a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The cell was emptied.
    Empty,
    /// The cell is a text, merged by character.
    Narrative,
    /// The cell holds this.
    Value(Value),
}

/// The document of one exercise, with its plain projection.
pub struct Document {
    doc: Doc,
    cells: MapRef,
    peer: Peer,
    seen: Arc<Mutex<Seen>>,
    registers: FxHashMap<Arc<str>, Register>,
    texts: FxHashMap<Arc<str>, String>,
    exercise: Exercise,
    digest: Digest,
}

/// What one writer last wrote into one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    peer: Peer,
    content: Arc<str>,
}

/// The present values of one cell, the shown one first.
type Register = SmallVec<[Entry; 1]>;

/// What the CRDT's events named since they were last taken.
#[derive(Default)]
struct Seen {
    entries: Vec<(Arc<str>, Option<Arc<str>>)>,
    texts: Vec<Arc<str>>,
    foreign: bool,
}

impl Document {
    /// An empty document of an exercise, written to as `peer`.
    ///
    /// Empty documents of one exercise are equal: whoever starts one offline starts the same one.
    #[must_use]
    pub fn new(id: ExerciseId, peer: Peer) -> Self {
        let doc = Doc::with_options(Options {
            client_id: ClientID::new(peer.number()),
            guid: id.to_string().into(),
            offset_kind: OffsetKind::Bytes,
            ..Options::default()
        });
        let cells = doc.get_or_insert_map(CELLS);
        let mut document = Self {
            doc,
            cells,
            peer,
            seen: Arc::default(),
            registers: FxHashMap::default(),
            texts: FxHashMap::default(),
            exercise: Exercise::new(id),
            digest: Digest::default(),
        };
        document.observe();
        document
    }

    /// A document from stored updates, in the order of [`Document::merge`]. The same as merging
    /// them into a new one, but several times faster: opening a large exercise is a wait.
    pub fn load<'a>(
        id: ExerciseId,
        peer: Peer,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, MergeError> {
        let mut document = Self::new(id, peer);
        document.cells.unobserve(OBSERVER);
        document.integrate(updates.into_iter().map(decode).collect::<Result<_, _>>()?)?;
        document.read_all()?;
        document.observe();
        Ok(document)
    }

    fn observe(&mut self) {
        let seen = Arc::clone(&self.seen);
        self.cells.observe(OBSERVER, move |txn, event| {
            let mut seen = lock(&seen);
            for (name, change) in event.keys(txn) {
                let content = match change {
                    EntryChange::Inserted(out) | EntryChange::Updated(_, out) => match out {
                        Out::Any(Any::String(text)) => Some(text.clone()),
                        _ => {
                            seen.foreign = true;
                            continue;
                        }
                    },
                    EntryChange::Removed(_) => None,
                };
                seen.entries.push((name.clone(), content));
            }
        });
    }

    /// The exercise as plain data.
    #[must_use]
    pub fn exercise(&self) -> &Exercise {
        &self.exercise
    }

    /// The writer that edits are applied as.
    #[must_use]
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Equal for equal contents. See [`Digest`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Applies edits as one, or none of them.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<Change, EditError> {
        self.check(edits)?;
        let mut texts = BTreeSet::new();
        let update = {
            let mut txn = self.doc.transact_mut();
            for edit in edits {
                self.write(&mut txn, edit, &mut texts);
            }
            if txn.insert_set().is_empty() && txn.delete_set().is_empty() {
                Vec::new()
            } else {
                txn.encode_update_v1()
            }
        };
        let touched = self.follow(texts, None).map_err(|_| EditError::Misfit(Misfit::WrongType))?;
        Ok(Change { update, touched })
    }

    /// Merges an update, any number of times, after all that its writer had seen.
    pub fn merge(&mut self, update: &[u8]) -> Result<BTreeSet<Key>, MergeError> {
        self.merge_all(std::iter::once(update))
    }

    /// Merges several updates as one change: what opening and catching up do.
    pub fn merge_all<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<BTreeSet<Key>, MergeError> {
        let updates = updates.into_iter().map(decode).collect::<Result<_, _>>()?;
        let complete = self.integrate(updates);
        let touched = self.follow(BTreeSet::new(), None)?;
        complete.map(|()| touched)
    }

    /// Merges the next update of this writer, if it is that, and if it writes in no other name and
    /// takes no value away without one of its writer's own: what the server asks of whatever it
    /// accepts.
    pub fn merge_from(&mut self, writer: Peer, update: &[u8]) -> Result<BTreeSet<Key>, MergeError> {
        let update = decode(update)?;
        let clock = self.clock(writer);
        let is_next = update.insertions(true).iter().all(|(author, ranges)| {
            let mut ranges = ranges.iter();
            author.get() == writer.number()
                && ranges.next().is_some_and(|range| range.start == clock)
                && ranges.next().is_none()
        });
        if !is_next {
            return Err(MergeError::OutOfTurn);
        }
        let complete = self.integrate(vec![update]);
        let touched = self.follow(BTreeSet::new(), Some(writer))?;
        complete.map(|()| touched)
    }

    fn integrate(&mut self, updates: Vec<Update>) -> Result<(), MergeError> {
        let merged = catch_unwind(AssertUnwindSafe(|| {
            let mut txn = self.doc.transact_mut();
            for update in updates {
                txn.apply_update(update).map_err(|_| MergeError::Foreign)?;
            }
            if txn.has_missing_updates() { Err(MergeError::Incomplete) } else { Ok(()) }
        }));
        merged.unwrap_or(Err(MergeError::Foreign))
    }

    /// The whole document as one update.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// How many operations of this writer it holds. A writer that goes on from a document that
    /// lacks some of its own would give their numbers out twice.
    #[must_use]
    pub fn clock(&self, writer: Peer) -> u32 {
        self.doc.transact().state_vector().get(&ClientID::new(writer.number()))
    }

    /// What this writer's entry of a cell says; `None` where the writer has none.
    #[must_use]
    pub fn content(&self, key: &Key, writer: Peer) -> Option<Content> {
        let register = self.registers.get(key.to_string().as_str())?;
        let entry = register.iter().find(|entry| entry.peer == writer)?;
        match &*entry.content {
            EMPTY => Some(Content::Empty),
            NARRATIVE => Some(Content::Narrative),
            content => Value::decode(content).ok().map(Content::Value),
        }
    }

    /// All writers of a cell's present values: one, unless there is a decision to take.
    pub fn writers(&self, key: &Key) -> impl Iterator<Item = Peer> {
        let entries = self.registers.get(key.to_string().as_str());
        entries.into_iter().flatten().map(|entry| entry.peer)
    }

    fn check(&self, edits: &[Edit]) -> Result<(), EditError> {
        let fits = |key: &Key, value: Option<&Value>| {
            template::fits(&self.exercise, key, value).map_err(EditError::Misfit)
        };
        // Splices follow each other, and rows are counted as they would be.
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut rows: BTreeMap<TableId, usize> = BTreeMap::new();
        for edit in edits {
            let key = edit.key();
            match edit {
                Edit::PlaceRow { table, row, order } => {
                    fits(&key, Some(&Value::Text(order.clone())))?;
                    let known = self.exercise.row(*table, row).is_some();
                    let rows = rows
                        .entry(*table)
                        .or_insert_with(|| self.exercise.table(*table).all().len());
                    *rows += usize::from(!known);
                    if *rows > limits::ROWS {
                        return Err(EditError::TooMuch);
                    }
                }
                Edit::DeleteRow { .. } => {}
                Edit::SetCell { key, value } => fits(key, value.as_ref())?,
                Edit::SetMember { key, present } => {
                    if key.member.is_none() {
                        return Err(EditError::Misfit(Misfit::WrongType));
                    }
                    fits(key, present.then_some(&Value::Flag(true)))?;
                }
                Edit::SpliceText { key, at, delete, insert } => {
                    if !template::is_narrative(&self.exercise, key.table, &key.field) {
                        return Err(EditError::Misfit(Misfit::WrongType));
                    }
                    let name = key.text_name();
                    let text = texts.entry(name).or_insert_with_key(|name| {
                        self.texts.get(name.as_str()).cloned().unwrap_or_default()
                    });
                    let end = at.checked_add(*delete).ok_or(EditError::TextMoved)?;
                    if text.get(*at..end).is_none() {
                        return Err(EditError::TextMoved);
                    }
                    text.replace_range(*at..end, insert);
                    if text.len() > limits::NARRATIVE_BYTES {
                        return Err(EditError::TooMuch);
                    }
                }
            }
        }
        Ok(())
    }

    fn write(&self, txn: &mut TransactionMut<'_>, edit: &Edit, texts: &mut BTreeSet<Arc<str>>) {
        let key = edit.key();
        match edit {
            Edit::PlaceRow { order, .. } => {
                self.put(txn, &key, &Value::Text(order.clone()).encode());
            }
            Edit::DeleteRow { deleted, .. } => {
                self.put(txn, &key, &Value::Flag(*deleted).encode());
            }
            Edit::SetCell { value, .. } => {
                self.put(txn, &key, &value.as_ref().map_or(EMPTY.into(), Value::encode));
            }
            Edit::SetMember { present, .. } => {
                let content = if *present { Value::Flag(true).encode() } else { EMPTY.into() };
                self.put(txn, &key, &content);
            }
            Edit::SpliceText { at, delete, insert, .. } => {
                let name = key.text_name();
                if self.registers.get(key.to_string().as_str()).is_none_or(SmallVec::is_empty) {
                    self.put(txn, &key, NARRATIVE);
                }
                let text = txn.get_or_insert_text(name.as_str());
                // Offsets are bytes (see `OffsetKind`) and were checked; a text is below 100 kB.
                let (at, delete) = (*at as u32, *delete as u32);
                if delete > 0 {
                    text.remove_range(txn, at, delete);
                }
                if !insert.is_empty() {
                    text.insert(txn, at, insert);
                }
                texts.insert(name.into());
            }
        }
    }

    /// Writes this writer's entry of a cell and removes the entries that it replaces.
    fn put(&self, txn: &mut TransactionMut<'_>, key: &Key, content: &str) {
        let key = key.to_string();
        let entries = self.registers.get(key.as_str()).map_or(&[][..], SmallVec::as_slice);
        let unchanged = match entries {
            [] => content == EMPTY,
            [only] => &*only.content == content,
            _ => false,
        };
        if unchanged
            && self
                .cells
                .get(txn, &entry_name(&key, self.peer))
                .is_none_or(|out| matches!(out, Out::Any(Any::String(text)) if &*text == content))
        {
            return;
        }
        for entry in entries.iter().filter(|entry| entry.peer != self.peer) {
            self.cells.remove(txn, &entry_name(&key, entry.peer));
        }
        self.cells.insert(txn, entry_name(&key, self.peer), content);
    }

    /// Brings registers, digest and exercise after what the CRDT's events named. Where all of it
    /// comes from one writer, each changed cell must hold an entry of that writer's, and no other
    /// writer's may be new.
    fn follow(
        &mut self,
        mut texts: BTreeSet<Arc<str>>,
        writer: Option<Peer>,
    ) -> Result<BTreeSet<Key>, MergeError> {
        let seen = std::mem::take(&mut *lock(&self.seen));
        if seen.foreign {
            return Err(MergeError::Foreign);
        }
        let mut changed: BTreeSet<Arc<str>> = BTreeSet::new();
        for (name, content) in seen.entries {
            let (key, peer) = Key::split_entry(&name).map_err(|_| MergeError::Foreign)?;
            let key: Arc<str> = key.into();
            let entries = self.registers.entry(key.clone()).or_default();
            if let Some(place) = entries.iter().position(|entry| entry.peer == peer) {
                let old = entries.swap_remove(place);
                self.digest.remove(&name, &old.content);
            }
            if let Some(content) = content {
                if writer.is_some_and(|writer| writer != peer) {
                    return Err(MergeError::Foreign);
                }
                self.digest.add(&name, &content);
                entries.push(Entry { peer, content });
                // The greatest writer's value is shown until people decide: the same on all
                // devices, and no clock of anybody's has a say in it.
                entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.peer));
            }
            changed.insert(key);
        }
        texts.extend(seen.texts);
        let mut touched = BTreeSet::new();
        for name in changed {
            let key = Key::parse(&name).map_err(|_| MergeError::Foreign)?;
            let entries = self.registers.get(&name).cloned().unwrap_or_default();
            if writer.is_some_and(|writer| entries.iter().all(|entry| entry.peer != writer)) {
                return Err(MergeError::Foreign);
            }
            if self.project(&key, &entries)? {
                texts.insert(key.text_name().into());
            }
            touched.insert(key);
        }
        for name in texts {
            touched.insert(self.project_text(name)?);
        }
        Ok(touched)
    }

    /// Reads the whole document, as [`Document::follow`] reads what changed.
    fn read_all(&mut self) -> Result<(), MergeError> {
        let mut texts = Vec::new();
        {
            let txn = self.doc.transact();
            for (name, out) in self.cells.iter(&txn) {
                let Out::Any(Any::String(content)) = out else { return Err(MergeError::Foreign) };
                let (key, peer) = Key::split_entry(name).map_err(|_| MergeError::Foreign)?;
                self.digest.add(name, &content);
                let entry = Entry { peer, content };
                match self.registers.get_mut(key) {
                    Some(register) => {
                        register.push(entry);
                        register.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.peer));
                    }
                    None => {
                        self.registers.insert(key.into(), SmallVec::from_buf([entry]));
                    }
                }
            }
        }
        let registers = std::mem::take(&mut self.registers);
        for (name, entries) in &registers {
            let key = Key::parse(name).map_err(|_| MergeError::Foreign)?;
            if self.project(&key, entries)? {
                texts.push(key.text_name());
            }
        }
        self.registers = registers;
        for name in texts {
            self.project_text(name.into())?;
        }
        Ok(())
    }

    /// Projects one cell. `true` where it is narrative and its text must be read.
    fn project(&mut self, key: &Key, entries: &[Entry]) -> Result<bool, MergeError> {
        if entries.iter().any(|entry| &*entry.content == NARRATIVE) {
            return Ok(true);
        }
        let values: SmallVec<[(Peer, Option<Value>); 1]> = entries
            .iter()
            .map(|entry| match &*entry.content {
                EMPTY => Ok((entry.peer, None)),
                content => Ok((entry.peer, Some(Value::decode(content)?))),
            })
            .collect::<Result<_, crate::value::BadValue>>()
            .map_err(|_| MergeError::Foreign)?;
        if key.member.is_some() {
            // Adding wins over taking out: losing a link silently is worse than keeping one.
            let present = values.iter().find_map(|(_, value)| value.clone());
            self.exercise.put(key, present.map(Cell::Value));
            return Ok(false);
        }
        let undecided =
            !key.field.starts_with('_') && values.iter().any(|(_, value)| *value != values[0].1);
        let shown = values.first().and_then(|(_, value)| value.clone());
        self.exercise.put(key, shown.map(Cell::Value));
        self.exercise.put_undecided(key.clone(), undecided.then(|| values.into_vec()));
        Ok(false)
    }

    fn project_text(&mut self, name: Arc<str>) -> Result<Key, MergeError> {
        let key = Key::from_text_name(&name).map_err(|_| MergeError::Foreign)?;
        let new = !self.texts.contains_key(&name);
        let text = self.doc.get_or_insert_text(name.clone());
        if new {
            let (observer, watched) = (Arc::clone(&self.seen), name.clone());
            text.observe("text", move |_, _| lock(&observer).texts.push(watched.clone()));
        }
        let (content, length) = {
            let txn = self.doc.transact();
            (text.get_string(&txn), text.len(&txn))
        };
        if length as usize != content.len() {
            // Something else than characters, which would shift every later splice.
            return Err(MergeError::Foreign);
        }
        if let Some(old) = self.texts.insert(name.clone(), content.clone()) {
            self.digest.remove(&name, &old);
        }
        self.digest.add(&name, &content);
        let cell = (!content.is_empty()).then_some(Cell::Narrative(content));
        self.exercise.put(&key, cell);
        Ok(key)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.exercise.id)
            .field("peer", &self.peer)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// The writers of an update, read without merging it.
pub fn authors(update: &[u8]) -> Result<BTreeSet<Peer>, MergeError> {
    let inserted = decode(update)?.insertions(true);
    inserted.client_ids().map(|id| Peer::new(id.get()).map_err(|_| MergeError::Foreign)).collect()
}

/// The CRDT's decoder panics on some malformed bytes. In the browser a panic ends the program, so
/// that nothing reaches it there that the server did not decode first or the device did not store
/// with a checksum.
fn decode(update: &[u8]) -> Result<Update, MergeError> {
    match catch_unwind(|| Update::decode_v1(update)) {
        Ok(Ok(update)) => Ok(update),
        _ => Err(MergeError::Malformed),
    }
}

fn entry_name(key: &str, peer: Peer) -> String {
    format!("{key}@{peer}")
}

/// Nobody panics while holding it, and nobody else waits: each document is used by one at a time.
fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
