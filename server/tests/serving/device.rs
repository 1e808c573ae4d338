//! A device that speaks the protocol by hand, so that tests see every message.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use shared::{
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    key::Key,
    protocol::{self, Blob, EntryNo, Seq, ToClient, ToServer},
    template::TableId,
    value::Value,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest as _, http::Response},
};

use crate::stage::Browser;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The exercise of these tests.
pub fn exercise() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

/// A device with one writer and one document.
pub struct Device {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub writer: Writer,
}

/// What writes, without a connection.
pub struct Writer {
    pub document: Document,
    pub entry: EntryNo,
}

impl Writer {
    pub fn new(peer: u64) -> Self {
        Self { document: Document::new(exercise(), Peer::new(peer).unwrap()), entry: 0 }
    }

    /// Writes a sum into a cell of a row of its own.
    pub fn write(&mut self, pesos: i64) -> Vec<u8> {
        self.entry += 1;
        let key = Key::parse(&format!("focus/r{}/budget", self.peer().number())).unwrap();
        let edit = Edit::SetCell { key, value: Some(Value::Money(pesos)) };
        self.document.apply(&[edit]).unwrap().update
    }

    pub fn push(&self, update: Vec<u8>) -> ToServer {
        self.push_from(self.entry, vec![update])
    }

    pub fn push_from(&self, first: EntryNo, updates: Vec<Vec<u8>>) -> ToServer {
        let entries = updates.into_iter().map(Blob).collect();
        ToServer::Push { exercise: exercise(), peer: self.peer(), first, entries }
    }

    pub fn open(&self, epoch: u64, cursor: Seq) -> ToServer {
        ToServer::Open { exercise: exercise(), epoch, cursor, peers: vec![self.peer()] }
    }

    pub fn peer(&self) -> Peer {
        self.document.peer()
    }
}

/// Tries to open a socket with these headers beside those that it needs.
pub async fn upgrade(
    browser: &Browser,
    headers: &[(&'static str, &str)],
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Response<Option<Vec<u8>>>> {
    let address = browser.address.replacen("http", "ws", 1) + "/api/sync";
    let mut request = address.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(*response),
        Err(error) => panic!("{error}"),
    }
}

impl Device {
    /// Connects and says hello.
    pub async fn connect(browser: &Browser, peer: u64) -> Self {
        let cookie = browser.cookie.clone().unwrap();
        let headers = [("origin", browser.address.as_str()), ("cookie", &cookie)];
        let socket = upgrade(browser, &headers).await.unwrap();
        let mut device = Self { socket, writer: Writer::new(peer) };
        device.send(&ToServer::Hello { rules: 0, build: String::new() }).await;
        assert!(matches!(device.next().await, ToClient::Welcome { .. }));
        device
    }

    /// Connects and follows the exercise from its beginning; returns what it was told first.
    pub async fn open(browser: &Browser, peer: u64) -> (Self, ToClient) {
        let mut device = Self::connect(browser, peer).await;
        device.send(&device.writer.open(0, 0)).await;
        let opened = device.next().await;
        (device, opened)
    }

    pub async fn send(&mut self, message: &ToServer) {
        self.send_raw(Message::Binary(protocol::encode(message).into())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Sends more than the server takes. It may end the connection before all of it has left.
    pub async fn send_too_much(&mut self, message: Message) {
        use std::io::ErrorKind::{BrokenPipe, ConnectionReset};
        match self.socket.send(message).await {
            Ok(()) => {}
            Err(tungstenite::Error::Io(error)) => {
                assert!(matches!(error.kind(), BrokenPipe | ConnectionReset), "{error}");
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Writes and sends; returns the number of the entry.
    /// Puts the row that it writes to into the table, where it is seen.
    pub async fn place(&mut self) {
        self.writer.entry += 1;
        let row = RowId::new(&format!("r{}", self.writer.peer().number())).unwrap();
        let edit = Edit::PlaceRow { table: TableId::Focus, row, order: "V".into() };
        let update = self.writer.document.apply(&[edit]).unwrap().update;
        let message = self.writer.push(update);
        self.send(&message).await;
    }

    pub async fn push(&mut self, pesos: i64) -> EntryNo {
        let update = self.writer.write(pesos);
        self.send(&self.writer.push(update)).await;
        self.writer.entry
    }

    pub async fn next(&mut self) -> ToClient {
        self.next_or_end().await.expect("the connection ended")
    }

    /// The next message; `None` where the connection is over.
    pub async fn next_or_end(&mut self) -> Option<ToClient> {
        loop {
            let received = timeout(PATIENCE, self.socket.next()).await.expect("no message came");
            match received {
                Some(Ok(Message::Binary(frame))) => return Some(protocol::decode(&frame).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Entries as they come, until one of them satisfies.
    pub async fn until(&mut self, satisfies: impl Fn(Peer, EntryNo) -> bool) -> Vec<Seq> {
        let mut places = Vec::new();
        loop {
            if let ToClient::Updates { first, entries, .. } = self.next().await {
                places.extend((first..).take(entries.len()));
                if entries.iter().any(|entry| satisfies(entry.peer, entry.entry)) {
                    return places;
                }
                for Blob(update) in entries.iter().filter_map(|entry| entry.update.as_ref()) {
                    self.writer.document.merge(update).unwrap();
                }
            }
        }
    }

    /// Waits for the acknowledgement of an own entry.
    pub async fn acknowledged(&mut self, entry: EntryNo) {
        let own = self.writer.peer();
        self.until(|peer, number| peer == own && number >= entry).await;
    }
}
