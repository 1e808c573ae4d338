//! Devices, server and network in one process, driven step by step.

use std::{
    collections::{BTreeMap, VecDeque},
    hash::{DefaultHasher, Hash},
};

use shared::{
    access::{Grant, Role},
    ids::{ExerciseId, Peer},
    protocol::{self, ToClient, ToServer, Words},
    sync::room::ConnId,
};

pub use shared::model::Exercise;

use crate::{
    device::{Device, Tab},
    fault::Fault,
    meeting::Meeting,
    model::{Id, Model},
    plan::{Action, Outcome, Plan, Way},
    server::Server,
};

/// What must not happen.
pub type Violation = String;
pub type Checked = Result<(), Violation>;

pub struct World {
    pub exercise: ExerciseId,
    pub fault: Option<Fault>,
    pub devices: Vec<Device>,
    pub tabs: Vec<Tab>,
    pub server: Server,
    pub meeting: Option<Meeting>,
    /// Frames on their way, by connection.
    pub connections: BTreeMap<ConnId, Connection>,
    pub model: Model,
    /// Whether somebody may write what this version does not know. Not where a meeting would bring
    /// it to a server that lost it: no server takes what is beyond its own version.
    pub may_be_newer: bool,
    pub trace: DefaultHasher,
    /// How often what happened.
    pub counts: BTreeMap<&'static str, usize>,
    last_peer: u64,
    last_conn: ConnId,
    last_char: u32,
}

/// A connection as the server sees it; the device may have given it up long ago.
pub struct Connection {
    pub tab: usize,
    pub up: VecDeque<Vec<u8>>,
    pub down: VecDeque<Vec<u8>>,
}

impl World {
    pub fn new(plan: &Plan, fault: Option<Fault>) -> Self {
        let exercise = ExerciseId::new("01", 2027).expect("an exercise");
        let tabs = plan
            .devices
            .iter()
            .enumerate()
            .flat_map(|(device, tabs)| (0..*tabs).map(move |_| Tab { device, open: None }));
        let has = |is_meant: fn(&Action) -> bool| plan.steps.iter().any(is_meant);
        let mut world = Self {
            exercise,
            fault,
            devices: plan.devices.iter().map(|_| Device::new()).collect(),
            tabs: tabs.collect(),
            server: Server::default(),
            meeting: None,
            connections: BTreeMap::new(),
            model: Model::default(),
            may_be_newer: !(has(|step| matches!(step, Action::TakeToMeeting))
                && has(|step| matches!(step, Action::Restore { .. }))),
            trace: DefaultHasher::new(),
            counts: BTreeMap::new(),
            last_peer: 1,
            last_conn: 0,
            last_char: 0,
        };
        world.server.epoch = 7;
        world
    }

