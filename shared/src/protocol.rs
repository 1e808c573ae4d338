//! What travels between device and server, and how it is written as bytes. One page about it for
//! people: `docs/protocol.md`.
//!
//! A frame is one version byte, one message (postcard) and its CRC-32, little endian. The server
//! numbers what it commits in one exercise without gaps ([`Seq`]); a writer numbers what it sends
//! without gaps ([`EntryNo`]). All else follows from these two numbers: who lost the connection
//! says how far it got, and repetition is recognised and harmless.

mod introduction;
mod presence;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    digest::Digest,
    ids::{ExerciseId, Peer},
    limits,
};

pub use {
    introduction::{
        CARRY, LANES, LOG, PACKED, PRESENCE, Words, build_of, introduction, understands,
    },
    presence::{Place, Present, Spot},
};

/// Version of the frames. A server keeps reading the older ones.
pub const VERSION: u8 = 1;

/// Place in the server's log of an exercise: 1, 2, 3… Zero is before the first.
pub type Seq = u64;

/// Place among the entries of one writer in one exercise: 1, 2, 3…
pub type EntryNo = u32;

/// From a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToServer {
    /// First message of a connection.
    Hello {
        /// Version of the rules that the device evaluates.
        rules: u32,
        /// The build of the application, for the log, and what it understands: see
        /// [`introduction`].
        build: String,
    },
    /// Starts following an exercise, or says anew how far the device got.
    Open {
        /// The exercise.
        exercise: ExerciseId,
        /// Identity of the log that `cursor` belongs to; zero where the device has none.
        epoch: u64,
        /// Everything up to here is stored on the device.
        cursor: Seq,
        /// Writers whose entries the device will send.
        peers: Vec<Peer>,
    },
    /// Asks for a piece of the base that [`ToClient::Opened`] offered.
    Fetch {
        /// The exercise.
        exercise: ExerciseId,
        /// The base's place in the log.
        seq: Seq,
        /// From this byte.
        offset: u32,
    },
    /// Entries of one writer, in their order.
    Push {
        /// The exercise.
        exercise: ExerciseId,
        /// The writer.
        peer: Peer,
        /// Number of the first.
        first: EntryNo,
        /// Updates of the document.
        entries: Vec<Blob>,
    },
    /// Stops following an exercise.
    Close {
        /// The exercise.
        exercise: ExerciseId,
    },
    /// Asks for a [`ToClient::Pong`]: is somebody there?
    Ping,
    /// Where the person is, whenever that changes and every so often. For servers that understand
    /// [`PRESENCE`].
    Here {
        /// The exercise.
        exercise: ExerciseId,
        /// Where; `None` where the person looks elsewhere.
        place: Option<Place>,
    },
    /// The same as [`ToServer::Push`] for entries that came in a rescue file, whoever their writer
    /// is: who brings them must be allowed to write what they write, and is noted. For servers that
    /// understand [`CARRY`].
    Carry {
        /// The exercise.
        exercise: ExerciseId,
        /// The writer, mostly of another person or device.
        peer: Peer,
        /// Number of the first.
        first: EntryNo,
        /// Updates of the document.
        entries: Vec<Blob>,
    },
    /// The same as [`ToServer::Fetch`] for the base as it is after packing. For servers that
    /// understand [`PACKED`].
    FetchPacked {
        /// The exercise.
        exercise: ExerciseId,
        /// The base's place in the log.
        seq: Seq,
        /// From this byte of what was packed.
        offset: u32,
    },
    /// The same as [`ToServer::Open`], from a device that wants entries and no base, however many
    /// there are: it compares them with what it has itself. For servers that understand [`LOG`].
    OpenLog {
        /// The exercise.
        exercise: ExerciseId,
        /// Identity of the log that `cursor` belongs to; zero where the device has none.
        epoch: u64,
        /// Everything up to here is stored on the device.
        cursor: Seq,
        /// Writers whose entries the device will send.
        peers: Vec<Peer>,
    },
    /// A frame of another tab of the device, whose connection this is too: it is taken as if that
    /// tab had one of its own, from its first frame on. For servers that understand [`LANES`].
    Lane {
        /// Which tab, by a number that the device gives it.
        lane: u32,
        /// Its frame, whole.
        frame: Blob,
    },
    /// The tab is gone.
    EndLane {
        /// Which one.
        lane: u32,
    },
}

