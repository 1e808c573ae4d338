//! Secrets that the server gives away: of a session, in a cookie; of an invitation, in an address.

use sha2::{Digest as _, Sha256};

use crate::{error::Failure, store::TokenHash};

/// Bytes of a secret, all of them random.
pub const BYTES: usize = 32;

/// A secret. What is stored of it is its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; BYTES]);

impl Token {
    /// A new one.
    pub fn draw() -> Result<Self, Failure> {
        let mut token = [0; BYTES];
        getrandom::fill(&mut token).map_err(|error| Failure::unavailable(&error))?;
        Ok(Self(token))
    }

    /// The one of this text; `None` where it is no secret.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut token = [0; BYTES];
        for (byte, place) in token.iter_mut().zip(0..) {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).ok()?;
        }
        Some(Self(token))
    }

    /// As text.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_text_and_nothing_else_does() {
        let token = Token([0xa7; BYTES]);
        assert!(Token::parse(&token.text()) == Some(token));
        for text in ["", "zz", &"é".repeat(BYTES), &token.text()[1..]] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
