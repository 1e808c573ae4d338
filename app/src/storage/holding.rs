//! What the device holds of each exercise: whether, how much, and taking it away.

use std::collections::BTreeMap;

use indexed_db_futures::{
    BuildPrimitive as _, KeyRange, database::Database, error::Error, query_source::QuerySource as _,
};
use shared::{ids::ExerciseId, protocol::Seq, sync::journal::Cursor};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    BASES, CURSORS, DEVICE, Failure, Journal, LAST_ENTRIES, LOG, NAMES, OUTBOX, QUARANTINE,
    Storage, below, delete, journal::decode, reading, writing,
};

/// The stores whose keys begin with an exercise.
const OF_EXERCISES: [&str; 7] = [BASES, LOG, CURSORS, OUTBOX, LAST_ENTRIES, NAMES, QUARANTINE];

/// Under this name, with an exercise and more behind it, an act waits to be registered.
pub const WAITING_ACTS: &str = "waiting";

/// What the device holds of one exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Holding {
    /// Whether it can be opened without a network.
    pub copy: bool,
    /// Changes that wait to be sent.
    pub unsent: usize,
    /// Changes that were refused.
    pub quarantined: usize,
    /// Official acts that wait to be registered.
    pub acts: usize,
    /// How far its copy of the server's log goes.
    pub seq: Seq,
}

impl Holding {
    /// Changes and acts that only this device has.
    pub fn waiting(&self) -> usize {
        self.unsent + self.quarantined + self.acts
    }
}

impl Storage {
    /// What the device holds of each exercise.
    pub async fn holdings(&self) -> Result<BTreeMap<ExerciseId, Holding>, Failure> {
        let keys = async |database: &Database| {
            let transaction =
                reading(database, &[BASES, LOG, CURSORS, OUTBOX, QUARANTINE, DEVICE])?;
            let all = async |store: &str| -> Result<Vec<String>, Error> {
                let store = transaction.object_store(store)?;
                store.get_all_keys::<String>().primitive()?.await?.collect()
            };
            let mut copies = all(BASES).await?;
            copies.extend(all(LOG).await?);
            let cursors = transaction.object_store(CURSORS)?;
            let cursors =
                self.find_all(&cursors, KeyRange::LowerBound(String::new(), false)).await?;
            let of_writers = (all(OUTBOX).await?, all(QUARANTINE).await?);
            Ok((copies, cursors, of_writers, all(DEVICE).await?))
        };
        let (copies, cursors, (outbox, quarantine), remembered) = self.run(keys).await?;
        let mut holdings: BTreeMap<ExerciseId, Holding> = BTreeMap::new();
        for id in copies.iter().filter_map(|key| exercise_of(key)) {
            holdings.entry(id).or_default().copy = true;
        }
        for found in cursors {
            if let (Some(id), Some(cursor)) = (exercise_of(&found.key), decode::<Cursor>(&found)) {
                holdings.entry(id).or_default().seq = cursor.seq;
            }
        }
        for id in outbox.iter().filter_map(|key| exercise_of(key)) {
            holdings.entry(id).or_default().unsent += 1;
        }
        for id in quarantine.iter().filter_map(|key| exercise_of(key)) {
            holdings.entry(id).or_default().quarantined += 1;
        }
        for name in remembered.iter().filter(|name| name.starts_with(WAITING_ACTS)) {
            if let Some(id) = remembered_of(name) {
                holdings.entry(id).or_default().acts += 1;
            }
        }
        Ok(holdings)
    }

    /// Bytes that the device holds of each exercise, counted record by record.
    pub async fn sizes(&self) -> Result<BTreeMap<ExerciseId, u64>, Failure> {
        let sizes = async |database: &Database| {
            let transaction = reading(database, &[&OF_EXERCISES[..], &[DEVICE]].concat())?;
            let mut sizes: BTreeMap<ExerciseId, u64> = BTreeMap::new();
            for store in OF_EXERCISES.into_iter().chain([DEVICE]) {
                let store = transaction.object_store(store)?;
                let keys = store.get_all_keys::<String>().primitive()?;
                let values = store.get_all::<JsValue>().primitive()?;
                for (key, value) in keys.await?.zip(values.await?) {
                    let (key, value): (String, JsValue) = (key?, value?);
                    let bytes = value.dyn_ref::<js_sys::Uint8Array>().map_or(0, |v| v.length());
                    if let Some(id) = exercise_of(&key).or_else(|| remembered_of(&key)) {
                        *sizes.entry(id).or_default() += u64::from(bytes);
                    }
                }
            }
            Ok(sizes)
        };
        self.run(sizes).await
    }
}

impl Journal {
    /// Takes the exercise from the device, with what was not sent of it and all that is remembered
    /// of it.
    pub async fn remove(&self) -> Result<(), Failure> {
        let exercise = self.exercise.to_string();
        let remove = async |database: &Database| {
            let transaction = writing(database, &[&OF_EXERCISES[..], &[DEVICE]].concat())?;
            for store in OF_EXERCISES {
                let store = transaction.object_store(store)?;
                delete(&store, exercise.clone())?;
                delete(&store, below(&exercise))?;
            }
            let device = transaction.object_store(DEVICE)?;
            for name in device.get_all_keys::<String>().primitive()?.await? {
                let name: String = name?;
                if remembered_of(&name) == Some(self.exercise) {
                    delete(&device, name)?;
                }
            }
            transaction.commit().await
        };
        self.storage.run(remove).await
    }
}

/// The exercise in a key of [`OF_EXERCISES`].
fn exercise_of(key: &str) -> Option<ExerciseId> {
    key.split('/').next()?.parse().ok()
}

/// The exercise of which something is remembered: its name is «preview/01-2027», «undo/01-2027/7».
fn remembered_of(name: &str) -> Option<ExerciseId> {
    name.split('/').nth(1)?.parse().ok()
}
