//! What a device stores of an exercise.
//!
//! * `base`: the document up to a place of the server's log;
//! * `log`: the server's entries after it, by their place;
//! * `outbox`: what was written here and is not committed yet, by writer and number;
//! * `quarantine`: what the server refused, kept to be looked at, exported and applied anew.
//!
//! Opening merges base, log and outbox, in this order. Everything that belongs together is written
//! in one transaction, and a replica has at most one under way, so that a device that stops
//! anywhere holds a state that it once had. Several tabs may write to one store, each in its own
//! name: where they repeat each other, [`Stored::write`] says what comes of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    edit::Edit,
    ids::Peer,
    protocol::{self, Code, EntryNo, Seq},
};

/// One write of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Adds to the outbox, and notes the writer's last number and clock.
    PutOutbox {
        /// The writer.
        peer: Peer,
        /// Its number.
        entry: EntryNo,
        /// What was written.
        outgoing: Outgoing,
    },
    /// Adds to the outbox what somebody did on another device: it came in a rescue file. Its writer
    /// is not one of this device's, unless it is already.
    Carry {
        /// The writer.
        peer: Peer,
        /// Its number.
        entry: EntryNo,
        /// What was written.
        outgoing: Outgoing,
    },
    /// Takes out of the outbox what the server committed.
    DropOutbox {
        /// The writer.
        peer: Peer,
        /// Up to and including this one.
        up_to: EntryNo,
    },
    /// Adds to the log. Putting the same place again is harmless.
    PutLog {
        /// The place.
        seq: Seq,
        /// The update.
        update: Vec<u8>,
    },
    /// Says how far the log goes without gaps. Never written before what it promises. Where the
    /// stored cursor belongs to another log (its epoch is another, and not zero), base and log are
    /// forgotten: another tab may still have added to what this one knows to be gone.
    PutCursor(Cursor),
    /// Replaces the base, unless the stored one holds more, and takes out of the log what it holds
    /// (places up to and including `seq`). Not where the stored cursor belongs to another log, or to
    /// none: another tab dropped the one that this base is of.
    PutBase {
        /// The log that it is of.
        epoch: u64,
        /// The place up to which it holds the log.
        seq: Seq,
        /// The document.
        document: Vec<u8>,
    },
    /// Who these writers are, to be told without the server.
    PutWriters(Vec<protocol::Writer>),
    /// Moves entries of a writer, from this one on, from the outbox to the quarantine. The writer
    /// is not written as again: its last number is forgotten.
    Quarantine {
        /// The writer.
        peer: Peer,
        /// The first one refused.
        from: EntryNo,
        /// Why.
        code: Code,
    },
    /// Adds to the quarantine what another device had there: it came in a rescue file.
    PutRefused(Refused),
    /// Forgets base, log and cursor, to be fetched anew; the outbox stays.
    DropLog,
}

impl Write {
    /// Whether the server has what it stores, so that nothing is lost where it comes late.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        match self {
            Self::DropOutbox { .. }
            | Self::PutLog { .. }
            | Self::PutCursor(_)
            | Self::PutWriters(_) => true,
            Self::PutOutbox { .. }
            | Self::Carry { .. }
            | Self::PutBase { .. }
            | Self::Quarantine { .. }
            | Self::PutRefused(_)
            | Self::DropLog => false,
        }
    }
}

/// How far a device got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Identity of the server's log; zero before the first contact.
    pub epoch: u64,
    /// Everything up to here is in base and log.
    pub seq: Seq,
}

/// What was written here: for the server, and as edits for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The document's update.
    pub update: Vec<u8>,
    /// What the person did, to be applied anew should the update be refused.
    pub edits: Vec<Edit>,
    /// How many operations the writer had done after it (see [`crate::doc::Document::clock`]).
    pub clock: u32,
    /// It may build on entries of this device's other writers that have a smaller one, so that
    /// those go to the server first.
    pub generation: u32,
}

/// What was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The writer.
    pub peer: Peer,
    /// Its number.
    pub entry: EntryNo,
    /// Why.
    pub code: Code,
    /// What the person did.
    pub edits: Vec<Edit>,
}

/// How far a writer of this device got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEntry {
    /// The writer.
    pub peer: Peer,
    /// The last number that it used.
    pub entry: EntryNo,
    /// Its clock then.
    pub clock: u32,
}

/// Everything that a device stores of one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    /// The base and the place up to which it holds the log.
    pub base: Option<(Seq, Vec<u8>)>,
    /// The log after the base, by place, ascending.
    pub log: Vec<(Seq, Vec<u8>)>,
    /// How far the log goes.
    pub cursor: Cursor,
    /// Entries that wait, ascending by writer and number.
    pub outbox: Vec<(Peer, EntryNo, Outgoing)>,
    /// The writers of this device that may be written as again; also where no entry waits.
    pub last_entries: Vec<LastEntry>,
    /// Writers in the outbox that are of other devices: their entries came in a rescue file.
    pub carried: BTreeSet<Peer>,
    /// Who the writers are.
    pub writers: Vec<protocol::Writer>,
    /// What was refused.
    pub quarantine: Vec<Refused>,
}

impl Stored {
    /// What a store does with the writes of a transaction: the standard that each real one is
    /// tested against, and the store where a device offers none.
    pub fn write(&mut self, writes: &[Write]) {
        for write in writes {
            self.write_one(write);
        }
    }

