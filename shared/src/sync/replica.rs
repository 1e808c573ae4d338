//! An exercise on a device: what the person sees, what is stored, and what the server has of it.
//!
//! * An edit is applied at once, stored, and only then sent.
//! * What the server commits is merged, and stored together with the place that it has in the
//!   log; an own entry leaves the outbox in the transaction that puts it into the log. It is
//!   stored with the next edit, or in a moment ([`Replica::store_gathered`]).
//! * There is one question, [`ToServer::Open`]: this is how far I am. Whatever is lost on the way,
//!   arrives twice or too early, asking again puts it right.
//!
//! Nothing here panics on what a server sends.

mod apart;
mod carry;
mod fetch;
mod neighbours;
mod open;
mod outbox;
mod receive;
mod transactions;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    doc::{Document, EditError},
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    limits,
    protocol::{Code, EntryNo, Seq, ToClient, ToServer, Words, Writer},
    sync::{
        Ticket,
        journal::{Cursor, LastEntry, Outgoing, Write},
    },
};

pub use apart::Apart;
pub use neighbours::News;
pub use open::OpenError;
use {
    apart::Texts, fetch::Fetch, neighbours::Neighbours, outbox::Outbox, transactions::Transactions,
};

/// Ticks without any progress after which an answer that is due is asked for again. On a slow link
/// an answer may take long; asking for it earlier makes it take longer.
const PATIENCE: u32 = 8;
/// The same for a piece of a base: 64 KiB take eleven seconds on the slowest link to design for, and
/// asking again has it sent twice.
const PATIENCE_FOR_PIECE: u32 = 16;
/// Ticks after which the server is asked anyway: should a message have been lost that nobody
/// waits for.
const HEARTBEAT: u32 = 30;

/// What the replica asks its driver to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write this, in this order, in one transaction, and tell [`Replica::stored`] how it ended.
    /// There is one such request at a time.
    Store {
        /// Names it.
        ticket: Ticket,
        /// What to write.
        writes: Vec<Write>,
    },
    /// Tell the other tabs of the device, which call [`Replica::hear`].
    Tell(News),
    /// Send this to the server.
    Send(ToServer),
    /// Throw the replica away and open it again from the store, with a writer that was never used
    /// and this one adopted, unless the cause says otherwise. Everything is stored.
    Reload(Cause),
}

/// Why a replica must be opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Entries were refused and set aside.
    Refused(Code),
    /// The server's log is not the one that this device knew: another database, or a backup.
    OtherLog,
    /// The copy of the log was damaged, and is fetched anew.
    Damaged,
    /// What came in a rescue file is stored. The writer may stay what it was.
    Carried,
    /// Tabs that are gone left something unsent, which this one is to send: it stays the writer that
    /// it is.
    LeftBehind,
    /// Entries of another tab were refused and set aside: what they did is not shown any more. The
    /// writer may stay what it was.
    Neighbours,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// To be done in this order.
    pub outputs: Vec<Output>,
    /// The cells that are not what they were.
    pub touched: BTreeSet<Key>,
    /// What was written apart, in the order of the log.
    pub apart: Vec<Apart>,
}

/// The connection, as the replica sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// There is none.
    Offline,
    /// The server was asked and has not answered yet.
    Asking,
    /// The server's changes come as they are committed.
    Following,
    /// The server does not serve this exercise to this person.
    Denied(Code),
}

/// How things stand, for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The connection.
    pub link: Link,
    /// Entries that are in memory only: the device did not store them yet.
    pub unsaved: usize,
    /// Entries that the server has not confirmed, the unsaved ones among them.
    pub unsent: usize,
    /// Whether the last attempt to store failed. It is repeated with every tick and edit.
    pub is_store_failing: bool,
    /// Entries that the server refused, kept aside.
    pub quarantined: usize,
    /// Bytes of a base that were fetched, of how many.
    pub fetch: Option<(u32, u32)>,
    /// Whether the server lets the person write; `true` until it said so.
    pub may_edit: bool,
    /// At the last contact the server had all that is here, and the contents were equal.
    pub agreed: bool,
    /// At the last contact the contents were not equal, or the server's entries could not be
    /// merged, and fetching them anew did not help: to be reported.
    pub differs: bool,
}

/// An exercise on a device.
#[derive(Debug)]
pub struct Replica {
    exercise: ExerciseId,
    document: Document,
    /// Writers whose entries it sends: its own and the adopted ones.
    peers: Vec<Peer>,
    /// The last entry of each of them that this device knows to exist.
    last_entries: BTreeMap<Peer, LastEntry>,
    /// Those of other devices, whose entries came in a rescue file.
    carried: BTreeSet<Peer>,
    /// The writers of the device's other tabs.
    neighbours: Neighbours,
    generation: u32,
    outbox: Outbox,
    texts: Texts,
    transactions: Transactions,
    /// Everything up to here is in the document and on its way to the store.
    cursor: Cursor,
    /// The place of the stored base.
    base: Seq,
    writers: BTreeMap<Peer, Writer>,
    quarantined: usize,

