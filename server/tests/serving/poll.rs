//! Frames over plain requests.

use std::time::Duration;

use reqwest::{Method, Response, header};
use shared::{
    protocol::{self, Code, Place, ToClient, ToServer},
    template::TableId,
};

use crate::{
    device::{Device, Writer, exercise},
    stage::{Browser, Server},
};

/// A device behind a proxy that knows no WebSockets.
struct Poll {
    browser: Browser,
    connection: Option<String>,
}

impl Poll {
    async fn send(&self, messages: &[ToServer]) -> Response {
        let frames: Vec<_> = messages.iter().map(protocol::encode).collect();
        let body = protocol::join(frames.iter().map(Vec::as_slice));
        let request = self.browser.request(Method::POST, "/api/sync/poll").body(body);
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        let request = match &self.connection {
            Some(connection) => request.header("focaliza-connection", connection),
            None => request,
        };
        request.send().await.unwrap()
    }

    async fn exchange(&mut self, messages: &[ToServer]) -> Vec<ToClient> {
        let answer = self.send(messages).await;
        assert_eq!(answer.status(), 200);
        let connection = answer.headers()["focaliza-connection"].to_str().unwrap().to_owned();
        self.connection = Some(connection);
        let body = answer.bytes().await.unwrap();
        let frames = protocol::split(&body).unwrap();
        frames.into_iter().map(|frame| protocol::decode(frame).unwrap()).collect()
    }
}

#[tokio::test]
async fn requests_do_what_a_socket_does() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let mut poll = Poll { browser: ana.clone(), connection: None };
    let mut writer = Writer::new(100);
    let hello = ToServer::Hello { rules: 0, build: String::new() };
    let mut told = poll.exchange(&[hello, writer.open(0, 0)]).await;
    while !told.iter().any(|message| matches!(message, ToClient::Updates { .. })) {
        told.extend(poll.exchange(&[]).await);
    }
    assert!(matches!(told[..2], [ToClient::Welcome { .. }, ToClient::Opened { .. }]), "{told:?}");

    let (mut other, _) = Device::open(&ana, 200).await;
    let update = writer.write(7);
    let mut told = poll.exchange(&[writer.push(update)]).await;
    let is_ack = |message: &ToClient| {
        let ToClient::Updates { entries, .. } = message else { return false };
        entries.iter().any(|entry| entry.peer == writer.peer() && entry.update.is_none())
    };
    while !told.iter().any(is_ack) {
        told = poll.exchange(&[]).await;
    }
    other.until(|peer, entry| peer == writer.peer() && entry == 1).await;

    // A request that waits gets what the other writes.
    let entry = other.push(8).await;
    loop {
        let told = poll.exchange(&[]).await;
        if told.iter().any(|message| matches!(message, ToClient::Updates { first: 2, .. })) {
            break;
        }
    }
    other.acknowledged(entry).await;
}

#[tokio::test]
async fn the_next_request_sends_the_waiting_one_home() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let mut poll = Poll { browser: ana, connection: None };
    let told = poll.exchange(&[ToServer::Ping]).await;
    assert_eq!(told, [ToClient::Pong]);
    let mut waiting = Poll { browser: poll.browser.clone(), connection: poll.connection.clone() };
    let waiting = tokio::spawn(async move { waiting.exchange(&[]).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    assert_eq!(poll.exchange(&[ToServer::Ping]).await, [ToClient::Pong]);
    assert_eq!(waiting.await.unwrap(), []);
}

#[tokio::test]
async fn connections_belong_to_their_session_and_hostile_bodies_end_them() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let mut poll = Poll { browser: ana.clone(), connection: None };
    poll.exchange(&[ToServer::Ping]).await;
    let thief = Poll { browser: bruno, connection: poll.connection.clone() };
    assert_eq!(thief.send(&[ToServer::Ping]).await.status(), 410);

    let hostile = ana
        .request(Method::POST, "/api/sync/poll")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("focaliza-connection", poll.connection.clone().unwrap())
        .body(vec![9, 0, 0, 0, 1])
        .send()
        .await
        .unwrap();
    let body = hostile.bytes().await.unwrap();
    let frame = protocol::split(&body).unwrap()[0].to_vec();
    let failed = ToClient::Failed { exercise: None, code: Code::Malformed };
    assert_eq!(protocol::decode::<ToClient>(&frame), Ok(failed));
    assert_eq!(poll.send(&[ToServer::Ping]).await.status(), 410);

    let foreign = Poll { browser: ana, connection: None };
    let (mut waits, answered) = (Poll { connection: None, ..foreign }, Writer::new(5));
    let told = waits.exchange(&[answered.open(0, 0)]).await;
    let ToClient::Opened { exercise: id, .. } = &told[0] else { panic!("{told:?}") };
    assert_eq!(*id, exercise());
}

#[tokio::test]
async fn people_are_told_of_over_requests_too() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let here = || ToServer::Here { exercise: exercise(), place: Some(Place::at(TableId::Focus)) };
    let mut poll = Poll { browser: ana, connection: None };
    let mut told = poll.exchange(&[Writer::new(100).open(0, 0), here()]).await;
    let (mut other, _) = Device::open(&bruno, 200).await;
    other.send(&here()).await;
    let names = |told: &[ToClient]| -> Vec<String> {
        let people = told.iter().filter_map(|message| match message {
            ToClient::People { came, .. } => Some(came),
            _ => None,
        });
        people.flatten().map(|present| present.name.clone()).collect()
    };
    while !names(&told).contains(&"bruno".to_owned()) {
        told = poll.exchange(&[]).await;
    }
    loop {
        if let ToClient::People { came, .. } = other.next().await {
            assert!(came.iter().any(|present| present.name == "ana"));
            break;
        }
    }
}
