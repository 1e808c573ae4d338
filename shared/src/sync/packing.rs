//! What is large travels packed: DEFLATE without a frame (RFC 1951), whose size the message tells.

use miniz_oxide::{deflate, inflate};

/// Of one to ten: beyond this, a document takes twice the time for a hundredth less.
const EFFORT: u8 = 6;

/// What tells something packed from anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Its bytes.
    pub size: u32,
    /// Their CRC-32.
    pub sum: u32,
}

impl Packed {
    /// Of these bytes.
    #[must_use]
    pub fn of(packed: &[u8]) -> Self {
        Self { size: packed.len() as u32, sum: crc32fast::hash(packed) }
    }
}

/// Bytes, packed.
#[must_use]
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    deflate::compress_to_vec(bytes, EFFORT)
}

/// What was packed, where that is this many bytes; `None` where it is anything else.
#[must_use]
pub fn unpack(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    inflate::decompress_to_vec_with_limit(packed, size).ok().filter(|bytes| bytes.len() == size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        let text = "Ñuñoa, Aysén y Tarapacá. ".repeat(1_000).into_bytes();
        for bytes in [Vec::new(), vec![7], text] {
            assert_eq!(unpack(&pack(&bytes), bytes.len()).as_ref(), Some(&bytes));
        }
    }

    #[test]
    fn what_is_cut_or_larger_than_it_says_is_nothing() {
        let bytes = [1, 2, 3].repeat(5_000);
        let packed = pack(&bytes);
        assert!(packed.len() < bytes.len() / 10);
        assert_eq!(unpack(&packed, bytes.len() - 1), None);
        assert_eq!(unpack(&packed, bytes.len() + 1), None);
        assert_eq!(unpack(&packed[..packed.len() - 2], bytes.len()), None);
        assert_eq!(unpack(&[0xff; 40], bytes.len()), None);
    }
}
