//! Bytes that no device of ours would send: none of them brings the machines down, changes what
//! is stored, or reaches anybody else.

use shared::{
    access::{Grant, Role},
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    limits,
    protocol::{self, Blob, Code, LogEntry, Seq, ToClient, ToServer, Words, Writer},
    sync::{
        journal::Stored,
        replica::Replica,
        room::{Member, NewEntry, Output, Room, RoomState},
    },
    value::Value,
};

use crate::{random::Random, server::last};

fn exercise() -> ExerciseId {
    ExerciseId::new("01", 2027).expect("an exercise")
}

fn peer(number: u64) -> Peer {
    Peer::new(number).expect("a small number")
}

fn member() -> Member {
    let grant = Grant { role: Role::GoreEditor, region: None };
    Member { user: 1, name: "Ana".into(), grant }
}

/// Damages bytes so that they still look like something.
fn damage(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let place = random.below(bytes.len() as u64 + 1) as usize;
        match random.below(6) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, random.next() as u8),
            2 if place < bytes.len() => bytes[place] ^= 1 << random.below(8),
            3 if place < bytes.len() => bytes[place] = random.next() as u8,
            4 if place < bytes.len() => {
                bytes[place] = [0, 1, 0x7f, 0x80, 0xff][random.below(5) as usize]
            }
            _ if place < bytes.len() => drop(bytes.remove(place)),
            _ => {}
        }
    }
    bytes
}

/// An update by somebody who knows this document: of every kind of edit.
fn update(random: &mut Random, document: &mut Document) -> Vec<u8> {
    let key = |text: &str| Key::parse(text).expect("a key");
    let number = random.below(1_000) as i64;
    let narrative = key("focus/r1/description");
    let text = crate::model::text(document.exercise(), &narrative);
    let splice = Edit::splice(narrative, &text, &format!("{number} {text}"));
    let edits = [
        Edit::SetCell { key: key("focus/r1/budget"), value: Some(Value::Money(number)) },
        Edit::SetCell { key: key("focus/r1/budget"), value: None },
        Edit::SetMember { key: key("focus/r1/places/01101"), present: number % 2 == 0 },
        splice.expect("a longer text"),
    ];
    let edit = edits[random.below(4) as usize].clone();
    let update = document.apply(&[edit]).expect("an edit that fits").update;
    if update.is_empty() { self::update(random, document) } else { update }
}

/// A room with its log.
struct Server {
    room: Room,
    log: Vec<LogEntry>,
}

impl Server {
    fn new() -> Self {
        let room = Room::load(exercise(), 7, RoomState::default()).expect("nothing to load");
        let mut server = Self { room, log: Vec::new() };
        for conn in [1, 2] {
            let peers = vec![peer(2)];
            let open = ToServer::Open { exercise: exercise(), epoch: 7, cursor: 0, peers };
            server.serve(conn, open);
        }
        server
    }

    /// What everybody is told.
    fn serve(&mut self, conn: u64, message: ToServer) -> Vec<(Vec<u64>, ToClient)> {
        let mut told = Vec::new();
        let mut outputs = self.room.receive(conn, &member(), message);
        while !outputs.is_empty() {
            let mut more = Vec::new();
            for output in outputs {
                match output {
                    Output::Send { to, message } => told.push((vec![to], message)),
                    Output::Broadcast { to, message } => told.push((to, message)),
                    Output::Commit { ticket, entries, .. } => {
                        self.log.extend(entries.into_iter().map(committed));
                        more.extend(self.room.committed(ticket, 0, true));
                    }
                    Output::ReadLog { to, .. } => more.extend(self.room.log_read(to, Vec::new())),
                    Output::Reload => {
                        let state = self.state();
                        more.extend(self.room.reload(state).expect("what was accepted loads"));
                    }
                }
            }
            outputs = more;
        }
        told
    }

