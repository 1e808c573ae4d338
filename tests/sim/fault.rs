//! Bugs to plant into what drives the machines, or between them: mistakes that somebody could
//! make, and that the checks must find.

use shared::{
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer},
    protocol::{EntryNo, Seq, ToClient, ToServer},
    sync::{
        journal::{Cursor, Stored, Write},
        replica::News,
    },
};

use crate::{
    model::{Found, Written},
    world::{Checked, World},
};

/// A planted bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server acknowledges, and commits later.
    AcknowledgeBeforeCommit,
    /// The server shows entries to the others, and commits later.
    BroadcastBeforeCommit,
    /// The server takes a failed transaction for a good one.
    IgnoreFailedCommit,
    /// The server takes what comes twice for something new.
    ApplyTwice,
    /// The server's base lacks what was committed last.
    LoseTailAtCompaction,
    /// The device's base lacks what was committed last.
    LoseTailOnDevice,
    /// The device notes how far it is before it has stored that.
    CursorBeforeData,
    /// The device sends, and stores later.
    SendBeforeStored,
    /// The device takes a failed transaction for a good one.
    IgnoreFailedStore,
    /// The device forgets what it sent, before it is acknowledged.
    DropBeforeAcknowledged,
    /// The device writes a part of a transaction when it is switched off.
    HalfTransaction,
    /// The device never sends again what it sent on another connection.
    ForgetResend,
    /// The device takes later entries for the next ones.
    IgnoreGap,
    /// Two tabs write as the same writer.
    ReuseIdentity,
    /// Nobody sends what closed tabs left.
    ForgetAdopted,
    /// What the server refused is thrown away.
    ForgetRefused,
    /// Of two figures written apart, the device keeps the one that is shown.
    DecideForPeople,
    /// What came in a rescue file is sent as if it were the reader's own.
    CarryAsOwn,
    /// A device that the server has entries of takes a base without comparing.
    TakeBaseUnread,
    /// A backup passes for the log that was lost.
    KeepEpoch,
    /// What a meeting wrote is not brought in its order.
    BringUnordered,
    /// Other tabs are told what is not stored yet.
    TellBeforeStored,
    /// Other tabs are not told what it builds on.
    TellAlone,
}

impl Fault {
    pub const ALL: [Self; 23] = [
        Self::AcknowledgeBeforeCommit,
        Self::BroadcastBeforeCommit,
        Self::IgnoreFailedCommit,
        Self::ApplyTwice,
        Self::LoseTailAtCompaction,
        Self::LoseTailOnDevice,
        Self::CursorBeforeData,
        Self::SendBeforeStored,
        Self::IgnoreFailedStore,
        Self::DropBeforeAcknowledged,
        Self::HalfTransaction,
        Self::ForgetResend,
        Self::IgnoreGap,
        Self::ReuseIdentity,
        Self::ForgetAdopted,
        Self::ForgetRefused,
        Self::DecideForPeople,
        Self::CarryAsOwn,
        Self::TakeBaseUnread,
        Self::KeepEpoch,
        Self::BringUnordered,
        Self::TellBeforeStored,
        Self::TellAlone,
    ];
}

impl World {
    pub fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Damages what a device has just written.
    pub fn plant_in_store(&mut self, device: usize, before: &Stored) {
        let exercise = self.exercise;
        let stored = &mut self.devices[device].stored;
        match self.fault {
            Some(Fault::ForgetRefused) => stored.quarantine.clear(),
            Some(Fault::LoseTailOnDevice) if stored.base != before.base => {
                if let Some((_, document)) = &mut stored.base {
                    let old = before.base.as_ref().map(|(_, document)| document.clone());
                    *document = old.unwrap_or_else(|| empty(exercise));
                }
            }
            _ => {}
        }
    }

    /// The base that a server stores.
    pub fn plant_in_base(&self, (seq, document): (Seq, Vec<u8>)) -> (Seq, Vec<u8>) {
        if !self.has(Fault::LoseTailAtCompaction) {
            return (seq, document);
        }
        let old = self.server.base.as_ref().map(|(_, document)| document.clone());
        (seq, old.unwrap_or_else(|| empty(self.exercise)))
    }

