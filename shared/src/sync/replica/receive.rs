//! What the replica makes of the server's messages.

use std::collections::BTreeMap;

use super::{Cause, Fetch, Link, Output, Replica, Step};
use crate::{
    digest::Digest,
    ids::Peer,
    protocol::{Base, Blob, Code, EntryNo, LogEntry, Seq, ToClient, ToServer, Writer},
    sync::{
        journal::{Cursor, Write},
        packing::Packed,
    },
};

/// What [`ToClient::Opened`] says.
struct Answer {
    epoch: u64,
    head: Seq,
    acked: BTreeMap<Peer, EntryNo>,
    may_edit: bool,
    base: Option<Base>,
}

impl Replica {
    pub(super) fn take(&mut self, message: ToClient, step: &mut Step) {
        match message {
            ToClient::Opened { epoch, head, acked, may_edit, base, .. } => {
                let acked = acked.into_iter().collect();
                self.opened(Answer { epoch, head, acked, may_edit, base }, step);
            }
            ToClient::Piece { seq, offset, bytes, .. } => {
                self.piece(seq, offset, &bytes, None, step);
            }
            ToClient::PackedPiece { seq, offset, size, sum, bytes, .. } => {
                self.piece(seq, offset, &bytes, Some(Packed { size, sum }), step);
            }
            ToClient::Updates { first, entries, digest, .. } => {
                self.updates(first, entries, digest, step);
            }
            ToClient::Writers { writers, .. } => self.introduce(writers),
            ToClient::Refused { peer, entry, code, .. } => {
                // Only once, and not what was committed after all.
                if !code.is_passing() && self.outbox.get(peer, entry).is_some() {
                    self.refuse(peer, entry, code);
                }
            }
            ToClient::Failed { code, .. } if code.is_passing() => self.is_asked = true,
            ToClient::Failed { code, .. } => self.link = Link::Denied(code),
            ToClient::Welcome { .. }
            | ToClient::Pong
            | ToClient::People { .. }
            | ToClient::Lane { .. } => {}
        }
    }

    fn opened(&mut self, answer: Answer, step: &mut Step) {
        let is_first = self.link != Link::Following;
        let is_new = self.cursor == Cursor::default();
        if !is_new && answer.epoch != self.cursor.epoch || is_first && answer.head < self.cursor.seq
        {
            self.drop_log(Cause::OtherLog);
            return;
        }
        if answer.head < self.cursor.seq {
            // Overtaken by what came after it.
            return;
        }
        self.link = Link::Following;
        if is_first {
            self.texts.answered();
        }
        (self.is_asked, self.quiet) = (false, 0);
        self.may_edit = answer.may_edit;
        if is_new {
            self.cursor.epoch = answer.epoch;
            self.transactions.add(Write::PutCursor(self.cursor));
        }
        if self.set_aside_what_cannot_follow(&answer.acked) {
            return;
        }
        self.outbox.restart(&answer.acked);
        self.is_doubtful = self.compared.is_some() || self.outbox.has_acked();
        self.promise = Some((answer.head, answer.acked));
        self.settle();
        match answer.base {
            // A base does not tell whether what waits here is what the server has by its name.
            Some(_) if self.is_doubtful && self.words.log => self.ask(step),
            Some(base) if base.seq > self.cursor.seq => self.fetch(base, step),
            // A question that was asked twice: what this offers came meanwhile. The server waits to
            // be told.
            Some(_) => self.ask(step),
            None => {}
        }
    }

    /// A writer whose entries the server has not got up to the ones that wait here cannot go on; nor
    /// can this tab's, where the server has more of it than this device ever wrote. A backup was
    /// restored, there or here.
    fn set_aside_what_cannot_follow(&mut self, acked: &BTreeMap<Peer, EntryNo>) -> bool {
        for (&peer, &acked) in acked {
            if self.neighbours.contains(peer) {
                // Its tab finds out.
                continue;
            }
            let acked = acked.min(EntryNo::MAX - 1);
            let last = self.last_entries.get(&peer).map_or(0, |last| last.entry);
            let first = self.outbox.first(peer).unwrap_or(last + 1);
            let is_behind = acked + 1 < first && first <= last;
            let is_own = peer == self.document.peer();
            if is_behind || is_own && !(first..=last + 1).contains(&(acked + 1)) {
                self.refuse(peer, first, Code::Incomplete);
            }
        }
        self.closing.is_some()
    }

