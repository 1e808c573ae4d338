//! The journal of one exercise: what [`shared::sync::journal`] asks to store, and gives back.

use std::{collections::BTreeSet, rc::Rc};

use indexed_db_futures::{
    BuildPrimitive as _, KeyRange, database::Database, error::Error, transaction::Transaction,
};
use serde::{Deserialize, Serialize};
use shared::{
    ids::{ExerciseId, Peer},
    protocol::{Code, EntryNo, Seq},
    sync::journal::{Cursor, LastEntry, Outgoing, Refused, Stored, Write},
};

use super::{
    BASES, CURSORS, DAMAGED, Failure, Found, LAST_ENTRIES, LOG, NAMES, OUTBOX, QUARANTINE, Storage,
    WRITERS, below, delete, device::WriterState, reading, writing,
};
use crate::clock;

const ALL: [&str; 9] =
    [BASES, LOG, CURSORS, OUTBOX, LAST_ENTRIES, NAMES, QUARANTINE, WRITERS, DAMAGED];

/// The stored side of one exercise, for one user.
#[derive(Clone)]
pub struct Journal {
    pub(super) storage: Rc<Storage>,
    pub(super) exercise: ExerciseId,
    user: i64,
}

/// What was found on the device.
#[derive(Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Everything that was readable.
    pub stored: Stored,
    /// What was not.
    pub damage: BTreeSet<Damage>,
}

/// A part that could not be read. It was set aside as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Of what the server has too: it is fetched anew.
    Copy,
    /// Of what was not sent yet.
    Unsent,
    /// Of what had been refused.
    Quarantined,
}

impl Journal {
    /// The journal of an exercise. What is refused there retires its writer for this user.
    pub fn new(storage: Rc<Storage>, exercise: ExerciseId, user: i64) -> Self {
        Self { storage, exercise, user }
    }

    /// Loads what is stored; of the outbox, what these writers wrote. Records that are damaged are
    /// set aside, so that loading again does not find them.
    pub async fn load(&self, writers: &BTreeSet<Peer>) -> Result<Loaded, Failure> {
        let load = async |database: &Database| self.read(database, writers).await;
        let (loaded, damaged) = self.storage.run(load).await?;
        if !damaged.is_empty() {
            let aside = async |database: &Database| set_aside(database, &damaged).await;
            match self.storage.run(aside).await {
                // Found again the next time; nothing of it is lost.
                Err(Failure::Refused) => leptos::logging::warn!("no room to set records aside"),
                result => result?,
            }
        }
        Ok(loaded)
    }

