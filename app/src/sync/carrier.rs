//! What carries the frames of a connection.

use super::{poll::Poll, share::Relay, socket::Socket};

/// What a carrier tells.
pub enum Event {
    /// Frames can be sent.
    Opened,
    /// The server is there.
    Heard,
    /// The server said something.
    Frame(Vec<u8>),
    /// It is over.
    Closed,
    /// The tab that has the connection does not answer.
    Unanswered,
}

/// What carries frames.
pub enum Carrier {
    /// A WebSocket.
    Socket(Socket),
    /// Plain requests.
    Poll(Poll),
    /// The connection of another tab.
    Relay(Relay),
}

impl Carrier {
    /// Sends a frame.
    pub fn send(&self, frame: &[u8]) {
        match self {
            Self::Socket(socket) => socket.send(frame),
            Self::Poll(poll) => poll.send(frame),
            Self::Relay(relay) => relay.send(frame),
        }
    }

    /// Bytes that the network has not taken yet, as far as that is known.
    pub fn waiting(&self) -> u32 {
        match self {
            Self::Socket(socket) => socket.waiting(),
            Self::Relay(relay) => relay.waiting(),
            Self::Poll(_) => 0,
        }
    }

    /// Whether a frame costs no request of its own.
    pub fn is_quick(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Relay(relay) => relay.is_quick(),
            Self::Poll(_) => false,
        }
    }
}