    fn fetch(&mut self, base: Base, step: &mut Step) {
        let is_under_way =
            |fetch: &Fetch| fetch.base() == base && fetch.is_packed() == self.words.packed;
        if !self.fetch.as_ref().is_some_and(is_under_way) {
            self.fetch = Some(Fetch::new(base, self.words.packed));
        }
        self.fetch_next(step);
    }

    fn fetch_next(&self, step: &mut Step) {
        if let Some(fetch) = &self.fetch {
            let (exercise, seq, offset) = (self.exercise, fetch.base().seq, fetch.offset());
            step.outputs.push(Output::Send(match fetch.is_packed() {
                true => ToServer::FetchPacked { exercise, seq, offset },
                false => ToServer::Fetch { exercise, seq, offset },
            }));
        }
    }

    fn piece(
        &mut self,
        seq: Seq,
        offset: u32,
        bytes: &Blob,
        packed: Option<Packed>,
        step: &mut Step,
    ) {
        let Some(fetch) = &mut self.fetch else { return };
        if !fetch.add(seq, offset, &bytes.0, packed) {
            return;
        }
        self.quiet = 0;
        let Some(document) = fetch.complete() else {
            self.fetch_next(step);
            return;
        };
        self.fetch = None;
        let Ok(document) = document else { return self.repair() };
        if seq > self.cursor.seq {
            if self.merge_base(&document, step).is_err() {
                return self.repair();
            }
            (self.base, self.cursor.seq) = (seq, seq);
            // The cursor first: a base is stored beside the cursor of its own log alone.
            self.transactions.add(Write::PutCursor(self.cursor));
            self.transactions.add(Write::PutBase { epoch: self.cursor.epoch, seq, document });
            self.settle();
            self.merge_early(step);
        }
        self.ask(step);
    }

    fn updates(
        &mut self,
        first: Seq,
        entries: Vec<LogEntry>,
        digest: Option<Digest>,
        step: &mut Step,
    ) {
        if self.link != Link::Following {
            return;
        }
        let next = self.cursor.seq + 1;
        if first > next {
            self.ask_once(step);
            return;
        }
        let known = usize::try_from(next - first).unwrap_or(usize::MAX);
        if self.differs_from_what_waits(first, &entries[..known.min(entries.len())]) {
            return;
        }
        if known > entries.len() {
            return;
        }
        self.quiet = 0;
        let count = entries.len() - known;
        let mut updates: Vec<(Peer, EntryNo, Vec<u8>)> = Vec::with_capacity(count);
        let mut own: BTreeMap<Peer, EntryNo> = BTreeMap::new();
        for LogEntry { peer, entry, update, .. } in entries.into_iter().skip(known) {
            let kept = self.outbox.get(peer, entry);
            let update = match (update, kept) {
                (Some(Blob(update)), Some(kept)) if update != kept => {
                    // Somebody else wrote as this writer.
                    return self.refuse(peer, entry, Code::Incomplete);
                }
                (Some(Blob(update)), _) => update,
                // Left out are the bytes of what this connection sent.
                (None, Some(kept)) => kept.to_vec(),
                (None, None) => break,
            };
            updates.push((peer, entry, update));
            if self.is_of_device(peer) {
                own.insert(peer, entry);
            }
        }
        let is_whole = updates.len() == count;
        if self.merge_in_order(&updates, step).is_err() {
            return self.repair();
        }
        if !updates.is_empty() {
            for (_, _, update) in updates {
                self.cursor.seq += 1;
                self.transactions.add(Write::PutLog { seq: self.cursor.seq, update });
            }
            for (peer, entry) in own {
                self.drop_committed(peer, entry);
            }
            self.transactions.add(Write::PutCursor(self.cursor));
            self.settle();
            self.merge_early(step);
        }
        if !is_whole {
            self.ask_once(step);
        } else if let Some(digest) = digest {
            self.compare(digest);
        }
    }

