//! A base on its way, piece by piece. It survives a broken connection: the server keeps a base
//! for as long as it is worth it, and the next connection goes on where the last one ended.

use crate::{
    protocol::{Base, Seq},
    sync::packing::{self, Packed},
};

#[derive(Debug)]
pub(super) struct Fetch {
    base: Base,
    form: Form,
    bytes: Vec<u8>,
}

/// How it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    /// What was packed is known from the first piece on.
    Packed(Option<Packed>),
}

/// The bytes that came are no base.
#[derive(Debug)]
pub(super) struct Damaged;

impl Fetch {
    pub fn new(base: Base, is_packed: bool) -> Self {
        let form = if is_packed { Form::Packed(None) } else { Form::Plain };
        Self { base, form, bytes: Vec::new() }
    }

    /// What is being fetched.
    pub fn base(&self) -> Base {
        self.base
    }

    /// Whether it comes packed.
    pub fn is_packed(&self) -> bool {
        self.form != Form::Plain
    }

    /// Where the next piece begins.
    pub fn offset(&self) -> u32 {
        self.bytes.len() as u32
    }

    /// Bytes that come in all, as far as is known.
    pub fn size(&self) -> u32 {
        match self.form {
            Form::Plain | Form::Packed(None) => self.base.size,
            Form::Packed(Some(packed)) => packed.size,
        }
    }

    /// Adds a piece if it is the next one; of something packed, it says of what. Whether it brought
    /// news: after it, the next one is due.
    pub fn add(&mut self, seq: Seq, offset: u32, bytes: &[u8], packed: Option<Packed>) -> bool {
        if packed.is_some() != self.is_packed() || seq != self.base.seq || bytes.is_empty() {
            return false;
        }
        let form = packed.map_or(Form::Plain, |packed| Form::Packed(Some(packed)));
        let is_other = form != self.form && !self.bytes.is_empty();
        if is_other {
            // The server was started anew and packed it another time: what is here is of no use.
            self.bytes.clear();
            self.form = Form::Packed(None);
        }
        let size = packed.map_or(self.base.size, |packed| packed.size);
        let is_next = offset == self.offset() && self.bytes.len() + bytes.len() <= size as usize;
        if is_next {
            self.form = form;
            self.bytes.extend_from_slice(bytes);
        }
        is_next || is_other
    }

    /// The base, once all of it is there.
    pub fn complete(&mut self) -> Option<Result<Vec<u8>, Damaged>> {
        if self.bytes.is_empty() || self.offset() != self.size() {
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        match self.form {
            Form::Plain => Some(Ok(bytes)),
            Form::Packed(_) => {
                Some(packing::unpack(&bytes, self.base.size as usize).ok_or(Damaged))
            }
        }
    }
}
