//! Those who went to the provider and did not come back yet. Kept in memory: who is on the way while
//! the server starts anew begins again.

use std::collections::HashMap;

use shared::limits;

use crate::{auth::token::Token, store::TokenHash};

/// Somebody on the way.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Hash of what the browser that left has in its cookie: no other one comes back.
    pub browser: TokenHash,
    /// What the provider is to repeat in its token.
    pub nonce: Token,
    /// What only who began can know (PKCE, RFC 7636).
    pub verifier: Token,
    /// The page that the person left from.
    pub back: String,
    /// The invitation that is taken up.
    pub invitation: Option<TokenHash>,
    /// When it is too late: milliseconds since 1970, UTC.
    pub expires: i64,
}

/// All of them, by the hash of their state.
#[derive(Default)]
pub struct Pending(HashMap<TokenHash, Entry>);

/// Too many are on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Pending {
    /// Somebody leaves. Whoever is on the way already is never forgotten for them.
    pub fn begin(&mut self, state: TokenHash, entry: Entry, now: i64) -> Result<(), Full> {
        if self.0.len() >= limits::ENTRIES {
            self.0.retain(|_, entry| now < entry.expires);
        }
        if self.0.len() >= limits::ENTRIES {
            return Err(Full);
        }
        self.0.insert(state, entry);
        Ok(())
    }

    /// Somebody comes back: once, in the browser that left, and in time. What another browser brings
    /// takes nothing from its owner.
    pub fn end(&mut self, state: TokenHash, browser: TokenHash, now: i64) -> Option<Entry> {
        if self.0.get(&state)?.browser != browser {
            return None;
        }
        self.0.remove(&state).filter(|entry| now < entry.expires)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(browser: u8, expires: i64) -> Entry {
        let (nonce, verifier) = (Token::draw().unwrap(), Token::draw().unwrap());
        let (back, invitation) = ("/".into(), None);
        Entry { browser: [browser; 32], nonce, verifier, back, invitation, expires }
    }

    #[test]
    fn only_who_left_comes_back_once_and_in_time() {
        let mut pending = Pending::default();
        for state in [1, 2] {
            pending.begin([state; 32], entry(7, 1_000), 0).unwrap();
        }
        assert!(pending.end([1; 32], [8; 32], 10).is_none(), "another browser");
        assert!(pending.end([3; 32], [7; 32], 10).is_none(), "never begun");
        assert!(pending.end([1; 32], [7; 32], 999).is_some());
        assert!(pending.end([1; 32], [7; 32], 999).is_none(), "once");
        assert!(pending.end([2; 32], [7; 32], 1_000).is_none(), "too late");
    }

    #[test]
    fn a_flood_takes_nobody_away_and_ends() {
        let mut pending = Pending::default();
        pending.begin([255; 32], entry(7, 1_000), 0).unwrap();
        for number in 1..limits::ENTRIES {
            let mut state = [0; 32];
            state[..8].copy_from_slice(&number.to_le_bytes());
            pending.begin(state, entry(1, 500), 0).unwrap();
        }
        assert_eq!(pending.begin([254; 32], entry(1, 500), 0), Err(Full));
        assert_eq!(pending.begin([254; 32], entry(1, 900), 500), Ok(()));
        assert!(pending.end([255; 32], [7; 32], 501).is_some());
    }
}
