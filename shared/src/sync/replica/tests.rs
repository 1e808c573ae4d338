mod apart;
mod base;
mod carry;
mod neighbours;
mod recovery;

use super::*;
use crate::{
    access::{Grant, Role},
    digest::Digest,
    protocol::{Base, Blob, LogEntry},
    sync::{
        journal::Stored,
        room::{self, Last, Member, Room, RoomState, Tuning},
    },
    value::Value,
};

fn id() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn peer(number: u64) -> Peer {
    Peer::new(number).unwrap()
}

fn budget(pesos: i64) -> Vec<Edit> {
    let key = Key::parse("focus/r1/budget").unwrap();
    vec![Edit::SetCell { key, value: Some(Value::Money(pesos)) }]
}

fn shown(replica: &Replica) -> Option<i64> {
    let key = Key::parse("focus/r1/budget").unwrap();
    replica.document().exercise().row(key.table, &key.row)?.money("budget")
}

/// A replica with its store, which does what it is asked at once unless it is told to hold.
struct Device {
    replica: Replica,
    stored: Stored,
    held: Vec<(Ticket, Vec<Write>)>,
    holds: bool,
    /// The moment in which it gathers does not end by itself.
    gathers: bool,
    sent: Vec<ToServer>,
    /// The server packs what is large.
    packs: bool,
    reload: Option<Cause>,
    apart: Vec<Apart>,
    /// What it told other tabs.
    told: Vec<News>,
}

impl Device {
    fn open(number: u64, adopted: &[u64], stored: Stored) -> Self {
        let adopted: Vec<_> = adopted.iter().map(|number| peer(*number)).collect();
        let replica = Replica::open(id(), peer(number), &adopted, stored.clone()).unwrap();
        let (held, sent, apart, told) = Default::default();
        let (holds, gathers, packs, reload) = (false, false, false, None);
        Self { replica, stored, held, holds, gathers, sent, packs, reload, apart, told }
    }

    fn new(number: u64) -> Self {
        Self::open(number, &[], Stored::default())
    }

    fn run(&mut self, step: Step) {
        self.apart.extend(step.apart);
        for output in step.outputs {
            match output {
                Output::Store { ticket, writes } => {
                    self.held.push((ticket, writes));
                    if !self.holds {
                        self.release(true);
                    }
                }
                Output::Tell(news) => self.told.push(news),
                Output::Send(message) => self.sent.push(message),
                Output::Reload(cause) => self.reload = Some(cause),
            }
        }
        if !self.holds && !self.gathers && self.replica.is_gathering() {
            let step = self.replica.store_gathered();
            self.run(step);
        }
    }

    /// Ends the transaction that is under way.
    fn release(&mut self, ok: bool) {
        let (ticket, writes) = self.held.remove(0);
        if ok {
            self.stored.write(&writes);
        }
        let step = self.replica.stored(ticket, ok);
        self.run(step);
    }

    fn edit(&mut self, pesos: i64) {
        let step = self.replica.edit(budget(pesos)).unwrap();
        self.run(step);
    }

    fn connect(&mut self) {
        let step =
            self.replica.connected(Words { packed: self.packs, log: true, ..Words::default() });
        self.run(step);
    }

    fn receive(&mut self, message: ToClient) {
        let step = self.replica.receive(message);
        self.run(step);
    }

    fn tick(&mut self, times: u32) {
        for _ in 0..times {
            let step = self.replica.tick();
            self.run(step);
        }
    }

    fn reopen(&self, number: u64, adopted: &[u64]) -> Self {
        Self::open(number, adopted, self.stored.clone())
    }

    fn sent_pushes(&mut self) -> Vec<(Peer, EntryNo, usize)> {
        let pushes = self.sent.drain(..).filter_map(|message| match message {
            ToServer::Push { peer, first, entries, .. } => Some((peer, first, entries.len())),
            _ => None,
        });
        pushes.collect()
    }
}

/// A room whose commits succeed at once.
struct Server {
    room: Room,
    log: Vec<LogEntry>,
    grant: Grant,
    /// Whose all connections are.
    user: room::UserId,
}

impl Server {
    fn new(epoch: u64) -> Self {
        let room = Room::load(id(), epoch, RoomState::default()).unwrap();
        let grant = Grant { role: Role::GoreEditor, region: None };
        Self { room, log: Vec::new(), grant, user: 1 }
    }

    /// Carries messages between the devices and the room until nobody says anything more.
    fn talk(&mut self, devices: &mut [&mut Device]) {
        loop {
            let mut outputs = Vec::new();
            for (conn, device) in devices.iter_mut().enumerate() {
                for message in std::mem::take(&mut device.sent) {
                    let member =
                        Member { user: self.user, name: "Ana".into(), grant: self.grant.clone() };
                    outputs.extend(self.room.receive(conn as u64, &member, message));
                }
            }
            if outputs.is_empty() {
                return;
            }
            while !outputs.is_empty() {
                outputs = self.run(outputs, devices);
            }
        }
    }