    /// What a device reads from its store: the bug believes the note of how far it is.
    pub fn plant_in_reading(&self, mut stored: Stored) -> Stored {
        if self.has(Fault::CursorBeforeData) {
            let base = stored.base.as_ref().map_or(0, |(seq, _)| *seq);
            for seq in base + 1..=stored.cursor.seq {
                if stored.log.iter().all(|(place, _)| *place != seq) {
                    stored.log.push((seq, vec![0, 0])); // an update that says nothing
                }
            }
            stored.log.sort();
        }
        stored
    }

    /// What a device sends; `None` where the bug does not.
    pub fn plant_in_push(&mut self, tab: usize, message: ToServer) -> Option<ToServer> {
        let device = self.tabs[tab].device;
        let message = match message {
            ToServer::Carry { exercise, peer, first, entries } if self.has(Fault::CarryAsOwn) => {
                ToServer::Push { exercise, peer, first, entries }
            }
            message => message,
        };
        let ToServer::Push { peer, first, entries, .. } = &message else { return Some(message) };
        let last = first + entries.len() as EntryNo - 1;
        let first = *first;
        if self.has(Fault::DropBeforeAcknowledged) {
            let write = Write::DropOutbox { peer: *peer, up_to: last };
            self.devices[device].stored.write(&[write]);
        }
        let open = self.tabs[tab].open.as_mut()?;
        let conn = open.conn?;
        let sent = *open.sent.entry((*peer, first)).or_insert(conn);
        (!self.has(Fault::ForgetResend) || sent == conn).then_some(message)
    }

    /// What a device hears.
    pub fn plant_in_hearing(&self, tab: usize, mut message: ToClient) -> ToClient {
        if let ToClient::Updates { first, .. } = &mut message
            && let Some(open) = &self.tabs[tab].open
            && self.has(Fault::IgnoreGap)
        {
            *first = (*first).min(open.replica.cursor().seq + 1);
        }
        message
    }

    /// What the server hears.
    pub fn plant_in_serving(&self, mut message: ToServer) -> ToServer {
        if let ToServer::Push { peer, first, .. } = &mut message
            && self.has(Fault::ApplyTwice)
        {
            let last = self.server.log.iter().rev().find(|entry| entry.peer == *peer);
            *first = (*first).max(last.map_or(0, |entry| entry.entry) + 1);
        }
        message
    }

    /// What a tab tells the others.
    pub fn plant_in_telling(&self, mut news: News) -> News {
        if self.has(Fault::TellAlone) {
            (news.cursor, news.clocks) = (Cursor::default(), Vec::new());
        }
        news
    }

    /// Tells the other tabs what is about to be stored.
    pub fn tell_now(&mut self, tab: usize, writes: &[Write]) {
        let Some(open) = &self.tabs[tab].open else { return };
        let entries = writes.iter().filter_map(|write| match write {
            Write::PutOutbox { peer, entry, outgoing } => Some((*peer, *entry, outgoing.clone())),
            _ => None,
        });
        let (carried, refused, clocks) = (Vec::new(), Vec::new(), Vec::new());
        let (entries, cursor) = (entries.collect(), open.replica.cursor());
        self.tell(tab, &News { entries, carried, refused, cursor, clocks });
    }

    /// The person of this tab is not asked which figure counts.
    pub fn plant_a_decision(&mut self, tab: usize) -> Checked {
        let device = self.tabs[tab].device;
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        let undecided = open.replica.document().exercise().undecided();
        let Some((key, values)) = undecided.iter().next() else { return Ok(()) };
        let edit = Edit::SetCell { key: key.clone(), value: values[0].1.clone() };
        // Nobody did it: nothing is expected to come of it.
        open.made.push_back(Written::new(device, Cursor::default(), Found::new()));
        self.run_tab(tab, |replica| replica.edit(vec![edit]).unwrap_or_default())
    }
}

/// A document that holds nothing.
fn empty(exercise: ExerciseId) -> Vec<u8> {
    Document::new(exercise, Peer::SERVER).snapshot()
}
