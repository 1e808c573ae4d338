//! Where a tab keeps its exercise: on the device, or in memory where the device takes nothing.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use shared::{
    ids::{ExerciseId, Peer},
    model::Exercise,
    protocol::EntryNo,
    sync::{
        journal::{Refused, Stored, Write},
        replica::{OpenError, Replica},
    },
};

use crate::{
    clock,
    lazy::next_turn,
    storage::{Damage, Failure, Journal, Loaded},
    writers::Writers,
};

/// Where the exercise is kept.
pub struct Keeper {
    /// The device's database, where it offers one.
    journal: Option<Journal>,
    tab: TabMemory,
}

/// What is kept in this tab alone; `None` while the device keeps everything. The session holds it
/// too, so that leaving the exercise's page loses nothing.
pub type TabMemory = Rc<RefCell<Option<TabCopy>>>;

/// An exercise in memory. Closing the tab loses what was not sent.
#[derive(Default)]
pub struct TabCopy {
    /// Everything that would be on the device.
    stored: Stored,
    /// What the device has not got of it.
    backlog: Vec<Write>,
}

impl TabCopy {
    /// Whether the server has not confirmed some of it.
    pub fn is_unsent(&self) -> bool {
        !self.stored.outbox.is_empty()
    }
}

/// What was opened.
pub struct Opened {
    /// The exercise.
    pub replica: Replica,
    /// What could not be read.
    pub damage: BTreeSet<Damage>,
}

impl Keeper {
    /// Keeps an exercise in this journal, or in this tab where there is none.
    pub fn new(journal: Option<Journal>, tab: TabMemory) -> Self {
        if journal.is_none() {
            tab.borrow_mut().get_or_insert_default();
        }
        Self { journal, tab }
    }

    /// Whether what it keeps outlives the tab.
    pub fn is_lasting(&self) -> bool {
        self.tab.borrow().is_none()
    }

    /// Whether the device may take again what is in this tab alone.
    pub fn awaits_device(&self) -> bool {
        self.journal.is_some() && !self.is_lasting()
    }

    /// The device's database, while that keeps everything.
    fn device(&self) -> Option<&Journal> {
        self.journal.as_ref().filter(|_| self.is_lasting())
    }

    /// Does something to the copy in memory, where there is one.
    fn in_tab<R: Default>(&self, act: impl FnOnce(&mut TabCopy) -> R) -> R {
        self.tab.borrow_mut().as_mut().map(act).unwrap_or_default()
    }

    async fn load(&self, writers: &BTreeSet<Peer>) -> Result<Loaded, Failure> {
        if let Some(journal) = self.device() {
            return journal.load(writers).await;
        }
        let stored = self.in_tab(|tab| tab.stored.clone());
        Ok(Loaded { stored, damage: BTreeSet::new() })
    }

    /// Executes writes in one transaction.
    pub async fn write(&self, writes: &[Write]) -> Result<(), Failure> {
        if let Some(journal) = self.device() {
            return journal.write(writes).await;
        }
        self.in_tab(|tab| {
            tab.stored.write(writes);
            if self.journal.is_some() {
                tab.backlog.extend_from_slice(writes);
            }
        });
        Ok(())
    }

    /// All that is kept, with what these writers did and did not send yet.
    pub async fn stored(&self, writers: &BTreeSet<Peer>) -> Result<Stored, Failure> {
        Ok(self.load(writers).await?.stored)
    }

    /// What was refused.
    pub async fn quarantine(&self) -> Result<Vec<Refused>, Failure> {
        Ok(self.load(&BTreeSet::new()).await?.stored.quarantine)
    }

    /// Forgets refused entries: they were applied anew, or given up.
    pub async fn release(&self, entries: &[(Peer, EntryNo)]) -> Result<(), Failure> {
        self.in_tab(|tab| {
            tab.stored
                .quarantine
                .retain(|refused| !entries.contains(&(refused.peer, refused.entry)));
        });
        match &self.journal {
            Some(journal) => journal.release(entries).await,
            None => Ok(()),
        }
    }

    /// Goes on in this tab alone, from what the device has: it takes nothing more.
    pub async fn leave_device(&self, writers: &BTreeSet<Peer>) -> Result<(), Failure> {
        if let Some(journal) = self.device() {
            let Loaded { stored, .. } = journal.load(writers).await?;
            self.tab.replace(Some(TabCopy { stored, backlog: Vec::new() }));
        }
        Ok(())
    }

