//! A device that writes, and of what the others write takes in one device's only.
//!
//! Real devices take in everything, each on a machine of its own. Here they all share the server's
//! processors: what fifty of them compute would be measured as the server's latency.

use anyhow::{Result, bail};
use shared::{
    doc::Document,
    edit::Edit,
    ids::Peer,
    key::Key,
    protocol::{self, Blob, EntryNo, ToClient, ToServer},
    value::Value,
};

use crate::device::{Device, Socket, cell, exercise, figure_in, peer};

/// A device at work.
pub struct Watcher {
    /// Its connection.
    pub socket: Socket,
    document: Document,
    number: usize,
    sent: EntryNo,
    watched: Peer,
    watched_cell: Key,
}

impl Watcher {
    /// Goes on where a device has opened the exercise and written nothing.
    pub fn new(device: Device, number: usize, watched: usize) -> Result<Self> {
        let snapshot = device.replica.document().snapshot();
        let document = Document::load(exercise(), peer(number), [snapshot.as_slice()])?;
        let (watched, watched_cell) = (peer(watched), cell(watched));
        Ok(Self { socket: device.socket, document, number, sent: 0, watched, watched_cell })
    }

    /// Writes a figure into its cell and sends it.
    pub async fn write(&mut self, figure: i64) -> Result<()> {
        let edit = Edit::SetCell { key: cell(self.number), value: Some(Value::Money(figure)) };
        let entries = vec![Blob(self.document.apply(&[edit])?.update)];
        self.sent += 1;
        let (exercise, peer, first) = (exercise(), peer(self.number), self.sent);
        self.socket.feed(&ToServer::Push { exercise, peer, first, entries }).await?;
        self.socket.flush().await
    }

    /// Takes a frame; the figures that it brings of the watched device.
    pub fn receive(&mut self, frame: &[u8]) -> Result<Vec<i64>> {
        let entries = match protocol::decode(frame) {
            Ok(ToClient::Updates { entries, .. }) => entries,
            Ok(ToClient::Refused { code, .. }) => bail!("the server refused: {code:?}"),
            Ok(_) => return Ok(Vec::new()),
            Err(code) => bail!("a frame was damaged: {code:?}"),
        };
        let mut figures = Vec::new();
        let watched = entries.into_iter().filter(|entry| entry.peer == self.watched);
        for Blob(update) in watched.filter_map(|entry| entry.update) {
            self.document.merge(&update)?;
            figures.extend(figure_in(&self.document, &self.watched_cell));
        }
        Ok(figures)
    }
}
