use super::*;
use crate::{
    doc::Document,
    edit::Edit,
    key::Key,
    protocol::{Base, Blob},
    value::Value,
};

fn id() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn peer(number: u64) -> Peer {
    Peer::new(number).unwrap()
}

fn member(user: UserId) -> Member {
    let grant = Grant { role: Role::GoreEditor, region: Some("01".into()) };
    Member { user, name: format!("Persona {user}"), grant }
}

fn open(peers: &[u64], cursor: Seq) -> ToServer {
    let peers = peers.iter().map(|number| peer(*number)).collect();
    ToServer::Open { exercise: id(), epoch: 7, cursor, peers }
}

/// A device that writes a figure with each entry.
struct Device {
    document: Document,
    entry: EntryNo,
}

impl Device {
    fn new(number: u64) -> Self {
        Self { document: Document::new(id(), peer(number)), entry: 0 }
    }

    fn update(&mut self) -> Vec<u8> {
        self.entry += 1;
        let key = Key::parse("focus/r1/budget").unwrap();
        let value = Some(Value::Money(i64::from(self.entry)));
        self.document.apply(&[Edit::SetCell { key, value }]).unwrap().update
    }

    fn push(&mut self) -> ToServer {
        let update = self.update();
        self.repeat(self.entry, update)
    }

    fn repeat(&self, first: EntryNo, update: Vec<u8>) -> ToServer {
        let (exercise, peer) = (id(), self.document.peer());
        ToServer::Push { exercise, peer, first, entries: vec![Blob(update)] }
    }
}

fn room() -> Room {
    Room::load(id(), 7, RoomState::default()).unwrap()
}

fn ticket(outputs: &[Output]) -> Ticket {
    let commit = outputs.iter().find_map(|output| match output {
        Output::Commit { ticket, .. } => Some(*ticket),
        _ => None,
    });
    commit.expect("a commit")
}

fn sent(outputs: &[Output]) -> Vec<(Vec<ConnId>, &ToClient)> {
    let messages = outputs.iter().filter_map(|output| match output {
        Output::Send { to, message } => Some((vec![*to], message)),
        Output::Broadcast { to, message } => Some((to.clone(), message)),
        _ => None,
    });
    messages.collect()
}

#[test]
fn nothing_is_said_before_the_commit() {
    let (mut room, mut ana) = (room(), Device::new(2));
    for conn in [1, 2, 3] {
        room.receive(conn, &member(10), open(&[], 0));
    }
    let pushed = room.receive(1, &member(10), ana.push());
    assert!(sent(&pushed).is_empty());
    assert_eq!(room.base(), None);
    let Output::Commit { first: 1, entries, bindings, .. } = &pushed[0] else {
        panic!("{pushed:?}")
    };
    assert_eq!((entries[0].entry, entries[0].user, bindings[0].since), (1, 10, 1));

    let committed = room.committed(ticket(&pushed), 99, true);
    let [(all, ToClient::Writers { .. }), (others, shared), (own, mine)] = &sent(&committed)[..]
    else {
        panic!("{committed:?}")
    };
    assert_eq!((&all[..], &others[..], &own[..]), (&[1, 2, 3][..], &[2, 3][..], &[1][..]));
    let ToClient::Updates { first: 1, entries, digest: Some(_), .. } = shared else {
        panic!("{shared:?}")
    };
    assert!(entries[0].update.is_some() && entries[0].at == 99);
    let ToClient::Updates { first: 1, entries, .. } = mine else { panic!("{mine:?}") };
    assert_eq!((entries[0].update.as_ref(), entries[0].entry), (None, 1));
    assert_eq!(room.base().map(|(seq, _)| seq), Some(1));
}

#[test]
fn what_arrives_meanwhile_is_the_next_transaction() {
    let (mut room, mut ana, mut luis) = (room(), Device::new(2), Device::new(3));
    room.receive(1, &member(10), open(&[2], 0));
    room.receive(2, &member(11), open(&[3], 0));
    let first = ticket(&room.receive(1, &member(10), ana.push()));
    let update = ana.update();
    assert!(room.receive(1, &member(10), ana.repeat(2, update.clone())).is_empty());
    assert!(room.receive(2, &member(11), luis.push()).is_empty());
    assert!(room.receive(1, &member(10), ana.repeat(2, update)).is_empty());
    let outputs = room.committed(first, 1, true);
    let Some(Output::Commit { first, entries, .. }) = outputs.last() else { panic!("{outputs:?}") };
    let committed: Vec<_> = entries.iter().map(|entry| (entry.peer, entry.entry)).collect();
    assert_eq!((*first, committed), (2, vec![(peer(2), 2), (peer(3), 1)]));
}

