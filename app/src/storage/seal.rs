//! How a record is written, so that one that was cut, altered or put under another key is found
//! before anything decodes it: the decoders behind may not be given arbitrary bytes.
//!
//! Records of a person are closed with that person's key: XChaCha20-Poly1305, a random nonce of 24
//! bytes before, the key of the record as associated data. Not by the browser's own cryptography,
//! which answers later, when the browser has ended the transaction. Records of the device carry the
//! CRC-32 of key and bytes, little endian.

use std::rc::Rc;

use chacha20poly1305::{AeadInPlace as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};

use crate::clock;

/// Bytes of a person's key.
pub const KEY_BYTES: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;

/// What records are closed with.
#[derive(Clone)]
pub enum Seal {
    /// A sum: anybody may read them.
    Sum,
    /// The key of a person.
    Key(Rc<XChaCha20Poly1305>),
}

impl Seal {
    /// With this key.
    #[must_use]
    pub fn key(key: &[u8; KEY_BYTES]) -> Self {
        Self::Key(Rc::new(XChaCha20Poly1305::new(key.into())))
    }

    /// The record that holds these bytes under this key.
    ///
    /// # Panics
    /// Where bytes are longer than the cipher's 256 GB.
    #[must_use]
    pub fn close(&self, key: &str, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sum => {
                let mut record = Vec::with_capacity(bytes.len() + 4);
                record.extend_from_slice(bytes);
                record.extend(sum(key, bytes).to_le_bytes());
                record
            }
            Self::Key(cipher) => {
                let nonce: [u8; NONCE] = clock::random_bytes();
                let mut record = Vec::with_capacity(NONCE + bytes.len() + TAG);
                record.extend_from_slice(&nonce);
                record.extend_from_slice(bytes);
                let tag = cipher
                    .encrypt_in_place_detached(
                        XNonce::from_slice(&nonce),
                        key.as_bytes(),
                        &mut record[NONCE..],
                    )
                    .expect("a record is shorter than 256 GB");
                record.extend_from_slice(&tag);
                record
            }
        }
    }

    /// The bytes of a record; `None` where it is damaged or closed with another key.
    #[must_use]
    pub fn open(&self, key: &str, mut record: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::Sum => {
                let (bytes, sealed) = record.split_last_chunk::<4>()?;
                let is_whole = sum(key, bytes) == u32::from_le_bytes(*sealed);
                record.truncate(record.len() - 4);
                is_whole.then_some(record)
            }
            Self::Key(cipher) => {
                let end = record.len().checked_sub(TAG).filter(|end| *end >= NONCE)?;
                let tag = Tag::clone_from_slice(&record[end..]);
                let (nonce, bytes) = record[..end].split_at_mut(NONCE);
                let nonce = XNonce::from_slice(nonce);
                cipher.decrypt_in_place_detached(nonce, key.as_bytes(), bytes, &tag).ok()?;
                record.truncate(end);
                record.drain(..NONCE);
                Some(record)
            }
        }
    }
}

fn sum(key: &str, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key.as_bytes());
    hasher.update(&[0]);
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn any_single_change_is_found() {
        for seal in [Seal::Sum, Seal::key(&[7; KEY_BYTES])] {
            let record = seal.close("01-2027/3", b"abc");
            assert_eq!(seal.open("01-2027/3", record.clone()).as_deref(), Some(&b"abc"[..]));
            assert_eq!(seal.open("01-2027/4", record.clone()), None, "another key");
            for cut in 0..record.len() {
                assert_eq!(seal.open("01-2027/3", record[..cut].to_vec()), None, "cut at {cut}");
            }
            for at in 0..record.len() {
                let mut altered = record.clone();
                altered[at] ^= 1;
                assert_eq!(seal.open("01-2027/3", altered), None, "byte {at}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn only_the_person_reads_it_and_equal_bytes_look_different() {
        let mine = Seal::key(&[7; KEY_BYTES]);
        let record = mine.close("k", b"Presupuesto");
        assert!(!record.windows(4).any(|part| part == b"Pres"));
        assert_ne!(record, mine.close("k", b"Presupuesto"));
        assert_eq!(Seal::key(&[8; KEY_BYTES]).open("k", record.clone()), None);
        assert_eq!(Seal::Sum.open("k", record), None);
    }
}
