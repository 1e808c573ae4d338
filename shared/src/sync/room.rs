//! An exercise on the server: checks what is pushed, has it committed, passes it on.
//!
//! * What is pushed waits until the transaction before is complete, and then becomes one
//!   transaction together with all else that waits: how long the disk takes has no bearing on how
//!   much gets through.
//! * Nothing is acknowledged or shown to anybody before it is committed. So between two
//!   transactions the document is exactly what the log says.
//! * Once a refused entry was merged, the document is thrown away: what was accepted before it is
//!   committed, and the room is loaded again.

mod batch;
mod follow;
mod recent;

use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;

use crate::{
    access::{Grant, Role},
    digest::Digest,
    doc::{Document, MergeError},
    ids::{ExerciseId, Peer},
    limits,
    protocol::{Blob, Code, EntryNo, LogEntry, Seq, ToClient, ToServer, Writer},
    sync::Ticket,
};

use {
    batch::{Batch, Pushed},
    follow::{Connection, Follow, Offer, Question},
    recent::Recent,
};

/// Names a connection; never used twice.
pub type ConnId = u64;
/// Names an account.
pub type UserId = i64;

/// Who speaks on a connection, as known when the message arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub user: UserId,
    /// The person's name as registered.
    pub name: String,
    /// What the person may do.
    pub grant: Grant,
}

/// Who wrote what somebody else brings, as it is known where that comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The account here.
    pub user: UserId,
    /// The person's name.
    pub name: String,
    /// What the person is.
    pub role: Role,
}

/// Entries of one writer that somebody brings from a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The writer.
    pub peer: Peer,
    /// Whose it is, where that account is here; else it is taken for that of who brings it.
    pub author: Option<Author>,
    /// Number of the first.
    pub first: EntryNo,
    /// Updates of the document.
    pub entries: Vec<Blob>,
}

/// A writer belongs to one person from its first entry on: to who pushed that. Where it came in a
/// rescue file, and the server had never met its device, it is of who brought it until that device
/// comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The writer.
    pub peer: Peer,
    /// The account.
    pub user: UserId,
    /// The person's name at the time.
    pub name: String,
    /// The person's role at the time.
    pub role: Role,
    /// The place of the writer's first entry.
    pub since: Seq,
    /// The person only brought it.
    pub is_carried: bool,
}

/// An entry to commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The writer.
    pub peer: Peer,
    /// Its number.
    pub entry: EntryNo,
    /// Who pushed it: its writer's person, or who brought it in a rescue file.
    pub user: UserId,
    /// The update.
    pub update: Vec<u8>,
}

/// What the room asks its driver to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send this.
    Send {
        /// To this connection.
        to: ConnId,
        /// The message.
        message: ToClient,
    },
    /// Send the same to several connections: it is encoded once.
    Broadcast {
        /// To these connections.
        to: Vec<ConnId>,
        /// The message.
        message: ToClient,
    },
    /// Write this in one transaction, and tell [`Room::committed`] how it ended. There is one such
    /// request at a time.
    Commit {
        /// Names it.
        ticket: Ticket,
        /// Place of the first entry; the others follow without gaps.
        first: Seq,
        /// The entries.
        entries: Vec<NewEntry>,
        /// Writers that are new with them, or whose device came.
        bindings: Vec<Binding>,
    },
    /// Read these entries and tell [`Room::log_read`]. Fewer will do, from the first one on.
    ReadLog {
        /// For this connection.
        to: ConnId,
        /// The first place.
        from: Seq,
        /// The last place.
        up_to: Seq,
    },
    /// Read the state anew and give it to [`Room::reload`]. Until then nothing is accepted.
    Reload,
}

/// What the server stored of an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomState {
    /// A document and the place up to which it holds the log.
    pub base: Option<(Seq, Vec<u8>)>,
    /// The log after the base, without gaps.
    pub log: Vec<(Seq, LogEntry)>,
    /// All writers.
    pub bindings: Vec<Binding>,
    /// The last entry of each writer.
    pub acked: Vec<(Peer, Last)>,
}