    fn run(
        &mut self,
        outputs: Vec<room::Output>,
        devices: &mut [&mut Device],
    ) -> Vec<room::Output> {
        let mut more = Vec::new();
        for output in outputs {
            match output {
                room::Output::Send { to, message } => devices[to as usize].receive(message),
                room::Output::Broadcast { to, message } => {
                    to.iter().for_each(|to| devices[*to as usize].receive(message.clone()));
                }
                room::Output::Commit { ticket, entries, .. } => {
                    self.log.extend(entries.into_iter().map(|new| LogEntry {
                        peer: new.peer,
                        entry: new.entry,
                        at: 1,
                        update: Some(Blob(new.update)),
                    }));
                    more.extend(self.room.committed(ticket, 1, true));
                }
                room::Output::ReadLog { to, from, up_to } => {
                    let entries =
                        (from..=up_to).map(|seq| (seq, self.log[seq as usize - 1].clone()));
                    more.extend(self.room.log_read(to, entries.collect()));
                }
                room::Output::Reload => {
                    let log = (1..).zip(self.log.iter().cloned()).collect();
                    let last =
                        |entry: &LogEntry| Last::of(entry.entry, &entry.update.as_ref().unwrap().0);
                    let acked = self.log.iter().map(|entry| (entry.peer, last(entry))).collect();
                    let state = RoomState { log, acked, ..RoomState::default() };
                    more.extend(self.room.reload(state).unwrap());
                }
            }
        }
        more
    }
}

fn opened(head: Seq, acked: &[(u64, EntryNo)]) -> ToClient {
    let acked = acked.iter().map(|(number, entry)| (peer(*number), *entry)).collect();
    ToClient::Opened { exercise: id(), epoch: 7, head, acked, may_edit: true, base: None }
}

fn agree(devices: &[&Device]) {
    for device in devices {
        let status = device.replica.status();
        assert!(status.agreed && status.unsent == 0, "{status:?}");
        assert_eq!(device.replica.document().digest(), devices[0].replica.document().digest());
        assert_eq!(device.stored.outbox, []);
    }
}

#[test]
fn edits_reach_the_other_device_and_leave_the_outbox() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.edit(1);
    a.connect();
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    b.edit(2);
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!(shown(&a.replica), Some(2));
    agree(&[&a, &b]);
    assert_eq!(a.stored.cursor, Cursor { epoch: 7, seq: 2 });
    assert_eq!(a.replica.writer(peer(3)).map(|writer| writer.name.as_str()), Some("Ana"));
    let again = a.reopen(2, &[]);
    assert_eq!(again.replica.document().digest(), a.replica.document().digest());
    assert!(again.replica.writer(peer(3)).is_some());
}

#[test]
fn an_edit_is_sent_once_it_is_stored() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.connect();
    server.talk(&mut [&mut a]);
    a.holds = true;
    a.edit(1);
    assert_eq!((a.sent_pushes(), a.replica.status().unsaved), (vec![], 1));
    a.release(false);
    assert!(a.replica.status().is_store_failing);
    assert_eq!((a.sent_pushes(), a.replica.status().unsaved), (vec![], 1));
    a.tick(1);
    a.release(true);
    assert_eq!((a.sent_pushes(), a.replica.status().unsaved), (vec![(peer(2), 1, 1)], 0));
    assert!(!a.replica.status().is_store_failing);
}

#[test]
fn an_edit_is_stored_after_what_it_was_made_on() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    b.holds = true;
    a.edit(1);
    a.connect();
    server.talk(&mut [&mut a, &mut b]);
    b.tick(1);
    b.edit(2);
    assert_eq!(b.held.len(), 1, "the other's edit is still being stored");
    b.release(false);
    assert!(b.stored.outbox.is_empty() && b.stored.log.is_empty());
    b.tick(1);
    b.release(true);
    assert_eq!((b.stored.outbox.len(), b.stored.log.len()), (1, 1));
}

#[test]
fn what_others_write_is_stored_together() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    (b.gathers, b.holds) = (true, true);
    for pesos in 1..=3 {
        a.edit(pesos);
        server.talk(&mut [&mut a, &mut b]);
    }
    assert_eq!(shown(&b.replica), Some(3));
    assert!(b.replica.is_gathering() && b.held.is_empty());
    b.edit(4);
    assert_eq!(b.held.len(), 1, "an own edit waits for nothing");
    b.release(true);
    assert_eq!((b.stored.log.len(), b.stored.outbox.len(), b.stored.cursor.seq), (3, 1, 3));
    server.talk(&mut [&mut a, &mut b]);
    assert_eq!((b.replica.status().unsent, b.stored.outbox.len()), (0, 1));
    b.tick(1);
    b.release(true);
    agree(&[&a, &b]);
}

#[test]
fn what_the_lost_connection_carried_is_sent_again() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    b.connect();
    server.talk(&mut [&mut a, &mut b]);
    a.edit(1);
    a.edit(2);
    let lost = a.sent.pop();
    server.talk(&mut [&mut b, &mut a]); // the answers go elsewhere
    assert!(lost.is_some() && a.replica.status().unsent > 0);
    a.replica.disconnected();
    a.edit(3);
    assert_eq!(a.sent_pushes(), []);
    a.connect();
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    assert_eq!(server.log.len(), 3);
}

