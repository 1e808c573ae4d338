//! The connections: how far each one is, and what it gets to catch up.

use std::collections::BTreeSet;

use super::{Binding, ConnId, Member, Output, Phase, Room, recent};
use crate::{
    ids::Peer,
    protocol::{Base, Blob, Code, LogEntry, Seq, ToClient},
    sync::packing::{self, Packed},
};

/// Writers that one device may send entries of: far more tabs than it ever had.
const PEERS: usize = 1_000;

/// Bytes of one message that tells of entries, where there are several: on 50 kbit/s it takes five
/// seconds. A device that hears nothing for sixteen asks again, and all of them come once more.
const FRAME_BYTES: usize = 32 * 1024;

/// What newcomers start from.
#[derive(Debug)]
pub(super) struct Offer {
    seq: Seq,
    document: Vec<u8>,
    /// The same, once somebody asked for it so.
    packed: Option<(Packed, Vec<u8>)>,
}

impl From<(Seq, Vec<u8>)> for Offer {
    fn from((seq, document): (Seq, Vec<u8>)) -> Self {
        Self { seq, document, packed: None }
    }
}

/// What a device says when it opens.
#[derive(Debug)]
pub(super) struct Question {
    /// Everything up to here is on the device.
    pub cursor: Seq,
    /// The writers that it names.
    pub peers: Vec<Peer>,
    /// It wants entries, and no base.
    pub wants_log: bool,
}

#[derive(Debug)]
pub(super) struct Connection {
    /// The writers that the device named.
    peers: Vec<Peer>,
    wants_log: bool,
    may_edit: bool,
    /// The next place to send.
    next: Seq,
    pub follow: Follow,
    /// The log is being read for it, from this place on.
    reading: Option<Seq>,
    /// Writers of which it sent something else than what is in the log: what else it sends of them
    /// builds on that, and is not heard until it opens anew.
    pub barred: BTreeSet<Peer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// It is answered once the document is what the log says.
    Unanswered,
    /// It was offered a base, and asks again once it has it.
    Fetching,
    /// It gets what was committed before.
    Reading,
    /// It gets what is committed.
    Live,
}

impl Room {
    pub(super) fn open(
        &mut self,
        conn: ConnId,
        member: &Member,
        question: Question,
        outputs: &mut Vec<Output>,
    ) {
        let Question { cursor, peers, wants_log } = question;
        if !member.grant.may_read(self.exercise) {
            self.leave(conn);
            return self.fail(conn, Code::Forbidden, outputs);
        }
        if peers.len() > PEERS {
            return self.fail(conn, Code::TooLarge, outputs);
        }
        // A device that is further than this log is told so by the answer.
        let next = if cursor <= self.head { cursor + 1 } else { 1 };
        let may_edit = member.grant.may_edit(self.exercise);
        let reading = self.connections.get(&conn).and_then(|connection| connection.reading);
        let follow = Follow::Unanswered;
        let barred = BTreeSet::new();
        let connection = Connection { peers, wants_log, may_edit, next, follow, reading, barred };
        self.connections.insert(conn, connection);
        self.answer(conn, outputs);
    }

    /// Answers those whom nothing could be said before.
    pub(super) fn answer_all(&mut self, outputs: &mut Vec<Output>) {
        let unanswered = self.connections.iter().filter(|(_, c)| c.follow == Follow::Unanswered);
        for conn in unanswered.map(|(conn, _)| *conn).collect::<Vec<_>>() {
            self.answer(conn, outputs);
        }
    }

    /// Says how far the log is, and what the device lacks of it. Waits, where that takes a new
    /// base, until the document is what the log says.
    pub(super) fn answer(&mut self, conn: ConnId, outputs: &mut Vec<Output>) {
        let Some(&Connection { next, wants_log, .. }) = self.connections.get(&conn) else { return };
        let is_far = !wants_log && self.is_far(next);
        if matches!(self.phase, Phase::Reloading) || is_far && !self.has_fresh_base() {
            return;
        }
        let base = self
            .base
            .as_ref()
            .filter(|_| is_far)
            .map(|offer| Base { seq: offer.seq, size: offer.document.len() as u32 });
        self.set_follow(conn, if base.is_some() { Follow::Fetching } else { Follow::Reading });
        self.tell_opened(conn, base, outputs);
        let writers: Vec<_> = self
            .bindings
            .values()
            .filter(|binding| binding.since >= next)
            .map(Binding::writer)
            .collect();
        if !writers.is_empty() {
            let message = ToClient::Writers { exercise: self.exercise, writers };
            outputs.push(Output::Send { to: conn, message });
        }
        if base.is_none() {
            self.catch_up(conn, outputs);
        }
    }

    /// Whether a device that lacks everything from this place on is better served with a base. One
    /// that has nothing gets about as much either way; a base comes in pieces that tell how far it
    /// is, and that a broken connection does not make come again.
    fn is_far(&self, next: Seq) -> bool {
        let is_much =
            || !self.recent.is_all(self.head) || self.recent.bytes() > self.tuning.piece_bytes;
        self.head.saturating_sub(next - 1) > self.tuning.base_distance || next == 1 && is_much()
    }

    pub(super) fn tell_opened(&self, conn: ConnId, base: Option<Base>, outputs: &mut Vec<Output>) {
        let Some(connection) = self.connections.get(&conn) else { return };
        let acked = |peer: &Peer| (*peer, self.acked.get(peer).map_or(0, |last| last.entry));
        let message = ToClient::Opened {
            exercise: self.exercise,
            epoch: self.epoch,
            head: self.head,
            acked: connection.peers.iter().map(acked).collect(),
            may_edit: connection.may_edit,
            base,
        };
        outputs.push(Output::Send { to: conn, message });
    }

