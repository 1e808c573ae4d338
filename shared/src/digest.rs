//! The digest of a document: equal contents, equal digest, however they came about.
//!
//! The sum of one hash per entry, so that it follows each change in constant time. It finds
//! accidents (a lost update, a damaged store), not forgeries; versions that are sent carry a
//! cryptographic fingerprint instead.

use serde::{Deserialize, Serialize};

/// Sum of the hashes of all entries of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Digest(u64);

impl Digest {
    /// Adds an entry.
    pub fn add(&mut self, name: &str, content: &str) {
        self.0 = self.0.wrapping_add(hash(name, content));
    }

    /// Takes an entry out that was added before.
    pub fn remove(&mut self, name: &str, content: &str) {
        self.0 = self.0.wrapping_sub(hash(name, content));
    }
}

/// FNV-1a over name, separator and content, mixed once more because a sum of bare FNV hashes of
/// similar texts cancels out too easily.
fn hash(name: &str, content: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes().chain([0xff]).chain(content.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_count_and_removal_undoes() {
        let (mut a, mut b) = (Digest::default(), Digest::default());
        a.add("x", "1");
        a.add("y", "2");
        b.add("y", "2");
        b.add("z", "3");
        b.add("x", "1");
        assert_ne!(a, b);
        b.remove("z", "3");
        assert_eq!(a, b);
    }

    #[test]
    fn the_hash_is_pinned() {
        let mut digest = Digest::default();
        digest.add("focus/r1/budget@3", "m1");
        assert_eq!(digest.0, hash("focus/r1/budget@3", "m1"));
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }
}