    /// Has the device store what it has not got. Where it does, it keeps everything again.
    pub async fn return_to_device(&self, writers: &Writers) -> Result<(), Failure> {
        let journal = self.journal.as_ref().ok_or(Failure::Unavailable)?;
        writers.register().await?;
        while !self.is_lasting() {
            let backlog = self.in_tab(|tab| tab.backlog.clone());
            journal.write(&backlog).await?;
            // More may have come meanwhile.
            let is_all = self.in_tab(|tab| {
                tab.backlog.drain(..backlog.len());
                tab.backlog.is_empty()
            });
            if is_all {
                self.tab.take();
            }
        }
        Ok(())
    }

    /// What the device last showed of the exercise, to be shown until it is opened.
    pub async fn preview(
        &self,
        exercise: ExerciseId,
        writers: &Writers,
    ) -> Result<Option<Replica>, Failure> {
        let Some(journal) = self.device() else { return Ok(None) };
        let Some(bytes) = journal.preview().await? else { return Ok(None) };
        let read = || Exercise::from_preview(exercise, &bytes);
        let Some(preview) = clock::measured("preview", read) else { return Ok(None) };
        let (own, _) = writers.take().await?;
        Ok(Some(Replica::preview(preview, own)))
    }

    /// Keeps what is shown of the exercise, for [`Keeper::preview`]; in a tab alone there is no need.
    pub async fn put_preview(&self, preview: &[u8]) -> Result<(), Failure> {
        match self.device() {
            Some(journal) => journal.put_preview(preview).await,
            None => Ok(()),
        }
    }

    /// Opens what is kept, as a writer that it can be written to as. Memory is made room in when all
    /// is read and takes most of it; mostly, nothing else happens from then on.
    pub async fn open(
        &self,
        exercise: ExerciseId,
        writers: &Writers,
        make_room: impl Fn(),
    ) -> Result<Opened, Failure> {
        let mut damage = BTreeSet::new();
        // Each reason not to open goes away with the step that is taken: one for the writer, one
        // for each writer with a gap, one for the log.
        for _ in 0..16 {
            let (own, mut adopted) = writers.take().await?;
            adopted.extend(self.in_tab(|tab| tab.stored.carried.clone()));
            let all = adopted.iter().copied().chain([own]).collect();
            if !writers.is_registered() {
                self.leave_device(&all).await?;
            }
            // Also what other tabs have waiting, to be shown.
            let known = writers.all().await?.into_keys().chain(all).collect();
            let loaded = self.load(&known).await?;
            damage.extend(loaded.damage);
            // Reading took a turn already, and opening takes another.
            next_turn().await;
            make_room();
            match Replica::open(exercise, own, &adopted, loaded.stored) {
                Ok(replica) => return Ok(Opened { replica, damage }),
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use shared::sync::journal::Outgoing;

    use super::*;
    use crate::storage::{Seal, Storage};

    const USER: i64 = 1;

    #[wasm_bindgen_test]
    async fn what_only_the_tab_had_comes_to_the_device() {
        let storage =
            Storage::open(&format!("keeper-{}", clock::new_peer()), Seal::Sum).await.unwrap();
        let exercise = ExerciseId::new("01", 2027).unwrap();
        let journal = Journal::new(Rc::clone(&storage), exercise, USER);
        let keeper = Keeper::new(Some(journal.clone()), TabMemory::default());
        let writers = Writers::new(Some(Rc::clone(&storage)), USER);
        let (peer, _) = writers.take().await.unwrap();
        let put = |entry| {
            let outgoing = Outgoing { update: vec![], edits: vec![], clock: entry, generation: 0 };
            Write::PutOutbox { peer, entry, outgoing }
        };
        let on_device = async || {
            let loaded = journal.load(&[peer].into()).await.unwrap();
            loaded.stored.outbox.iter().map(|(_, entry, _)| *entry).collect::<Vec<_>>()
        };
        keeper.write(&[put(1)]).await.unwrap();
        keeper.leave_device(&[peer].into()).await.unwrap();
        assert!(!keeper.is_lasting() && keeper.awaits_device());
        keeper.write(&[put(2), Write::DropOutbox { peer, up_to: 1 }]).await.unwrap();
        keeper.write(&[put(3)]).await.unwrap();
        assert_eq!(on_device().await, [1], "the device was left alone");
        assert_eq!(keeper.load(&[peer].into()).await.unwrap().stored.outbox.len(), 2);

        keeper.return_to_device(&writers).await.unwrap();
        assert!(keeper.is_lasting());
        assert_eq!(on_device().await, [2, 3]);
    }
}
