//! A device: its store, and the tabs that write to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shared::{
    access::{Grant, Role},
    doc::{self, Document},
    edit::Edit,
    ids::{Peer, RowId},
    key::Key,
    protocol::{Code, LogEntry, ToClient},
    sync::{
        Ticket,
        journal::{Outgoing, Stored, Write},
        replica::{Cause, Link, News, OpenError, Output, Replica, Step},
        room::ConnId,
    },
    template::TableId,
    value::Value,
};

use crate::{
    fault::Fault,
    model::{Found, Id, Written, text},
    plan::Sketch,
    world::{Checked, Exercise, World},
};

pub struct Device {
    pub stored: Stored,
    pub grant: Grant,
    /// Its person was not allowed something at some time, so that entries may be set aside.
    pub was_restricted: bool,
    /// What it stored at some time, and may store again.
    pub backup: Option<Stored>,
    /// It does: what it writes from then on may bear the names of what it wrote before.
    pub was_returned: bool,
    pub is_silent: bool,
}

pub struct Tab {
    pub device: usize,
    pub open: Option<Open>,
}

/// What is lost when a tab is killed.
pub struct Open {
    pub replica: Replica,
    /// The writers that no other tab may open.
    pub peers: BTreeSet<Peer>,
    pub under_way: Option<(Ticket, Vec<Write>)>,
    pub conn: Option<ConnId>,
    /// Entries that were made and not yet seen in a transaction.
    pub made: VecDeque<Written>,
    /// Those that were.
    named: BTreeSet<Id>,
    /// Entries of other writers that it found waiting.
    local: Found,
    /// What a planted bug writes later than it says.
    late: VecDeque<Vec<Write>>,
    /// What other tabs of the device told and this one did not hear yet.
    pub news: VecDeque<News>,
    /// On which connection an entry was first sent.
    pub sent: BTreeMap<Id, ConnId>,
}

impl Device {
    pub fn new() -> Self {
        Self {
            stored: Stored::default(),
            grant: Grant { role: Role::GoreEditor, region: Some("01".into()) },
            was_restricted: false,
            backup: None,
            was_returned: false,
            is_silent: false,
        }
    }
}

impl World {
    /// Opens a tab that is closed: all writers whose tabs are gone are its.
    pub fn open_tab(&mut self, tab: usize, pick: u8) -> Checked {
        if self.tabs[tab].open.is_some() {
            return Ok(());
        }
        let device = self.tabs[tab].device;
        let stored = self.devices[device].stored.clone();
        let free: Vec<Peer> = {
            let locked = self.locked(device);
            let known = stored.last_entries.iter().map(|last| last.peer);
            known.filter(|peer| !locked.contains(peer)).collect()
        };
        let own = match free.get(usize::from(pick) % (free.len() + 1)) {
            Some(peer) => *peer,
            None => self.new_peer(),
        };
        self.open_as(tab, own)
    }

    fn open_as(&mut self, tab: usize, own: Peer) -> Checked {
        let device = self.tabs[tab].device;
        let stored = self.plant_in_reading(self.devices[device].stored.clone());
        let locked = self.locked(device);
        let waiting = stored.outbox.iter().map(|(peer, ..)| *peer);
        let known = stored.last_entries.iter().map(|last| last.peer);
        let mut adopted: Vec<Peer> =
            waiting.chain(known).filter(|peer| !locked.contains(peer) && *peer != own).collect();
        if self.has(Fault::ForgetAdopted) {
            adopted.clear();
        }
        let mut replica = match Replica::open(self.exercise, own, &adopted, stored.clone()) {
            Ok(replica) => replica,
            Err(OpenError::WriterIsBehind) if self.may_set_aside(device) => {
                let own = self.new_peer();
                return self.open_as(tab, own);
            }
            Err(OpenError::Damaged(writes)) if self.devices[device].was_returned => {
                self.write(device, &writes);
                return self.open_as(tab, own);
            }
            Err(error) => return Err(format!("device {device}: {error:?}")),
        };
        replica.set_compact_after(8);
        let peers: BTreeSet<Peer> = adopted.into_iter().chain([own]).collect();
        let local = self.check_opened(device, &replica, &stored)?;
        let own_and_adopted = peers.clone();
        self.tabs[tab].open = Some(Open {
            replica,
            peers,
            under_way: None,
            conn: None,
            made: VecDeque::new(),
            named: BTreeSet::new(),
            local: local.clone(),
            late: VecDeque::new(),
            news: VecDeque::new(),
            sent: BTreeMap::new(),
        });
        if local.keys().any(|(peer, _)| !own_and_adopted.contains(peer)) {
            self.count("tabs opened beside others that wait");
        }
        Ok(())
    }

