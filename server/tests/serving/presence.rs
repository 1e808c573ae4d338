//! Who is there, over sockets and over requests.

use std::time::Duration;

use shared::{
    ids::RowId,
    protocol::{Code, PRESENCE, Place, Present, Spot, ToClient, ToServer, understands},
    template::TableId,
};

use crate::{
    device::{Device, exercise},
    stage::Server,
};

fn here(place: Option<Place>) -> ToServer {
    ToServer::Here { exercise: exercise(), place }
}

fn focus() -> Option<Place> {
    Some(Place::at(TableId::Focus))
}

struct News {
    came: Vec<Present>,
    moved: Vec<(u64, Place)>,
    left: Vec<u64>,
}

async fn news(device: &mut Device) -> News {
    loop {
        match device.next().await {
            ToClient::People { came, moved, left, .. } => return News { came, moved, left },
            ToClient::Updates { .. } | ToClient::Opened { .. } | ToClient::Writers { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn people_see_who_is_there_in_the_servers_words_until_they_go() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("01")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let (mut l, _) = Device::open(&luisa, 200).await;
    a.send(&here(focus())).await;
    l.send(&here(focus())).await;
    let met = news(&mut a).await.came.into_iter().find(|one| one.name == "luisa").unwrap();
    assert_eq!((met.role.as_str(), met.place.table), ("Equipo Dirección Regional", TableId::Focus));
    let all = news(&mut l).await.came;
    assert_eq!(all.len(), 2, "who comes meets everybody");

    let spot = Spot::new(&RowId::new("emprende").unwrap(), "budget");
    let place = Place { cell: Some(spot), ..Place::at(TableId::Focus) };
    l.send(&here(Some(place.clone()))).await;
    let moved = news(&mut a).await.moved;
    assert_eq!(moved, [(met.tab, place)]);

    // Edits flow as before.
    let entry = l.push(5).await;
    l.acknowledged(entry).await;

    drop(l);
    loop {
        let gone = news(&mut a).await;
        if gone.left == [met.tab] {
            break;
        }
    }
}

#[tokio::test]
async fn reviewers_are_not_shown_to_the_region() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("01")).await;
    let reviewer = server.person("revisora", "sercotec_reviewer", None).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let (mut r, _) = Device::open(&reviewer, 200).await;
    a.send(&here(focus())).await;
    r.send(&here(focus())).await;
    let seen = news(&mut r).await.came;
    assert!(seen.iter().any(|present| present.name == "ana"), "{seen:?}");
    // Whoever comes next is told of together with the reviewer, had she been told of at all.
    let (mut l, _) = Device::open(&luisa, 300).await;
    l.send(&here(focus())).await;
    let names = |came: Vec<Present>| came.into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(names(news(&mut a).await.came), ["luisa"]);
    assert_eq!(names(news(&mut l).await.came), ["ana", "luisa"]);
    let foreign = server.person("otra", "gore_editor", Some("05")).await;
    let mut foreign = Device::connect(&foreign, 400).await;
    foreign.send(&here(focus())).await;
    let id = Some(exercise());
    let forbidden = ToClient::Failed { exercise: id, code: Code::Forbidden };
    assert_eq!(foreign.next().await, forbidden);
}

#[tokio::test]
async fn what_is_too_large_or_malformed_ends_the_connection_and_a_flood_is_not_passed_on() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let with = |draft: String| Place { draft: Some(draft), ..Place::at(TableId::Focus) };
    let bad = Spot { row: RowId::new("r").unwrap(), field: "No/Bueno".into() };
    let bad = Place { cell: Some(bad), ..Place::at(TableId::Focus) };
    for (place, code) in [
        (with("x".repeat(2_000)), Code::TooLarge),
        (with("x".repeat(500)), Code::Malformed),
        (bad, Code::Malformed),
    ] {
        let mut hostile = Device::connect(&ana, 200).await;
        hostile.send(&here(Some(place))).await;
        assert_eq!(hostile.next().await, ToClient::Failed { exercise: None, code });
        assert_eq!(hostile.next_or_end().await, None);
    }

    let (mut a, _) = Device::open(&ana, 300).await;
    let (mut b, _) = Device::open(&bruno, 400).await;
    b.send(&here(focus())).await;
    for number in 0..2_000 {
        a.send(&here(Some(with(number.to_string())))).await;
    }
    a.send(&ToServer::Ping).await;
    while a.next().await != ToClient::Pong {}
    tokio::time::sleep(Duration::from_millis(500)).await;
    b.send(&ToServer::Ping).await;
    let (mut told, mut last) = (0, String::new());
    loop {
        match b.next().await {
            ToClient::Pong => break,
            ToClient::People { came, moved, .. } => {
                told += 1;
                let places = came.into_iter().filter(|one| one.name == "ana").map(|one| one.place);
                let places: Vec<_> = places.chain(moved.into_iter().map(|(_, at)| at)).collect();
                last = places.last().and_then(|place| place.draft.clone()).unwrap_or(last);
            }
            _ => {}
        }
    }
    assert!(told < 20, "told {told} times");
    let last: u32 = last.parse().unwrap();
    assert!(last < 200, "heard up to {last} of 2000");
}

#[tokio::test]
async fn sides_say_that_they_understand_and_older_ones_are_told_nothing() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    // An older device never says where it is, and gets nothing that it does not know.
    let (mut old, _) = Device::open(&ana, 100).await;
    let (mut new, _) = Device::open(&bruno, 200).await;
    let hello = ToServer::Hello { rules: 0, build: shared::protocol::introduction("1") };
    new.send(&hello).await;
    let build = loop {
        if let ToClient::Welcome { build, .. } = new.next().await {
            break build;
        }
    };
    assert!(understands(&build, PRESENCE), "{build}");
    new.send(&here(focus())).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    old.send(&ToServer::Ping).await;
    loop {
        match old.next().await {
            ToClient::Pong => break,
            ToClient::Updates { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}
