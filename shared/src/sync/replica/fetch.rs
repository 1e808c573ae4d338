//! A base on its way, piece by piece. It survives a broken connection: the server keeps a base
//! for as long as it is worth it, and the next connection goes on where the last one ended.

use crate::protocol::{Base, Seq};

#[derive(Debug)]
pub(super) struct Fetch {
    base: Base,
    bytes: Vec<u8>,
}

impl Fetch {
    pub fn new(base: Base) -> Self {
        Self { base, bytes: Vec::new() }
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
        }
        is_next && fits
    }

    /// The base, once all of it is there.
    pub fn complete(&self) -> Option<&[u8]> {
        (self.offset() == self.base.size).then_some(&self.bytes)
    }
}