    /// What the device called saved is there, and the exercise is what that amounts to.
    fn check_opened(
        &self,
        device: usize,
        replica: &Replica,
        stored: &Stored,
    ) -> Result<Found, String> {
        // What other tabs wrote is left out where it cannot be shown.
        let taken: BTreeSet<Peer> = replica.unsent().map(|(peer, ..)| peer).collect();
        let mut outbox: Vec<&(Peer, u32, Outgoing)> =
            stored.outbox.iter().filter(|(peer, ..)| taken.contains(peer)).collect();
        outbox.sort_by_key(|(peer, entry, outgoing)| (outgoing.generation, *peer, *entry));
        let cursor = replica.cursor();
        let log = self.server.log_of(cursor.epoch).get(..cursor.seq as usize);
        let log = log.ok_or_else(|| format!("a device is further than the server: {cursor:?}"))?;
        // After a loss, what the device had of the log is fetched again.
        let again = self.server.log.iter().filter(|_| self.server.was_restored());
        let as_written = |entry: &&LogEntry| self.model.is_latest(entry);
        let in_log = log.iter().chain(again).filter(as_written);
        let kept: BTreeSet<Id> = (in_log.map(|entry| (entry.peer, entry.entry)))
            .chain(self.model.gone.iter().copied())
            .chain(stored.outbox.iter().map(|(peer, entry, _)| (*peer, *entry)))
            .chain(stored.quarantine.iter().map(|refused| (refused.peer, refused.entry)))
            .collect();
        let lost = |id: &&Id| self.model.is_of(device, **id) && !kept.contains(*id);
        if let Some(id) = self.model.saved.iter().find(lost) {
            return Err(format!("device {device} said that {id:?} is saved, and lost it"));
        }
        let own = replica.document().peer();
        let committed = log.iter().flat_map(|entry| &entry.update).map(|blob| blob.0.as_slice());
        let waiting = outbox.iter().map(|(_, _, outgoing)| outgoing.update.as_slice());
        let expected = Document::load_on_top(self.exercise, own, committed, waiting);
        match expected {
            // What follows on entries that a lost log had cannot be shown.
            Ok((_, clocks)) if !follow_each_other(&clocks, &outbox) => {
                match self.may_set_aside(device) {
                    true => Ok(Found::new()),
                    false => Err(format!("device {device} has a gap")),
                }
            }
            Ok((expected, _)) if expected.digest() == replica.document().digest() => {
                let found = outbox.into_iter();
                Ok(found.map(|(peer, no, out)| ((*peer, *no), out.update.clone())).collect())
            }
            // What waits builds on what was refused, and is about to be refused too.
            Err(_) if self.may_set_aside(device) => Ok(Found::new()),
            _ => Err(format!("device {device} shows something else than what it stored")),
        }
    }

    /// Whether entries may be refused: permissions ended, or a backup lacks what they build on.
    pub fn may_set_aside(&self, device: usize) -> bool {
        let is_restricted = self.devices[device].was_restricted;
        // What a device that became what it was wrote twice may have been carried anywhere.
        let returned = self.devices.iter().any(|device| device.was_returned);
        is_restricted || returned || self.server.was_restored()
    }