/// The last committed entry of a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Last {
    /// Its number.
    pub entry: EntryNo,
    /// CRC-32 (IEEE) of its update: tells it from another one of the same name, of a device that
    /// became what it was (a copied profile, a disk image).
    sum: u32,
}

impl Last {
    /// Of an entry with this update.
    #[must_use]
    pub fn of(entry: EntryNo, update: &[u8]) -> Self {
        Self { entry, sum: crc32fast::hash(update) }
    }
}

/// An exercise on the server.
#[derive(Debug)]
pub struct Room {
    exercise: ExerciseId,
    /// Identity of the log.
    epoch: u64,
    document: Document,
    /// The last committed place.
    head: Seq,
    /// Of the contents at that place; `None` where the document holds something else.
    digest: Option<Digest>,
    acked: FxHashMap<Peer, Last>,
    bindings: BTreeMap<Peer, Binding>,
    /// What newcomers start from.
    base: Option<Offer>,
    recent: Recent,
    connections: BTreeMap<ConnId, Connection>,
    waiting: VecDeque<Pushed>,
    phase: Phase,
    last_ticket: Ticket,
    tuning: Tuning,
}

/// How late-comers are served. The simulation makes it all small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// How many entries a device must be behind to be offered a base: below that, the entries are
    /// less to transfer than the document.
    pub base_distance: Seq,
    /// Bytes of one piece of a base.
    pub piece_bytes: usize,
    /// Entries that are read from the log at once.
    pub read_entries: Seq,
    /// Bytes of the log's end that are kept in memory: thousands of ordinary edits.
    pub recent_bytes: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            base_distance: 2_000,
            piece_bytes: limits::SNAPSHOT_CHUNK_BYTES,
            read_entries: 500,
            recent_bytes: 256 * 1024,
        }
    }
}

#[derive(Debug)]
enum Phase {
    /// The document is what the log says.
    Idle,
    /// This is being committed.
    Committing(Batch),
    /// The state is being read anew.
    Reloading,
}

impl Room {
    /// Opens what is stored. The epoch is drawn when a database is created, and anew when a backup
    /// is restored.
    pub fn load(exercise: ExerciseId, epoch: u64, state: RoomState) -> Result<Self, MergeError> {
        let RoomState { base, log, bindings, acked } = state;
        let stored = base.as_ref().map(|(_, document)| document.as_slice());
        let updates = log.iter().filter_map(|(_, entry)| entry.update.as_ref());
        let updates = stored.into_iter().chain(updates.map(|update| update.0.as_slice()));
        let document = Document::load(exercise, Peer::SERVER, updates)?;
        let tuning = Tuning::default();
        let mut recent = Recent::new(tuning.recent_bytes);
        let head = log.last().map_or_else(|| base.as_ref().map_or(0, |(seq, _)| *seq), |e| e.0);
        for (_, entry) in log {
            recent.push(entry);
        }
        Ok(Self {
            exercise,
            epoch,
            head,
            digest: Some(document.digest()),
            document,
            acked: acked.into_iter().collect(),
            bindings: bindings.into_iter().map(|binding| (binding.peer, binding)).collect(),
            base: base.map(Offer::from),
            recent,
            connections: BTreeMap::new(),
            waiting: VecDeque::new(),
            phase: Phase::Idle,
            last_ticket: 0,
            tuning,
        })
    }

    /// Goes on from the state that was read anew: every connection is told what it says.
    pub fn reload(&mut self, state: RoomState) -> Result<Vec<Output>, MergeError> {
        let mut room = Self::load(self.exercise, self.epoch, state)?;
        room.last_ticket = self.last_ticket;
        room.tune(self.tuning);
        room.connections = std::mem::take(&mut self.connections);
        *self = room;
        let mut outputs = Vec::new();
        for conn in self.connections.keys().copied().collect::<Vec<_>>() {
            self.answer(conn, &mut outputs);
        }
        Ok(outputs)
    }

