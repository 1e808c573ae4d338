//! What must hold when everything has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    doc::Document,
    ids::Peer,
    protocol::{Code, EntryNo, LogEntry, Seq},
    sync::room::Room,
};

use crate::{
    meeting::Meeting,
    model::Id,
    world::{Checked, World},
};

impl World {
    pub fn check_at_rest(&self) -> Checked {
        let fresh = self.load_fresh()?;
        self.check_documents(&fresh)?;
        self.check_log()?;
        self.check_stores()?;
        let written = |entry| self.model.of(entry).map(|written| (id(entry), written));
        let log: Vec<_> = self.server.log.iter().filter_map(written).collect();
        let mut logs = self.server.logs();
        logs.extend(self.meeting.as_ref().map(Meeting::places));
        self.model.check(&log, &logs, &fresh)
    }

    pub fn count_what_is_left(&mut self) {
        let room = self.server.room.as_ref();
        let undecided = room.map_or(0, |room| room.document().exercise().undecided().len());
        self.counts.insert("decisions left", undecided);
        self.counts.insert("entries", self.server.log.len());
    }

    /// The exercise, from the database alone.
    fn load_fresh(&self) -> Result<Document, String> {
        let updates = self.server.log.iter().flat_map(|entry| &entry.update);
        let updates = updates.map(|blob| blob.0.as_slice());
        Document::load(self.exercise, Peer::SERVER, updates)
            .map_err(|error| format!("the log cannot be loaded: {error}"))
    }

    fn check_documents(&self, fresh: &Document) -> Checked {
        let restarted = Room::load(self.exercise, self.server.epoch, self.server.state())
            .map_err(|error| format!("the server cannot load: {error}"))?;
        let room = self.server.room.as_ref().ok_or("the server is down")?;
        let tabs = self.tabs.iter().filter_map(|tab| tab.open.as_ref());
        let documents = tabs.map(|open| ("a tab", open.replica.document()));
        let of_server = [("the room", room.document()), ("a restart", restarted.document())];
        for (name, document) in documents.chain(of_server) {
            if document.digest() != fresh.digest() || document.exercise() != fresh.exercise() {
                return Err(format!("{name} differs from the log"));
            }
        }
        Ok(())
    }

    /// What was said to be there is there; each entry once, in its order, as it was written.
    fn check_log(&self) -> Checked {
        let mut last: BTreeMap<Peer, EntryNo> = BTreeMap::new();
        for (seq, entry) in (1 as Seq..).zip(&self.server.log) {
            let id = id(entry);
            let before = last.insert(entry.peer, entry.entry).unwrap_or(0);
            if entry.entry != before + 1 {
                return Err(format!("place {seq}: {id:?} after {before}"));
            }
            if self.model.of(entry).is_none() {
                return Err(format!("place {seq}: {id:?} is not what was written"));
            }
        }
        let in_log = |(peer, entry): &Id| last.get(peer).is_some_and(|last| entry <= last);
        if let Some(id) = self.model.acked.iter().find(|id| !in_log(id)) {
            return Err(format!("{id:?} was acknowledged, and is not in the log"));
        }
        let refused = self.devices.iter().flat_map(|device| &device.stored.quarantine);
        let aside: BTreeSet<Id> = refused.map(|refused| (refused.peer, refused.entry)).collect();
        let as_written = self.server.log.iter().filter(|entry| self.model.is_latest(entry));
        let kept: BTreeSet<Id> = as_written.map(id).collect();
        for id in &self.model.saved {
            if !aside.contains(id) && !kept.contains(id) && !self.model.gone.contains(id) {
                return Err(format!("{id:?} was saved, and is neither in the log nor set aside"));
            }
        }
        Ok(())
    }

    /// Nothing waits, and what was set aside was set aside for a reason.
    fn check_stores(&self) -> Checked {
        for (number, device) in self.devices.iter().enumerate() {
            if !device.stored.outbox.is_empty() {
                return Err(format!("device {number}: entries wait for ever"));
            }
            let codes: BTreeSet<Code> = device.stored.quarantine.iter().map(|r| r.code).collect();
            let may_be = |code: &Code| self.may_set_aside(number) && self.is_expected(*code);
            if !codes.iter().all(may_be) {
                return Err(format!("device {number}: set aside for no reason: {codes:?}"));
            }
        }
        Ok(())
    }
}

fn id(entry: &LogEntry) -> Id {
    (entry.peer, entry.entry)
}