    /// Whether entries may be refused for this reason: one that follows on another of the same name
    /// does not follow.
    pub fn is_expected(&self, code: Code) -> bool {
        let returned = self.devices.iter().any(|device| device.was_returned);
        matches!(code, Code::Forbidden | Code::Incomplete) || code == Code::Malformed && returned
    }

    /// The writers of the other tabs of this tab's device.
    pub fn locked_elsewhere(&self, tab: usize) -> BTreeSet<Peer> {
        let device = self.tabs[tab].device;
        let tabs = self.tabs.iter().enumerate();
        let others = tabs.filter(|(other, of)| *other != tab && of.device == device);
        others.filter_map(|(_, of)| of.open.as_ref()).flat_map(|open| open.peers.clone()).collect()
    }

    fn locked(&self, device: usize) -> BTreeSet<Peer> {
        if self.has(Fault::ReuseIdentity) {
            return BTreeSet::new();
        }
        let others = self.tabs.iter().filter(|tab| tab.device == device);
        others.filter_map(|tab| tab.open.as_ref()).flat_map(|open| open.peers.clone()).collect()
    }

    pub fn crash_tab(&mut self, tab: usize, written: bool) {
        let device = self.tabs[tab].device;
        if let Some(open) = self.tabs[tab].open.take()
            && let Some((_, writes)) = open.under_way
            && written
        {
            let from = if self.has(Fault::HalfTransaction) { writes.len() / 2 } else { 0 };
            self.write(device, &writes[from..]);
        }
    }

    fn write(&mut self, device: usize, writes: &[Write]) {
        let before = self.devices[device].stored.clone();
        self.devices[device].stored.write(writes);
        self.plant_in_store(device, &before);
    }

    /// The server's answer is worth waiting for.
    pub fn is_served(&self, tab: usize) -> bool {
        self.tabs[tab].open.as_ref().is_some_and(|open| {
            open.conn.is_some() && !matches!(open.replica.status().link, Link::Denied(_))
        })
    }

    pub fn is_storing(&self, tab: usize) -> bool {
        self.tabs[tab]
            .open
            .as_ref()
            .is_some_and(|open| open.under_way.is_some() || !open.late.is_empty())
    }

    /// Ends the tab's transaction.
    pub fn store(&mut self, tab: usize, ok: bool) -> Checked {
        let device = self.tabs[tab].device;
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        if let Some(writes) = open.late.pop_front() {
            self.write(device, &writes);
            return Ok(());
        }
        let Some((ticket, writes)) = open.under_way.take() else { return Ok(()) };
        if ok {
            self.write(device, &writes);
        }
        self.stored(tab, ticket, &writes, ok || self.has(Fault::IgnoreFailedStore))
    }

    /// The replica is told how its transaction ended; what it then calls saved, is.
    fn stored(&mut self, tab: usize, ticket: Ticket, writes: &[Write], ok: bool) -> Checked {
        for write in writes.iter().filter(|_| ok) {
            if let Write::PutOutbox { peer, entry, .. } = write {
                self.model.saved.insert((*peer, *entry));
            }
        }
        self.run_tab(tab, |replica| replica.stored(ticket, ok))
    }

    pub fn receive(&mut self, tab: usize, message: ToClient) -> Checked {
        let message = self.plant_in_hearing(tab, message);
        self.run_tab(tab, |replica| replica.receive(message))?;
        if self.has(Fault::DecideForPeople) { self.plant_a_decision(tab) } else { Ok(()) }
    }

    /// Calls the replica, if the tab is open, and does what it asks for.
    pub fn run_tab(&mut self, tab: usize, call: impl FnOnce(&mut Replica) -> Step) -> Checked {
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        let before: BTreeSet<Id> = open.replica.unsent().map(|(peer, no, _)| (peer, no)).collect();
        let step = call(&mut open.replica);
        // What came to wait without being written here was heard from another tab.
        let own = open.replica.document().peer();
        let unsent = open.replica.unsent().map(|(peer, no, out)| ((peer, no), out));
        let heard = unsent.filter(|(id, _)| id.0 != own && !before.contains(id));
        open.local.extend(heard.map(|(id, outgoing)| (id, outgoing.update.clone())));
        self.perform(tab, step)
    }

