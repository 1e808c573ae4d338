//! The keys that close what people keep on this device.
//!
//! The server gives each person one, so that what a device keeps opens wherever that person signs
//! in. While a person is signed in, the device keeps the key, closed with one of the browser's own
//! that no program can read. Signing out forgets it: until the next sign-in nobody reads what is
//! there. With a PIN the person may come back without a network.
//!
//! Where the page came over plain HTTP (a server on a laptop in the field), browsers offer no such
//! keys: then the key lies open beside what it closes.

use std::rc::Rc;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use shared::api::Person;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::{
    clock,
    storage::{Failure, KEY_BYTES, Seal, Storage},
};

/// A person's key.
pub type Key = [u8; KEY_BYTES];

/// The browser's own key.
const BROWSERS: &str = "browser_key";
/// Bytes of the nonce of AES-GCM.
const NONCE: usize = 12;
/// Rounds of PBKDF2: half a second on a slow tablet, which is what a wrong guess costs.
const ROUNDS: u32 = 600_000;
/// Wrong guesses after which a PIN is forgotten and the person signs in with a network.
const GUESSES: u32 = 10;
/// Digits or letters of a PIN.
pub const PIN_LENGTH: usize = 6;

/// The keys of the people of this device.
#[derive(Clone)]
pub struct Keyring {
    device: Rc<Storage>,
}

/// Why a PIN opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinTrouble {
    /// It is another one; so many guesses are left.
    Wrong(u32),
    /// Guessed too often: it is forgotten.
    Forgotten,
    /// The device does not give what it keeps.
    Storage(Failure),
}

impl From<Failure> for PinTrouble {
    fn from(failure: Failure) -> Self {
        Self::Storage(failure)
    }
}

/// A key behind a PIN.
#[derive(Serialize, Deserialize)]
struct Pinned {
    person: Person,
    salt: [u8; 16],
    rounds: u32,
    /// The person's key, closed with what PBKDF2 makes of the PIN, then with the browser's key.
    closed: Vec<u8>,
    guesses: u32,
}

impl Keyring {
    /// The keys that this database of the device holds.
    #[must_use]
    pub fn new(device: Rc<Storage>) -> Self {
        Self { device }
    }

    /// The key of somebody who is signed in; `None` where the device does not have it.
    pub async fn key(&self, user: i64) -> Result<Option<Key>, Failure> {
        let closed: Option<Vec<u8>> = self.device.recall(&key_name(user)).await?;
        let Some(closed) = closed else { return Ok(None) };
        Ok(self.open(&closed).await?.and_then(|key| key.try_into().ok()))
    }

    /// Keeps the key of somebody who signed in.
    pub async fn keep(&self, user: i64, key: &Key) -> Result<(), Failure> {
        let closed = self.close(key).await?;
        self.device.remember(&key_name(user), Some(&closed)).await
    }

    /// Forgets the key of somebody who signs out.
    pub async fn forget(&self, user: i64) -> Result<(), Failure> {
        self.device.remember(&key_name(user), None::<&Vec<u8>>).await
    }

    /// Puts the key of a person behind a PIN too.
    pub async fn put_pin(&self, person: &Person, key: &Key, pin: &str) -> Result<(), Failure> {
        let salt = clock::random_bytes();
        let seal = Seal::key(&stretched(pin, &salt, ROUNDS).await?);
        let closed = self.close(&seal.close(PIN, key)).await?;
        let pinned = Pinned { person: person.clone(), salt, rounds: ROUNDS, closed, guesses: 0 };
        self.device.remember(&pin_name(person.user), Some(&pinned)).await
    }

    /// Forgets a PIN.
    pub async fn drop_pin(&self, user: i64) -> Result<(), Failure> {
        self.device.remember(&pin_name(user), None::<&Pinned>).await
    }

