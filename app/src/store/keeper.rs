//! Where a tab keeps its exercise: on the device, or in memory where the device offers nothing.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use shared::{
    edit::Edit,
    ids::{ExerciseId, Peer},
    protocol::EntryNo,
    sync::{
        journal::{Outgoing, Refused, Stored, Write},
        replica::{OpenError, Replica},
    },
};

use crate::{
    storage::{Damage, Failure, Journal, Loaded},
    writers::Writers,
};

/// Where the exercise is kept.
pub enum Keeper {
    /// In the device's database.
    Device(Journal),
    /// In this tab only: closing it loses what was not sent.
    Tab(RefCell<Stored>),
}

/// What was opened.
pub struct Opened {
    /// The exercise.
    pub replica: Replica,
    /// What could not be read.
    pub damage: BTreeSet<Damage>,
    /// What waits to be sent.
    pub unsent: Unsent,
}

/// What people did and the server has not confirmed, by writer and number.
pub type Unsent = BTreeMap<(Peer, EntryNo), Vec<Edit>>;

impl Keeper {
    /// Whether what it keeps outlives the tab.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Device(_))
    }

    async fn load(&self, writers: &BTreeSet<Peer>) -> Result<Loaded, Failure> {
        match self {
            Self::Device(journal) => journal.load(writers).await,
            Self::Tab(stored) => {
                let stored = stored.borrow().clone();
                Ok(Loaded { stored, damage: BTreeSet::new() })
            }
        }
    }

    /// Executes writes in one transaction.
    pub async fn write(&self, writes: &[Write]) -> Result<(), Failure> {
        match self {
            Self::Device(journal) => journal.write(writes).await,
            Self::Tab(stored) => {
                stored.borrow_mut().write(writes);
                Ok(())
            }
        }
    }

    /// What was refused.
    pub async fn quarantine(&self) -> Result<Vec<Refused>, Failure> {
        Ok(self.load(&BTreeSet::new()).await?.stored.quarantine)
    }

    /// Forgets refused entries: they were applied anew, or given up.
    pub async fn release(&self, entries: &[(Peer, EntryNo)]) -> Result<(), Failure> {
        match self {
            Self::Device(journal) => journal.release(entries).await,
            Self::Tab(stored) => {
                let mut stored = stored.borrow_mut();
                stored
                    .quarantine
                    .retain(|refused| !entries.contains(&(refused.peer, refused.entry)));
                Ok(())
            }
        }
    }

    /// Opens what is kept, as a writer that it can be written to as.
    pub async fn open(&self, exercise: ExerciseId, writers: &Writers) -> Result<Opened, Failure> {
        let mut damage = BTreeSet::new();
        // Each reason not to open goes away with the step that is taken: one for the writer, one
        // for each writer with a gap, one for the log.
        for _ in 0..16 {
            let (own, adopted) = writers.take().await?;
            let all = adopted.iter().copied().chain([own]).collect();
            let loaded = self.load(&all).await?;
            damage.extend(loaded.damage);
            let unsent = |(peer, entry, outgoing): &(Peer, EntryNo, Outgoing)| {
                ((*peer, *entry), outgoing.edits.clone())
            };
            let unsent = loaded.stored.outbox.iter().map(unsent).collect();
            match Replica::open(exercise, own, &adopted, loaded.stored) {
                Ok(replica) => return Ok(Opened { replica, damage, unsent }),
                Err(OpenError::WriterIsBehind) => writers.change(false).await?,
                Err(OpenError::Damaged(writes)) => {
                    damage.insert(Damage::Copy);
                    self.write(&writes).await?;
                }
            }
        }
        Err(Failure::Other("what is stored cannot be opened".into()))
    }
}