    /// The other tabs of the device will hear it.
    pub fn tell(&mut self, tab: usize, news: &News) {
        let news = self.plant_in_telling(news.clone());
        let device = self.tabs[tab].device;
        for (other, of) in self.tabs.iter_mut().enumerate() {
            if let Some(open) = of.open.as_mut().filter(|_| other != tab && of.device == device) {
                open.news.push_back(news.clone());
            }
        }
    }

    pub fn has_news(&self, tab: usize) -> bool {
        self.tabs[tab].open.as_ref().is_some_and(|open| !open.news.is_empty())
    }

    /// The tab hears what another one told.
    pub fn hear_news(&mut self, tab: usize) -> Checked {
        let open = self.tabs[tab].open.as_mut();
        let Some(news) = open.and_then(|open| open.news.pop_front()) else { return Ok(()) };
        let of = |open: &Open| open.replica.unsent().count();
        let before = self.tabs[tab].open.as_ref().map_or(0, of);
        self.run_tab(tab, |replica| replica.hear(news))?;
        if self.tabs[tab].open.as_ref().map_or(0, of) > before {
            self.count("news shown");
        }
        Ok(())
    }

    pub fn perform(&mut self, tab: usize, step: Step) -> Checked {
        for output in step.outputs {
            match output {
                Output::Send(message) => {
                    if let Some(message) = self.plant_in_push(tab, message) {
                        self.send_up(tab, &message);
                    }
                }
                Output::Store { ticket, writes } => self.begin(tab, ticket, writes)?,
                Output::Tell(news) => self.tell(tab, &news),
                Output::Reload(cause) => return self.reload_tab(tab, cause),
            }
        }
        Ok(())
    }

    /// A transaction is under way; its entries get their numbers.
    fn begin(&mut self, tab: usize, ticket: Ticket, writes: Vec<Write>) -> Checked {
        let device = self.tabs[tab].device;
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        if open.under_way.is_some() {
            return Err("two transactions of one replica".into());
        }
        for write in &writes {
            if let Write::PutBase { .. } = write {
                self.counts.entry("bases stored").and_modify(|n| *n += 1).or_insert(1);
            }
            if let Write::PutOutbox { peer, entry, outgoing } = write {
                let id = (*peer, *entry);
                if !open.named.insert(id) {
                    continue; // it failed before
                }
                let mut made = open.made.pop_front().ok_or("an entry of nobody")?;
                made.update = outgoing.update.clone();
                let may_repeat = self.devices[device].was_returned;
                if !self.model.write(id, made) && !may_repeat {
                    return Err(format!("{id:?} was written twice"));
                }
            }
        }
        if self.fault == Some(Fault::SendBeforeStored) {
            open.late.push_back(writes.clone());
            return self.stored(tab, ticket, &writes, true);
        }
        if self.fault == Some(Fault::TellBeforeStored) {
            self.tell_now(tab, &writes);
        }
        if self.fault == Some(Fault::CursorBeforeData) {
            let early = writes.iter().filter(|write| matches!(write, Write::PutCursor(_)));
            self.devices[device].stored.write(&early.cloned().collect::<Vec<_>>());
        }
        if let Some(open) = &mut self.tabs[tab].open {
            open.under_way = Some((ticket, writes));
        }
        Ok(())
    }

