//! Identifiers. None of them is made here: who calls draws the randomness.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// An identifier is not one that the product could have made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("identificador no válido")
    }
}

impl std::error::Error for BadId {}

/// One exercise: a region and the budget year that it prepares. Written `01-2027`.
///
/// Both parts are known beforehand, so two people who create the same exercise offline create the
/// same document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExerciseId {
    region: [u8; 2],
    /// The budget year that executes the exercise (*año presupuestario*).
    pub budget_year: u16,
}

impl ExerciseId {
    /// An exercise of the region with this two-digit CUT code. `Err` for another shape or a year
    /// outside 2019..=2099: the first pilot prepared 2019.
    pub fn new(region: &str, budget_year: u16) -> Result<Self, BadId> {
        let digits: [u8; 2] = region.as_bytes().try_into().map_err(|_| BadId)?;
        if !digits.iter().all(u8::is_ascii_digit) || !(2019..=2099).contains(&budget_year) {
            return Err(BadId);
        }
        Ok(Self { region: digits, budget_year })
    }

    /// The two-digit CUT code of the region.
    #[must_use]
    pub fn region(&self) -> &str {
        std::str::from_utf8(&self.region).expect("only ASCII digits are accepted")
    }
}

impl fmt::Display for ExerciseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.region(), self.budget_year)
    }
}

impl FromStr for ExerciseId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (region, year) = text.split_once('-').ok_or(BadId)?;
        Self::new(region, year.parse().map_err(|_| BadId)?)
    }
}

impl TryFrom<String> for ExerciseId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<ExerciseId> for String {
    fn from(id: ExerciseId) -> Self {
        id.to_string()
    }
}

/// The stable identifier of a row: 1 to 24 characters of `[0-9a-z_]`.
///
/// New rows get random ones; rows with a known place (one per instrument) are named after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RowId(Arc<str>);

impl RowId {
    /// Checks and wraps.
    pub fn new(text: &str) -> Result<Self, BadId> {
        if is_name(text, 24) { Ok(Self(text.into())) } else { Err(BadId) }
    }

    /// Eight characters from forty random bits.
    #[must_use]
    pub fn from_random(bits: u64) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let text: String =
            (0..8).map(|i| char::from(ALPHABET[(bits >> (i * 5) & 31) as usize])).collect();
        Self(text.into())
    }

    /// The text of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RowId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        Self::new(&text)
    }
}

impl From<RowId> for String {
    fn from(id: RowId) -> Self {
        id.0.to_string()
    }
}

/// Whether a text can stand between the slashes of a key.
#[must_use]
pub fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a text can be the member of a set: as a name, but sections of the economy are capital
/// letters.
#[must_use]
pub fn is_member(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A writer: one tab of one device of one user, for as long as the device keeps its store.
///
/// 48 bits, because it is drawn at random without asking anybody: with a thousand writers in a
/// document two are equal once in six hundred million documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Peer(u64);

impl Peer {
    /// The writer that the server itself is, for imports.
    pub const SERVER: Self = Self(1);

    /// From at least 48 random bits; never the server's.
    #[must_use]
    pub fn from_random(bits: u64) -> Self {
        Self((bits & 0xffff_ffff_ffff).max(2))
    }

    /// From a stored number.
    pub fn new(number: u64) -> Result<Self, BadId> {
        if (1..1 << 48).contains(&number) { Ok(Self(number)) } else { Err(BadId) }
    }

    /// The number of it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Peer {
    type Error = BadId;
    fn try_from(number: u64) -> Result<Self, BadId> {
        Self::new(number)
    }
}

impl From<Peer> for u64 {
    fn from(peer: Peer) -> Self {
        peer.0
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut text = [0u8; 11];
        let mut at = text.len();
        let mut rest = self.0;
        while rest > 0 {
            at -= 1;
            text[at] = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        f.write_str(std::str::from_utf8(&text[at..]).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Peer {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        if text.is_empty() || text.len() > 9 || text.starts_with('0') {
            return Err(BadId);
        }
        let mut number = 0u64;
        for byte in text.bytes() {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                b'a'..=b'z' => byte - b'a' + 36,
                _ => return Err(BadId),
            };
            number = number * 62 + u64::from(digit);
        }
        Self::new(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exercise_ids_read_what_they_write() {
        let id = ExerciseId::new("01", 2027).unwrap();
        assert_eq!(id.to_string(), "01-2027");
        assert_eq!("01-2027".parse(), Ok(id));
        for bad in ["1-2027", "01-1999", "01", "a1-2027", "01-20270"] {
            assert_eq!(bad.parse::<ExerciseId>(), Err(BadId), "{bad}");
        }
    }

    #[test]
    fn peers_read_what_they_write() {
        for number in [1, 61, 62, (1 << 48) - 1] {
            let peer = Peer::new(number).unwrap();
            assert_eq!(peer.to_string().parse(), Ok(peer));
        }
        assert!("".parse::<Peer>().is_err());
        assert!("01".parse::<Peer>().is_err(), "one writer has one spelling");
        assert!("zzzzzzzzzz".parse::<Peer>().is_err());
    }

    #[test]
    fn row_ids_cannot_break_a_key() {
        assert!(RowId::new("a/b").is_err());
        assert!(RowId::new("").is_err());
        assert!(RowId::new(RowId::from_random(u64::MAX).as_str()).is_ok());
    }
}
