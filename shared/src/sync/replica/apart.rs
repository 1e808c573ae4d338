//! What this device and others wrote without knowing of each other, where nobody has to decide: a
//! text that both changed, a row that one deleted and another wrote into.
//!
//! The order of the log says it exactly. Who wrote an entry that stands before one of ours knew
//! nothing of ours, and while ours waited we knew nothing of theirs. Two people who type in one cell
//! on living connections do that with every word, and see it happen. What counts is what waited when
//! the server answered a new connection: written without one, or cut off on its way.

use std::collections::{BTreeMap, BTreeSet};

use super::{Replica, Step};
use crate::{
    doc::{Document, MergeError},
    edit::Edit,
    history,
    ids::{Peer, RowId},
    key::{DELETED, Key},
    model::Cell,
    protocol::EntryNo,
    template::TableId,
};

/// Something that was written apart. `by` is the other writer, where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// What others wrote came into a text that this device had changed.
    Text {
        /// The cell.
        key: Key,
        /// The text as this device had it.
        before: String,
        /// The text with what both wrote.
        after: String,
        /// Who wrote it.
        by: Option<Peer>,
    },
    /// Somebody else deleted a row. Whoever notes it knows whether the person wrote into it.
    Deleted {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// Who deleted it.
        by: Option<Peer>,
    },
    /// Somebody else wrote into a row that is deleted, not knowing it: who knows does not see it.
    Wrote {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// Who wrote.
        by: Option<Peer>,
    },
}

impl Apart {
    /// The row that it is about.
    #[must_use]
    pub fn row(&self) -> (TableId, &RowId) {
        match self {
            Self::Text { key, .. } => (key.table, &key.row),
            Self::Deleted { table, row, .. } | Self::Wrote { table, row, .. } => (*table, row),
        }
    }

    /// The other writer, where that is known.
    #[must_use]
    pub fn by(&self) -> Option<Peer> {
        match self {
            Self::Text { by, .. } | Self::Deleted { by, .. } | Self::Wrote { by, .. } => *by,
        }
    }
}

/// The texts that entries change which the server has not confirmed.
#[derive(Debug, Default)]
pub(super) struct Texts {
    waiting: BTreeSet<(Peer, EntryNo, Key)>,
    /// The last of them, by writer, when the server answered a new connection.
    blind: BTreeMap<Peer, EntryNo>,
}

impl Texts {
    /// An entry waits.
    pub fn wrote(&mut self, peer: Peer, entry: EntryNo, edits: &[Edit]) {
        let texts = edits.iter().filter(|edit| matches!(edit, Edit::SpliceText { .. }));
        self.waiting.extend(texts.map(|edit| (peer, entry, edit.key())));
    }

    /// The server answered a new connection.
    pub fn answered(&mut self) {
        self.blind = self.waiting.iter().map(|(peer, entry, _)| (*peer, *entry)).collect();
    }

    /// The server has a writer's entries up to this one.
    pub fn committed(&mut self, peer: Peer, up_to: EntryNo) {
        self.waiting.retain(|(writer, entry, _)| *writer != peer || *entry > up_to);
    }

    fn is_blind(&self, (peer, entry, _): &&(Peer, EntryNo, Key)) -> bool {
        self.blind.get(peer).is_some_and(|last| entry <= last)
    }

    /// The texts that were changed apart.
    fn apart(&self) -> impl Iterator<Item = &Key> {
        self.waiting.iter().filter(|it| self.is_blind(it)).map(|(_, _, key)| key)
    }
}

impl Replica {
    /// Whether a writer is this tab, one that it adopted, or another tab of the device.
    pub(super) fn is_of_device(&self, peer: Peer) -> bool {
        self.peers.contains(&peer) || self.neighbours.contains(peer)
    }

    /// Merges entries in the order of the log.
    pub(super) fn merge_in_order(
        &mut self,
        entries: &[(Peer, EntryNo, Vec<u8>)],
        step: &mut Step,
    ) -> Result<(), MergeError> {
        let mut texts = self.texts_apart();
        for run in entries.chunk_by(|(one, ..), (next, ..)| one == next) {
            let updates: Vec<&[u8]> = run.iter().map(|(_, _, update)| update.as_slice()).collect();
            match run.last() {
                Some((peer, last, _)) if self.is_of_device(*peer) => {
                    step.touched.extend(self.document.merge_all(&updates)?);
                    // What others wrote after it may know of it.
                    self.texts.committed(*peer, *last);
                    if !texts.is_empty() {
                        texts = self.texts_apart();
                    }
                }
                Some((peer, ..)) => {
                    self.merge_of_others(&updates, Some(*peer), &mut texts, step)?
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Merges a base: who wrote what is in it is not known.
    pub(super) fn merge_base(&mut self, base: &[u8], step: &mut Step) -> Result<(), MergeError> {
        let mut texts = self.texts_apart();
        self.merge_of_others(&[base], None, &mut texts, step)
    }

    /// The texts that were changed apart, as they are.
    fn texts_apart(&self) -> BTreeMap<Key, String> {
        let keys: BTreeSet<&Key> = self.texts.apart().collect();
        keys.into_iter().map(|key| (key.clone(), text(&self.document, key))).collect()
    }

    fn merge_of_others(
        &mut self,
        updates: &[&[u8]],
        by: Option<Peer>,
        texts: &mut BTreeMap<Key, String>,
        step: &mut Step,
    ) -> Result<(), MergeError> {
        let touched = self.document.merge_all(updates)?;
        for key in &touched {
            if let Some(known) = texts.get_mut(key) {
                let after = text(&self.document, key);
                let before = std::mem::replace(known, after.clone());
                if before != after {
                    step.apart.push(Apart::Text { key: key.clone(), before, after, by });
                }
            }
            if let Some(apart) = self.row_apart(key, &touched, by)
                && step.apart.last() != Some(&apart)
            {
                step.apart.push(apart);
            }
        }
        step.touched.extend(touched);
        Ok(())
    }

    /// What a change of a cell says of its row, where that is deleted.
    fn row_apart(&self, key: &Key, touched: &BTreeSet<Key>, by: Option<Peer>) -> Option<Apart> {
        let document = &self.document;
        document.exercise().row(key.table, &key.row).filter(|row| row.deleted)?;
        let (table, row) = (key.table, key.row.clone());
        let is_own = |peer: &Peer| self.is_of_device(*peer);
        let by = by.or_else(|| document.writers(key).find(|peer| !is_own(peer)));
        if key.field == DELETED {
            let is_foreign = !document.writers(key).any(|peer| is_own(&peer));
            return is_foreign.then_some(Apart::Deleted { table, row, by });
        }
        let is_cell = !key.field.starts_with('_');
        let was_deleted = !touched.contains(&Key::cell(table, &row, DELETED));
        (is_cell && was_deleted).then_some(Apart::Wrote { table, row, by })
    }
}

fn text(document: &Document, key: &Key) -> String {
    match history::cell(document.exercise(), key) {
        Some(Cell::Narrative(text)) => text,
        _ => String::new(),
    }
}