    link: Link,
    /// An `Open` is on its way.
    is_asked: bool,
    /// Ticks since the last progress.
    quiet: u32,
    may_edit: bool,
    fetch: Option<Fetch>,
    /// What the server understands.
    words: Words,
    /// What the server had of each writer when its log went up to here.
    promise: Option<(Seq, BTreeMap<Peer, EntryNo>)>,
    /// Of what waits here the server has entries of the same names. They are the same, unless this
    /// device became what it was (a copied profile, a disk image) and used numbers again: only the
    /// log tells. Until then nothing is sent, which might build on the wrong ones.
    is_doubtful: bool,
    /// Some of it is in the copy of the log by its name, and nobody has compared it: the log is read
    /// from its beginning for that. Up to here that was done; `None` where nothing is to be compared.
    compared: Option<Seq>,

    agreed: bool,
    differs: bool,
    /// Nothing was stored when it was opened, so that fetching anew repairs nothing.
    is_fresh: bool,
    /// Why it waits for its last transaction to be opened again.
    closing: Option<Cause>,
    /// Why its own writer's entries are set aside.
    refused: Option<Code>,
    /// The log is at least this long before [`Replica::compact`] replaces it by a base.
    compact_after: u64,
}

impl Replica {
    /// Applies edits as one, or none of them. What is too much for one entry (thousands of pasted
    /// cells) reaches the others in several.
    pub fn edit(&mut self, edits: Vec<Edit>) -> Result<Step, EditError> {
        self.document.check(&edits)?;
        let mut step = Step::default();
        for edits in parts(edits) {
            let change = self.document.apply(&edits)?;
            step.touched.extend(change.touched);
            if !change.update.is_empty() {
                self.enter(change.update, edits);
            }
        }
        self.transactions.retry();
        self.go_on(&mut step);
        Ok(step)
    }

    fn enter(&mut self, update: Vec<u8>, edits: Vec<Edit>) {
        let peer = self.document.peer();
        let clock = self.document.clock(peer);
        let entry = self.last_entries.get(&peer).map_or(0, |last| last.entry) + 1;
        self.last_entries.insert(peer, LastEntry { peer, entry, clock });
        let generation = self.generation;
        self.texts.wrote(peer, entry, &edits);
        let outgoing = Outgoing { update, edits, clock, generation };
        self.outbox.add(peer, entry, outgoing.clone());
        self.transactions.add(Write::PutOutbox { peer, entry, outgoing });
        if let Some(code) = self.refused {
            // Its predecessors were set aside, and it builds on them.
            self.set_aside(peer, entry, code);
        }
        self.agreed = false;
    }

    /// A transaction is complete (`ok`), or left no trace.
    pub fn stored(&mut self, ticket: Ticket, ok: bool) -> Step {
        let stored = self.transactions.end(ticket, ok);
        for write in &stored {
            if let Write::PutOutbox { peer, entry, .. } = write {
                self.outbox.stored(*peer, *entry);
            }
        }
        let mut step = Step::default();
        self.tell(&stored, &mut step);
        self.go_on(&mut step);
        step
    }

    /// There is a connection, and the server said [`ToClient::Welcome`], in these words.
    pub fn connected(&mut self, words: Words) -> Step {
        self.disconnected();
        self.words = words;
        // An older server cannot help.
        self.compared.take_if(|_| !words.log);
        let mut step = Step::default();
        self.link = Link::Asking;
        self.ask(&mut step);
        self.go_on(&mut step);
        step
    }

    /// The connection is gone.
    pub fn disconnected(&mut self) {
        self.link = Link::Offline;
        self.is_asked = false;
        self.promise = None;
        self.is_doubtful = false;
    }

    /// The server said something on the present connection.
    pub fn receive(&mut self, message: ToClient) -> Step {
        let mut step = Step::default();
        if self.link != Link::Offline && self.closing.is_none() {
            self.take(message, &mut step);
        }
        self.go_on(&mut step);
        step
    }

    /// Some two seconds passed, with or without a connection.
    pub fn tick(&mut self) -> Step {
        let mut step = Step::default();
        self.transactions.retry();
        self.transactions.hurry();
        self.quiet += 1;
        let is_theirs = self.outbox.next().is_some_and(|peer| self.neighbours.contains(peer));
        self.neighbours.tick(is_theirs && self.link == Link::Following);
        let patience = if self.fetch.is_some() {
            PATIENCE_FOR_PIECE
        } else if self.is_asked || self.outbox.is_waiting() {
            PATIENCE
        } else {
            HEARTBEAT
        };
        let may_ask = matches!(self.link, Link::Asking | Link::Following);
        if may_ask && self.closing.is_none() && self.quiet >= patience {
            self.ask(&mut step);
        }
        self.go_on(&mut step);
        step
    }

    /// Whether some of what the server has waits to be stored together with more. The driver calls
    /// [`Replica::store_gathered`] a moment later.
    #[must_use]
    pub fn is_gathering(&self) -> bool {
        self.transactions.is_gathering()
    }