    /// Compares entries that are in the copy of the log already with what waits under their names.
    fn differs_from_what_waits(&mut self, first: Seq, entries: &[LogEntry]) -> bool {
        let Some(compared) = self.compared.filter(|compared| first <= compared + 1) else {
            return false;
        };
        for LogEntry { peer, entry, update, .. } in entries {
            let (kept, came) = (self.outbox.get(*peer, *entry), update.as_ref());
            if kept.zip(came).is_some_and(|(kept, came)| kept != came.0) {
                self.refuse(*peer, *entry, Code::Incomplete);
                return true;
            }
        }
        let compared = compared.max((first + entries.len() as Seq).saturating_sub(1));
        self.compared = (compared < self.cursor.seq).then_some(compared);
        self.quiet = 0;
        if self.compared.is_none() {
            self.settle();
        }
        false
    }

    /// Compares contents, when nothing of this device is still missing on the server.
    fn compare(&mut self, digest: Digest) {
        if !self.outbox.is_empty() {
            return;
        }
        self.agreed = digest == self.document.digest();
        self.differs = !self.agreed;
        if self.differs {
            self.drop_log_unless_fresh();
        }
    }

    /// What the server had when it answered is here: of that, nothing needs to wait any more.
    fn settle(&mut self) {
        if let Some((head, acked)) = &self.promise
            && self.cursor.seq >= *head
            && self.compared.is_none()
        {
            for (peer, entry) in acked.clone() {
                self.drop_committed(peer, entry);
            }
            self.promise = None;
            self.is_doubtful = false;
        }
        self.fetch.take_if(|fetch| fetch.base().seq <= self.cursor.seq);
    }

    fn drop_committed(&mut self, peer: Peer, up_to: EntryNo) {
        self.texts.committed(peer, up_to);
        self.neighbours.committed(peer, up_to);
        // Not what another tab stored under a name that this one did not compare.
        let up_to = self.outbox.last(peer).map_or(up_to, |last| last.min(up_to));
        if self.outbox.drop_up_to(peer, up_to) {
            self.transactions.add(Write::DropOutbox { peer, up_to });
        }
    }

    fn ask_once(&mut self, step: &mut Step) {
        if !self.is_asked {
            self.ask(step);
        }
    }

    fn introduce(&mut self, mut writers: Vec<Writer>) {
        writers.retain(|writer| self.writers.get(&writer.peer) != Some(writer));
        if !writers.is_empty() {
            self.writers.extend(writers.iter().map(|writer| (writer.peer, writer.clone())));
            self.transactions.add(Write::PutWriters(writers));
        }
    }

    /// Sets the entries of a writer aside, from this one on. What they did cannot be taken out of
    /// the document: it is opened anew without them.
    pub(super) fn refuse(&mut self, peer: Peer, from: EntryNo, code: Code) {
        // Where the server has something else under the same name, it would take for good what
        // builds on this one, and put it there.
        let after = match code {
            Code::Incomplete => self.outbox.after(peer, from),
            _ => Vec::new(),
        };
        for (peer, from) in after.into_iter().chain([(peer, from)]) {
            self.set_aside(peer, from, code);
            if peer == self.document.peer() {
                self.refused = Some(code);
            }
        }
        self.closing = Some(Cause::Refused(code));
    }

    /// The server's entries do not fit what is here. The document may hold a part of them, so that
    /// nothing more is merged into it.
    fn repair(&mut self) {
        (self.agreed, self.differs) = (false, true);
        self.link = Link::Denied(Code::Malformed);
        self.drop_log_unless_fresh();
    }

    /// The copy of the log is fetched anew, unless that is what was just done.
    fn drop_log_unless_fresh(&mut self) {
        if !self.is_fresh {
            self.drop_log(Cause::Damaged);
        }
    }

    fn drop_log(&mut self, cause: Cause) {
        self.transactions.add(Write::DropLog);
        self.closing = Some(cause);
    }
}
