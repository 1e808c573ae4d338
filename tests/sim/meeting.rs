//! A meeting: a server of its own, which begins with a copy of the log, and whose log is brought back.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    access::{Grant, Role},
    doc::Document,
    ids::Peer,
    protocol::{Blob, EntryNo, LogEntry, Seq, ToServer},
    sync::{
        journal::Cursor,
        room::{Brought, Member},
    },
};

use crate::{
    fault::Fault,
    model::{Found, Id, NO_DEVICE, Written},
    plan::Sketch,
    world::{Checked, World},
};

/// No server of the run has this epoch.
const EPOCH: u64 = 1_000;

/// What is stored at the meeting.
pub struct Meeting {
    pub log: Vec<LogEntry>,
    peers: Vec<Peer>,
}

fn id(entry: &LogEntry) -> Id {
    (entry.peer, entry.entry)
}

impl Meeting {
    /// The identity and the places of its log.
    pub fn places(&self) -> (u64, BTreeMap<Id, Seq>) {
        (EPOCH, self.log.iter().map(id).zip(1..).collect())
    }
}

impl World {
    /// Somebody takes the exercise to a meeting; one that goes on takes what is new.
    pub fn take_to_meeting(&mut self) {
        let log = self.server.log.clone();
        let meeting = self.meeting.get_or_insert_with(|| Meeting { log: vec![], peers: vec![] });
        let known: BTreeSet<Id> = meeting.log.iter().map(id).collect();
        meeting.log.extend(log.into_iter().filter(|entry| !known.contains(&id(entry))));
        self.count("taken to a meeting");
    }

    /// Somebody writes there.
    pub fn write_at_meeting(&mut self, pick: u8, sketches: &[Sketch]) -> Checked {
        let new = self.new_peer();
        let Some(meeting) = &mut self.meeting else { return Ok(()) };
        let peer = match meeting.peers.get(usize::from(pick) % (meeting.peers.len() + 1)) {
            Some(peer) => *peer,
            None => new,
        };
        let updates = meeting.log.iter().flat_map(|entry| &entry.update);
        let document = Document::load(self.exercise, peer, updates.map(|blob| blob.0.as_slice()));
        let mut document = document.map_err(|error| format!("the meeting's log: {error}"))?;
        let seen = Cursor { epoch: EPOCH, seq: meeting.log.len() as Seq };
        let before = document.exercise().clone();
        let edits = self.draw_all(&before, sketches);
        let change = document.apply(&edits).map_err(|error| format!("{error:?}"))?;
        if change.update.is_empty() {
            return Ok(());
        }
        let mut written = Written::new(NO_DEVICE, seen, Found::new());
        written.note(&edits, &before, &change.touched);
        written.update = change.update.clone();
        let Some(meeting) = &mut self.meeting else { return Ok(()) };
        if !meeting.peers.contains(&peer) {
            meeting.peers.push(peer);
        }
        let last = meeting.log.iter().filter(|entry| entry.peer == peer).map(|e| e.entry).max();
        let entry: EntryNo = last.unwrap_or_default() + 1;
        meeting.log.push(LogEntry { peer, entry, at: 0, update: Some(Blob(change.update)) });
        self.model.write((peer, entry), written);
        self.count("entries of meetings");
        Ok(())
    }

    /// What was written there is brought back, as far as the server lacks it.
    pub fn bring_back(&mut self) -> Checked {
        let Some(meeting) = &self.meeting else { return Ok(()) };
        let known: BTreeSet<Id> = self.server.log.iter().map(id).collect();
        let lacking = meeting.log.iter().filter(|entry| !known.contains(&id(entry)));
        let mut lacking: Vec<LogEntry> = lacking.cloned().collect();
        if self.has(Fault::BringUnordered) {
            lacking.sort_by_key(|entry| std::cmp::Reverse(id(entry)));
        }
        let grant = Grant { role: Role::GoreEditor, region: Some("01".into()) };
        let member = Member { user: 99, name: "Quien la trae".into(), grant };
        let (exercise, conn) = (self.exercise, self.new_conn());
        let open = ToServer::Open { exercise, epoch: 0, cursor: 0, peers: vec![] };
        self.run_room(|room| room.receive(conn, &member, open))?;
        for LogEntry { peer, entry, update, .. } in lacking {
            let entries = update.into_iter().collect();
            let brought = Brought { peer, author: None, first: entry, entries };
            self.run_room(|room| room.bring(conn, &member, brought))?;
        }
        self.leave(conn);
        Ok(())
    }

    /// Whether the server has all of it.
    pub fn has_come_back(&self) -> bool {
        let known: BTreeSet<Id> = self.server.log.iter().map(id).collect();
        let meeting = self.meeting.iter().flat_map(|meeting| &meeting.log);
        meeting.map(id).all(|id| known.contains(&id))
    }
}