    /// Stores what was gathered. So does each [`Replica::tick`].
    pub fn store_gathered(&mut self) -> Step {
        self.transactions.hurry();
        self.step()
    }

    /// Replaces a long stored log by a base, when nothing of this device is under way: what is in a
    /// base cannot be taken out again, should the server refuse it.
    pub fn compact(&mut self) -> Step {
        let is_long = self.cursor.seq - self.base >= self.compact_after;
        if is_long && self.outbox.is_empty() && self.closing.is_none() && !self.differs {
            self.base = self.cursor.seq;
            let document = self.document.snapshot();
            let Cursor { epoch, seq } = self.cursor;
            self.transactions.add(Write::PutBase { epoch, seq, document });
        }
        self.step()
    }

    /// Has itself opened again, once everything is stored: what tabs that are gone left unsent is
    /// this one's to send by then.
    pub fn take_over(&mut self) -> Step {
        self.closing.get_or_insert(Cause::LeftBehind);
        self.step()
    }

    /// Whether it sends what this writer wrote.
    #[must_use]
    pub fn sends_for(&self, peer: Peer) -> bool {
        self.peers.contains(&peer)
    }

    /// The length of the log from which [`Replica::compact`] acts, in entries.
    pub fn set_compact_after(&mut self, entries: u64) {
        self.compact_after = entries;
    }

    /// How far its copy of the log is.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// What the person sees.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Who a writer is.
    #[must_use]
    pub fn writer(&self, peer: Peer) -> Option<&Writer> {
        self.writers.get(&peer)
    }

    /// What was done on this device, as far as it was stored or done here, and is not known to be on
    /// the server, in the order in which it goes there.
    pub fn unsent(&self) -> impl Iterator<Item = (Peer, EntryNo, &Outgoing)> {
        self.outbox.all()
    }

    /// How things stand.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            link: self.link,
            unsaved: self.outbox.unsaved(),
            unsent: self.outbox.len(),
            is_store_failing: self.transactions.is_failing(),
            quarantined: self.quarantined,
            fetch: self.fetch.as_ref().map(|fetch| (fetch.offset(), fetch.size())),
            may_edit: self.may_edit,
            agreed: self.agreed,
            differs: self.differs,
        }
    }

    fn step(&mut self) -> Step {
        let mut step = Step::default();
        self.go_on(&mut step);
        step
    }

    /// What every call ends with: sends what may be sent, begins the next transaction.
    fn go_on(&mut self, step: &mut Step) {
        if self.link == Link::Following && self.closing.is_none() && !self.is_doubtful {
            let (peers, are_slow) = (&self.peers, self.neighbours.are_slow());
            let may_send = |peer: Peer| are_slow || peers.contains(&peer);
            while let Some(batch) = self.outbox.next_batch(may_send) {
                let exercise = self.exercise;
                let (peer, first, entries) = (batch.peer, batch.first, batch.entries);
                let message = match self.carried.contains(&peer) {
                    true => ToServer::Carry { exercise, peer, first, entries },
                    false => ToServer::Push { exercise, peer, first, entries },
                };
                step.outputs.push(Output::Send(message));
            }
        }
        if self.closing.is_some() {
            self.transactions.hurry();
        }
        if let Some((ticket, writes)) = self.transactions.begin() {
            step.outputs.push(Output::Store { ticket, writes });
        }
        if self.transactions.is_done()
            && let Some(cause) = self.closing
        {
            step.outputs.push(Output::Reload(cause));
        }
    }

    /// Says how far this device is, and thereby asks for what it lacks.
    fn ask(&mut self, step: &mut Step) {
        (self.is_asked, self.quiet) = (true, 0);
        let exercise = self.exercise;
        let peers = self.peers.iter().copied().chain(self.neighbours.all()).collect();
        let Cursor { epoch, seq } = self.cursor;
        let cursor = self.compared.unwrap_or(seq);
        let wants_log = self.is_doubtful || self.compared.is_some();
        step.outputs.push(Output::Send(match wants_log && self.words.log {
            true => ToServer::OpenLog { exercise, epoch, cursor, peers },
            false => ToServer::Open { exercise, epoch, cursor, peers },
        }));
    }

    fn set_aside(&mut self, peer: Peer, from: EntryNo, code: Code) {
        self.quarantined += self.outbox.drop_from(peer, from);
        self.transactions.add(Write::Quarantine { peer, from, code });
    }
}

/// Edits in parts whose updates are small enough: hardly larger than what the edits say.
fn parts(edits: Vec<Edit>) -> Vec<Vec<Edit>> {
    let (mut parts, mut bytes) = (vec![Vec::new()], 0);
    for edit in edits {
        bytes += edit.size();
        if bytes > limits::PART_BYTES {
            bytes = edit.size();
            parts.push(Vec::new());
        }
        parts.last_mut().expect("there is one from the start").push(edit);
    }
    parts
}

#[cfg(test)]
mod tests;