#[test]
fn a_gap_is_answered_and_a_repetition_ignored() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.receive(1, &member(10), open(&[2], 0));
    let first = ana.push();
    let pushed = room.receive(1, &member(10), first.clone());
    room.committed(ticket(&pushed), 1, true);
    assert!(room.receive(1, &member(10), first).is_empty());
    ana.update();
    let gap = room.receive(1, &member(10), ana.push());
    let [(_, ToClient::Opened { acked, head: 1, .. })] = &sent(&gap)[..] else { panic!("{gap:?}") };
    assert_eq!(acked[..], [(peer(2), 1)]);
}

#[test]
fn another_entry_of_the_same_name_is_refused_with_what_follows() {
    let (mut room, mut ana, mut former) = (room(), Device::new(2), Device::new(2));
    for conn in [1, 2] {
        room.receive(conn, &member(10), open(&[2], 0));
    }
    let pushed = room.receive(1, &member(10), ana.push());
    room.committed(ticket(&pushed), 1, true);
    former.entry = 5; // another figure
    let other = former.update();
    let told = room.receive(2, &member(10), former.repeat(1, other));
    let [(_, ToClient::Refused { entry: 1, code: Code::Incomplete, .. })] = &sent(&told)[..] else {
        panic!("{told:?}")
    };
    let follows = former.update();
    let push = former.repeat(2, follows);
    assert!(room.receive(2, &member(10), push).is_empty(), "it builds on the other one");
    let next = room.receive(1, &member(10), ana.push());
    assert!(matches!(next[..], [Output::Commit { first: 2, .. }]));
}

#[test]
fn who_asks_for_the_log_is_offered_no_base() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.tune(Tuning { base_distance: 1, ..Tuning::default() });
    room.receive(1, &member(10), open(&[2], 0));
    for at in 1..4 {
        let pushed = room.receive(1, &member(10), ana.push());
        room.committed(ticket(&pushed), at, true);
    }
    let offered = room.receive(2, &member(10), open(&[], 1));
    assert!(matches!(sent(&offered)[0].1, ToClient::Opened { base: Some(_), .. }));
    let (exercise, peers) = (id(), vec![]);
    let question = ToServer::OpenLog { exercise, epoch: 7, cursor: 1, peers };
    let told = room.receive(2, &member(10), question);
    let told: Vec<_> = sent(&told).into_iter().map(|(_, message)| message).collect();
    assert!(matches!(told[0], ToClient::Opened { base: None, .. }), "{told:?}");
    assert!(matches!(told[1], ToClient::Updates { first: 2, entries, .. } if entries.len() == 2));
}

#[test]
fn what_was_brought_goes_back_to_whose_it_is() {
    let (mut room, mut ana) = (room(), Device::new(2));
    for (conn, user) in [(1, 10), (2, 11), (3, 12)] {
        room.receive(conn, &member(user), open(&[2], 0));
    }
    let ToServer::Push { exercise, peer, first, entries } = ana.push() else { unreachable!() };
    let brought = ToServer::Carry { exercise, peer, first, entries };
    let bound = |outputs: &[Output]| -> Vec<(UserId, Seq, bool)> {
        let Some(Output::Commit { bindings, .. }) = outputs.last() else { panic!("{outputs:?}") };
        bindings.iter().map(|bound| (bound.user, bound.since, bound.is_carried)).collect()
    };
    let outputs = room.receive(2, &member(11), brought.clone());
    assert_eq!(bound(&outputs), [(11, 1, true)]);
    room.committed(ticket(&outputs), 1, true);
    assert!(room.receive(1, &member(10), brought).is_empty(), "once");

    let outputs = room.receive(1, &member(10), ana.push());
    assert_eq!(bound(&outputs), [(10, 1, false)], "her device came");
    room.committed(ticket(&outputs), 2, true);
    let outputs = room.receive(3, &member(12), ana.push());
    let refused = sent(&outputs);
    assert!(
        matches!(refused[..], [(_, ToClient::Refused { code: Code::ForeignPeer, .. })]),
        "{outputs:?}"
    );
}