    pub fn step(&mut self, action: &Action) -> Checked {
        let device = |number: &u8| usize::from(*number) % self.devices.len();
        let is_open = |tab: usize| self.tabs[tab].open.is_some();
        match action {
            Action::Edit { tab, edits } => match self.pick(*tab, is_open) {
                Some(tab) => self.edit(tab, edits),
                None => Ok(()),
            },
            Action::Flow { tab, way, count } => {
                match self.pick(*tab, |tab| self.has_frames(tab, *way)) {
                    Some(tab) => (0..*count).try_for_each(|_| self.deliver(tab, *way)),
                    None => Ok(()),
                }
            }
            Action::Overtake { tab, way, place } => {
                self.with_frames(*tab, *way, *place, |frames, place| {
                    if let Some(frame) = frames.remove(place) {
                        frames.push_front(frame);
                    }
                })
            }
            Action::Lose { tab, way, place } => {
                self.with_frames(*tab, *way, *place, |frames, place| drop(frames.remove(place)))
            }
            Action::Double { tab, way, place } => {
                self.with_frames(*tab, *way, *place, |frames, place| {
                    frames.push_back(frames[place].clone());
                })
            }
            Action::Damage { tab, way, bit } => self.with_frames(*tab, *way, 0, |frames, place| {
                let byte = usize::from(bit / 8) % frames[place].len();
                frames[place][byte] ^= 1 << (bit % 8);
            }),
            Action::Disconnect { tab } => {
                if let Some(tab) = self.pick(*tab, |tab| self.is_served(tab)) {
                    self.disconnect(tab);
                }
                Ok(())
            }
            Action::Connect { tab } => {
                match self.pick(*tab, |tab| is_open(tab) && !self.is_served(tab)) {
                    Some(tab) => self.connect(tab),
                    None => Ok(()),
                }
            }
            Action::Silence { device: number, silent } => {
                let device = device(number);
                self.devices[device].is_silent = *silent;
                Ok(())
            }
            Action::Store { tab, ok } => match self.pick(*tab, |tab| self.is_storing(tab)) {
                Some(tab) => self.store(tab, *ok),
                None => Ok(()),
            },
            Action::Commit { how } => self.commit(*how),
            Action::Read { ok } => self.read(*ok),
            Action::Reload => self.reload_room(),
            Action::Tick { tab } => match self.pick(*tab, is_open) {
                Some(tab) => self.run_tab(tab, |replica| replica.tick()),
                None => Ok(()),
            },
            Action::CrashTab { tab, written } => {
                if let Some(tab) = self.pick(*tab, is_open) {
                    self.crash_tab(tab, *written);
                }
                Ok(())
            }
            Action::CrashDevice { device: number, written } => {
                let device = device(number);
                for tab in 0..self.tabs.len() {
                    if self.tabs[tab].device == device {
                        self.crash_tab(tab, *written);
                    }
                }
                Ok(())
            }
            Action::OpenTab { tab, pick } => match self.pick(*tab, |tab| !is_open(tab)) {
                Some(tab) => self.open_tab(tab, *pick),
                None => Ok(()),
            },
            Action::CrashServer { written } => self.crash_server(*written),
            Action::StartServer => self.start_server(),
            Action::WriteElsewhere { edits } => self.write_elsewhere(edits),
            Action::Restore { lost } => self.restore(usize::from(*lost)),
            Action::Role { device: number, role } => {
                self.change_role(device(number), *role);
                Ok(())
            }
            Action::Hear { tab } => match self.pick(*tab, |tab| self.has_news(tab)) {
                Some(tab) => self.hear_news(tab),
                None => Ok(()),
            },
            Action::CompactTab { tab } => match self.pick(*tab, is_open) {
                Some(tab) => self.run_tab(tab, |replica| replica.compact()),
                None => Ok(()),
            },
            Action::CompactServer => {
                self.compact_server();
                Ok(())
            }
            Action::Carry { from, tab } => {
                let from = device(from);
                let is_elsewhere = |tab: usize| is_open(tab) && self.tabs[tab].device != from;
                match self.pick(*tab, is_elsewhere) {
                    Some(tab) => self.carry(from, tab),
                    None => Ok(()),
                }
            }
            Action::LoseDevice { device: number } => {
                self.lose_device(device(number));
                Ok(())
            }
            Action::TakeToMeeting => {
                self.take_to_meeting();
                Ok(())
            }
            Action::WriteAtMeeting { pick, edits } => self.write_at_meeting(*pick, edits),
            Action::BringBack => self.bring_back(),
            Action::TurnClock { by } => {
                self.server.now += i64::from(*by);
                Ok(())
            }
            Action::BackUpDevice { device: number } => {
                let device = device(number);
                self.devices[device].backup = Some(self.devices[device].stored.clone());
                Ok(())
            }
            Action::RestoreDevice { device: number } => {
                self.restore_device(device(number));
                Ok(())
            }
        }
    }

