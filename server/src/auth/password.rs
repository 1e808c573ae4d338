//! Passwords, as argon2id hashes.

use std::{fmt, sync::Arc};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Characters that a new password needs at least.
pub const SHORTEST: usize = 10;
/// Bytes that are looked at; hashing more only costs time.
pub const LONGEST: usize = 256;
/// Passwords hashed at the same time: each takes 19 MiB and a core for some 20 ms, so that one is
/// enough for an office in the morning, and no flood takes all cores.
const AT_ONCE: usize = 1;

/// A password cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Fewer than [`SHORTEST`] characters.
    Short,
    /// More than [`LONGEST`] bytes.
    Long,
    /// The machine would not hash it.
    Failed,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => write!(f, "La contraseña debe tener al menos {SHORTEST} caracteres."),
            Self::Long => write!(f, "La contraseña no puede pasar de {LONGEST} bytes."),
            Self::Failed => f.write_str("No se pudo cifrar la contraseña."),
        }
    }
}

impl std::error::Error for Unfit {}

/// The hash to store of a new password. Takes its time.
pub fn hash(password: &str) -> Result<String, Unfit> {
    if password.chars().count() < SHORTEST {
        return Err(Unfit::Short);
    }
    if password.len() > LONGEST {
        return Err(Unfit::Long);
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| Unfit::Failed)?;
    Ok(hash.to_string())
}

/// Compares passwords with hashes, few at a time and off the asynchronous runtime.
#[derive(Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    /// Compared where there is no such account, so that the answer takes as long.
    decoy: Arc<str>,
}

impl Passwords {
    /// Prepares comparing. Takes as long as one comparison.
    pub fn new() -> Result<Self, Unfit> {
        let decoy = hash("no account has this password")?;
        Ok(Self { places: Arc::new(Semaphore::new(AT_ONCE)), decoy: decoy.into() })
    }

    /// Whether the password is the one of this hash; never where there is none.
    pub async fn matches(&self, password: String, hash: Option<String>) -> bool {
        if password.len() > LONGEST {
            return false;
        }
        let Ok(_place) = self.places.acquire().await else { return false };
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let compare = tokio::task::spawn_blocking(move || {
            let Ok(hash) = PasswordHash::new(&hash) else { return false };
            Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
        });
        compare.await.unwrap_or(false) && known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_matches() {
        let passwords = Passwords::new().unwrap();
        let hash = hash("pampa del tamarugal").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.matches("pampa del tamarugal".into(), Some(hash.clone())).await);
        assert!(!passwords.matches("pampa del Tamarugal".into(), Some(hash)).await);
        assert!(!passwords.matches("no account has this password".into(), None).await);
    }

    #[test]
    fn short_and_endless_passwords_are_not_set() {
        assert_eq!(hash("ñandúñand"), Err(Unfit::Short));
        assert_eq!(hash(&"x".repeat(LONGEST + 1)), Err(Unfit::Long));
    }
}