#[test]
fn a_writer_belongs_to_one_person() {
    let (mut room, mut ana) = (room(), Device::new(2));
    for (conn, user) in [(1, 10), (2, 11)] {
        room.receive(conn, &member(user), open(&[2], 0));
    }
    let pushed = room.receive(1, &member(10), ana.push());
    room.committed(ticket(&pushed), 1, true);
    let foreign = room.receive(2, &member(11), ana.push());
    let [(_, ToClient::Refused { code: Code::ForeignPeer, entry: 2, .. })] = &sent(&foreign)[..]
    else {
        panic!("{foreign:?}")
    };
    let mut server = Device::new(Peer::SERVER.number());
    let refused = room.receive(1, &member(10), server.push());
    assert!(matches!(sent(&refused)[..], [(_, ToClient::Refused { .. })]));
}

#[test]
fn a_failed_commit_leaves_no_trace() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.receive(1, &member(10), open(&[2], 0));
    let push = ana.push();
    let pushed = room.receive(1, &member(10), push.clone());
    assert_eq!(room.committed(ticket(&pushed), 1, false), [Output::Reload]);
    assert!(room.receive(1, &member(10), push.clone()).is_empty());
    assert!(room.receive(2, &member(10), open(&[], 0)).is_empty());
    let told = room.reload(RoomState::default()).unwrap();
    let opened: Vec<_> = sent(&told)
        .into_iter()
        .filter(|(_, message)| matches!(message, ToClient::Opened { head: 0, .. }))
        .map(|(to, _)| to)
        .collect();
    assert_eq!(opened, [[1], [2]]);
    assert_eq!(room.document().exercise(), Device::new(9).document.exercise());
    let again = room.receive(1, &member(10), push);
    assert!(ticket(&again) > ticket(&pushed));
}

#[test]
fn what_others_wrote_into_the_log_is_read() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.receive(1, &member(10), open(&[2], 0));
    let pushed = room.receive(1, &member(10), ana.push());
    assert_eq!(room.written_elsewhere(), [], "a transaction is under way");
    let committed = room.committed(ticket(&pushed), 1, true);
    assert_eq!(committed.last(), Some(&Output::Reload));
    assert!(
        sent(&committed)
            .into_iter()
            .all(|(_, message)| { !matches!(message, ToClient::Updates { digest: Some(_), .. }) })
    );

    let (mut idle, mut file) = (self::room(), Device::new(Peer::SERVER.number()));
    idle.receive(1, &member(10), open(&[], 0));
    assert_eq!(idle.written_elsewhere(), [Output::Reload]);
    let update = Some(Blob(file.update()));
    let entry = LogEntry { peer: Peer::SERVER, entry: 1, at: 1, update };
    let state = RoomState { log: vec![(1, entry)], ..RoomState::default() };
    let told = idle.reload(state).unwrap();
    assert!(sent(&told).into_iter().any(|(_, message)| {
        matches!(message, ToClient::Updates { first: 1, digest: Some(_), .. })
    }));
}

#[test]
fn what_was_accepted_before_a_refusal_is_committed() {
    let (mut room, mut ana, mut luis) = (room(), Device::new(2), Device::new(3));
    room.receive(1, &member(10), open(&[2], 0));
    room.receive(2, &member(11), open(&[3], 0));
    let first = ticket(&room.receive(1, &member(10), ana.push()));
    room.receive(1, &member(10), ana.push());
    let manager =
        Member { grant: Grant { role: Role::SercotecManager, region: None }, ..member(11) };
    room.receive(2, &manager, luis.push());
    let outputs = room.committed(first, 1, true);
    let refused = sent(&outputs)
        .into_iter()
        .find(|(_, message)| matches!(message, ToClient::Refused { code: Code::Forbidden, .. }));
    assert_eq!(refused.map(|(to, _)| to), Some(vec![2]));
    let second = room.committed(ticket(&outputs), 1, true);
    assert_eq!(second.last(), Some(&Output::Reload));
    let shown = sent(&second)
        .into_iter()
        .any(|(_, message)| matches!(message, ToClient::Updates { first: 2, digest: None, .. }));
    assert!(shown && room.head() == 2);
}

