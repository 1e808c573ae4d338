//! The server: its database, and the room that it drives.

use std::collections::{BTreeMap, VecDeque};

use shared::{
    doc::{Change, Document},
    edit::Edit,
    ids::{Peer, RowId},
    key::Key,
    protocol::{Blob, LogEntry, Seq, ToClient, ToServer},
    sync::{
        Ticket,
        journal::Cursor,
        room::{Binding, ConnId, Last, Member, NewEntry, Output, Room, RoomState, Tuning},
    },
    template::TableId,
    value::Value,
};

use crate::{
    fault::Fault,
    model::{Found, Logs, NO_DEVICE, Written},
    plan::{Outcome, Sketch},
    world::{Checked, Violation, World},
};

#[derive(Default)]
pub struct Server {
    // The database.
    pub epoch: u64,
    pub log: Vec<LogEntry>,
    pub bindings: Vec<Binding>,
    pub base: Option<(Seq, Vec<u8>)>,
    /// The logs of databases that were lost.
    lost_logs: BTreeMap<u64, Vec<LogEntry>>,

    // The process.
    pub room: Option<Room>,
    /// Transactions under way: one, without a planted bug.
    commits: VecDeque<Commit>,
    reads: VecDeque<(ConnId, Seq, Seq)>,
    must_reload: bool,
    pub now: i64,
}

struct Commit {
    ticket: Ticket,
    first: Seq,
    entries: Vec<NewEntry>,
    bindings: Vec<Binding>,
}

impl Server {
    /// What the database says of the exercise.
    pub fn state(&self) -> RoomState {
        let start = self.base.as_ref().map_or(0, |(seq, _)| *seq);
        let log = (1..).zip(self.log.iter().cloned()).skip(start as usize).collect();
        let mut acked: BTreeMap<Peer, Last> = BTreeMap::new();
        for entry in &self.log {
            acked.insert(entry.peer, last(entry));
        }
        let acked = acked.into_iter().collect();
        RoomState { base: self.base.clone(), log, bindings: self.bindings.clone(), acked }
    }

    /// The logs of all databases that there were.
    pub fn logs(&self) -> Logs {
        let now = (self.epoch, &self.log);
        let logs = self.lost_logs.iter().map(|(epoch, log)| (*epoch, log)).chain([now]);
        let places = |log: &Vec<LogEntry>| log.iter().map(|e| (e.peer, e.entry)).zip(1..).collect();
        logs.map(|(epoch, log)| (epoch, places(log))).collect()
    }

    /// The log that a device knows.
    pub fn log_of(&self, epoch: u64) -> &[LogEntry] {
        self.lost_logs.get(&epoch).unwrap_or(&self.log)
    }

    pub fn was_restored(&self) -> bool {
        !self.lost_logs.is_empty()
    }

    pub fn is_idle(&self) -> bool {
        self.commits.is_empty() && self.reads.is_empty() && !self.must_reload
    }

    /// Whether the database takes it: not where something else was written meanwhile.
    fn write(&mut self, commit: Commit) -> Result<bool, Violation> {
        if commit.first != self.log.len() as Seq + 1 {
            return Ok(false);
        }
        self.now += 1;
        for NewEntry { peer, entry, update, .. } in commit.entries {
            if self.log.iter().any(|old| (old.peer, old.entry) == (peer, entry)) {
                return Err(format!("{peer}:{entry} is committed twice"));
            }
            self.log.push(LogEntry { peer, entry, at: self.now, update: Some(Blob(update)) });
        }
        self.bindings.extend(commit.bindings);
        Ok(true)
    }
}

impl World {
    pub fn start_server(&mut self) -> Checked {
        if self.server.room.is_none() {
            let state = self.server.state();
            let room = Room::load(self.exercise, self.server.epoch, state);
            let mut room = room.map_err(|error| format!("the server cannot load: {error}"))?;
            let small =
                Tuning { base_distance: 20, piece_bytes: 700, read_entries: 5, recent_bytes: 800 };
            room.tune(small);
            self.server.room = Some(room);
        }
        Ok(())
    }