/// From the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToClient {
    /// Answer to [`ToServer::Hello`].
    Welcome {
        /// Version of the rules that the server evaluates.
        rules: u32,
        /// The build that the server offers, and what it understands: see [`introduction`].
        build: String,
    },
    /// Answer to [`ToServer::Open`]; also sent unasked where entries of a writer are missing.
    Opened {
        /// The exercise.
        exercise: ExerciseId,
        /// Identity of the server's log.
        epoch: u64,
        /// The last committed place.
        head: Seq,
        /// The last committed entry of each writer that the device named; zero where there is none.
        acked: Vec<(Peer, EntryNo)>,
        /// Whether the person may write at all.
        may_edit: bool,
        /// Where the device is far behind: a base to fetch first.
        base: Option<Base>,
    },
    /// A piece of a base.
    Piece {
        /// The exercise.
        exercise: ExerciseId,
        /// The base's place in the log.
        seq: Seq,
        /// From this byte.
        offset: u32,
        /// The bytes.
        bytes: Blob,
    },
    /// Committed entries, in the order of the log. To the writer they are the acknowledgement.
    Updates {
        /// The exercise.
        exercise: ExerciseId,
        /// Place of the first.
        first: Seq,
        /// The entries.
        entries: Vec<LogEntry>,
        /// The digest after the last one, where that is the head.
        digest: Option<Digest>,
    },
    /// Who the writers are. Sent before their first entries.
    Writers {
        /// The exercise.
        exercise: ExerciseId,
        /// The writers.
        writers: Vec<Writer>,
    },
    /// An entry is refused for good; the later ones of its writer with it.
    Refused {
        /// The exercise.
        exercise: ExerciseId,
        /// The writer.
        peer: Peer,
        /// The first entry refused.
        entry: EntryNo,
        /// Why.
        code: Code,
    },
    /// Something else was not done.
    Failed {
        /// The exercise that it is about.
        exercise: Option<ExerciseId>,
        /// Why.
        code: Code,
    },
    /// Answer to [`ToServer::Ping`].
    Pong,
    /// Who is in an exercise and where, as far as that is news. For connections that said
    /// [`ToServer::Here`], those of the person who is meant among them.
    People {
        /// The exercise.
        exercise: ExerciseId,
        /// Who came.
        came: Vec<Present>,
        /// Who is somewhere else now.
        moved: Vec<(u64, Place)>,
        /// Who went.
        left: Vec<u64>,
    },
    /// A piece of a base as it is after packing (raw DEFLATE, RFC 1951).
    PackedPiece {
        /// The exercise.
        exercise: ExerciseId,
        /// The base's place in the log.
        seq: Seq,
        /// From this byte of what was packed.
        offset: u32,
        /// All bytes of what was packed.
        size: u32,
        /// Their CRC-32 (IEEE), which tells two packings of one base apart.
        sum: u32,
        /// The bytes.
        bytes: Blob,
    },
    /// A frame for another tab of the device: see [`ToServer::Lane`].
    Lane {
        /// Which tab.
        lane: u32,
        /// Its frame, whole.
        frame: Blob,
    },
}

/// A base to start from instead of the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// It holds the log up to here.
    pub seq: Seq,
    /// Its size in bytes.
    pub size: u32,
}

/// One committed entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The writer.
    pub peer: Peer,
    /// Its number.
    pub entry: EntryNo,
    /// When the server committed it, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// The update; left out for the connection that sent it.
    pub update: Option<Blob>,
}

/// A writer and the person behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// The writer.
    pub peer: Peer,
    /// The person's name as registered.
    pub name: String,
    /// The person's institution, as [`crate::access::Role::title`] says it.
    pub role: String,
}

/// Why something was not done. What a person reads is made from this in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No session, or one that ended.
    Unauthenticated,
    /// The person may not do this, or not any more.
    Forbidden,
    /// The writer belongs to somebody else.
    ForeignPeer,
    /// The bytes are damaged or not what an edit writes.
    Malformed,
    /// A limit of [`crate::limits`] was passed.
    TooLarge,
    /// Too many requests.
    RateLimited,
    /// A version that this side does not know.
    UnknownVersion,
    /// The server's disk or database did not take it; it will be sent again.
    Unavailable,
    /// It builds on something that the server has not got: after a restored backup, or where a
    /// writer's identity was used twice.
    Incomplete,
}

impl Code {
    /// Whether sending the same again could succeed.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Unauthenticated | Self::RateLimited | Self::Unavailable)
    }
}

/// Bytes, written with their length in front.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Blob(pub Vec<u8>);

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Blob;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Blob, E> {
                Ok(Blob(bytes.to_vec()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Visitor)
    }
}

/// Writes a frame.
#[must_use]
pub fn encode<M: Serialize>(message: &M) -> Vec<u8> {
    let mut frame = postcard::to_extend(message, vec![VERSION])
        .expect("writing into memory a message without maps or floats does not fail");
    let sum = crc32fast::hash(&frame);
    frame.extend(sum.to_le_bytes());
    frame
}

/// Reads a frame.
pub fn decode<M: DeserializeOwned>(frame: &[u8]) -> Result<M, Code> {
    if frame.len() > limits::FRAME_BYTES {
        return Err(Code::TooLarge);
    }
    let (body, sum) = frame.split_last_chunk::<4>().ok_or(Code::Malformed)?;
    if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return Err(Code::Malformed);
    }
    match body.split_first() {
        Some((&VERSION, body)) => match postcard::take_from_bytes(body) {
            Ok((message, [])) => Ok(message),
            _ => Err(Code::Malformed),
        },
        Some(_) => Err(Code::UnknownVersion),
        None => Err(Code::Malformed),
    }
}
/// Puts frames into one body, for where WebSockets are blocked: each with its length in front, as
/// four bytes, little endian.
#[must_use]
pub fn join<'a>(frames: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    for frame in frames {
        let length = u32::try_from(frame.len()).expect("frames are below `FRAME_BYTES`");
        body.extend(length.to_le_bytes());
        body.extend(frame);
    }
    body
}

/// The inverse of [`join`].
pub fn split(mut body: &[u8]) -> Result<Vec<&[u8]>, Code> {
    let mut frames = Vec::new();
    while !body.is_empty() {
        let (length, rest) = body.split_first_chunk::<4>().ok_or(Code::Malformed)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Code::TooLarge)?;
        let (frame, rest) = rest.split_at_checked(length).ok_or(Code::Malformed)?;
        frames.push(frame);
        body = rest;
    }
    Ok(frames)
}

#[cfg(test)]
mod tests;
