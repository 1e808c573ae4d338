//! A base on its way, piece by piece. It survives a broken connection: the server keeps a base
//! for as long as it is worth it, and the next connection goes on where the last one ended.

use crate::protocol::{Base, Seq};

/// Ticks after which a piece that was asked for is given up. On the slowest link to design for it
/// takes fifteen seconds, and a second one behind it as long again.
const PATIENCE: u32 = 30;

#[derive(Debug)]
pub(super) struct Fetch {
    base: Base,
    bytes: Vec<u8>,
    /// Ticks since the next piece was asked for; `None` where it was not, on this connection.
    asked: Option<u32>,
}

impl Fetch {
    pub fn new(base: Base) -> Self {
        Self { base, bytes: Vec::new(), asked: None }
    }

    /// Asks for the next piece. Whether it is not on its way already.
    pub fn ask(&mut self) -> bool {
        let is_new = self.asked.is_none();
        self.asked.get_or_insert(0);
        is_new
    }

    /// What was asked for does not come.
    pub fn give_up(&mut self) {
        self.asked = None;
    }

    /// Some two seconds passed.
    pub fn tick(&mut self) {
        self.asked = self.asked.map(|ticks| ticks + 1).filter(|ticks| *ticks < PATIENCE);
    }

    /// What is being fetched.
    pub fn base(&self) -> Base {
        self.base
    }

    /// Where the next piece begins.
    pub fn offset(&self) -> u32 {
        self.bytes.len() as u32
    }

    /// Adds a piece if it is the next one. Whether it was.
    pub fn add(&mut self, seq: Seq, offset: u32, bytes: &[u8]) -> bool {
        let is_next = seq == self.base.seq && offset == self.offset() && !bytes.is_empty();
        let fits = self.bytes.len() + bytes.len() <= self.base.size as usize;
        if is_next && fits {
            self.bytes.extend_from_slice(bytes);
            self.asked = None;
        }
        is_next && fits
    }

    /// The base, once all of it is there.
    pub fn complete(&self) -> Option<&[u8]> {
        (self.offset() == self.base.size).then_some(&self.bytes)
    }
}
