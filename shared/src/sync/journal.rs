//! What a device stores of an exercise.
//!
//! * `base`: the document up to a place of the server's log;
//! * `log`: the server's entries after it, by their place;
//! * `outbox`: what was written here and is not committed yet, by writer and number;
//! * `quarantine`: what the server refused, kept to be looked at, exported and applied anew.
//!
//! Opening merges base, log and outbox, in this order. Everything that belongs together is written
//! in one transaction, so that a device that stops anywhere holds a state that it once had.

use serde::{Deserialize, Serialize};

use crate::{
    edit::Edit,
    ids::Peer,
    protocol::{Code, EntryNo, Seq},
};

/// One write of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Adds to the outbox.
    PutOutbox {
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
    /// Says how far the log goes without gaps. Never written before what it promises.
    PutCursor(Cursor),
    /// Replaces the base and takes out of the log what it holds (places up to and including `seq`).
    PutBase {
        /// The place up to which it holds the log.
        seq: Seq,
        /// The document.
        document: Vec<u8>,
    },
    /// Moves entries of a writer, from this one on, from the outbox to the quarantine.
    Quarantine {
        /// The writer.
        peer: Peer,
        /// The first one refused.
        from: EntryNo,
        /// Why.
        code: Code,
    },
    /// Forgets base, log and cursor, to be fetched anew; the outbox stays.
    DropLog,
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

/// Everything that a device stores of one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    /// The base and the place up to which it holds the log.
    pub base: Option<(Seq, Vec<u8>)>,
    /// The log after the base, by place.
    pub log: Vec<(Seq, Vec<u8>)>,
    /// How far the log goes.
    pub cursor: Cursor,
    /// Entries that wait, by writer and number.
    pub outbox: Vec<(Peer, EntryNo, Outgoing)>,
    /// The last number that each writer of this device used, also where none waits.
    pub last_entries: Vec<(Peer, EntryNo)>,
    /// What was refused.
    pub quarantine: Vec<Refused>,
}