    /// Who may come back with a PIN.
    pub async fn people(&self) -> Result<Vec<Person>, Failure> {
        let mut people = Vec::new();
        for name in self.device.names_below(PIN).await? {
            people.extend(self.device.recall::<Pinned>(&name).await?.map(|pinned| pinned.person));
        }
        Ok(people)
    }

    /// The key behind a person's PIN.
    pub async fn unlock(&self, user: i64, pin: &str) -> Result<(Person, Key), PinTrouble> {
        let name = pin_name(user);
        let mut pinned: Pinned = self.device.recall(&name).await?.ok_or(PinTrouble::Forgotten)?;
        // Counted before it is tried: closing the page does not save a guess.
        pinned.guesses += 1;
        self.device.remember(&name, Some(&pinned)).await?;
        let seal = Seal::key(&stretched(pin, &pinned.salt, pinned.rounds).await?);
        let inner = self.open(&pinned.closed).await?.unwrap_or_default();
        match seal.open(PIN, inner).and_then(|key| key.try_into().ok()) {
            Some(key) => {
                pinned.guesses = 0;
                self.device.remember(&name, Some(&pinned)).await?;
                Ok((pinned.person, key))
            }
            None if pinned.guesses >= GUESSES => {
                self.drop_pin(user).await?;
                Err(PinTrouble::Forgotten)
            }
            None => Err(PinTrouble::Wrong(GUESSES - pinned.guesses)),
        }
    }

    /// Closes something with the browser's key; as it is where the browser offers none.
    async fn close(&self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let Some(subtle) = subtle() else { return Ok([&[OPEN], bytes].concat()) };
        let key = self.browsers(&subtle).await?;
        let nonce: [u8; NONCE] = clock::random_bytes();
        let closed = subtle
            .encrypt_with_object_and_u8_array(&aes_gcm(&nonce), &key, bytes)
            .map_err(|error| other(&error))?;
        let closed = JsFuture::from(closed).await.map_err(|error| other(&error))?;
        Ok([&[CLOSED], &nonce[..], &Uint8Array::new(&closed).to_vec()].concat())
    }

    /// Opens what [`Keyring::close`] closed; `None` where the browser has another key by now.
    async fn open(&self, closed: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        match (closed.split_first(), subtle()) {
            (Some((&OPEN, bytes)), _) => Ok(Some(bytes.to_vec())),
            (Some((&CLOSED, rest)), Some(subtle)) => {
                let Some((nonce, bytes)) = rest.split_first_chunk::<NONCE>() else {
                    return Ok(None);
                };
                let key = self.browsers(&subtle).await?;
                let opened = subtle
                    .decrypt_with_object_and_u8_array(&aes_gcm(nonce), &key, bytes)
                    .map_err(|error| other(&error))?;
                Ok(JsFuture::from(opened)
                    .await
                    .ok()
                    .map(|opened| Uint8Array::new(&opened).to_vec()))
            }
            _ => Ok(None),
        }
    }

    /// The browser's key, made at the first time.
    async fn browsers(&self, subtle: &SubtleCrypto) -> Result<CryptoKey, Failure> {
        if let Some(key) = self.device.recall_value(BROWSERS).await?
            && let Ok(key) = key.dyn_into()
        {
            return Ok(key);
        }
        let algorithm = object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let key = subtle
            .generate_key_with_object(&algorithm, false, &uses)
            .map_err(|error| other(&error))?;
        let key = JsFuture::from(key).await.map_err(|error| other(&error))?;
        self.device.remember_value(BROWSERS, &key).await?;
        Ok(key.unchecked_into())
    }
}

const OPEN: u8 = 0;
const CLOSED: u8 = 1;
const PIN: &str = "pin";

fn key_name(user: i64) -> String {
    format!("key/{user}")
}

fn pin_name(user: i64) -> String {
    format!("{PIN}/{user}")
}