    fn state(&self) -> RoomState {
        let log = (1..).zip(self.log.iter().cloned()).collect();
        let acked = self.log.iter().map(|entry| (entry.peer, last(entry))).collect();
        RoomState { log, acked, ..RoomState::default() }
    }

    fn push(&mut self, update: Vec<u8>) -> Vec<(Vec<u64>, ToClient)> {
        let first = self.log.len() as u32 + 1;
        let (exercise, entries) = (exercise(), vec![Blob(update)]);
        self.serve(1, ToServer::Push { exercise, peer: peer(2), first, entries })
    }
}

fn committed(new: NewEntry) -> LogEntry {
    LogEntry { peer: new.peer, entry: new.entry, at: 0, update: Some(Blob(new.update)) }
}

#[test]
fn damaged_updates_are_refused_and_reach_nobody() {
    let mut random = Random::new(1);
    let (mut accepted, mut refused) = (0, 0);
    let mut server = Server::new();
    let mut reader = Document::new(exercise(), peer(3));
    for _ in 0..crate::number("FUZZ_ROUNDS", 3_000) {
        let known = server.log.iter().flat_map(|entry| &entry.update).map(|blob| &blob.0[..]);
        let mut writer = Document::load(exercise(), peer(2), known).expect("what was accepted");
        let before = server.room.document().digest();
        let update = update(&mut random, &mut writer);
        let told = server.push(damage(&mut random, &update));
        let shown = told.iter().find_map(|(to, message)| match message {
            ToClient::Updates { entries, .. } if to.contains(&2) => entries.first(),
            _ => None,
        });
        if let Some(entry) = shown {
            // Damaged so that it is still an edit: harmless to the others.
            accepted += 1;
            let Blob(update) = entry.update.as_ref().expect("it is another's");
            reader.merge(update).expect("what was accepted can be merged");
            assert_eq!(reader.digest(), server.room.document().digest());
            assert_eq!(reader.exercise(), server.room.document().exercise());
        } else {
            refused += 1;
            assert_eq!(server.room.document().digest(), before);
            let code = told.iter().find_map(|(_, message)| match message {
                ToClient::Refused { code, .. } => Some(*code),
                _ => None,
            });
            assert!(matches!(code, Some(Code::Malformed | Code::Incomplete)), "{told:?}");
        }
    }
    assert!(accepted > 100 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn damaged_frames_are_recognised() {
    let mut random = Random::new(2);
    let mut document = Document::new(exercise(), peer(2));
    let entries =
        vec![Blob(update(&mut random, &mut document)), Blob(update(&mut random, &mut document))];
    let exercise = exercise();
    let messages = [
        ToServer::Hello { rules: 1, build: "x".into() },
        ToServer::Open { exercise, epoch: 1, cursor: 2, peers: vec![peer(2), peer(3)] },
        ToServer::Fetch { exercise, seq: 5, offset: 70_000 },
        ToServer::Push { exercise, peer: peer(2), first: 1, entries },
        ToServer::Close { exercise },
        ToServer::Ping,
    ];
    for _ in 0..20_000 {
        let frame = protocol::encode(&messages[random.below(6) as usize]);
        let damaged = damage(&mut random, &frame);
        if damaged != frame {
            let code = protocol::decode::<ToServer>(&damaged).expect_err("a damaged frame");
            assert!(matches!(code, Code::Malformed), "{code:?}");
        }
        // With a sum that is right: whatever it says, it is read or refused.
        let mut body = damage(&mut random, &frame[..frame.len() - 4]);
        body.extend(crc32fast::hash(&body).to_le_bytes());
        if let Err(code) = protocol::decode::<ToServer>(&body) {
            assert!(matches!(code, Code::Malformed | Code::UnknownVersion), "{code:?}");
        }
        protocol::decode::<ToClient>(&body).ok();
    }
    let large = vec![0; limits::FRAME_BYTES + 1];
    assert_eq!(protocol::decode::<ToServer>(&large), Err(Code::TooLarge));
}

#[test]
fn senseless_messages_change_nothing() {
    let mut random = Random::new(3);
    let mut server = Server::new();
    let mut document = Document::new(exercise(), peer(2));
    for _ in 0..3 {
        server.push(update(&mut random, &mut document));
    }
    let digest = server.room.document().digest();
    let odd = |random: &mut Random| {
        [0, 1, 2, 3, 4, 5, 1 << 31, u64::from(u32::MAX), u64::MAX][random.below(9) as usize]
    };
    for _ in 0..5_000 {
        let exercise = exercise();
        let message = match random.below(4) {
            0 => ToServer::Open {
                exercise,
                epoch: 7,
                cursor: odd(&mut random),
                peers: vec![peer(2)],
            },
            1 => {
                ToServer::Fetch { exercise, seq: odd(&mut random), offset: odd(&mut random) as u32 }
            }
            2 => ToServer::Push {
                exercise,
                peer: [Peer::SERVER, peer(2), peer(9)][random.below(3) as usize],
                first: odd(&mut random) as u32,
                entries: vec![Blob(vec![random.next() as u8; random.below(4) as usize]); 3],
            },
            _ => ToServer::Close { exercise },
        };
        server.serve(random.below(4), message);
        assert_eq!((server.room.document().digest(), server.log.len()), (digest, 3));
    }
}

/// A device trusts its server, but a message that makes no sense must not take the person's work.
#[test]
fn a_device_survives_a_senseless_server() {
    let mut random = Random::new(4);
    let exercise = exercise();
    for _ in 0..300 {
        let mut replica = Replica::open(exercise, peer(2), &[], Stored::default()).expect("empty");
        let key = Key::parse("focus/r1/budget").expect("a key");
        replica.edit(vec![Edit::SetCell { key, value: Some(Value::Money(1)) }]).expect("fits");
        let (packed, log) = (random.percent(50), random.percent(50));
        replica.connected(Words { packed, log, ..Words::default() });
        let odd = |random: &mut Random| {
            [0, 1, 2, 3, 1 << 31, u64::from(u32::MAX), u64::MAX][random.below(7) as usize]
        };
        for _ in 0..20 {
            let (seq, entry): (Seq, u32) = (odd(&mut random), odd(&mut random) as u32);
            // Not the number of the entry that waits: of that, the server may say that it has it.
            let writer = peer(if entry == 1 { 3 } else { 2 + random.below(2) });
            let bytes = Blob(vec![random.next() as u8; random.below(3) as usize]);
            let update = random.percent(50).then(|| bytes.clone());
            let log_entry = LogEntry { peer: writer, entry, at: 0, update };
            let base = protocol::Base { seq, size: entry };
            replica.receive(match random.below(7) {
                0 | 1 => ToClient::Opened {
                    exercise,
                    epoch: 7,
                    head: seq,
                    acked: vec![(writer, entry)],
                    may_edit: true,
                    base: random.percent(50).then_some(base),
                },
                2 => ToClient::Piece { exercise, seq, offset: entry, bytes },
                5 => {
                    let size = odd(&mut random) as u32;
                    let sum = random.below(2) as u32;
                    ToClient::PackedPiece { exercise, seq, offset: entry, size, sum, bytes }
                }
                3 => ToClient::Updates {
                    exercise,
                    first: seq,
                    entries: vec![log_entry],
                    digest: None,
                },
                4 => ToClient::Writers {
                    exercise,
                    writers: vec![Writer {
                        peer: writer,
                        name: String::new(),
                        role: String::new(),
                    }],
                },
                _ => ToClient::Refused { exercise, peer: writer, entry, code: Code::Malformed },
            });
            replica.tick();
            replica.compact();
        }
        let status = replica.status();
        assert_eq!(status.unsent + status.quarantined, 1, "{status:?}");
    }
}
