//! From a request to a WebSocket.
//!
//! By hand instead of with axum's extractor, because that one cannot send a message in parts: a
//! message that is sent whole leaves a buffer of its size behind in every connection.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::Response,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use shared::{limits, protocol::Code};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{
            Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

use crate::error::Failure;

/// A socket that is open.
pub type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Bytes read from a socket at once, and gathered before they are written to it. Each connection
/// keeps such buffers: frames are small.
const BUFFER: usize = 4 * 1024;
/// Bytes of the parts in which a longer message is sent.
const PART: usize = 16 * 1024;

/// A handshake that was found good.
pub struct Handshake {
    accept: String,
    upgrade: OnUpgrade,
}

/// A connection that becomes a socket once the answer is on its way.
pub struct Pending(OnUpgrade);

impl Handshake {
    /// Checks what a client of RFC 6455 must say.
    pub fn read(request: &mut Request) -> Result<Self, Failure> {
        let headers = request.headers();
        let is_good = names(headers, header::CONNECTION, "upgrade")
            && names(headers, header::UPGRADE, "websocket")
            && names(headers, header::SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_good);
        let accept = key.map(|key| derive_accept_key(key.as_bytes()));
        match (accept, request.extensions_mut().remove::<OnUpgrade>()) {
            (Some(accept), Some(upgrade)) => Ok(Self { accept, upgrade }),
            _ => Err(Failure::new(Code::Malformed, "Aquí se habla por WebSocket.")
                .with_status(StatusCode::UPGRADE_REQUIRED)),
        }
    }

    /// The answer that opens the socket, and the socket to be.
    pub fn accept(self) -> (Response, Pending) {
        let response = Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(header::CONNECTION, "upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_ACCEPT, self.accept)
            .body(Body::empty())
            .expect("the accept key is Base64");
        (response, Pending(self.upgrade))
    }
}

impl Pending {
    /// Waits until the answer is sent.
    pub async fn open(self) -> Result<Socket, hyper::Error> {
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER)
            .max_message_size(Some(limits::FRAME_BYTES))
            .max_frame_size(Some(limits::FRAME_BYTES));
        let stream = TokioIo::new(self.0.await?);
        Ok(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await)
    }
}

/// A binary message in parts of bounded size.
pub fn parts(message: Bytes) -> impl Iterator<Item = Message> {
    let mut rest = Some(message);
    let mut kind = Data::Binary;
    std::iter::from_fn(move || {
        let mut part = rest.take()?;
        if part.len() > PART {
            rest = Some(part.split_off(PART));
        }
        let frame = Frame::message(part, OpCode::Data(kind), rest.is_none());
        kind = Data::Continue;
        Some(Message::Frame(frame))
    })
}

/// Whether one of the words of a header is this one, in any capitals.
fn names(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_go_in_parts_and_short_ones_whole() {
        for (length, lengths) in [
            (0, vec![0]),
            (PART, vec![PART]),
            (PART + 1, vec![PART, 1]),
            (3 * PART, vec![PART, PART, PART]),
        ] {
            let parts: Vec<_> = parts(vec![7; length].into())
                .map(|part| {
                    let Message::Frame(frame) = part else { panic!("{part:?}") };
                    (frame.header().opcode, frame.header().is_final, frame.payload().len())
                })
                .collect();
            assert_eq!(parts.iter().map(|part| part.2).collect::<Vec<_>>(), lengths);
            for (place, (opcode, is_final, _)) in parts.iter().enumerate() {
                let kind = if place == 0 { Data::Binary } else { Data::Continue };
                assert_eq!((*opcode, *is_final), (OpCode::Data(kind), place + 1 == parts.len()));
            }
        }
    }
}
