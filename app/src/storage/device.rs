//! What the device keeps beside exercises: who is signed in, the list of exercises, and the
//! writers that tabs of this device have been.

use std::collections::BTreeMap;

use indexed_db_futures::{
    BuildPrimitive as _, database::Database, error::Error, object_store::ObjectStore,
};
use serde::{Serialize, de::DeserializeOwned};
use shared::ids::Peer;
use wasm_bindgen::JsValue;

use super::{DEVICE, Failure, Found, Storage, WRITERS, below, delete, reading, writing};

impl Storage {
    /// Reads what was remembered under this name; `None` also where it is damaged.
    pub async fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        let bytes = self.recall_bytes(name).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The same as the bytes that were remembered.
    pub async fn recall_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let recall = async |database: &Database| {
            self.find(&reading(database, &[DEVICE])?.object_store(DEVICE)?, name).await
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
    pub async fn remember_bytes(&self, name: &str, bytes: Option<&[u8]>) -> Result<(), Failure> {
        let remember = async |database: &Database| {
            let transaction = writing(database, &[DEVICE])?;
            let device = transaction.object_store(DEVICE)?;
            match bytes {
                Some(bytes) => self.put(&device, name, bytes)?,
                None => delete(&device, name.to_owned())?,
            }
            transaction.commit().await
        };
        self.run(remember).await
    }

    /// A value of the browser that was remembered under this name: a key that cannot be read.
    pub async fn recall_value(&self, name: &str) -> Result<Option<JsValue>, Failure> {
        let recall = async |database: &Database| {
            self.find(&reading(database, &[DEVICE])?.object_store(DEVICE)?, name).await
        };
        Ok(self.run(recall).await?.map(|found| found.value))
    }

    /// Remembers a value of the browser under this name.
    pub async fn remember_value(&self, name: &str, value: &JsValue) -> Result<(), Failure> {
        let remember = async |database: &Database| {
            let transaction = writing(database, &[DEVICE])?;
            let device = transaction.object_store(DEVICE)?;
            device.put(value.clone()).with_key(name.to_owned()).primitive()?;
            transaction.commit().await
        };
        self.run(remember).await
    }

    /// The names that begin with this one and a slash.
    pub async fn names_below(&self, name: &str) -> Result<Vec<String>, Failure> {
        let names = async |database: &Database| {
            let transaction = reading(database, &[DEVICE])?;
            let found = self.find_all(&transaction.object_store(DEVICE)?, below(name)).await?;
            Ok(found.into_iter().map(|found| found.key).collect())
        };
        self.run(names).await
    }

    /// The writers of a user on this device.
    pub async fn writers(&self, user: i64) -> Result<BTreeMap<Peer, WriterState>, Failure> {
        let writers = async |database: &Database| {
            let transaction = reading(database, &[WRITERS])?;
            self.find_all(&transaction.object_store(WRITERS)?, below(&user.to_string())).await
        };
        let found = self.run(writers).await?;
        let writer = |found: &Found| {
            let state = WriterState::of(found.bytes().as_deref());
            Some((Peer::new(found.number()?).ok()?, state))
        };
        Ok(found.iter().filter_map(writer).collect())
    }

    /// Stores a writer of a user.
    pub async fn put_writer(
        &self,
        user: i64,
        peer: Peer,
        state: WriterState,
    ) -> Result<(), Failure> {
        let put_writer = async |database: &Database| {
            let transaction = writing(database, &[WRITERS])?;
            self.write_writer(&transaction.object_store(WRITERS)?, user, peer, state)?;
            transaction.commit().await
        };
        self.run(put_writer).await
    }

    /// Puts a writer's record.
    pub(super) fn write_writer(
        &self,
        writers: &ObjectStore<'_>,
        user: i64,
        peer: Peer,
        state: WriterState,
    ) -> Result<(), Error> {
        self.put(writers, &writer_key(user, peer), &[state.byte()])
    }

    /// What a writer is; `None` where the device does not know it.
    pub(super) async fn find_writer(
        &self,
        writers: &ObjectStore<'_>,
        user: i64,
        peer: Peer,
    ) -> Result<Option<WriterState>, Error> {
        let found = self.find(writers, &writer_key(user, peer)).await?;
        Ok(found.map(|found| WriterState::of(found.bytes().as_deref())))
    }
}

/// What a writer is to this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriterState {
    /// A tab may write as it.
    InUse,
    /// It is never taken again, because something of it was refused or its record is damaged.
    Retired,
    /// It is of another device: its entries came in a rescue file.
    Carried,
}

impl WriterState {
    /// As it is stored.
    fn byte(self) -> u8 {
        match self {
            Self::InUse => 1,
            Self::Retired => 2,
            Self::Carried => 3,
        }
    }

    fn of(record: Option<&[u8]>) -> Self {
        match record {
            Some([1]) => Self::InUse,
            Some([3]) => Self::Carried,
            _ => Self::Retired,
        }
    }
}

fn writer_key(user: i64, peer: Peer) -> String {
    format!("{user}/{:015}", peer.number())
}
