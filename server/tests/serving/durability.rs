//! What is acknowledged is on the disk; what cannot be written is said so, and reading goes on.

use shared::{
    ids::Peer,
    protocol::{Code, ToClient},
};
use tokio::process::Command;

use crate::{
    device::{Device, exercise},
    stage::{PASSWORD, PROGRAM, Server, body, run},
};

#[tokio::test]
async fn killing_the_server_loses_nothing_that_was_acknowledged() {
    let mut server = Server::start(&[]).await;
    let mut ana = server.person("ana", "gore_editor", Some("01")).await;
    let mut last = 0;
    for round in 0..5 {
        ana.address = server.address().into();
        let (mut device, opened) = Device::open(&ana, 100 + round).await;
        let ToClient::Opened { head, .. } = opened else { panic!("{opened:?}") };
        assert!(head >= last, "round {round}: {last} acknowledged, {head} there");
        for pesos in 0..20 {
            let entry = device.push(pesos).await;
            device.acknowledged(entry).await;
            last += 1;
        }
        // More on their way, which may or may not be committed.
        for pesos in 20..30 {
            device.push(pesos).await;
        }
        server.kill().await;
        server.start_again().await;
    }
    ana.address = server.address().into();
    let (mut reader, _) = Device::open(&ana, 999).await;
    let writer = Peer::new(104).unwrap();
    let places = reader.until(|peer, entry| peer == writer && entry >= 20).await;
    assert_eq!(places[..], (1..=places.len() as u64).collect::<Vec<_>>()[..]);
}

/// A limit on the size of files is what a full disk looks like to the database.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_said_and_reading_goes_on() {
    let mut server = Server::start(&[]).await;
    let mut ana = server.person("ana", "gore_editor", Some("01")).await;
    let (mut device, _) = Device::open(&ana, 100).await;
    let entry = device.push(7).await;
    device.acknowledged(entry).await;
    drop(device);
    let (data, dist) = (server.data(), server.dist());
    server.kill().await;

    let mut command = Command::new("bash");
    let script =
        "trap '' XFSZ; ulimit -f 300; exec \"$0\" serve --port 0 --data \"$1\" --dist \"$2\"";
    command.args(["-c", script, PROGRAM]).arg(&data).arg(&dist);
    let (mut process, address) = run(command).await;
    ana.address = address;
    let (mut device, _) = Device::open(&ana, 200).await;
    let failed = ToClient::Failed { exercise: Some(exercise()), code: Code::Unavailable };
    let mut acknowledged = 0;
    'full: loop {
        let updates = (0..100).map(|pesos| device.writer.write(pesos)).collect();
        let push = device.writer.push_from(device.writer.entry - 99, updates);
        device.send(&push).await;
        loop {
            match device.next().await {
                message if message == failed => break 'full,
                ToClient::Updates { entries, .. } => {
                    let own = |peer: Peer| peer == device.writer.peer();
                    let last = entries.iter().rev().find(|entry| own(entry.peer));
                    if let Some(last) = last {
                        acknowledged = last.entry;
                        if last.entry == device.writer.entry {
                            break;
                        }
                    }
                }
                _ => {}
            }
        }
    }
    assert!(acknowledged >= 100, "the disk was full from the start");

    // Reading goes on: pages, lists, and the exercise up to what is committed.
    assert_eq!(ana.get("/").await.status(), 200);
    assert_eq!(body(ana.get("/api/exercises").await).await[0]["id"], "01-2027");
    let (_, opened) = Device::open(&ana, 300).await;
    let ToClient::Opened { head, .. } = opened else { panic!("{opened:?}") };
    assert_eq!(head, u64::from(acknowledged) + 1);
    // A session is small: a few of them still fit.
    let mut answer = ana.sign_in("ana", PASSWORD).await;
    for _ in 0..60 {
        if answer.status() == 503 {
            break;
        }
        answer = ana.sign_in("ana", PASSWORD).await;
    }
    assert_eq!(answer.status(), 503);
    let problem = body(answer).await;
    assert_eq!(problem["code"], "unavailable");
    assert!(problem["message"].as_str().unwrap().starts_with("El servidor no pudo guardar"));

    // With room on the disk again, exactly what was acknowledged is there.
    process.kill().await.unwrap();
    server.start_again().await;
    ana.address = server.address().into();
    let (again, opened) = Device::open(&ana, 200).await;
    let ToClient::Opened { acked, .. } = opened else { panic!("{opened:?}") };
    assert_eq!(acked, [(again.writer.peer(), acknowledged)]);
}
