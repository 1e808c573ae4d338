//! What the device keeps beside exercises: who is signed in, the list of exercises, and the
//! writers that tabs of this device have been.

use std::collections::BTreeMap;

use indexed_db_futures::{
    BuildPrimitive as _, database::Database, error::Error, object_store::ObjectStore,
    query_source::QuerySource as _,
};
use serde::{Serialize, de::DeserializeOwned};
use shared::ids::{ExerciseId, Peer};

use super::{
    BASES, DEVICE, Failure, Found, LOG, OUTBOX, QUARANTINE, Storage, WRITERS, below, delete, find,
    find_all, put, reading, writing,
};

/// What the device holds of one exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holding {
    /// Whether it can be opened without a network.
    pub copy: bool,
    /// Changes that wait to be sent, of anybody who uses the device.
    pub unsent: usize,
    /// Changes that were refused.
    pub quarantined: usize,
}

impl Storage {
    /// Reads what was remembered under this name; `None` also where it is damaged.
    pub async fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        let bytes = self.recall_bytes(name).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The same as the bytes that were remembered.
    pub(super) async fn recall_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let recall = async |database: &Database| {
            find(&reading(database, &[DEVICE])?.object_store(DEVICE)?, name).await
        };
        Ok(self.run(recall).await?.and_then(|found| found.bytes()))
    }

    /// Remembers something under this name; `None` forgets it.
    pub async fn remember(
        &self,
        name: &str,
        value: Option<&impl Serialize>,
    ) -> Result<(), Failure> {
        let text = value.map(serde_json::to_vec).transpose();
        let text = text.map_err(|error| Failure::Other(error.to_string()))?;
        self.remember_bytes(name, text.as_deref()).await
    }

    /// The same for bytes.
    pub(super) async fn remember_bytes(
        &self,
        name: &str,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failure> {
        let remember = async |database: &Database| {
            let transaction = writing(database, &[DEVICE])?;
            let device = transaction.object_store(DEVICE)?;
            match bytes {
                Some(bytes) => put(&device, name, bytes)?,
                None => delete(&device, name.to_owned())?,
            }
            transaction.commit().await
        };
        self.run(remember).await
    }

    /// The writers of a user on this device, and whether they are retired: never to be taken
    /// again, because something of theirs was refused or their record is damaged.
    pub async fn writers(&self, user: i64) -> Result<BTreeMap<Peer, bool>, Failure> {
        let writers = async |database: &Database| {
            let transaction = reading(database, &[WRITERS])?;
            find_all(&transaction.object_store(WRITERS)?, below(&user.to_string())).await
        };
        let found = self.run(writers).await?;
        let writer = |found: &Found| {
            let retired = found.bytes().is_none_or(|bytes| bytes != [IN_USE]);
            Some((Peer::new(found.number()?).ok()?, retired))
        };
        Ok(found.iter().filter_map(writer).collect())
    }

    /// Stores a writer of a user.
    pub async fn put_writer(&self, user: i64, peer: Peer, retired: bool) -> Result<(), Failure> {
        let put_writer = async |database: &Database| {
            let transaction = writing(database, &[WRITERS])?;
            put_writer(&transaction.object_store(WRITERS)?, user, peer, retired)?;
            transaction.commit().await
        };
        self.run(put_writer).await
    }

    /// What the device holds of each exercise.
    pub async fn holdings(&self) -> Result<BTreeMap<ExerciseId, Holding>, Failure> {
        let keys = async |database: &Database| {
            let transaction = reading(database, &[BASES, LOG, OUTBOX, QUARANTINE])?;
            let all = async |store: &str| -> Result<Vec<String>, Error> {
                let store = transaction.object_store(store)?;
                store.get_all_keys::<String>().primitive()?.await?.collect()
            };
            let mut copies = all(BASES).await?;
            copies.extend(all(LOG).await?);
            Ok((copies, all(OUTBOX).await?, all(QUARANTINE).await?))
        };
        let (copies, outbox, quarantine) = self.run(keys).await?;
        let mut holdings: BTreeMap<ExerciseId, Holding> = BTreeMap::new();
        let exercise = |key: &String| key.split('/').next()?.parse::<ExerciseId>().ok();
        for id in copies.iter().filter_map(exercise) {
            holdings.entry(id).or_default().copy = true;
        }
        for id in outbox.iter().filter_map(exercise) {
            holdings.entry(id).or_default().unsent += 1;
        }
        for id in quarantine.iter().filter_map(exercise) {
            holdings.entry(id).or_default().quarantined += 1;
        }
        Ok(holdings)
    }
}

const IN_USE: u8 = 1;
const RETIRED: u8 = 2;

/// Puts a writer's record.
pub(super) fn put_writer(
    writers: &ObjectStore<'_>,
    user: i64,
    peer: Peer,
    retired: bool,
) -> Result<(), Error> {
    let state = if retired { RETIRED } else { IN_USE };
    put(writers, &format!("{user}/{:015}", peer.number()), &[state])
}
