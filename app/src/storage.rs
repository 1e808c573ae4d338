//! What the device keeps. Only this file and those below it name IndexedDB.
//!
//! A database for the device itself and one for each person who uses it, whose records only that
//! person's key opens. One object store per kind of record, keys that sort by exercise. Whatever belongs
//! together is written in one transaction, and an answer is given when that is complete.

mod adoption;
mod away;
mod device;
mod holding;
mod journal;
mod seal;
#[cfg(test)]
mod tests;

use std::{cell::RefCell, fmt, future::Future, rc::Rc};

use indexed_db_futures::{
    Build as _, BuildPrimitive as _, KeyRange,
    database::Database,
    error::{DomException, Error, OpenDbError, UnexpectedDataError},
    object_store::ObjectStore,
    query_source::QuerySource as _,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
    typed_array::Uint8ArraySlice,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::clock;

pub use device::WriterState;
pub use holding::{Holding, WAITING_ACTS};
pub use journal::{Damage, Journal, Loaded};
pub use seal::{KEY_BYTES, Seal};

const VERSION: u32 = 1;

/// Documents up to a place of the server's log, by exercise.
const BASES: &str = "bases";
/// Entries of the server's log, by exercise and place.
const LOG: &str = "log";
/// How far the log goes, by exercise.
const CURSORS: &str = "cursors";
/// What was written here and is not confirmed, by exercise, writer and number.
const OUTBOX: &str = "outbox";
/// How far each writer of this device got, by exercise and writer.
const LAST_ENTRIES: &str = "last_entries";
/// Who the writers are, by exercise and writer.
const NAMES: &str = "names";
/// What the server refused, by exercise, writer and number.
const QUARANTINE: &str = "quarantine";
/// The writers that tabs of this device are or were, by user and writer.
const WRITERS: &str = "writers";
/// Everything else that the device remembers, by name.
const DEVICE: &str = "device";
/// Records that could not be read, as they were found.
const DAMAGED: &str = "damaged";
/// The record in [`DEVICE`] that tells whether the others can be read.
const SEALED: &str = "sealed";
const STORES: [&str; 10] =
    [BASES, LOG, CURSORS, OUTBOX, LAST_ENTRIES, NAMES, QUARANTINE, WRITERS, DEVICE, DAMAGED];

/// After this long an operation counts as failed. Large documents take a tenth of a second; some
/// browsers lose connections without telling.
const PATIENCE_MS: u32 = 10_000;

/// Why the device did not keep or give something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The browser offers no storage: private mode, or turned off.
    Unavailable,
    /// The browser did not complete the transaction: mostly a full disk.
    Refused,
    /// A newer version of the application made the database; nothing in it was touched.
    Newer,
    /// What is stored was closed with another key; nothing of it was touched.
    OtherKey,
    /// Nothing came back in time.
    TimedOut,
    /// The page was put away meanwhile.
    PutAway,
    /// Anything else, for the log.
    Other(String),
}

impl Failure {
    /// Whether the device holds nothing that could be missed while the tab goes on without it.
    #[must_use]
    pub fn leaves_nothing_behind(&self) -> bool {
        matches!(self, Self::Unavailable | Self::Refused)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable => f.write_str("storage is not available"),
            Self::Refused => f.write_str("the transaction was not completed"),
            Self::Newer => f.write_str("the database is of a newer version"),
            Self::OtherKey => f.write_str("the database was closed with another key"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::PutAway => f.write_str("the page was put away"),
            Self::Other(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(exception) => match web_sys::DomException::from(exception) {
                e if e.name() == "QuotaExceededError" => Self::Refused,
                e if e.name() == "VersionError" => Self::Newer,
                e => Self::Other(format!("{}: {}", e.name(), e.message())),
            },
            Error::MissingData(UnexpectedDataError::TransactionAborted) => Self::Refused,
            error => Self::Other(error.to_string()),
        }
    }
}

impl From<OpenDbError> for Failure {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::Base(error) => match Self::from(error) {
                Self::Other(cause) if cause.starts_with("SecurityError") => Self::Unavailable,
                failure => failure,
            },
            _ => Self::Unavailable,
        }
    }
}

/// A database of the device.
pub struct Storage {
    name: String,
    seal: Seal,
    connection: RefCell<Option<Database>>,
}

impl Storage {
    /// Opens the database, creating it at the first visit. What is in one that was sealed with
    /// another key is left alone.
    pub async fn open(name: &str, seal: Seal) -> Result<Rc<Self>, Failure> {
        let storage = Self { name: name.into(), seal, connection: RefCell::new(None) };
        storage.connect().await?;
        storage.check_seal().await?;
        Ok(Rc::new(storage))
    }

    /// The first record tells whether the others can be read.
    async fn check_seal(&self) -> Result<(), Failure> {
        let find = async |database: &Database| {
            self.find(&reading(database, &[DEVICE])?.object_store(DEVICE)?, SEALED).await
        };
        match self.run(find).await? {
            Some(found) if found.bytes().is_none() => Err(Failure::OtherKey),
            Some(_) => Ok(()),
            None => self.remember_bytes(SEALED, Some(&[])).await,
        }
    }

