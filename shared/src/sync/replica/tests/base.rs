//! A base to start from: its pieces, packed or not, and offers that come late.

use super::*;
use crate::protocol::Base;

#[test]
fn a_base_is_fetched_piece_by_piece_across_connections() {
    is_fetched_across_connections(false, [false, false]);
}

#[test]
fn a_base_that_travels_packed_is_fetched_across_connections() {
    is_fetched_across_connections(true, [true, true]);
}

#[test]
fn a_base_begins_anew_where_the_next_server_packs_and_the_last_did_not() {
    is_fetched_across_connections(true, [false, true]);
    is_fetched_across_connections(true, [true, false]);
}

/// The server of the first connection, which breaks, and that of the second may be able to pack.
fn is_fetched_across_connections(in_small_pieces: bool, packs: [bool; 2]) {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    let piece_bytes = if in_small_pieces { 200 } else { Tuning::default().piece_bytes };
    server.room.tune(Tuning { base_distance: 2, piece_bytes, ..Tuning::default() });
    a.connect();
    for row in 0..40 {
        let name = format!("{row}").repeat(200);
        let key = Key::parse(&format!("focus/r{row}/action")).unwrap();
        let edit = Edit::SetCell { key, value: Some(Value::Text(name)) };
        let narrative = Key::parse(&format!("focus/r{row}/description")).unwrap();
        let text = Edit::splice(narrative, "", &"ñandú ".repeat(500)).unwrap();
        let step = a.replica.edit(vec![edit, text]).unwrap();
        a.run(step);
    }
    server.talk(&mut [&mut a]);
    b.edit(5);
    b.packs = packs[0];
    b.connect();
    let opened = std::mem::take(&mut b.sent);
    let member = Member { user: 1, name: String::new(), grant: server.grant.clone() };
    let outputs = server.room.receive(9, &member, opened[0].clone());
    let room::Output::Send { message: opened, .. } = &outputs[0] else { panic!("{outputs:?}") };
    b.receive(opened.clone());
    let is_fetch = |message: &&ToServer| match message {
        ToServer::Fetch { .. } => !packs[0],
        ToServer::FetchPacked { .. } => packs[0],
        _ => false,
    };
    let fetch = b.sent.iter().find(is_fetch).unwrap();
    let outputs = server.room.receive(9, &member, fetch.clone());
    let room::Output::Send { message: piece, .. } = &outputs[0] else { panic!("{outputs:?}") };
    b.receive(piece.clone());
    b.receive(piece.clone());
    let (fetched, size) = b.replica.status().fetch.unwrap();
    assert!(0 < fetched && fetched < size);
    b.replica.disconnected();
    server.room.leave(9);
    b.sent.clear();
    b.packs = packs[1];
    b.connect();
    let opens = b.sent.clone();
    server.talk(&mut [&mut a, &mut b]);
    assert!(matches!(opens[..], [ToServer::Open { cursor: 0, .. }]));
    agree(&[&a, &b]);
    assert_eq!(b.stored.base.as_ref().map(|(seq, _)| *seq), Some(40));
    assert_eq!(shown(&a.replica), Some(5));
}

#[test]
fn a_base_that_is_here_is_not_fetched_because_an_answer_comes_late() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    server.room.tune(Tuning { base_distance: 2, ..Tuning::default() });
    a.connect();
    (1..=5).for_each(|pesos| a.edit(pesos));
    server.talk(&mut [&mut a]);
    b.connect();
    let member = Member { user: 1, name: String::new(), grant: server.grant.clone() };
    let outputs = server.room.receive(1, &member, b.sent[0].clone());
    let room::Output::Send { message: answer, .. } = outputs[0].clone() else {
        panic!("{outputs:?}")
    };
    assert!(matches!(&answer, ToClient::Opened { base: Some(_), .. }));
    server.talk(&mut [&mut a, &mut b]);
    agree(&[&a, &b]);
    b.receive(answer);
    assert_eq!(b.replica.status().fetch, None);
    assert!(matches!(b.sent[..], [ToServer::Open { cursor: 5, .. }]), "{:?}", b.sent);
}

#[test]
fn a_packed_base_that_is_damaged_is_told() {
    let (mut a, mut b, mut server) = (Device::new(2), Device::new(3), Server::new(7));
    server.room.tune(Tuning { base_distance: 2, ..Tuning::default() });
    a.connect();
    (1..=5).for_each(|pesos| a.edit(pesos));
    server.talk(&mut [&mut a]);
    let base = Some(Base { seq: 5, size: 400 });
    b.packs = true;
    b.connect();
    let exercise = id();
    b.receive(ToClient::Opened {
        exercise,
        epoch: 7,
        head: 5,
        acked: vec![],
        may_edit: true,
        base,
    });
    b.edit(6);
    let bytes = Blob(vec![0xff; 40]);
    b.receive(ToClient::PackedPiece { exercise, seq: 5, offset: 0, size: 40, sum: 1, bytes });
    let status = b.replica.status();
    assert!(status.differs && status.fetch.is_none() && status.unsent == 1, "{status:?}");
    assert_eq!(shown(&b.replica), Some(6), "what was written here stays");
}