    pub fn crash_server(&mut self, written: bool) -> Checked {
        if let Some(commit) = self.server.commits.pop_front()
            && written
        {
            self.server.write(commit)?;
        }
        self.server.commits.clear();
        self.server.room = None;
        self.server.reads.clear();
        self.server.must_reload = false;
        self.connections.clear();
        for tab in 0..self.tabs.len() {
            self.disconnect(tab);
        }
        Ok(())
    }

    /// Something else than the room writes into the log, as an import does.
    pub fn write_elsewhere(&mut self, sketches: &[Sketch]) -> Checked {
        let (peer, entry) = (self.new_peer(), 1);
        let log = self.server.log.iter().flat_map(|entry| &entry.update);
        let updates = log.map(|blob| blob.0.as_slice());
        let document = Document::load(self.exercise, peer, updates);
        let mut document =
            document.map_err(|error| format!("the log cannot be loaded: {error}"))?;
        let before = document.exercise().clone();
        let is_newer = self.may_be_newer && sketches.iter().any(|sketch| sketch.number % 4 > 1);
        let (edits, change) = if is_newer {
            self.count("columns that nobody here knows");
            self.write_as_a_newer_version(&mut document)
        } else {
            let edits = self.draw_all(&before, sketches);
            let change = document.apply(&edits).map_err(|error| format!("{error:?}"))?;
            (edits, change)
        };
        if change.update.is_empty() {
            return Ok(());
        }
        let seen = Cursor { epoch: self.server.epoch, seq: self.server.log.len() as Seq };
        let mut written = Written::new(NO_DEVICE, seen, Found::new());
        written.note(&edits, &before, &change.touched);
        written.update = change.update.clone();
        self.model.write((peer, entry), written);
        let update = Some(Blob(change.update));
        self.server.log.push(LogEntry { peer, entry, at: 0, update });
        self.count("entries from elsewhere");
        self.run_room(Room::written_elsewhere)
    }

    /// What a version writes that has a column more: as this one writes it, under another name of
    /// the same length. Devices and server are to keep and pass on what they cannot show.
    fn write_as_a_newer_version(&mut self, document: &mut Document) -> (Vec<Edit>, Change) {
        let number = self.server.log.len();
        let row = RowId::new("newer").expect("a row");
        let value = Some(Value::Money(7.into()));
        let known = Key::cell(TableId::Focus, &row, "budget");
        let edit = Edit::SetCell { key: known.clone(), value: value.clone() };
        let mut change = document.apply(&[edit]).expect("an edit of an empty cell");
        let name = format!("z{number:05}");
        let place = change.update.windows(6).position(|bytes| bytes == b"budget");
        let place = place.expect("the name of the column is in the update");
        change.update[place..place + 6].copy_from_slice(name.as_bytes());
        let key = Key::cell(TableId::Focus, &row, &name);
        change.touched = [key.clone()].into();
        (vec![Edit::SetCell { key, value }], change)
    }

    /// The disk breaks; what is put in its place lacks the last entries.
    pub fn restore(&mut self, lost: usize) -> Checked {
        self.crash_server(false)?;
        let server = &mut self.server;
        server.lost_logs.insert(server.epoch, server.log.clone());
        if self.fault != Some(Fault::KeepEpoch) {
            server.epoch += 1;
        }
        let kept = server.log.len().saturating_sub(lost);
        let gone = server.log.split_off(kept);
        self.model.forget(gone.iter().map(|entry| (entry.peer, entry.entry)));
        server.bindings.retain(|binding| binding.since <= kept as Seq);
        server.base.take_if(|(seq, _)| *seq > kept as Seq);
        Ok(())
    }

    pub fn serve(&mut self, conn: ConnId, tab: usize, message: ToServer) -> Checked {
        let device = self.tabs[tab].device;
        let grant = self.devices[device].grant.clone();
        let message = self.plant_in_serving(message);
        let member = Member { user: device as i64, name: format!("Persona {device}"), grant };
        self.run_room(|room| room.receive(conn, &member, message))
    }

