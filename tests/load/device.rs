//! A device: the real replica on a real socket, whose store is instant.

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use shared::{
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    protocol::{self, ToClient, ToServer, Words},
    sync::{
        journal::Stored,
        replica::{Link, Output, Replica, Step},
    },
    value::Value,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Bytes, Message, client::IntoClientRequest as _},
};

/// Bytes that went each way, with the headers of their WebSocket frames.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traffic {
    /// To the server.
    pub up: usize,
    /// From the server.
    pub down: usize,
}

/// A socket of somebody who is signed in.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What went over it.
    pub traffic: Traffic,
}

/// The exercise that everybody is in.
pub fn exercise() -> ExerciseId {
    ExerciseId::new("01", 2027).expect("region and year exist")
}

/// The cell that a device writes to.
pub fn cell(device: usize) -> Key {
    Key::parse(&format!("focus/load{device}/budget")).expect("letters and digits")
}

/// The writer of a device.
pub fn peer(device: usize) -> Peer {
    Peer::new(1_000 + device as u64).expect("a small number")
}

/// Signs in at a server; the cookie.
pub async fn sign_in(address: &str, login: &str, password: &str) -> Result<String> {
    let body = format!("{{\"login\":\"{login}\",\"password\":\"{password}\"}}");
    let request = format!(
        "POST /api/session HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|cookie| cookie.split(';').next());
    Ok(cookie.context("signing in gave no cookie")?.to_owned())
}

impl Socket {
    /// Connects and says hello.
    pub async fn connect(address: &str, cookie: &str) -> Result<Self> {
        let mut request = format!("ws://{address}/api/sync").into_client_request()?;
        request.headers_mut().insert("origin", format!("http://{address}").parse()?);
        request.headers_mut().insert("cookie", cookie.parse()?);
        let (stream, _) = connect_async(request).await?;
        if let MaybeTlsStream::Plain(stream) = stream.get_ref() {
            stream.set_nodelay(true)?;
        }
        let mut socket = Self { stream, traffic: Traffic::default() };
        socket.feed(&ToServer::Hello { rules: 0, build: String::new() }).await?;
        socket.flush().await?;
        match protocol::decode(&socket.next().await?) {
            Ok(ToClient::Welcome { .. }) => Ok(socket),
            other => bail!("the server's answer to hello is {other:?}"),
        }
    }

    /// Prepares a message to be sent.
    pub async fn feed(&mut self, message: &ToServer) -> Result<()> {
        let frame = protocol::encode(message);
        self.traffic.up += frame.len() + header(frame.len()) + 4;
        Ok(self.stream.feed(Message::Binary(frame.into())).await?)
    }

    /// Sends what was prepared.
    pub async fn flush(&mut self) -> Result<()> {
        Ok(self.stream.flush().await?)
    }

    /// The next frame. May be cancelled.
    pub async fn next(&mut self) -> Result<Bytes> {
        loop {
            match self.stream.next().await.context("the server closed the connection")?? {
                Message::Binary(frame) => {
                    self.traffic.down += frame.len() + header(frame.len());
                    return Ok(frame);
                }
                Message::Close(_) => bail!("the server closed the connection"),
                _ => {}
            }
        }
    }
}

/// The figure in a cell of a document.
pub fn figure_in(document: &Document, key: &Key) -> Option<i64> {
    document.exercise().row(key.table, &key.row)?.money(&key.field)
}

/// Bytes in front of a frame; the mask of the client's comes on top.
fn header(length: usize) -> usize {
    match length {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}

/// A device that follows the exercise.
pub struct Device {
    /// Its connection.
    pub socket: Socket,
    /// Its copy of the exercise.
    pub replica: Replica,
    number: usize,
}

impl Device {
    /// Connects and takes over the exercise.
    pub async fn open(address: &str, cookie: &str, number: usize) -> Result<Self> {
        let replica = Replica::open(exercise(), peer(number), &[], Stored::default())?;
        Self::connect(address, cookie, number, replica).await
    }

    /// Connects with what a device holds, until server and device have the same.
    pub async fn connect(
        address: &str,
        cookie: &str,
        number: usize,
        replica: Replica,
    ) -> Result<Self> {
        let socket = Socket::connect(address, cookie).await?;
        let mut device = Self { socket, replica, number };
        let step = device.replica.connected(Words { packed: true, log: true, ..Words::default() });
        device.perform(step).await?;
        while device.replica.status().link != Link::Following || !device.replica.status().agreed {
            let frame = device.socket.next().await?;
            device.receive(&frame).await?;
        }
        Ok(device)
    }

    /// Writes a figure into its cell and sends it.
    pub async fn write(&mut self, figure: i64) -> Result<()> {
        self.write_at(cell(self.number), figure).await
    }

    /// Writes a figure into any cell and sends it.
    pub async fn write_at(&mut self, key: Key, figure: i64) -> Result<()> {
        let value = Some(Value::Money(figure));
        let step = self.replica.edit(vec![Edit::SetCell { key, value }])?;
        self.perform(step).await
    }

    /// Writes more at the end of a text, and sends it.
    pub async fn type_at(&mut self, key: Key, at: usize, text: &str) -> Result<()> {
        let edit = Edit::SpliceText { key, at, delete: 0, insert: text.to_owned() };
        let step = self.replica.edit(vec![edit])?;
        self.perform(step).await
    }

    /// Takes frames until the server has everything and agrees.
    pub async fn settle(&mut self) -> Result<()> {
        while !self.replica.status().agreed || self.replica.status().unsent > 0 {
            let frame = self.socket.next().await?;
            self.receive(&frame).await?;
        }
        Ok(())
    }

    /// Takes a frame.
    pub async fn receive(&mut self, frame: &[u8]) -> Result<()> {
        let Ok(message) = protocol::decode(frame) else { bail!("a frame was damaged") };
        let step = self.replica.receive(message);
        self.perform(step).await
    }

    /// The figure in a cell.
    pub fn figure(&self, key: &Key) -> Option<i64> {
        figure_in(self.replica.document(), key)
    }

    async fn perform(&mut self, step: Step) -> Result<()> {
        let mut outputs = step.outputs;
        let mut is_sending = false;
        while !outputs.is_empty() {
            for output in std::mem::take(&mut outputs) {
                match output {
                    Output::Store { ticket, .. } => {
                        outputs.extend(self.replica.stored(ticket, true).outputs);
                    }
                    Output::Send(message) => {
                        self.socket.feed(&message).await?;
                        is_sending = true;
                    }
                    // It is the only tab of its device.
                    Output::Tell(_) => {}
                    Output::Reload(cause) => bail!("the replica wants to start anew: {cause:?}"),
                }
            }
        }
        if is_sending { self.socket.flush().await } else { Ok(()) }
    }
}