    /// The tab that a number means, of those with which something can be done.
    fn pick(&self, number: u8, is_meant: impl Fn(usize) -> bool) -> Option<usize> {
        let meant: Vec<usize> = (0..self.tabs.len()).filter(|tab| is_meant(*tab)).collect();
        meant.get(usize::from(number) % meant.len().max(1)).copied()
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// A writer that was never used.
    pub fn new_peer(&mut self) -> Peer {
        self.last_peer += 1;
        Peer::new(self.last_peer).expect("a small number")
    }

    /// Names a connection that never was.
    pub fn new_conn(&mut self) -> ConnId {
        self.last_conn += 1;
        self.last_conn
    }

    /// A character that was never typed.
    pub fn new_char(&mut self) -> char {
        self.last_char += 1;
        char::from_u32(0x4e00 + self.last_char).expect("fewer than twenty thousand are typed")
    }

    fn change_role(&mut self, device: usize, role: u8) {
        let (role, region) = match role {
            2 => (Role::Observer, "01"),
            3 => (Role::SercotecManager, "01"),
            4 => (Role::GoreEditor, "05"),
            _ => (Role::GoreEditor, "01"),
        };
        let grant = Grant { role, region: Some(region.into()) };
        self.devices[device].was_restricted |= role != Role::GoreEditor || region != "01";
        if !grant.may_read(self.exercise) {
            // The server ends the connections of who may not read any more.
            for tab in 0..self.tabs.len() {
                if self.tabs[tab].device == device {
                    self.disconnect(tab);
                }
            }
        }
        self.devices[device].grant = grant;
    }

    // ---- network ----

    /// Gives the tab a new connection.
    pub fn connect(&mut self, tab: usize) -> Checked {
        if self.tabs[tab].open.is_none()
            || self.server.room.is_none()
            || self.devices[self.tabs[tab].device].is_silent
        {
            return Ok(());
        }
        self.disconnect(tab);
        let conn = self.new_conn();
        let connection = Connection { tab, up: VecDeque::new(), down: VecDeque::new() };
        self.connections.insert(conn, connection);
        if let Some(open) = &mut self.tabs[tab].open {
            open.conn = Some(conn);
        }
        // Half of the servers that a device meets are older. To one that became what it was, those
        // from before that was thought of are of no help.
        let log = conn % 4 < 2 || self.devices.iter().any(|device| device.backup.is_some());
        let (packed, log) = (conn.is_multiple_of(2), log && !self.has(Fault::TakeBaseUnread));
        let words = Words { packed, log, ..Words::default() };
        self.run_tab(tab, |replica| replica.connected(words))
    }

    /// The device's end of the connection is gone. What it sent may still arrive.
    pub fn disconnect(&mut self, tab: usize) {
        if let Some(open) = &mut self.tabs[tab].open
            && open.conn.take().is_some()
        {
            open.replica.disconnected();
        }
    }

    pub fn send_up(&mut self, tab: usize, message: &ToServer) {
        let conn = self.tabs[tab].open.as_ref().and_then(|open| open.conn);
        if let Some(connection) = conn.and_then(|conn| self.connections.get_mut(&conn)) {
            connection.up.push_back(protocol::encode(message));
        }
    }

    pub fn send_down(&mut self, to: ConnId, message: &ToClient) {
        if let Some(connection) = self.connections.get_mut(&to) {
            connection.down.push_back(protocol::encode(message));
        }
    }

    /// Does something to a frame that is on its way.
    fn with_frames(
        &mut self,
        tab: u8,
        way: Way,
        place: u8,
        change: impl FnOnce(&mut VecDeque<Vec<u8>>, usize),
    ) -> Checked {
        let Some(tab) = self.pick(tab, |tab| self.has_frames(tab, way)) else { return Ok(()) };
        let of_tab =
            |(_, c): &(&ConnId, &mut Connection)| c.tab == tab && !c.frames(way).is_empty();
        if let Some((_, connection)) = self.connections.iter_mut().find(of_tab) {
            let frames = connection.frames_mut(way);
            let place = usize::from(place) % frames.len();
            change(frames, place);
        }
        Ok(())
    }

    fn has_frames(&self, tab: usize, way: Way) -> bool {
        let of_tab = |c: &Connection| c.tab == tab && !c.frames(way).is_empty();
        self.connections.values().any(of_tab)
    }

    /// The next frame arrives. What connections carry that were given up comes first.
    pub fn deliver(&mut self, tab: usize, way: Way) -> Checked {
        let current = self.tabs[tab].open.as_ref().and_then(|open| open.conn);
        let of_tab = |(conn, connection): (&ConnId, &Connection)| {
            (connection.tab == tab && (way == Way::Up || current == Some(*conn))).then_some(*conn)
        };
        let Some(conn) = self.connections.iter().find_map(of_tab) else { return Ok(()) };
        let Some(connection) = self.connections.get_mut(&conn) else { return Ok(()) };
        let Some(frame) = connection.frames_mut(way).pop_front() else {
            if current != Some(conn) {
                self.cut(conn);
            }
            return Ok(());
        };
        if self.devices[self.tabs[tab].device].is_silent {
            return Ok(());
        }
        (conn, &frame).hash(&mut self.trace);
        match way {
            Way::Up => match protocol::decode::<ToServer>(&frame) {
                Ok(message) => return self.serve(conn, tab, message),
                Err(_) => self.cut(conn),
            },
            Way::Down => match protocol::decode::<ToClient>(&frame) {
                Ok(message) => {
                    self.hear(&message);
                    return self.receive(tab, message);
                }
                Err(_) => self.cut(conn),
            },
        }
        Ok(())
    }

    /// The connection ends for both.
    fn cut(&mut self, conn: ConnId) {
        if let Some(connection) = self.connections.remove(&conn) {
            let current = self.tabs[connection.tab].open.as_ref().and_then(|open| open.conn);
            if current == Some(conn) {
                self.disconnect(connection.tab);
            }
            self.leave(conn);
        }
    }

    /// What a device is told that the server has, is a promise.
    fn hear(&mut self, message: &ToClient) {
        self.count(match message {
            ToClient::Opened { base: Some(_), .. } => "bases offered",
            ToClient::Opened { .. } => "answers",
            ToClient::Updates { entries, .. } if entries.iter().any(|e| e.update.is_none()) => {
                "acknowledgements"
            }
            ToClient::Updates { .. } => "updates",
            ToClient::Piece { .. } | ToClient::PackedPiece { .. } => "pieces",
            ToClient::Refused { .. } => "refusals",
            ToClient::Failed { .. } => "failures",
            _ => "other messages",
        });
        match message {
            ToClient::Opened { acked, .. } => {
                let told = acked.iter().flat_map(|(peer, last)| (1..=*last).map(|n| (*peer, n)));
                self.model.acked.extend(told);
            }
            ToClient::Updates { entries, .. } => {
                let told = entries.iter().map(|entry| -> Id { (entry.peer, entry.entry) });
                self.model.acked.extend(told);
            }
            _ => {}
        }
    }

    // ---- the end ----

    /// Everything works again; in so many rounds everybody must have everything.
    pub fn heal(&mut self) -> Checked {
        for device in &mut self.devices {
            device.is_silent = false;
            if !device.grant.may_read(self.exercise) {
                device.grant = Grant { role: Role::Observer, region: None };
            }
        }
        self.start_server()?;
        for _ in 0..ROUNDS {
            if !self.has_come_back() {
                self.bring_back()?;
            }
            for tab in 0..self.tabs.len() {
                self.open_tab(tab, 0)?;
                if !self.is_served(tab) {
                    self.connect(tab)?;
                }
                self.store(tab, true)?;
                while self.has_news(tab) {
                    self.hear_news(tab)?;
                }
                while self.has_frames(tab, Way::Up) {
                    self.deliver(tab, Way::Up)?;
                }
                self.commit(Outcome::Done)?;
                self.read(true)?;
                self.reload_room()?;
                let conn = |world: &Self| world.tabs[tab].open.as_ref().and_then(|open| open.conn);
                while conn(self).is_some_and(|conn| !self.connections[&conn].down.is_empty()) {
                    self.deliver(tab, Way::Down)?;
                }
                self.run_tab(tab, |replica| replica.tick())?;
            }
            if self.is_quiet() {
                return Ok(());
            }
        }
        let status = |tab: &Tab| tab.open.as_ref().map(|open| open.replica.status());
        let statuses: Vec<_> = self.tabs.iter().map(status).collect();
        Err(format!("no end after {ROUNDS} rounds: {statuses:#?}"))
    }

    fn is_quiet(&self) -> bool {
        let is_done = |tab: &Tab| {
            tab.open.as_ref().is_some_and(|open| {
                let status = open.replica.status();
                open.under_way.is_none() && status.agreed && status.unsent == 0
            })
        };
        let has_frames = |c: &Connection| !c.up.is_empty() || !c.down.is_empty();
        self.tabs.iter().all(is_done)
            && self.server.is_idle()
            && self.has_come_back()
            && !self.connections.values().any(has_frames)
    }
}

impl Connection {
    fn frames(&self, way: Way) -> &VecDeque<Vec<u8>> {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }

    fn frames_mut(&mut self, way: Way) -> &mut VecDeque<Vec<u8>> {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }
}

/// Enough for the longest patience several times over.
const ROUNDS: usize = 200;