    /// Writes a sealed record. What fails shows when the transaction is committed.
    fn put(&self, store: &ObjectStore<'_>, key: &str, bytes: &[u8]) -> Result<(), Error> {
        let record = self.seal.close(key, bytes);
        store.put(Uint8ArraySlice::new(&record)).with_key(key.to_owned()).primitive()?;
        Ok(())
    }

    async fn find(&self, store: &ObjectStore<'_>, key: &str) -> Result<Option<Found>, Error> {
        let value: Option<JsValue> = store.get(key.to_owned()).primitive()?.await?;
        Ok(value.map(|value| self.found(key.into(), value)))
    }

    async fn find_all(
        &self,
        store: &ObjectStore<'_>,
        range: KeyRange<String>,
    ) -> Result<Vec<Found>, Error> {
        let keys =
            store.get_all_keys::<String>().with_query::<String, _>(range.clone()).primitive()?;
        let values = store.get_all::<JsValue>().with_query::<String, _>(range).primitive()?;
        let (keys, values) = (keys.await?, values.await?);
        keys.zip(values).map(|(key, value)| Ok(self.found(key?, value?))).collect()
    }

    fn found(&self, key: String, value: JsValue) -> Found {
        Found { key, value, seal: self.seal.clone() }
    }

    async fn connect(&self) -> Result<Database, Failure> {
        if let Some(database) = self.connection.borrow().clone() {
            return Ok(database);
        }
        let opening = Database::open(self.name.as_str())
            .with_version(VERSION)
            .with_on_upgrade_needed(|event, database| {
                if event.old_version() < 1.0 {
                    for store in STORES {
                        database.create_object_store(store).build()?;
                    }
                }
                Ok(())
            })
            .build()?;
        let database = in_time(async { Ok(opening.await?) }).await?;
        self.connection.replace(Some(database.clone()));
        Ok(database)
    }

    /// Forgets the connection, so that the next operation opens a new one.
    fn disconnect(&self) {
        if let Some(database) = self.connection.take() {
            database.close();
        }
    }

    /// Runs one operation; where the browser had closed the connection meanwhile, once more.
    async fn run<R>(
        &self,
        operation: impl AsyncFn(&Database) -> Result<R, Error>,
    ) -> Result<R, Failure> {
        let database = self.connect().await?;
        match in_time(async { Ok(operation(&database).await) }).await {
            Ok(Err(Error::DomException(DomException::InvalidStateError(_)))) => {}
            Ok(result) => return Ok(result?),
            // What a page stores as its last it stores on this connection: no other opens in time.
            Err(Failure::PutAway) => return Err(Failure::PutAway),
            Err(failure) => {
                self.disconnect();
                return Err(failure);
            }
        }
        self.disconnect();
        let database = self.connect().await?;
        in_time(async { Ok(operation(&database).await?) }).await
    }
}

/// The operation's result, [`Failure::TimedOut`] or [`Failure::PutAway`].
async fn in_time<R>(operation: impl Future<Output = Result<R, Failure>>) -> Result<R, Failure> {
    let answer = away::unless_put_away(clock::within(PATIENCE_MS, operation)).await;
    answer.ok_or(Failure::PutAway)?.unwrap_or(Err(Failure::TimedOut))
}

fn reading<'a>(database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, Error> {
    database.transaction(stores).with_mode(TransactionMode::Readonly).build()
}

/// Asks the browser not to clear the database when space runs out. It decides by its own rules,
/// and a refusal changes nothing.
pub fn ask_to_persist() {
    if let Some(window) = web_sys::window() {
        let _ = window.navigator().storage().persist();
    }
}

/// Bytes that this origin uses and may use, as the browser estimates, and whether the browser keeps
/// them when space runs out; `None` where it does not say.
pub async fn room() -> Option<(u64, u64, bool)> {
    let storage = web_sys::window()?.navigator().storage();
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let number =
        |name: &str| Some(js_sys::Reflect::get(&estimate, &name.into()).ok()?.as_f64()? as u64);
    let persisted = JsFuture::from(storage.persisted().ok()?).await.ok()?;
    Some((number("usage")?, number("quota")?, persisted.is_truthy()))
}

/// A transaction that is complete only once it is on the disk, as far as the browser tells.
fn writing<'a>(database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, Error> {
    let mut options = TransactionOptions::new();
    options.set_durability(TransactionDurability::Strict);
    database.transaction(stores).with_mode(TransactionMode::Readwrite).with_options(options).build()
}

fn delete(store: &ObjectStore<'_>, range: impl Into<KeyRange<String>>) -> Result<(), Error> {
    store.delete(range).primitive()?;
    Ok(())
}

/// Keys that begin with this text and a slash.
fn below(prefix: &str) -> KeyRange<String> {
    // The character after the slash.
    KeyRange::Bound(format!("{prefix}/"), false, format!("{prefix}0"), true)
}

/// A record as found, before anybody trusts it.
#[derive(Clone)]
struct Found {
    key: String,
    value: JsValue,
    seal: Seal,
}

impl Found {
    /// Its bytes; `None` where it is damaged.
    fn bytes(&self) -> Option<Vec<u8>> {
        use wasm_bindgen::JsCast as _;
        let record = self.value.dyn_ref::<js_sys::Uint8Array>()?.to_vec();
        self.seal.open(&self.key, record)
    }

    /// The part of the key after the last slash, as a number.
    fn number(&self) -> Option<u64> {
        self.key.rsplit('/').next()?.parse().ok()
    }
}
