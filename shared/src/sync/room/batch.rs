//! From what was pushed to what is committed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Author, Binding, ConnId, Last, Member, NewEntry, Output, Phase, Room};
use crate::{
    ids::Peer,
    limits,
    protocol::{Blob, Code, EntryNo, LogEntry, Seq, ToClient},
    sync::{Ticket, check},
};

/// Messages that may wait for a transaction: far more than honest devices send before they are
/// answered.
const WAITING: usize = 2_000;

/// Entries of one writer that wait to be checked.
#[derive(Debug)]
pub(super) struct Pushed {
    pub conn: ConnId,
    pub member: Member,
    pub peer: Peer,
    /// Who wrote them, where that is known and is not who sends them.
    pub author: Option<Author>,
    pub first: EntryNo,
    pub entries: Vec<Blob>,
    /// They came in a rescue file, perhaps of somebody else.
    pub is_carried: bool,
}

/// Whose entries are checked.
struct Source<'a> {
    conn: ConnId,
    member: &'a Member,
    peer: Peer,
    author: Option<Author>,
    is_carried: bool,
}

/// What is committed in one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub ticket: Ticket,
    /// The entries with the connections that pushed them.
    pub entries: Vec<(ConnId, LogEntry)>,
    pub bindings: Vec<Binding>,
    /// The last entry of each writer in it.
    pub last: HashMap<Peer, Last>,
    /// The document holds something that was refused, or lacks what others wrote.
    pub is_spoiled: bool,
    commits: Vec<NewEntry>,
    bytes: usize,
    told_gap: HashSet<(ConnId, Peer)>,
}

impl Batch {
    /// Keeps one transaction, and the message that tells of it, short for the others.
    fn is_full(&self) -> bool {
        self.entries.len() >= limits::BATCH_ENTRIES || self.bytes >= limits::UPDATE_BYTES
    }
}

impl Room {
    pub(super) fn push(&mut self, pushed: Pushed, outputs: &mut Vec<Output>) {
        let last = pushed.first.checked_add(pushed.entries.len() as EntryNo);
        if !self.connections.contains_key(&pushed.conn) {
            // The room was closed meanwhile: the device must say how far it is.
            return self.fail(pushed.conn, Code::Unavailable, outputs);
        }
        if pushed.first == 0 || last.is_none() {
            return self.fail(pushed.conn, Code::Malformed, outputs);
        }
        if pushed.entries.len() > limits::BATCH_ENTRIES {
            return self.fail(pushed.conn, Code::TooLarge, outputs);
        }
        if self.waiting.len() >= WAITING {
            return self.fail(pushed.conn, Code::Unavailable, outputs);
        }
        match &self.phase {
            Phase::Idle => {
                self.waiting.push_back(pushed);
                self.next_batch(outputs);
            }
            Phase::Committing(batch) if !batch.is_spoiled => self.waiting.push_back(pushed),
            // The answer after reloading says what to send again.
            Phase::Committing(_) | Phase::Reloading => {}
        }
    }

    /// Checks what waits, and has what passes committed.
    pub(super) fn next_batch(&mut self, outputs: &mut Vec<Output>) {
        let mut batch = Batch::default();
        while !batch.is_full()
            && !batch.is_spoiled
            && let Some(pushed) = self.waiting.pop_front()
        {
            self.check(pushed, &mut batch, outputs);
        }
        if batch.is_spoiled {
            self.digest = None;
            self.waiting.clear();
        }
        if !batch.entries.is_empty() {
            self.last_ticket += 1;
            batch.ticket = self.last_ticket;
            outputs.push(Output::Commit {
                ticket: batch.ticket,
                first: self.head + 1,
                entries: std::mem::take(&mut batch.commits),
                bindings: batch.bindings.clone(),
            });
            self.phase = Phase::Committing(batch);
        } else if batch.is_spoiled {
            self.ask_for_reload(outputs);
        }
    }

    /// Takes into the batch what is new of these entries and passes.
    fn check(&mut self, pushed: Pushed, batch: &mut Batch, outputs: &mut Vec<Output>) {
        let Pushed { conn, member, peer, author, first, entries, is_carried } = pushed;
        if self.connections.get(&conn).is_some_and(|connection| connection.barred.contains(&peer)) {
            return;
        }
        let last = batch.last.get(&peer).or_else(|| self.acked.get(&peer)).copied();
        let last = last.unwrap_or_default();
        let next = last.entry + 1;
        if first > next {
            if batch.told_gap.insert((conn, peer)) {
                self.tell_opened(conn, None, outputs);
            }
            return;
        }
        let source = Source { conn, member: &member, peer, author, is_carried };
        // Repetitions of what was accepted say nothing, whoever sends them, but for the last one:
        // what comes now goes on from there.
        let known = (next - first) as usize;
        let repeated = known.checked_sub(1).and_then(|at| entries.get(at));
        if repeated.is_some_and(|Blob(update)| Last::of(last.entry, update) != last) {
            if let Some(connection) = self.connections.get_mut(&conn) {
                connection.barred.insert(peer);
            }
            let (exercise, entry, code) = (self.exercise, last.entry, Code::Incomplete);
            let message = ToClient::Refused { exercise, peer, entry, code };
            return outputs.push(Output::Send { to: conn, message });
        }
        for (entry, Blob(update)) in (first..).zip(entries).skip(known) {
            let checked = self
                .owner(&source, batch)
                .and_then(|()| check::accept(&mut self.document, &member.grant, peer, &update));
            if let Err(refusal) = checked {
                let (exercise, code) = (self.exercise, refusal.code);
                let message = ToClient::Refused { exercise, peer, entry, code };
                outputs.push(Output::Send { to: conn, message });
                batch.is_spoiled = refusal.is_merged;
                return;
            }
            self.take(&source, entry, update, batch);
        }
    }