    fn reload_tab(&mut self, tab: usize, cause: Cause) -> Checked {
        let device = self.tabs[tab].device;
        let is_expected = match cause {
            Cause::Refused(code) => self.may_set_aside(device) && self.is_expected(code),
            Cause::Neighbours => self.may_set_aside(device),
            Cause::OtherLog => self.server.was_restored(),
            Cause::Carried | Cause::LeftBehind => true,
            Cause::Damaged => false,
        };
        if !is_expected {
            return Err(format!("device {device} opens again: {cause:?}"));
        }
        self.count("tabs opened again");
        let former = self.tabs[tab].open.take().map(|open| open.replica.document().peer());
        let own = match (cause, former) {
            (Cause::Carried | Cause::LeftBehind | Cause::Neighbours, Some(own)) => own,
            _ => self.new_peer(),
        };
        self.open_as(tab, own)
    }

    /// A person edits what the screen shows.
    pub fn edit(&mut self, tab: usize, sketches: &[Sketch]) -> Checked {
        let Some(open) = &self.tabs[tab].open else { return Ok(()) };
        let before = open.replica.document().exercise().clone();
        let edits = self.draw_all(&before, sketches);
        let device = self.tabs[tab].device;
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        let mut written = Written::new(device, open.replica.cursor(), open.local.clone());
        let step = open.replica.edit(edits.clone()).map_err(|error| format!("{error:?}"))?;
        if !step.touched.is_empty() {
            written.note(&edits, &before, &step.touched);
            open.made.push_back(written);
        }
        self.perform(tab, step)
    }

    /// The edits that sketches mean in this exercise, of each cell one.
    pub fn draw_all(&mut self, exercise: &Exercise, sketches: &[Sketch]) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        for sketch in sketches {
            let edit = self.draw(exercise, sketch);
            if !edits.iter().any(|other| other.key() == edit.key()) {
                edits.push(edit);
            }
        }
        edits
    }

    /// The edit that a sketch means in this exercise.
    fn draw(&mut self, exercise: &Exercise, sketch: &Sketch) -> Edit {
        let row = RowId::new(&format!("r{}", sketch.row)).expect("a row");
        let (table, number) = (TableId::Focus, sketch.number);
        let figure = |number: u32| match number % 8 {
            0 => None,
            1 => Some(Value::ToBeDefined),
            rest => Some(Value::Money(rest.into())),
        };
        match sketch.kind {
            0 => Edit::PlaceRow { table, row, order: format!("V{:03}V", number % 1_000) },
            1 => Edit::DeleteRow { table, row, deleted: number % 2 == 0 },
            2..6 => Edit::SetCell { key: Key::cell(table, &row, "budget"), value: figure(number) },
            6 => Edit::SetCell {
                key: Key::cell(table, &row, "action"),
                value: Some(Value::Text(format!("Acción {}", number % 5))),
            },
            7 => Edit::SetCell {
                key: Key::cell(TableId::Instruments, &row, "preliminary_amount"),
                value: figure(number),
            },
            8..11 => {
                let code = ["01101", "01107", "01401"][number as usize / 2 % 3];
                let key = Key::member(table, &row, "places", code);
                Edit::SetMember { key, present: number % 2 == 0 }
            }
            kind => {
                let key = Key::cell(table, &row, "description");
                let text = text(exercise, &key);
                // All characters take three bytes.
                let (length, place) = (text.len() / 3, number as usize / 8);
                let at = place % (length + 1);
                let delete = if kind < 13 { (number as usize % 4).min(length - at) } else { 0 };
                let typed = if kind < 12 && delete > 0 { 0 } else { 1 + number % 3 };
                let insert = (0..typed).map(|_| self.new_char()).collect();
                Edit::SpliceText { key, at: at * 3, delete: delete * 3, insert }
            }
        }
    }
}

/// Whether the operations of each entry go on where its writer ends.
fn follow_each_other(clocks: &BTreeMap<Peer, u32>, outbox: &[&(Peer, u32, Outgoing)]) -> bool {
    let mut ends = clocks.clone();
    outbox.iter().all(|(peer, _, outgoing)| {
        let span = doc::span(&outgoing.update, *peer).expect("a device wrote it");
        let Some(span) = span else { return true };
        let end = ends.entry(*peer).or_default();
        let follows = span.start <= *end;
        *end = span.end.max(*end);
        follows
    })
}