    async fn read(
        &self,
        database: &Database,
        writers: &BTreeSet<Peer>,
    ) -> Result<(Loaded, Vec<(&'static str, Found)>), Error> {
        let exercise = self.exercise.to_string();
        let transaction = reading(database, &ALL)?;
        let one = async |name| self.storage.find(&transaction.object_store(name)?, &exercise).await;
        let all = async |name| {
            self.storage.find_all(&transaction.object_store(name)?, below(&exercise)).await
        };
        let (base, cursor) = (one(BASES).await?, one(CURSORS).await?);
        let (log, names) = (all(LOG).await?, all(NAMES).await?);
        let (mut outbox, mut last_entries) = (all(OUTBOX).await?, all(LAST_ENTRIES).await?);
        let quarantine = all(QUARANTINE).await?;
        let (mut carried, known) = (BTreeSet::new(), transaction.object_store(WRITERS)?);
        for peer in writers {
            let state = self.storage.find_writer(&known, self.user, *peer).await?;
            if state == Some(WriterState::Carried) {
                carried.insert(*peer);
            }
        }
        for found in [&mut outbox, &mut last_entries] {
            found.retain(|found| peer_of(&found.key).is_some_and(|peer| writers.contains(&peer)));
        }

        let mut reading = Reading { damage: BTreeSet::new(), damaged: Vec::new() };
        let stored = Stored {
            base: reading.all(BASES, base, read_base).pop(),
            log: reading.all(LOG, log, |found| Some((found.number()?, found.bytes()?))),
            cursor: reading.all(CURSORS, cursor, decode).pop().unwrap_or_default(),
            outbox: reading.all(OUTBOX, outbox, read_outgoing),
            last_entries: reading.all(LAST_ENTRIES, last_entries, decode),
            carried,
            writers: reading.all(NAMES, names, decode),
            quarantine: reading.all(QUARANTINE, quarantine, decode),
        };
        Ok((Loaded { stored, damage: reading.damage }, reading.damaged))
    }

    /// Executes writes in one transaction, as [`Stored::write`] says.
    pub async fn write(&self, writes: &[Write]) -> Result<(), Failure> {
        let write = async |database: &Database| {
            let transaction = writing(database, &ALL)?;
            for write in writes {
                self.write_one(&transaction, write).await?;
            }
            transaction.commit().await
        };
        self.storage.run(write).await
    }

    async fn write_one(&self, transaction: &Transaction<'_>, write: &Write) -> Result<(), Error> {
        let exercise = self.exercise.to_string();
        let store = |name| transaction.object_store(name);
        match write {
            Write::PutOutbox { peer, entry, outgoing } => {
                self.storage.put(
                    &store(OUTBOX)?,
                    &self.entry_key(*peer, *entry),
                    &encode(outgoing),
                )?;
                let last = LastEntry { peer: *peer, entry: *entry, clock: outgoing.clock };
                self.storage.put(&store(LAST_ENTRIES)?, &self.peer_key(*peer), &encode(&last))
            }
            Write::Carry { peer, entry, outgoing } => {
                self.storage.put(
                    &store(OUTBOX)?,
                    &self.entry_key(*peer, *entry),
                    &encode(outgoing),
                )?;
                let writers = store(WRITERS)?;
                if self.storage.find_writer(&writers, self.user, *peer).await?.is_none() {
                    self.storage.write_writer(&writers, self.user, *peer, WriterState::Carried)?;
                }
                Ok(())
            }
            Write::DropOutbox { peer, up_to } => {
                let (from, to) = (self.entry_key(*peer, 0), self.entry_key(*peer, *up_to));
                delete(&store(OUTBOX)?, KeyRange::Bound(from, false, to, false))
            }
            Write::PutLog { seq, update } => {
                if self.stored_base(transaction).await?.is_none_or(|base| base < *seq) {
                    self.storage.put(&store(LOG)?, &self.log_key(*seq), update)?;
                }
                Ok(())
            }
            Write::PutCursor(cursor) => {
                if ![0, cursor.epoch].contains(&self.stored_epoch(transaction).await?) {
                    self.drop_log(transaction)?;
                }
                self.storage.put(&store(CURSORS)?, &exercise, &encode(cursor))
            }
            Write::PutBase { epoch, seq, document } => {
                let is_newer = self.stored_base(transaction).await?.is_none_or(|base| base < *seq);
                if is_newer && self.stored_epoch(transaction).await? == *epoch {
                    let mut bytes = seq.to_le_bytes().to_vec();
                    bytes.extend_from_slice(document);
                    self.storage.put(&store(BASES)?, &exercise, &bytes)?;
                    self.storage.put(&store(BASES)?, &base_place(&exercise), &seq.to_le_bytes())?;
                    let (from, to) = (self.log_key(0), self.log_key(*seq));
                    delete(&store(LOG)?, KeyRange::Bound(from, false, to, false))?;
                }
                Ok(())
            }
            Write::PutWriters(writers) => {
                for writer in writers {
                    self.storage.put(
                        &store(NAMES)?,
                        &self.peer_key(writer.peer),
                        &encode(writer),
                    )?;
                }
                Ok(())
            }
            Write::Quarantine { peer, from, code } => {
                self.quarantine(transaction, *peer, *from, *code).await
            }
            Write::PutRefused(refused) => {
                let key = self.entry_key(refused.peer, refused.entry);
                self.storage.put(&store(QUARANTINE)?, &key, &encode(refused))
            }
            Write::DropLog => self.drop_log(transaction),
        }
    }

    fn drop_log(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        let exercise = self.exercise.to_string();
        let store = |name| transaction.object_store(name);
        delete(&store(BASES)?, exercise.clone())?;
        delete(&store(BASES)?, base_place(&exercise))?;
        delete(&store(CURSORS)?, exercise.clone())?;
        delete(&store(LOG)?, below(&exercise))
    }

    /// The place up to which the stored base goes. Asked for with each entry of the log, so that it
    /// is kept beside the base, which may be megabytes.
    async fn stored_base(&self, transaction: &Transaction<'_>) -> Result<Option<Seq>, Error> {
        let place = base_place(&self.exercise.to_string());
        let found = self.storage.find(&transaction.object_store(BASES)?, &place).await?;
        Ok(found.and_then(|found| Some(Seq::from_le_bytes(*found.bytes()?.first_chunk()?))))
    }

    /// The log that the stored cursor belongs to; zero where it belongs to none.
    async fn stored_epoch(&self, transaction: &Transaction<'_>) -> Result<u64, Error> {
        let exercise = self.exercise.to_string();
        let stored = self.storage.find(&transaction.object_store(CURSORS)?, &exercise).await?;
        Ok(stored.and_then(|found| decode::<Cursor>(&found)).map_or(0, |cursor| cursor.epoch))
    }

    async fn quarantine(
        &self,
        transaction: &Transaction<'_>,
        peer: Peer,
        from: EntryNo,
        code: Code,
    ) -> Result<(), Error> {
        let store = |name| transaction.object_store(name);
        let end = format!("{}0", self.peer_key(peer));
        let range = KeyRange::Bound(self.entry_key(peer, from), false, end, true);
        for found in self.storage.find_all(&store(OUTBOX)?, range).await? {
            // A damaged one stays, for the next load to set it aside.
            if let Some((_, entry, outgoing)) = read_outgoing(&found) {
                let refused = Refused { peer, entry, code, edits: outgoing.edits };
                self.storage.put(&store(QUARANTINE)?, &found.key, &encode(&refused))?;
                delete(&store(OUTBOX)?, found.key)?;
            }
        }
        delete(&store(LAST_ENTRIES)?, self.peer_key(peer))?;
        let writers = store(WRITERS)?;
        if self.storage.find_writer(&writers, self.user, peer).await? != Some(WriterState::Carried)
        {
            self.storage.write_writer(&writers, self.user, peer, WriterState::Retired)?;
        }
        Ok(())
    }

    /// Takes entries out of the quarantine: they were applied anew, or given up.
    pub async fn release(&self, entries: &[(Peer, EntryNo)]) -> Result<(), Failure> {
        let release = async |database: &Database| {
            let transaction = writing(database, &[QUARANTINE])?;
            let quarantine = transaction.object_store(QUARANTINE)?;
            for (peer, entry) in entries {
                delete(&quarantine, self.entry_key(*peer, *entry))?;
            }
            transaction.commit().await
        };
        self.storage.run(release).await
    }

    /// What was last kept by [`Journal::put_preview`]; `None` where that is damaged.
    pub async fn preview(&self) -> Result<Option<Vec<u8>>, Failure> {
        self.storage.recall_bytes(&self.preview_name()).await
    }

    /// Keeps what is shown of the exercise, in the place of what was kept before.
    pub async fn put_preview(&self, preview: &[u8]) -> Result<(), Failure> {
        self.storage.remember_bytes(&self.preview_name(), Some(preview)).await
    }

    fn preview_name(&self) -> String {
        format!("preview/{}", self.exercise)
    }

    fn log_key(&self, seq: Seq) -> String {
        format!("{}/{seq:016}", self.exercise)
    }

    fn peer_key(&self, peer: Peer) -> String {
        format!("{}/{:015}", self.exercise, peer.number())
    }

    fn entry_key(&self, peer: Peer, entry: EntryNo) -> String {
        format!("{}/{entry:010}", self.peer_key(peer))
    }
}

/// Sorts what was found into what can be trusted and what cannot.
struct Reading {
    damage: BTreeSet<Damage>,
    damaged: Vec<(&'static str, Found)>,
}

impl Reading {
    fn all<T>(
        &mut self,
        store: &'static str,
        found: impl IntoIterator<Item = Found>,
        read: impl Fn(&Found) -> Option<T>,
    ) -> Vec<T> {
        let mut read_all = Vec::new();
        for found in found {
            match read(&found) {
                Some(value) => read_all.push(value),
                None => {
                    self.damage.insert(match store {
                        OUTBOX | LAST_ENTRIES => Damage::Unsent,
                        QUARANTINE => Damage::Quarantined,
                        _ => Damage::Copy,
                    });
                    self.damaged.push((store, found));
                }
            }
        }
        read_all
    }
}

async fn set_aside(database: &Database, damaged: &[(&str, Found)]) -> Result<(), Error> {
    let transaction = writing(database, &ALL)?;
    let aside = transaction.object_store(DAMAGED)?;
    for (store, found) in damaged {
        leptos::logging::warn!("damaged record: {store}/{}", found.key);
        let key = format!("{store}/{}#{}", found.key, clock::now());
        aside.put(found.value.clone()).with_key(key).primitive()?;
        delete(&transaction.object_store(store)?, found.key.clone())?;
        if *store == BASES {
            // Otherwise what replaces the base would not be newer than it.
            delete(&transaction.object_store(store)?, base_place(&found.key))?;
        }
    }
    transaction.commit().await
}

/// The key of how far a base goes, from the key of the base.
fn base_place(base: &str) -> String {
    format!("{base}/place")
}

fn read_base(found: &Found) -> Option<(Seq, Vec<u8>)> {
    let mut bytes = found.bytes()?;
    let seq = Seq::from_le_bytes(*bytes.first_chunk()?);
    bytes.drain(..size_of::<Seq>());
    Some((seq, bytes))
}

fn read_outgoing(found: &Found) -> Option<(Peer, EntryNo, Outgoing)> {
    Some((peer_of(&found.key)?, found.number()?.try_into().ok()?, decode(found)?))
}

/// The writer in a key of outbox, quarantine or last entries.
fn peer_of(key: &str) -> Option<Peer> {
    Peer::new(key.split('/').nth(1)?.parse().ok()?).ok()
}

fn encode(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("writing plain data into memory does not fail")
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(found: &Found) -> Option<T> {
    postcard::from_bytes(&found.bytes()?).ok()
}
