//! Attempts to sign in, counted so that passwords cannot be guessed.
//!
//! Strict by account; generous by address, because a whole office shares one.

use std::{collections::HashMap, hash::Hash, net::IpAddr};

/// Attempts for one account in one window.
const PER_LOGIN: u32 = 8;
/// Attempts from one address in one window: an office of fifty on its first morning fits twice.
const PER_ADDRESS: u32 = 100;
/// Milliseconds after which attempts are forgotten.
const WINDOW: i64 = 15 * 60 * 1000;
/// Names and addresses remembered before old ones are looked for.
const REMEMBERED: usize = 10_000;

/// Counts attempts. Times are milliseconds of any clock that goes on.
#[derive(Debug, Default)]
pub struct Attempts {
    logins: HashMap<String, Window>,
    addresses: HashMap<IpAddr, Window>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: i64,
    count: u32,
}

/// Too many attempts; the seconds until the next is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds to wait.
    pub wait: u64,
}

impl Attempts {
    /// Counts an attempt before it is looked at, so that many at once gain nothing.
    pub fn begin(&mut self, login: &str, address: IpAddr, now: i64) -> Result<(), TooMany> {
        forget(&mut self.logins, now);
        forget(&mut self.addresses, now);
        let login = self.logins.entry(login.to_owned()).or_insert(Window::new(now));
        let address = self.addresses.entry(address).or_insert(Window::new(now));
        let wait = login.wait(PER_LOGIN, now).max(address.wait(PER_ADDRESS, now));
        if wait > 0 {
            let wait = u64::try_from(wait).unwrap_or_default().div_ceil(1000);
            return Err(TooMany { wait });
        }
        login.count += 1;
        address.count += 1;
        Ok(())
    }

    /// The attempt was right: what came before it was the person's own mistyping.
    pub fn succeeded(&mut self, login: &str, address: IpAddr) {
        self.logins.remove(login);
        if let Some(window) = self.addresses.get_mut(&address) {
            window.count = window.count.saturating_sub(1);
        }
    }
}

impl Window {
    fn new(now: i64) -> Self {
        Self { began: now, count: 0 }
    }

    /// Milliseconds until another attempt is allowed.
    fn wait(&mut self, most: u32, now: i64) -> i64 {
        if now - self.began >= WINDOW {
            *self = Self::new(now);
        }
        if self.count < most { 0 } else { self.began + WINDOW - now }
    }
}

fn forget<K: Eq + Hash>(windows: &mut HashMap<K, Window>, now: i64) {
    if windows.len() >= REMEMBERED {
        windows.retain(|_, window| now - window.began < WINDOW);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_account_is_closed_for_a_while_and_others_are_not() {
        let mut attempts = Attempts::default();
        for _ in 0..PER_LOGIN {
            assert_eq!(attempts.begin("ana", HERE, 0), Ok(()));
        }
        assert_eq!(attempts.begin("ana", HERE, 60_000), Err(TooMany { wait: 14 * 60 }));
        assert_eq!(attempts.begin("bruno", HERE, 60_000), Ok(()));
        assert_eq!(attempts.begin("ana", HERE, WINDOW), Ok(()));
    }

    #[test]
    fn an_office_that_signs_in_is_not_closed() {
        let mut attempts = Attempts::default();
        for person in 0..3 * PER_ADDRESS {
            let login = format!("persona{person}");
            assert_eq!(attempts.begin(&login, HERE, 0), Ok(()));
            attempts.succeeded(&login, HERE);
        }
        for guess in 0..PER_ADDRESS {
            assert_eq!(attempts.begin(&format!("nadie{guess}"), HERE, 0), Ok(()));
        }
        assert!(attempts.begin("ana", HERE, 0).is_err());
    }
}