    /// A device said something about this exercise.
    pub fn receive(&mut self, conn: ConnId, member: &Member, message: ToServer) -> Vec<Output> {
        let mut outputs = Vec::new();
        let is_carried = matches!(message, ToServer::Carry { .. });
        let wants_log = matches!(message, ToServer::OpenLog { .. });
        match message {
            ToServer::Open { epoch, cursor, peers, .. }
            | ToServer::OpenLog { epoch, cursor, peers, .. } => {
                let cursor = if epoch == self.epoch { cursor } else { 0 };
                self.open(conn, member, Question { cursor, peers, wants_log }, &mut outputs);
            }
            ToServer::Fetch { seq, offset, .. } => {
                self.fetch(conn, seq, offset, false, &mut outputs);
            }
            ToServer::FetchPacked { seq, offset, .. } => {
                self.fetch(conn, seq, offset, true, &mut outputs);
            }
            ToServer::Push { peer, first, entries, .. }
            | ToServer::Carry { peer, first, entries, .. } => {
                let member = member.clone();
                let author = None;
                let pushed = Pushed { conn, member, peer, author, first, entries, is_carried };
                self.push(pushed, &mut outputs);
            }
            ToServer::Close { .. } => self.leave(conn),
            ToServer::Hello { .. }
            | ToServer::Ping
            | ToServer::Here { .. }
            | ToServer::Lane { .. }
            | ToServer::EndLane { .. } => {}
        }
        outputs
    }

    /// Somebody brings entries from a meeting, on a connection that was opened: they are checked as
    /// those of a rescue file are ([`ToServer::Carry`]).
    pub fn bring(&mut self, conn: ConnId, member: &Member, brought: Brought) -> Vec<Output> {
        let Brought { peer, author, first, entries } = brought;
        let (member, is_carried) = (member.clone(), true);
        let mut outputs = Vec::new();
        let pushed = Pushed { conn, member, peer, author, first, entries, is_carried };
        self.push(pushed, &mut outputs);
        outputs
    }

    /// A transaction is complete (`ok`, at this moment in milliseconds since 1970), or may have
    /// left no trace.
    pub fn committed(&mut self, ticket: Ticket, at: i64, ok: bool) -> Vec<Output> {
        let mut outputs = Vec::new();
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Committing(batch) if batch.ticket == ticket => {
                if ok {
                    self.publish(batch, at, &mut outputs);
                } else {
                    self.ask_for_reload(&mut outputs);
                }
            }
            other => self.phase = other,
        }
        outputs
    }

    /// Somebody else wrote into the log. The state is read anew, as soon as no transaction is under
    /// way: that one fails, or was before the other.
    pub fn written_elsewhere(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        match &mut self.phase {
            Phase::Idle => self.ask_for_reload(&mut outputs),
            Phase::Committing(batch) => batch.is_spoiled = true,
            Phase::Reloading => {}
        }
        outputs
    }

    /// The connection is gone. What it pushed is still committed.
    pub fn leave(&mut self, conn: ConnId) {
        self.connections.remove(&conn);
    }

    /// The document and its place in the log, to be stored so that loading and newcomers start
    /// from it. `None` while a transaction is under way.
    #[must_use]
    pub fn base(&self) -> Option<(Seq, Vec<u8>)> {
        let is_exact = matches!(self.phase, Phase::Idle) && self.digest.is_some();
        is_exact.then(|| (self.head, self.document.snapshot()))
    }

    /// The last committed place.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.head
    }

    /// The document; between two transactions what the log says, else ahead of it.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How many connections follow it.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Serves late-comers in another way.
    pub fn tune(&mut self, tuning: Tuning) {
        self.recent.limit(tuning.recent_bytes);
        self.tuning = tuning;
    }

    fn ask_for_reload(&mut self, outputs: &mut Vec<Output>) {
        self.phase = Phase::Reloading;
        self.waiting.clear();
        for connection in self.connections.values_mut() {
            connection.follow = Follow::Unanswered;
        }
        outputs.push(Output::Reload);
    }

    fn fail(&self, to: ConnId, code: Code, outputs: &mut Vec<Output>) {
        let message = ToClient::Failed { exercise: Some(self.exercise), code };
        outputs.push(Output::Send { to, message });
    }
}

impl Binding {
    fn writer(&self) -> Writer {
        Writer { peer: self.peer, name: self.name.clone(), role: self.role.title().into() }
    }
}

#[cfg(test)]
mod tests;