/// What PBKDF2 makes of a PIN.
async fn stretched(pin: &str, salt: &[u8], rounds: u32) -> Result<Key, Failure> {
    let subtle = subtle().ok_or(Failure::Unavailable)?;
    let name = object(&[("name", "PBKDF2".into())]);
    let uses = Array::of1(&"deriveBits".into());
    let pin = Uint8Array::from(pin.as_bytes());
    let key = subtle
        .import_key_with_object("raw", &pin, &name, false, &uses)
        .map_err(|error| other(&error))?;
    let key: CryptoKey = JsFuture::from(key).await.map_err(|error| other(&error))?.unchecked_into();
    let algorithm = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("iterations", rounds.into()),
    ]);
    let bits = subtle
        .derive_bits_with_object(&algorithm, &key, (KEY_BYTES * 8) as u32)
        .map_err(|error| other(&error))?;
    let bits = JsFuture::from(bits).await.map_err(|error| other(&error))?;
    let bits = Uint8Array::new(&bits).to_vec();
    bits.try_into().map_err(|_| Failure::Other("PBKDF2 gave another length".into()))
}

/// The browser's cryptography; `None` where the page came over plain HTTP.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = web_sys::window()?.crypto().ok()?;
    Reflect::get(&crypto, &"subtle".into()).ok()?.dyn_into().ok()
}

/// Whether PINs can be offered here.
#[must_use]
pub fn offers_pins() -> bool {
    subtle().is_some()
}

fn aes_gcm(nonce: &[u8; NONCE]) -> Object {
    object(&[("name", "AES-GCM".into()), ("iv", Uint8Array::from(&nonce[..]).into())])
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any field.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn other(error: &JsValue) -> Failure {
    Failure::Other(format!("cryptography of the browser: {error:?}"))
}

#[cfg(test)]
mod tests {
    use shared::access::{Grant, Role};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    async fn keyring() -> Keyring {
        let name = format!("keyring-{}", clock::new_peer());
        Keyring::new(Storage::open(&name, Seal::Sum).await.unwrap())
    }

    fn person(user: i64) -> Person {
        let grant = Grant { role: Role::GoreEditor, region: Some("01".into()) };
        Person {
            user,
            login: "ana".into(),
            name: "Ana".into(),
            grant,
            acting: false,
            offline_days: 30,
        }
    }

    #[wasm_bindgen_test]
    async fn a_key_is_there_until_its_person_signs_out() {
        let (keyring, key) = (keyring().await, [5; KEY_BYTES]);
        assert_eq!(keyring.key(1).await, Ok(None));
        keyring.keep(1, &key).await.unwrap();
        let again = Keyring::new(Rc::clone(&keyring.device));
        assert_eq!((again.key(1).await, again.key(2).await), (Ok(Some(key)), Ok(None)));
        let stored: Vec<u8> = keyring.device.recall("key/1").await.unwrap().unwrap();
        assert!(!stored.windows(4).any(|part| part == [5; 4]), "it does not lie open");
        keyring.forget(1).await.unwrap();
        assert_eq!(keyring.key(1).await, Ok(None));
    }

    #[wasm_bindgen_test]
    async fn a_pin_opens_it_and_few_guesses_do_not() {
        let (keyring, key) = (keyring().await, [5; KEY_BYTES]);
        keyring.put_pin(&person(1), &key, "123456").await.unwrap();
        assert_eq!(keyring.people().await, Ok(vec![person(1)]));
        let wrong = async || keyring.unlock(1, "123457").await;
        assert_eq!(wrong().await, Err(PinTrouble::Wrong(GUESSES - 1)));
        assert_eq!(keyring.unlock(1, "123456").await, Ok((person(1), key)));
        for left in (1..GUESSES).rev() {
            assert_eq!(wrong().await, Err(PinTrouble::Wrong(left)));
        }
        assert_eq!(wrong().await, Err(PinTrouble::Forgotten));
        assert_eq!(keyring.people().await, Ok(vec![]));
        assert_eq!(keyring.unlock(1, "123456").await, Err(PinTrouble::Forgotten));
    }
}