    /// Whether this person may push as the writer. What is carried may be anybody's, and what was
    /// only brought becomes that of who writes as it.
    fn owner(&self, pushed: &Source<'_>, batch: &Batch) -> Result<(), check::Refusal> {
        let bound = self.bound(pushed.peer, batch);
        let is_foreign =
            bound.is_some_and(|bound| bound.user != pushed.member.user && !bound.is_carried);
        if is_foreign && !pushed.is_carried || pushed.peer == Peer::SERVER {
            Err(check::Refusal { code: Code::ForeignPeer, is_merged: false })
        } else {
            Ok(())
        }
    }

    fn bound<'a>(&'a self, peer: Peer, batch: &'a Batch) -> Option<&'a Binding> {
        let new = batch.bindings.iter().rev().find(|binding| binding.peer == peer);
        new.or_else(|| self.bindings.get(&peer))
    }

    fn take(&self, pushed: &Source<'_>, entry: EntryNo, update: Vec<u8>, batch: &mut Batch) {
        let Source { conn, member, peer, author, is_carried } = pushed;
        let (conn, peer, is_carried) = (*conn, *peer, *is_carried);
        let bound = self.bound(peer, batch);
        let is_new = bound.is_none_or(|bound| bound.is_carried && !is_carried);
        if is_new {
            let next = self.head + 1 + batch.entries.len() as Seq;
            let since = bound.map_or(next, |bound| bound.since);
            let sender = || {
                let Member { user, name, grant } = member;
                Author { user: *user, name: name.clone(), role: grant.role }
            };
            let Author { user, name, role } = author.clone().unwrap_or_else(sender);
            batch.bindings.push(Binding { peer, user, name, role, since, is_carried });
        }
        batch.last.insert(peer, Last::of(entry, &update));
        batch.bytes += update.len();
        batch.commits.push(NewEntry { peer, entry, user: member.user, update: update.clone() });
        batch.entries.push((conn, LogEntry { peer, entry, at: 0, update: Some(Blob(update)) }));
    }

    /// Acknowledges and shows what is committed, and goes on.
    pub(super) fn publish(&mut self, batch: Batch, at: i64, outputs: &mut Vec<Output>) {
        let Batch { mut entries, bindings, last, is_spoiled, .. } = batch;
        let first = self.head + 1;
        self.head += entries.len() as Seq;
        self.acked.extend(last);
        self.digest = (!is_spoiled).then(|| self.document.digest());
        if !bindings.is_empty() {
            let writers = bindings.iter().map(Binding::writer).collect();
            let message = ToClient::Writers { exercise: self.exercise, writers };
            let to = self.connections.keys().copied().collect();
            outputs.push(Output::Broadcast { to, message });
            self.bindings.extend(bindings.into_iter().map(|binding| (binding.peer, binding)));
        }
        for (_, entry) in &mut entries {
            entry.at = at;
        }
        self.broadcast(first, &entries, outputs);
        for (_, entry) in entries {
            self.recent.push(entry);
        }
        if is_spoiled {
            self.ask_for_reload(outputs);
        } else {
            self.answer_all(outputs);
            self.next_batch(outputs);
        }
    }

    /// Sends what was committed to all who have what was before: one message for those who wrote
    /// nothing of it, and to the others without what they wrote.
    fn broadcast(&mut self, first: Seq, entries: &[(ConnId, LogEntry)], outputs: &mut Vec<Output>) {
        let followers = self.advance_followers(first);
        let writers: BTreeSet<ConnId> = entries.iter().map(|(conn, _)| *conn).collect();
        let readers: Vec<_> = followers.iter().copied().filter(|c| !writers.contains(c)).collect();
        if !readers.is_empty() {
            let entries = entries.iter().map(|(_, entry)| entry.clone());
            for message in self.updates(first, entries) {
                outputs.push(Output::Broadcast { to: readers.clone(), message });
            }
        }
        for to in followers.into_iter().filter(|conn| writers.contains(conn)) {
            let without_own = entries.iter().map(|(conn, entry)| match *conn == to {
                true => LogEntry { update: None, ..*entry },
                false => entry.clone(),
            });
            for message in self.updates(first, without_own) {
                outputs.push(Output::Send { to, message });
            }
        }
    }
}