#[test]
fn a_newcomer_loses_nothing_that_is_committed_meanwhile() {
    let (mut room, mut ana) = (room(), Device::new(2));
    let mut log = Vec::new();
    room.receive(1, &member(10), open(&[2], 0));
    let mut push = |room: &mut Room| {
        let pushed = room.receive(1, &member(10), ana.push());
        let Output::Commit { first, entries, .. } = &pushed[0] else { panic!("{pushed:?}") };
        let NewEntry { peer, entry, update, .. } = entries[0].clone();
        let entry = LogEntry { peer, entry, at: 1, update: Some(Blob(update)) };
        log.push((*first, entry));
        room.committed(ticket(&pushed), 1, true)
    };
    for _ in 0..3 {
        push(&mut room);
    }
    // As if the log were too long for memory.
    room.tune(Tuning { recent_bytes: 0, ..Tuning::default() });
    room.tune(Tuning::default());
    let opened = room.receive(2, &member(11), open(&[], 1));
    assert_eq!(opened.last(), Some(&Output::ReadLog { to: 2, from: 2, up_to: 3 }));
    let live = push(&mut room);
    assert!(sent(&live).iter().all(|(to, _)| !to.contains(&2)), "{live:?}");
    let read = room.log_read(2, log[1..3].to_vec());
    let firsts: Vec<_> = sent(&read)
        .into_iter()
        .filter_map(|(_, message)| match message {
            ToClient::Updates { first, entries, .. } => Some((*first, entries.len())),
            _ => None,
        })
        .collect();
    assert_eq!(firsts, [(2, 2), (4, 1)]);
    let failed = room.log_read(2, Vec::new());
    assert!(failed.is_empty(), "nothing was asked for");
}

#[test]
fn who_is_far_behind_gets_a_base_in_pieces() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.tune(Tuning { base_distance: 2, ..Tuning::default() });
    room.receive(1, &member(10), open(&[2], 0));
    for _ in 0..3 {
        let pushed = room.receive(1, &member(10), ana.push());
        room.committed(ticket(&pushed), 1, true);
    }
    let under_way = room.receive(1, &member(10), ana.push());
    let waits = room.receive(2, &member(11), open(&[], 0));
    assert_eq!(waits, [], "the document is ahead of the log");
    let committed = room.committed(ticket(&under_way), 1, true);
    let base = sent(&committed).into_iter().find_map(|(_, message)| match message {
        ToClient::Opened { base, .. } => *base,
        _ => None,
    });
    let Some(Base { seq: 4, size }) = base else { panic!("{committed:?}") };
    let fetch = |offset| ToServer::Fetch { exercise: id(), seq: 4, offset };
    let piece = room.receive(2, &member(11), fetch(1));
    let [(_, ToClient::Piece { bytes, offset: 1, .. })] = &sent(&piece)[..] else {
        panic!("{piece:?}")
    };
    assert_eq!(bytes.0.len(), size as usize - 1);
    let beyond = room.receive(2, &member(11), fetch(size + 1));
    assert!(matches!(sent(&beyond)[0].1, ToClient::Opened { base: Some(_), .. }));
}

#[test]
fn who_has_nothing_gets_much_as_a_base_and_little_as_it_was_written() {
    let (mut room, mut ana) = (room(), Device::new(2));
    room.receive(1, &member(10), open(&[2], 0));
    let newcomer = |room: &mut Room, conn, cursor| {
        let opened = room.receive(conn, &member(11), open(&[], cursor));
        let offered = sent(&opened).into_iter().find_map(|(_, message)| match message {
            ToClient::Opened { base, .. } => Some(base.is_some()),
            _ => None,
        });
        offered.expect("an answer")
    };
    let pushed = room.receive(1, &member(10), ana.push());
    room.committed(ticket(&pushed), 1, true);
    assert!(!newcomer(&mut room, 2, 0));
    room.tune(Tuning { piece_bytes: 20, ..Tuning::default() });
    assert!(newcomer(&mut room, 3, 0), "more than a piece");
    assert!(!newcomer(&mut room, 4, 1), "who has something lacks less than all");
    room.tune(Tuning { recent_bytes: 0, ..Tuning::default() });
    assert!(newcomer(&mut room, 5, 0), "more than is kept at hand");
}

#[test]
fn who_may_not_read_gets_nothing() {
    let mut room = room();
    let stranger =
        Member { grant: Grant { role: Role::GoreEditor, region: Some("05".into()) }, ..member(10) };
    let answer = room.receive(1, &stranger, open(&[], 0));
    assert!(matches!(sent(&answer)[..], [(_, ToClient::Failed { code: Code::Forbidden, .. })]));
    assert_eq!(room.connections(), 0);
    let fetch = ToServer::Fetch { exercise: id(), seq: 0, offset: 0 };
    for message in [fetch, Device::new(2).push()] {
        let answer = room.receive(1, &stranger, message);
        assert!(matches!(sent(&answer)[..], [(_, ToClient::Failed { .. })]));
    }
}
