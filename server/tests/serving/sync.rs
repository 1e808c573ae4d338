//! Devices that edit together over WebSockets.

use std::time::Duration;

use reqwest::Method;
use shared::{
    access::Role,
    ids::{ExerciseId, Peer, RowId},
    protocol::{Blob, Code, ToClient, ToServer},
    template::{TableId, new_column, regional_columns},
};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    device::{Device, exercise, upgrade},
    stage::{Server, body, focaliza},
};

#[tokio::test]
async fn what_one_writes_the_other_sees_and_both_know_who_it_was() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("01")).await;
    let (mut a, opened) = Device::open(&ana, 100).await;
    let ToClient::Opened { epoch, head: 0, acked, may_edit: true, base: None, .. } = opened else {
        panic!("{opened:?}")
    };
    assert_eq!(acked, [(Peer::new(100).unwrap(), 0)]);
    assert_eq!(format!("{epoch:016x}"), body(ana.get("/api/health").await).await["epoch"]);
    let (mut l, _) = Device::open(&luisa, 200).await;

    let entry = a.push(311_345_000).await;
    a.acknowledged(entry).await;
    let writers = loop {
        match l.next().await {
            ToClient::Writers { writers, .. } => break writers,
            ToClient::Updates { entries, .. } => assert!(entries.is_empty()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(writers[0].name, "ana");
    assert_eq!(writers[0].role, Role::GoreCounterpart.title());
    let ToClient::Updates { first: 1, entries, digest, .. } = l.next().await else { panic!() };
    let Some(Blob(update)) = &entries[0].update else { panic!("{entries:?}") };
    l.writer.document.merge(update).unwrap();
    assert_eq!(digest, Some(l.writer.document.digest()));
    assert_eq!(a.writer.document.exercise(), l.writer.document.exercise());

    // Who comes later gets the same from the log.
    let (mut late, _) = Device::open(&luisa, 300).await;
    assert_eq!(late.until(|_, entry| entry == 1).await, [1]);
    let list = body(ana.get("/api/exercises").await).await;
    assert_eq!((list[0]["id"].as_str(), list[0]["head"].as_i64()), (Some("01-2027"), Some(1)));
}

#[tokio::test]
async fn only_own_pages_with_a_session_open_a_socket() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let cookie = ana.cookie.clone().unwrap();
    for (headers, status) in [
        (vec![("origin", ana.address.as_str())], 401),
        (vec![("cookie", cookie.as_str())], 403),
        (vec![("cookie", cookie.as_str()), ("origin", "https://otra.example")], 403),
    ] {
        assert_eq!(upgrade(&ana, &headers).await.unwrap_err().status(), status, "{headers:?}");
    }
}

#[tokio::test]
async fn rights_are_those_of_role_and_region() {
    let server = Server::start(&[]).await;
    let foreign = server.person("luisa", "gore_editor", Some("05")).await;
    let reviewer = server.person("sercotec", "sercotec_reviewer", None).await;
    let (_, answer) = Device::open(&foreign, 100).await;
    let id = Some(exercise());
    assert_eq!(answer, ToClient::Failed { exercise: id, code: Code::Forbidden });

    let (mut device, answer) = Device::open(&reviewer, 200).await;
    assert!(matches!(answer, ToClient::Opened { may_edit: false, .. }), "{answer:?}");
    device.push(1).await;
    let refused = loop {
        match device.next().await {
            ToClient::Updates { .. } | ToClient::Opened { .. } => {}
            other => break other,
        }
    };
    let (peer, code) = (device.writer.peer(), Code::Forbidden);
    assert_eq!(refused, ToClient::Refused { exercise: exercise(), peer, entry: 1, code });

    let nowhere = ExerciseId::new("99", 2027).unwrap();
    let open = ToServer::Open { exercise: nowhere, epoch: 0, cursor: 0, peers: vec![] };
    device.send(&open).await;
    let failed = ToClient::Failed { exercise: Some(nowhere), code: Code::Forbidden };
    while device.next().await != failed {}
}

#[tokio::test]
async fn a_writer_is_one_persons_also_after_a_restart() {
    let mut server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let entry = a.push(1).await;
    a.acknowledged(entry).await;
    server.kill().await;
    server.start_again().await;

    let mut bruno = bruno;
    bruno.address = server.address().into();
    let (mut b, _) = Device::open(&bruno, 100).await;
    b.writer.write(2);
    b.push(3).await;
    let refused = loop {
        match b.next().await {
            ToClient::Updates { .. } | ToClient::Writers { .. } => {}
            other => break other,
        }
    };
    assert!(
        matches!(refused, ToClient::Refused { code: Code::ForeignPeer, entry: 2, .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn hostile_frames_end_the_connection_and_nothing_else() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let (mut honest, _) = Device::open(&ana, 100).await;
    let good = shared::protocol::encode(&ToServer::Ping);
    let mut other_version = good.clone();
    other_version[0] = 99;
    let end = other_version.len() - 4;
    let sum = crc32fast::hash(&other_version[..end]).to_le_bytes();
    other_version[end..].copy_from_slice(&sum);
    for (frame, code) in [
        (Message::Binary(vec![].into()), Code::Malformed),
        (Message::Binary(vec![0xff; 1000].into()), Code::Malformed),
        (Message::Binary(good[..good.len() - 1].to_vec().into()), Code::Malformed),
        (Message::Binary(other_version.into()), Code::UnknownVersion),
        (Message::Text("hola".into()), Code::Malformed),
    ] {
        let mut hostile = Device::connect(&ana, 200).await;
        hostile.send_raw(frame).await;
        assert_eq!(hostile.next().await, ToClient::Failed { exercise: None, code });
        assert_eq!(hostile.next_or_end().await, None);
    }
    let mut hostile = Device::connect(&ana, 200).await;
    hostile.send_too_much(Message::Binary(vec![1; (1 << 20) + 1].into())).await;
    while hostile.next_or_end().await.is_some() {}

    // Well-formed frames with updates that are none.
    let (mut hostile, _) = Device::open(&ana, 300).await;
    hostile.send(&hostile.writer.push_from(1, vec![vec![0xff; 64]])).await;
    let refused = loop {
        match hostile.next().await {
            ToClient::Updates { .. } => {}
            other => break other,
        }
    };
    assert!(matches!(refused, ToClient::Refused { code: Code::Malformed, .. }), "{refused:?}");
    let entry = honest.push(5).await;
    honest.acknowledged(entry).await;
}

#[tokio::test]
async fn connections_end_with_their_session() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let (mut b, _) = Device::open(&bruno, 200).await;
    let over = ToClient::Failed { exercise: None, code: Code::Unauthenticated };

    ana.request(Method::DELETE, "/api/session").send().await.unwrap();
    while a.next().await != over {}
    assert_eq!(a.next_or_end().await, None);

    assert!(focaliza(&server.data(), &["user", "disable", "bruno"]).await.status.success());
    let told = async {
        while b.next().await != over {}
        assert_eq!(b.next_or_end().await, None);
    };
    timeout(Duration::from_secs(5), told).await.unwrap();
}

#[tokio::test]
async fn who_is_far_behind_starts_from_a_base() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    for _ in 0..6 {
        let first = a.writer.entry + 1;
        let updates = (0..400).map(|pesos| a.writer.write(pesos)).collect();
        a.send(&a.writer.push_from(first, updates)).await;
    }
    a.acknowledged(a.writer.entry).await;

    let (mut late, opened) = Device::open(&ana, 200).await;
    let ToClient::Opened { epoch, head: 2400, base: Some(base), .. } = opened else {
        panic!("{opened:?}")
    };
    late.send(&ToServer::Fetch { exercise: exercise(), seq: base.seq, offset: 0 }).await;
    let piece = loop {
        match late.next().await {
            ToClient::Piece { bytes, .. } => break bytes,
            ToClient::Writers { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(piece.0.len(), base.size as usize, "this one fits into one piece");
    late.writer.document.merge(&piece.0).unwrap();
    assert_eq!(late.writer.document.exercise(), a.writer.document.exercise());

    late.send(&late.writer.open(epoch, 1_000)).await;
    let places = late.until(|_, entry| entry == 2400).await;
    assert_eq!(places, (1_001..=2_400).collect::<Vec<_>>(), "the log in several parts, in order");
}

#[tokio::test]
async fn a_column_of_a_region_reaches_that_region_and_no_other() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "dr_editor", Some("01")).await;
    let luisa = server.person("luisa", "gore_editor", Some("05")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let row = RowId::new("c1").unwrap();
    let document = &mut a.writer.document;
    let edits = new_column(document.exercise(), &row, TableId::Focus, "Aporte municipal", "money");
    let update = document.apply(&edits).unwrap().update;
    a.writer.entry += 1;
    a.send(&a.writer.push(update)).await;
    a.acknowledged(1).await;

    let (mut b, _) = Device::open(&bruno, 200).await;
    b.until(|_, entry| entry == 1).await;
    let theirs = regional_columns(a.writer.document.exercise(), TableId::Focus);
    assert_eq!(theirs.len(), 1);

    // Another region neither opens that exercise nor finds the column in its own.
    let (mut l, answer) = Device::open(&luisa, 300).await;
    let refused = ToClient::Failed { exercise: Some(exercise()), code: Code::Forbidden };
    assert_eq!(answer, refused);
    let own = ExerciseId::new("05", 2027).unwrap();
    l.send(&ToServer::Open { exercise: own, epoch: 0, cursor: 0, peers: vec![] }).await;
    let opened = l.next().await;
    assert!(
        matches!(opened, ToClient::Opened { exercise, head: 0, .. } if exercise == own),
        "{opened:?}"
    );
    // She is not even told that it exists.
    for (person, expected) in [(&ana, 200), (&luisa, 404)] {
        let answer = person.get("/api/exercises/01-2027/export").await;
        assert_eq!(answer.status(), expected);
    }
}
