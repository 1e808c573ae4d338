use super::*;
use crate::{doc::Anchor, ids::RowId, template::TableId};

fn exercise() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn peer(number: u64) -> Peer {
    Peer::new(number).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place() -> Place {
    Place {
        cell: Some(Spot { row: RowId::new("r").unwrap(), field: "f".into() }),
        caret: Some(Anchor::Behind { writer: peer(2), clock: 7 }),
        draft: Some("x".into()),
        ..Place::at(TableId::Focus)
    }
}

/// What one side writes, the other must read for years: old devices come back after a summer.
fn pinned<M>(message: &M, expected: &str)
where
    M: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let frame = encode(message);
    let (body, sum) = frame.split_last_chunk::<4>().unwrap();
    assert_eq!(hex(body), expected, "{message:?}");
    assert_eq!(*sum, crc32fast::hash(body).to_le_bytes());
    assert_eq!(decode::<M>(&frame).as_ref(), Ok(message));
}

#[test]
fn what_devices_say_is_pinned() {
    let exercise = exercise();
    let entries = vec![Blob(vec![1, 2, 3]), Blob(vec![])];
    for (message, expected) in [
        (ToServer::Hello { rules: 300, build: "ab".into() }, "0100ac02026162"),
        (
            ToServer::Open { exercise, epoch: 5, cursor: 128, peers: vec![peer(2), peer(1 << 40)] },
            "01010730312d3230323705800102028080808080 20",
        ),
        (ToServer::Fetch { exercise, seq: 7, offset: 65_536 }, "01020730312d3230323707808004"),
        (
            ToServer::Push { exercise, peer: peer(2), first: 9, entries },
            "01030730312d323032370209020301020300",
        ),
        (ToServer::Close { exercise }, "01040730312d32303237"),
        (ToServer::Ping, "0105"),
        (
            ToServer::Here { exercise, place: Some(place()) },
            "01060730312d32303237 01 04 01 0172 0166 00 01 01 02 07 01 01 78",
        ),
        (ToServer::Here { exercise, place: None }, "01060730312d3230323700"),
        (
            ToServer::Carry { exercise, peer: peer(2), first: 9, entries: vec![Blob(vec![4])] },
            "01070730312d3230323702 09 01 01 04",
        ),
        (ToServer::FetchPacked { exercise, seq: 7, offset: 2 }, "01080730312d323032370702"),
        (
            ToServer::OpenLog { exercise, epoch: 3, cursor: 4, peers: vec![peer(2)] },
            "01090730312d32303237 03 04 01 02",
        ),
        (ToServer::Lane { lane: 300, frame: Blob(vec![1, 5]) }, "010a ac02 02 0105"),
        (ToServer::EndLane { lane: 300 }, "010b ac02"),
    ] {
        pinned(&message, &expected.replace(' ', ""));
    }
}

#[test]
fn what_the_server_says_is_pinned() {
    let exercise = exercise();
    let digest = serde_json::from_str::<Digest>("258").unwrap();
    let entry = |update| LogEntry { peer: peer(2), entry: 1, at: -1, update };
    let base = Some(Base { seq: 4, size: 1_000 });
    let acked = vec![(peer(2), 3), (peer(3), 0)];
    let writer = Writer { peer: peer(2), name: "Ñ".into(), role: "r".into() };
    for (message, expected) in [
        (ToClient::Welcome { rules: 1, build: String::new() }, "01000100"),
        (
            ToClient::Opened { exercise, epoch: 5, head: 4, acked, may_edit: true, base },
            "01010730312d32303237 0504 0202030300 01 0104e807",
        ),
        (
            ToClient::Piece { exercise, seq: 4, offset: 0, bytes: Blob(vec![255]) },
            "01020730312d32303237 0400 01ff",
        ),
        (
            ToClient::Updates {
                exercise,
                first: 6,
                entries: vec![entry(None), entry(Some(Blob(vec![7])))],
                digest: Some(digest),
            },
            "01030730312d32303237 06 02 02010100 020101010107 018202",
        ),
        (
            ToClient::Writers { exercise, writers: vec![writer] },
            "01040730312d32303237 01 0202c3910172",
        ),
        (
            ToClient::Refused { exercise, peer: peer(2), entry: 8, code: Code::Forbidden },
            "01050730312d32303237 0208 01",
        ),
        (ToClient::Failed { exercise: None, code: Code::RateLimited }, "01060005"),
        (ToClient::Pong, "0107"),
        (
            ToClient::People {
                exercise,
                came: vec![Present {
                    tab: 1,
                    user: -2,
                    name: "Ñ".into(),
                    role: "r".into(),
                    place: Place::at(TableId::Focus),
                }],
                moved: vec![(2, Place::at(TableId::Focus))],
                left: vec![300],
            },
            "01080730312d32303237 01 01 03 02c391 0172 0400000000 01 02 0400000000 01 ac02",
        ),
        (
            ToClient::PackedPiece {
                exercise,
                seq: 4,
                offset: 1,
                size: 2,
                sum: 3,
                bytes: Blob(vec![9]),
            },
            "01090730312d32303237 04010203 0109",
        ),
        (ToClient::Lane { lane: 1, frame: Blob(vec![1, 7]) }, "010a 01 02 0107"),
    ] {
        pinned(&message, &expected.replace(' ', ""));
    }
}

#[test]
fn the_numbers_of_codes_are_pinned() {
    let codes = [
        Code::Unauthenticated,
        Code::Forbidden,
        Code::ForeignPeer,
        Code::Malformed,
        Code::TooLarge,
        Code::RateLimited,
        Code::UnknownVersion,
        Code::Unavailable,
        Code::Incomplete,
    ];
    for (number, code) in codes.into_iter().enumerate() {
        pinned(&ToClient::Failed { exercise: None, code }, &format!("0106000{number}"));
    }
}

#[test]
fn damage_is_told_from_another_version() {
    let frame = encode(&ToServer::Ping);
    for length in 0..frame.len() {
        assert_eq!(decode::<ToServer>(&frame[..length]), Err(Code::Malformed));
    }
    for bit in 0..frame.len() * 8 {
        let mut damaged = frame.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(decode::<ToServer>(&damaged), Err(Code::Malformed));
    }
    let sealed = |body: &[u8]| [body, &crc32fast::hash(body).to_le_bytes()].concat();
    assert_eq!(decode::<ToServer>(&sealed(&[])), Err(Code::Malformed));
    assert_eq!(decode::<ToServer>(&sealed(&[VERSION + 1, 5])), Err(Code::UnknownVersion));
    assert_eq!(decode::<ToServer>(&sealed(&[VERSION, 5, 0])), Err(Code::Malformed), "a rest");
    assert_eq!(decode::<ToServer>(&sealed(&[VERSION, 99])), Err(Code::Malformed));
    for peer in [&[0][..], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]] {
        let push = [&[VERSION, 3, 7], &b"01-2027"[..], peer, &[1, 0]].concat();
        assert_eq!(decode::<ToServer>(&sealed(&push)), Err(Code::Malformed), "no writer's number");
    }
    // A list that claims to be longer than the frame.
    let claims =
        [&[VERSION, 3, 7], &b"01-2027"[..], &[2, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]].concat();
    assert_eq!(decode::<ToServer>(&sealed(&claims)), Err(Code::Malformed));
    assert_eq!(decode::<ToServer>(&vec![0; limits::FRAME_BYTES + 1]), Err(Code::TooLarge));
}