#[test]
fn what_is_not_answered_is_asked_again() {
    let mut a = Device::new(2);
    a.connect();
    a.sent.clear();
    a.tick(PATIENCE - 1);
    assert!(a.sent.is_empty());
    a.tick(1);
    assert!(matches!(a.sent[..], [ToServer::Open { .. }]));
    let mut server = Server::new(7);
    server.talk(&mut [&mut a]);
    a.tick(HEARTBEAT - 1);
    assert!(a.sent.is_empty());
    a.tick(1);
    assert!(matches!(a.sent[..], [ToServer::Open { .. }]));
}

#[test]
fn updates_with_a_gap_are_asked_for_and_repeated_ones_skipped() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    a.edit(1);
    a.edit(2);
    server.talk(&mut [&mut a]);
    b.connect();
    b.receive(opened(2, &[(3, 0)]));
    b.sent.clear();
    let updates = |first: Seq| ToClient::Updates {
        exercise: id(),
        first,
        entries: server.log[first as usize - 1..].to_vec(),
        digest: None,
    };
    b.receive(updates(2));
    b.receive(updates(2));
    let asked = std::mem::take(&mut b.sent);
    assert!(matches!(asked[..], [ToServer::Open { cursor: 0, .. }]), "{asked:?}");
    b.receive(updates(1));
    b.receive(updates(1));
    assert_eq!((shown(&b.replica), b.stored.cursor.seq, b.stored.log.len()), (Some(2), 2, 2));
}

#[test]
fn compaction_waits_for_the_server_and_keeps_everything() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    a.replica.set_compact_after(2);
    a.connect();
    a.edit(1);
    a.edit(2);
    let step = a.replica.compact();
    a.run(step);
    assert_eq!(a.stored.base, None);
    server.talk(&mut [&mut a]);
    let step = a.replica.compact();
    a.run(step);
    assert_eq!((a.stored.base.as_ref().map(|(seq, _)| *seq), a.stored.log.len()), (Some(2), 0));
    a.edit(3);
    server.talk(&mut [&mut a]);
    let again = a.reopen(2, &[]);
    assert_eq!(again.replica.document().digest(), a.replica.document().digest());
}

#[test]
fn what_closed_tabs_left_goes_first() {
    let mut first = Device::new(2);
    first.edit(1);
    let mut second = first.reopen(3, &[2]);
    assert_eq!(shown(&second.replica), Some(1));
    second.edit(2);
    let mut third = second.reopen(2, &[3]);
    third.edit(3);
    let (mut last, mut server) = (third.reopen(4, &[2, 3]), Server::new(7));
    assert_eq!(shown(&last.replica), Some(3));
    last.edit(4);
    last.connect();
    server.talk(&mut [&mut last]);
    agree(&[&last]);
    let order: Vec<_> = server.log.iter().map(|entry| (entry.peer, entry.entry)).collect();
    assert_eq!(order, [(peer(2), 1), (peer(3), 1), (peer(2), 2), (peer(4), 1)]);
}

#[test]
fn many_entries_go_in_a_window_of_batches() {
    let (mut a, mut server) = (Device::new(2), Server::new(7));
    for pesos in 0..2_000 {
        a.edit(pesos);
    }
    a.connect();
    a.receive(opened(0, &[(2, 0)]));
    let pushes = a.sent_pushes();
    let count: usize = pushes.iter().map(|(_, _, count)| count).sum();
    assert!(pushes.len() >= 2 && count <= 2 * limits::BATCH_ENTRIES, "{pushes:?}");
    a.connect();
    server.talk(&mut [&mut a]);
    agree(&[&a]);
}

#[test]
fn a_large_paste_goes_in_parts() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    a.connect();
    b.connect();
    let cell = |row: usize| Edit::SetCell {
        key: Key::parse(&format!("focus/r{row}/action")).unwrap(),
        value: Some(Value::Text("Feria costera de productores locales".into())),
    };
    let mut paste: Vec<Edit> = (0..5_000).map(cell).collect();
    a.holds = true;
    let step = a.replica.edit(paste.clone()).unwrap();
    assert_eq!(step.touched.len(), 5_000);
    a.run(step);
    let Write::PutOutbox { outgoing, .. } = &a.held[0].1[0] else { panic!("{:?}", a.held) };
    assert!(outgoing.update.len() <= limits::UPDATE_BYTES && a.held[0].1.len() > 1);
    a.holds = false;
    a.release(true);
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);

    paste.push(Edit::SetCell { key: Key::parse("focus/r1/nothing").unwrap(), value: None });
    paste[0] = budget(7).remove(0);
    assert!(a.replica.edit(paste).is_err());
    assert_eq!((shown(&a.replica), a.replica.status().unsent), (None, 0), "nothing of it");
}