    /// Whether newcomers can start near the head; makes a new base where that is possible.
    fn has_fresh_base(&mut self) -> bool {
        let distance = self.tuning.base_distance;
        // One of an empty log brings nobody further.
        let is_fresh = |head: Seq, base: &Option<Offer>| {
            base.as_ref().is_some_and(|base| base.seq > 0 && head - base.seq <= distance)
        };
        if !is_fresh(self.head, &self.base)
            && let Some(base) = self.base()
        {
            self.base = Some(base.into());
        }
        is_fresh(self.head, &self.base)
    }

    pub(super) fn fetch(
        &mut self,
        conn: ConnId,
        seq: Seq,
        offset: u32,
        is_packed: bool,
        outputs: &mut Vec<Output>,
    ) {
        if !self.connections.contains_key(&conn) {
            return self.fail(conn, Code::Unavailable, outputs);
        }
        let Some(offer) = self.base.as_mut().filter(|offer| offer.seq == seq) else {
            // There is a newer one by now.
            return self.answer(conn, outputs);
        };
        if is_packed && offer.packed.is_none() {
            let bytes = packing::pack(&offer.document);
            offer.packed = Some((Packed::of(&bytes), bytes));
        }
        let packed = offer.packed.as_ref().filter(|_| is_packed);
        let all = packed.map_or(&offer.document, |(_, bytes)| bytes);
        let Some(rest) = all.get(offset as usize..) else { return self.answer(conn, outputs) };
        let exercise = self.exercise;
        let bytes = Blob(rest[..rest.len().min(self.tuning.piece_bytes)].to_vec());
        let message = match packed {
            Some((Packed { size, sum }, _)) => {
                ToClient::PackedPiece { exercise, seq, offset, size: *size, sum: *sum, bytes }
            }
            None => ToClient::Piece { exercise, seq, offset, bytes },
        };
        outputs.push(Output::Send { to: conn, message });
    }

    /// Sends what the connection lacks, or has it read.
    fn catch_up(&mut self, conn: ConnId, outputs: &mut Vec<Output>) {
        let head = self.head;
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        let next = connection.next;
        if let Some(entries) = self.recent.since(next, head) {
            connection.follow = Follow::Live;
            connection.next = head + 1;
            self.send_updates(conn, next, entries, outputs);
        } else if connection.reading.is_none() {
            connection.reading = Some(next);
            let up_to = head.min(next + self.tuning.read_entries - 1);
            outputs.push(Output::ReadLog { to: conn, from: next, up_to });
        }
    }

    /// Entries were read, of those that [`Output::ReadLog`] named: some from the first one on, or
    /// none where the store could not read.
    pub fn log_read(&mut self, to: ConnId, entries: Vec<(Seq, LogEntry)>) -> Vec<Output> {
        let mut outputs = Vec::new();
        let Some(connection) = self.connections.get_mut(&to) else { return outputs };
        let Some(from) = connection.reading.take() else { return outputs };
        if connection.follow != Follow::Reading {
            return outputs;
        }
        if entries.first().is_none_or(|(seq, _)| *seq != from) {
            // The device will ask again.
            self.fail(to, Code::Unavailable, &mut outputs);
            return outputs;
        }
        if from == connection.next {
            connection.next += entries.len() as Seq;
            let entries = entries.into_iter().map(|(_, entry)| entry).collect();
            self.send_updates(to, from, entries, &mut outputs);
        }
        self.catch_up(to, &mut outputs);
        outputs
    }

    fn send_updates(
        &self,
        to: ConnId,
        first: Seq,
        entries: Vec<LogEntry>,
        outputs: &mut Vec<Output>,
    ) {
        for message in self.updates(first, entries.into_iter()) {
            outputs.push(Output::Send { to, message });
        }
    }

    /// Messages that tell of these entries: several where they are many bytes, at least one.
    pub(super) fn updates(
        &self,
        first: Seq,
        entries: impl Iterator<Item = LogEntry>,
    ) -> Vec<ToClient> {
        let (mut messages, mut part, mut bytes, mut next) = (Vec::new(), Vec::new(), 0, first);
        let mut entries = entries.peekable();
        loop {
            let entry = entries.next();
            let is_last = entries.peek().is_none();
            if let Some(entry) = entry {
                bytes += recent::size(&entry);
                part.push(entry);
            }
            let following = entries.peek().map_or(0, recent::size);
            if is_last || bytes + following > FRAME_BYTES {
                let (exercise, first) = (self.exercise, next);
                next += part.len() as Seq;
                let digest = self.digest.filter(|_| next == self.head + 1);
                let entries = std::mem::take(&mut part);
                messages.push(ToClient::Updates { exercise, first, entries, digest });
                bytes = 0;
            }
            if is_last {
                return messages;
            }
        }
    }

    /// Who has everything before this place, now counted as having everything up to the head.
    pub(super) fn advance_followers(&mut self, first: Seq) -> Vec<ConnId> {
        let head = self.head;
        let live = self.connections.iter_mut().filter(|(_, connection)| {
            connection.follow == Follow::Live && connection.next == first
        });
        live.map(|(conn, connection)| {
            connection.next = head + 1;
            *conn
        })
        .collect()
    }

    fn set_follow(&mut self, conn: ConnId, follow: Follow) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.follow = follow;
        }
    }
}
