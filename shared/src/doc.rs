//! The document that people edit together: a CRDT (yrs), hidden behind [`Edit`] and
//! [`Exercise`]. Only this module names it.
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

mod anchor;
mod project;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use yrs::{
    Any, ClientID, Doc, MapRef, Observable, OffsetKind, Options, Out, ReadTxn, StateVector,
    Transact, Update, types::EntryChange, updates::decoder::Decode,
};

use crate::{
    digest::Digest,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    model::Exercise,
    template::Misfit,
    value::Value,
};

pub use anchor::Anchor;

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
            // As the CRDT numbers characters, and browsers count them; edits count bytes.
            offset_kind: OffsetKind::Utf16,
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

    /// A document to be read in the place of one that is not loaded yet: it is what the exercise
    /// says, without the writers of its cells.
    #[must_use]
    pub fn preview((digest, exercise): (Digest, Exercise), peer: Peer) -> Self {
        let mut document = Self::new(exercise.id, peer);
        (document.digest, document.exercise) = (digest, exercise);
        document
    }

    /// A document from stored updates, in the order of [`Document::merge`]. The same as merging
    /// them into a new one, but several times faster: opening a large exercise is a wait.
    pub fn load<'a>(
        id: ExerciseId,
        peer: Peer,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, MergeError> {
        Self::load_on_top(id, peer, updates, []).map(|(document, _)| document)
    }

    /// The same, with updates on top of others; and how many operations the others had of each writer.
    pub fn load_on_top<'a>(
        id: ExerciseId,
        peer: Peer,
        updates: impl IntoIterator<Item = &'a [u8]>,
        on_top: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(Self, BTreeMap<Peer, u32>), MergeError> {
        let mut document = Self::new(id, peer);
        document.cells.unobserve(OBSERVER);
        document.integrate(updates.into_iter().map(decode).collect::<Result<_, _>>()?)?;
        let on_top: Vec<Update> = on_top.into_iter().map(decode).collect::<Result<_, _>>()?;
        let mut clocks = BTreeMap::new();
        if !on_top.is_empty() {
            clocks = document.clocks();
            document.integrate(on_top)?;
        }
        document.read_all()?;
        document.observe();
        Ok((document, clocks))
    }

    /// The clocks of all writers: see [`Document::clock`].
    #[must_use]
    pub fn clocks(&self) -> BTreeMap<Peer, u32> {
        let state = self.doc.transact().state_vector();
        let known = state
            .iter()
            .filter_map(|(author, clock)| Some((Peer::new(author.get()).ok()?, *clock)));
        known.collect()
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
        // Splices of one text follow each other.
        let mut texts: BTreeMap<Arc<str>, String> = BTreeMap::new();
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
        let texts = texts.into_keys().collect();
        let touched = self.follow(texts, None).map_err(|_| EditError::Misfit(Misfit::WrongType))?;
        Ok(Change { update, touched })
    }

    /// Merges an update, any number of times, after all that its writer had seen.
    pub fn merge(&mut self, update: &[u8]) -> Result<BTreeSet<Key>, MergeError> {
        self.merge_all(&[update])
    }

    /// Merges several updates as one change: what opening and catching up do.
    pub fn merge_all(&mut self, updates: &[&[u8]]) -> Result<BTreeSet<Key>, MergeError> {
        let updates = updates.iter().map(|update| decode(update)).collect::<Result<_, _>>()?;
        self.integrate(updates)?;
        self.follow(BTreeSet::new(), None)
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
        self.integrate(vec![update])?;
        self.follow(BTreeSet::new(), Some(writer))
    }

    /// Once in the program, whoever calls: the CRDT's code would be there for each of them.
    #[inline(never)]
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

/// From where to where the operations of a writer go in an update, as [`Document::clock`] counts them;
/// `None` where it has none of that writer.
pub fn span(update: &[u8], writer: Peer) -> Result<Option<Range<u32>>, MergeError> {
    let inserted = decode(update)?.insertions(true);
    let of_writer = inserted.iter().find(|(author, _)| author.get() == writer.number());
    let Some((_, ranges)) = of_writer else { return Ok(None) };
    let start = ranges.iter().map(|range| range.start).min();
    let end = ranges.iter().map(|range| range.end).max();
    Ok(start.zip(end).map(|(start, end)| start..end))
}

/// The CRDT's decoder panics on some malformed bytes. In the browser a panic ends the program, so
/// that nothing reaches it there that the server did not decode first or the device did not store
/// with a checksum.
#[inline(never)]
fn decode(update: &[u8]) -> Result<Update, MergeError> {
    match catch_unwind(|| Update::decode_v1(update)) {
        Ok(Ok(update)) => Ok(update),
        _ => Err(MergeError::Malformed),
    }
}

/// The length of a text as the CRDT counts it. Texts are below 100 kB.
fn units_of(text: &str) -> u32 {
    text.chars().map(|character| character.len_utf16() as u32).sum()
}

/// The bytes of the first so many units of a text.
fn bytes_of(text: &str, units: u32) -> usize {
    let mut rest = units;
    let ends = text.char_indices().find(|(_, character)| {
        let is_beyond = rest == 0;
        rest = rest.saturating_sub(character.len_utf16() as u32);
        is_beyond
    });
    ends.map_or(text.len(), |(at, _)| at)
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
