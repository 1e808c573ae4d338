//! Several tabs of a device on one connection.

use shared::{
    limits,
    protocol::{self, Blob, Code, ToClient, ToServer},
};

use crate::{
    device::{Device, Writer},
    stage::Server,
};

impl Device {
    /// Says something as another tab of this device.
    async fn send_on(&mut self, lane: u32, message: &ToServer) {
        let frame = Blob(protocol::encode(message));
        self.send(&ToServer::Lane { lane, frame }).await;
    }

    /// The next thing that is said to this tab. Nothing is said to the device itself meanwhile.
    async fn next_on(&mut self, expected: u32) -> ToClient {
        match self.next().await {
            ToClient::Lane { lane, frame } if lane == expected => {
                protocol::decode(&frame.0).unwrap()
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_lane_is_served_as_a_connection_is() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("01")).await;
    let mut device = Device::connect(&ana, 100).await;
    let mut tab = Writer::new(200);
    device.send_on(7, &ToServer::Hello { rules: 0, build: String::new() }).await;
    let ToClient::Welcome { build, .. } = device.next_on(7).await else { panic!() };
    assert!(protocol::Words::of(&build).lanes);
    device.send_on(7, &tab.open(0, 0)).await;
    assert!(matches!(device.next_on(7).await, ToClient::Opened { head: 0, .. }));
    let ToClient::Updates { .. } = device.next_on(7).await else { panic!() };

    // What the tab writes is acknowledged to it, and told to others; the device's own connection,
    // which opened nothing, hears of neither.
    let (mut other, _) = Device::open(&luisa, 300).await;
    let update = tab.write(5);
    device.send_on(7, &tab.push(update)).await;
    let entries = loop {
        match device.next_on(7).await {
            ToClient::Updates { entries, .. } if !entries.is_empty() => break entries,
            ToClient::Updates { .. } | ToClient::Writers { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((entries[0].entry, &entries[0].update), (1, &None), "without its bytes");
    other.until(|peer, entry| peer == tab.peer() && entry == 1).await;

    // A tab that is gone is told nothing more.
    device.send(&ToServer::EndLane { lane: 7 }).await;
    device.send(&device.writer.open(0, 0)).await;
    assert!(matches!(device.next().await, ToClient::Opened { head: 1, .. }));
    other.push(6).await;
    device.until(|_, entry| entry == 1).await;
}

#[tokio::test]
async fn what_no_tab_says_ends_the_connection() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let inner = protocol::encode(&ToServer::Lane { lane: 1, frame: Blob(Vec::new()) });
    let nested = ToServer::Lane { lane: 1, frame: Blob(inner) };
    let damaged = ToServer::Lane { lane: 1, frame: Blob(vec![1, 5, 0]) };
    for (message, expected) in [(nested, Code::Malformed), (damaged, Code::Malformed)] {
        let mut device = Device::connect(&ana, 100).await;
        device.send(&message).await;
        let ToClient::Lane { lane: 1, frame } = device.next().await else { panic!() };
        let told = protocol::decode::<ToClient>(&frame.0).unwrap();
        assert_eq!(told, ToClient::Failed { exercise: None, code: expected });
        assert_eq!(device.next_or_end().await, None);
    }
    let mut device = Device::connect(&ana, 100).await;
    for lane in 0..=limits::LANES as u32 {
        device.send_on(lane, &ToServer::Ping).await;
    }
    for lane in 0..limits::LANES as u32 {
        assert_eq!(device.next_on(lane).await, ToClient::Pong);
    }
    let code = Code::TooLarge;
    assert_eq!(device.next().await, ToClient::Failed { exercise: None, code });
    assert_eq!(device.next_or_end().await, None);
}
