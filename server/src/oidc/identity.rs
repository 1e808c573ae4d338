//! What is kept of who a provider says somebody is.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// HMAC-SHA-256 of a provider and what it calls somebody.
pub type Identity = [u8; 32];

/// The key's file, in the data directory and not in the database: a copy of the database alone tells
/// nobody's RUN, of which there are too few for a plain hash to hide them.
const FILE: &str = "identities.key";
const BYTES: usize = 32;

/// What identities are hashed with. Who loses it has to link every account anew.
pub struct IdentityKey([u8; BYTES]);

impl IdentityKey {
    /// That of a data directory, drawn where there is none yet.
    pub fn of(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE);
        let shown = file.display();
        let found = match std::fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::draw(&file),
            found => found.with_context(|| format!("No se pudo leer «{shown}»"))?,
        };
        let key = found.try_into().ok();
        key.map(Self).with_context(|| format!("«{shown}» no es una clave de identidades"))
    }

    fn draw(file: &Path) -> Result<Self> {
        let mut key = [0; BYTES];
        getrandom::fill(&mut key).context("No hay números al azar")?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = options.open(file)?;
            file.write_all(&key)?;
            file.sync_all()
        };
        write().with_context(|| format!("No se pudo escribir «{}»", file.display()))?;
        Ok(Self(key))
    }

    /// What is kept of what a provider calls somebody.
    #[must_use]
    pub fn hash(&self, issuer: &str, subject: &str) -> Identity {
        let mut hash =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        // No address has a zero byte, so that no two pairs are one text.
        for part in [issuer.as_bytes(), &[0], subject.as_bytes()] {
            hash.update(part);
        }
        hash.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_drawn_once_and_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let first = IdentityKey::of(directory.path()).unwrap();
        let again = IdentityKey::of(directory.path()).unwrap();
        let hash = first.hash("https://a.example", "44444444-4");
        assert_eq!(hash, again.hash("https://a.example", "44444444-4"));
        assert_ne!(hash, first.hash("https://b.example", "44444444-4"));
        assert_ne!(hash, first.hash("https://a.example", "55555555-5"));
        let other = IdentityKey([7; BYTES]);
        assert_ne!(hash, other.hash("https://a.example", "44444444-4"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = directory.path().join(FILE).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(directory.path().join(FILE), "short").unwrap();
        assert!(IdentityKey::of(directory.path()).is_err());
    }
}
