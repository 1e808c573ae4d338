//! How a record is written: its bytes, then the CRC-32 of key and bytes, little endian.
//!
//! A record that was cut, altered or put under another key is found before anything decodes it;
//! the decoders behind may not be given arbitrary bytes.

/// The record that holds these bytes under this key.
pub fn seal(key: &str, bytes: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(bytes.len() + 4);
    record.extend_from_slice(bytes);
    record.extend(sum(key, bytes).to_le_bytes());
    record
}

/// The bytes of a record; `None` where it is damaged.
pub fn unseal<'a>(key: &str, record: &'a [u8]) -> Option<&'a [u8]> {
    let (bytes, sealed) = record.split_last_chunk::<4>()?;
    (sum(key, bytes) == u32::from_le_bytes(*sealed)).then_some(bytes)
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
        let record = seal("01-2027/3", b"abc");
        assert_eq!(unseal("01-2027/3", &record), Some(&b"abc"[..]));
        assert_eq!(unseal("01-2027/4", &record), None, "another key");
        assert_eq!(unseal("01-2027/3", &record[..record.len() - 1]), None, "cut");
        assert_eq!(unseal("01-2027/3", &[]), None);
        for at in 0..record.len() {
            let mut altered = record.clone();
            altered[at] ^= 1;
            assert_eq!(unseal("01-2027/3", &altered), None, "byte {at}");
        }
    }
}