    fn write_one(&mut self, write: &Write) {
        match write {
            Write::PutOutbox { peer, entry, outgoing } => {
                put(&mut self.outbox, (*peer, *entry, outgoing.clone()), |(p, n, _)| (*p, *n));
                let last = LastEntry { peer: *peer, entry: *entry, clock: outgoing.clock };
                put(&mut self.last_entries, last, |last| last.peer);
            }
            Write::Carry { peer, entry, outgoing } => {
                put(&mut self.outbox, (*peer, *entry, outgoing.clone()), |(p, n, _)| (*p, *n));
                if self.last_entries.iter().all(|last| last.peer != *peer) {
                    self.carried.insert(*peer);
                }
            }
            Write::DropOutbox { peer, up_to } => {
                self.outbox.retain(|(writer, entry, _)| writer != peer || entry > up_to);
            }
            Write::PutLog { seq, update } => {
                if self.base.as_ref().is_none_or(|(base, _)| base < seq) {
                    put(&mut self.log, (*seq, update.clone()), |(seq, _)| *seq);
                }
            }
            Write::PutCursor(cursor) => {
                if ![0, cursor.epoch].contains(&self.cursor.epoch) {
                    self.write_one(&Write::DropLog);
                }
                self.cursor = *cursor;
            }
            Write::PutBase { epoch, seq, document } => {
                let is_newer = self.base.as_ref().is_none_or(|(base, _)| base < seq);
                if is_newer && self.cursor.epoch == *epoch {
                    self.base = Some((*seq, document.clone()));
                    self.log.retain(|(place, _)| place > seq);
                }
            }
            Write::PutWriters(writers) => {
                for writer in writers {
                    put(&mut self.writers, writer.clone(), |writer| writer.peer);
                }
            }
            Write::Quarantine { peer, from, code } => {
                let (refused, kept) = std::mem::take(&mut self.outbox)
                    .into_iter()
                    .partition(|(writer, entry, _)| writer == peer && entry >= from);
                self.outbox = kept;
                for (peer, entry, outgoing) in refused {
                    let edits = outgoing.edits;
                    self.write_one(&Write::PutRefused(Refused { peer, entry, code: *code, edits }));
                }
                self.last_entries.retain(|last| last.peer != *peer);
            }
            Write::PutRefused(refused) => {
                put(&mut self.quarantine, refused.clone(), |refused| (refused.peer, refused.entry));
            }
            Write::DropLog => {
                (self.base, self.cursor) = (None, Cursor::default());
                self.log.clear();
            }
        }
    }
}

/// Puts an item at its place in a sorted list, in place of the one that has the same key.
fn put<T, K: Ord>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    let found = list.binary_search_by(|other| key(other).cmp(&key(&item)));
    match found {
        Ok(place) => list[place] = item,
        Err(place) => list.insert(place, item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(seq: Seq) -> Write {
        Write::PutLog { seq, update: vec![seq as u8] }
    }

    fn base(epoch: u64, seq: Seq) -> Write {
        Write::PutBase { epoch, seq, document: vec![seq as u8] }
    }

    fn cursor(epoch: u64, seq: Seq) -> Write {
        Write::PutCursor(Cursor { epoch, seq })
    }

    fn places(stored: &Stored) -> Vec<Seq> {
        stored.log.iter().map(|(seq, _)| *seq).collect()
    }

    #[test]
    fn a_base_takes_the_place_of_the_log_that_it_holds() {
        let mut stored = Stored::default();
        stored.write(&[log(1), log(3), log(2), log(2), cursor(7, 3), base(7, 2), log(1)]);
        assert_eq!((places(&stored), stored.base.clone()), (vec![3], Some((2, vec![2]))));
        stored.write(&[base(7, 1)]);
        assert_eq!(stored.base, Some((2, vec![2])), "another tab was further");
    }

    #[test]
    fn a_base_of_a_log_that_was_dropped_is_not_stored() {
        let mut stored = Stored::default();
        stored.write(&[log(1), cursor(7, 1), Write::DropLog, base(7, 1)]);
        assert_eq!(stored, Stored::default());
        stored.write(&[cursor(8, 2), base(7, 1)]);
        assert_eq!(stored.base, None);
        stored.write(&[base(8, 2)]);
        assert_eq!(stored.base, Some((2, vec![2])));
    }

    #[test]
    fn logs_of_two_databases_are_never_mixed() {
        let mut stored = Stored::default();
        stored.write(&[log(1), cursor(7, 1)]);
        stored.write(&[Write::DropLog, log(1), cursor(8, 1)]);
        stored.write(&[log(2), cursor(7, 2)]); // a tab that does not know yet
        assert!(places(&stored).is_empty() && stored.cursor == Cursor { epoch: 7, seq: 2 });
        stored.write(&[log(2), cursor(8, 2)]);
        assert!(places(&stored).is_empty(), "fetched again from the first place on");
    }

    #[test]
    fn the_outbox_knows_its_writers() {
        let mut stored = Stored::default();
        let peer = Peer::SERVER;
        let put = |entry| {
            let outgoing = Outgoing { update: vec![], edits: vec![], clock: entry, generation: 0 };
            Write::PutOutbox { peer, entry, outgoing }
        };
        stored.write(&[put(1), put(2), put(3), Write::DropOutbox { peer, up_to: 1 }]);
        let last = LastEntry { peer, entry: 3, clock: 3 };
        assert_eq!((stored.outbox.len(), &stored.last_entries[..]), (2, &[last][..]));
        stored.write(&[Write::Quarantine { peer, from: 3, code: Code::Forbidden }]);
        let aside: Vec<_> = stored.quarantine.iter().map(|refused| refused.entry).collect();
        assert_eq!((aside, stored.outbox.len(), stored.last_entries.len()), (vec![3], 1, 0));
    }
}