    pub fn leave(&mut self, conn: ConnId) {
        if let Some(room) = &mut self.server.room {
            room.leave(conn);
        }
    }

    pub fn commit(&mut self, how: Outcome) -> Checked {
        let Some(commit) = self.server.commits.pop_front() else { return Ok(()) };
        let ticket = commit.ticket;
        let is_written = how != Outcome::Failed && self.server.write(commit)?;
        let ok = is_written && how == Outcome::Done || self.has(Fault::IgnoreFailedCommit);
        self.committed(ticket, ok)
    }

    fn committed(&mut self, ticket: Ticket, ok: bool) -> Checked {
        let now = self.server.now;
        self.run_room(|room| room.committed(ticket, now, ok))
    }

    pub fn read(&mut self, ok: bool) -> Checked {
        let Some((to, from, up_to)) = self.server.reads.pop_front() else { return Ok(()) };
        let places = (1..).zip(&self.server.log).take_while(|_| ok);
        let asked = places.filter(|(seq, _)| (from..=up_to).contains(seq));
        let entries = asked.map(|(seq, entry)| (seq, entry.clone())).collect();
        self.count("reads");
        self.run_room(|room| room.log_read(to, entries))
    }

    pub fn reload_room(&mut self) -> Checked {
        if !std::mem::take(&mut self.server.must_reload) {
            return Ok(());
        }
        let state = self.server.state();
        let mut result = Ok(Vec::new());
        if let Some(room) = &mut self.server.room {
            result = room.reload(state);
        }
        let outputs = result.map_err(|error| format!("the server cannot reload: {error}"))?;
        self.perform_server(outputs)
    }

    pub fn compact_server(&mut self) {
        let base = self.server.room.as_ref().and_then(Room::base);
        if let Some(base) = base {
            self.server.base = Some(self.plant_in_base(base));
        }
    }

    /// What a planted bug shows to everybody too early.
    fn broadcast_early(&mut self, commit: &Commit) {
        let entries = commit.entries.iter().cloned().map(|new| {
            let NewEntry { peer, entry, update, .. } = new;
            LogEntry { peer, entry, at: 0, update: Some(Blob(update)) }
        });
        let (exercise, first, entries) = (self.exercise, commit.first, entries.collect());
        let message = ToClient::Updates { exercise, first, entries, digest: None };
        for conn in self.connections.keys().copied().collect::<Vec<_>>() {
            self.send_down(conn, &message);
        }
    }

    pub fn run_room(&mut self, call: impl FnOnce(&mut Room) -> Vec<Output>) -> Checked {
        let Some(room) = &mut self.server.room else { return Ok(()) };
        let outputs = call(room);
        self.perform_server(outputs)
    }

    fn perform_server(&mut self, outputs: Vec<Output>) -> Checked {
        for output in outputs {
            match output {
                Output::Send { to, message } => self.send_down(to, &message),
                Output::Broadcast { to, message } => {
                    to.into_iter().for_each(|to| self.send_down(to, &message));
                }
                Output::Commit { ticket, first, entries, bindings } => {
                    let commit = Commit { ticket, first, entries, bindings };
                    if self.has(Fault::BroadcastBeforeCommit) {
                        self.broadcast_early(&commit);
                    }
                    self.server.commits.push_back(commit);
                    if self.has(Fault::AcknowledgeBeforeCommit) {
                        self.committed(ticket, true)?;
                    } else if self.server.commits.len() > 1 {
                        return Err("two transactions of one room".into());
                    }
                }
                Output::ReadLog { to, from, up_to } => {
                    self.server.reads.push_back((to, from, up_to));
                }
                Output::Reload => {
                    self.count("rooms loaded again");
                    self.server.must_reload = true;
                }
            }
        }
        Ok(())
    }
}

/// An entry, as the last of its writer.
pub fn last(entry: &LogEntry) -> Last {
    Last::of(entry.entry, entry.update.as_ref().map_or(&[][..], |blob| &blob.0))
}
