//! The writers that tabs of this device are.
//!
//! Two tabs must never write as the same writer, so that each holds its writer under a lock of the
//! browser for as long as it lives. What tabs that are gone left unsent is adopted: their locks
//! are free. Where the browser has no locks, every tab is a new writer. So is one that the device
//! has no room to remember: nobody will ever be that one again.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use shared::ids::Peer;
use wasm_bindgen::JsValue;

use crate::{
    clock,
    locks::{self, Lock},
    storage::{Failure, Storage, WriterState},
};

/// The writers of this tab, for one user.
pub struct Writers {
    /// `None` where the device keeps nothing.
    storage: Option<Rc<Storage>>,
    user: i64,
    own: RefCell<Option<Peer>>,
    /// Whether the device knows `own`, or keeps nothing at all.
    is_registered: Cell<bool>,
    adopted: RefCell<Vec<Peer>>,
    locks: RefCell<Vec<Lock>>,
}

impl Writers {
    /// No writers yet.
    #[must_use]
    pub fn new(storage: Option<Rc<Storage>>, user: i64) -> Self {
        let (own, is_registered, adopted, locks) = Default::default();
        Self { storage, user, own, is_registered, adopted, locks }
    }

    /// The writer that this tab is, and those whose unsent changes it sends.
    pub async fn take(&self) -> Result<(Peer, Vec<Peer>), Failure> {
        for (peer, state) in self.all().await? {
            if self.has(peer) {
                continue;
            }
            match try_lock(peer).await {
                Ok(Some(lock)) => {
                    self.locks.borrow_mut().push(lock);
                    if state != WriterState::InUse || self.own.borrow().is_some() {
                        self.adopted.borrow_mut().push(peer);
                    } else {
                        self.own.replace(Some(peer));
                        self.is_registered.set(true);
                    }
                }
                Ok(None) => {}
                Err(_) => self.adopted.borrow_mut().push(peer),
            }
        }
        let own = *self.own.borrow();
        let own = match own {
            Some(own) => own,
            None => self.begin().await?,
        };
        Ok((own, self.adopted.borrow().clone()))
    }

    /// Takes over these writers, whose entries came in a rescue file. Whether it could: not where
    /// another tab of this device is one of them, or sends what it left.
    pub async fn take_over(&self, peers: &BTreeSet<Peer>) -> bool {
        for peer in peers.iter().filter(|peer| !self.has(**peer)) {
            match try_lock(*peer).await {
                Ok(Some(lock)) => self.locks.borrow_mut().push(lock),
                Ok(None) => return false,
                // The browser has no locks.
                Err(_) => {}
            }
            self.adopted.borrow_mut().push(*peer);
        }
        true
    }

    /// Takes another writer, and adopts the one that this tab was. With `retire` no tab will be
    /// that one again.
    pub async fn change(&self, retire: bool) -> Result<(), Failure> {
        let Some(former) = self.own.take() else { return Ok(()) };
        self.adopted.borrow_mut().push(former);
        if retire && let Some(storage) = &self.storage {
            storage.put_writer(self.user, former, WriterState::Retired).await?;
        }
        self.begin().await.map(|_| ())
    }

    /// The writers that the user is or was on this device.
    pub async fn known(&self) -> Result<BTreeSet<Peer>, Failure> {
        let mut all = self.all().await?;
        all.retain(|_, state| *state != WriterState::Carried);
        Ok(all.into_keys().collect())
    }

    /// Those, and the ones of other devices whose entries came in a rescue file.
    pub async fn all(&self) -> Result<BTreeMap<Peer, WriterState>, Failure> {
        let mut all = match &self.storage {
            Some(storage) => storage.writers(self.user).await?,
            None => BTreeMap::new(),
        };
        for peer in self.adopted.borrow().iter().chain(self.own.borrow().iter()) {
            all.entry(*peer).or_insert(WriterState::InUse);
        }
        Ok(all)
    }

    async fn begin(&self) -> Result<Peer, Failure> {
        let peer = clock::new_peer();
        if let Ok(Some(lock)) = try_lock(peer).await {
            self.locks.borrow_mut().push(lock);
        }
        self.own.replace(Some(peer));
        self.is_registered.set(false);
        match self.register().await {
            // A device without room: the tab goes on without it.
            Ok(()) | Err(Failure::Refused) => Ok(peer),
            Err(failure) => {
                self.own.take();
                Err(failure)
            }
        }
    }

    /// Whether the device knows which writer this tab is, or keeps nothing at all.
    pub fn is_registered(&self) -> bool {
        self.is_registered.get()
    }

    /// Has the device know which writer this tab is.
    pub async fn register(&self) -> Result<(), Failure> {
        let own = *self.own.borrow();
        if let (Some(storage), Some(own), false) = (&self.storage, own, self.is_registered()) {
            storage.put_writer(self.user, own, WriterState::InUse).await?;
        }
        self.is_registered.set(true);
        Ok(())
    }

    fn has(&self, peer: Peer) -> bool {
        *self.own.borrow() == Some(peer) || self.adopted.borrow().contains(&peer)
    }
}

/// The lock of a writer; `None` where another tab holds it, `Err` where the browser has none.
async fn try_lock(peer: Peer) -> Result<Option<Lock>, JsValue> {
    locks::try_lock(&format!("focaliza/{peer}")).await
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::storage::Seal;

    async fn storage() -> Rc<Storage> {
        Storage::open(&format!("writers-{}", clock::new_peer()), Seal::Sum).await.unwrap()
    }

    fn tab(storage: &Rc<Storage>) -> Writers {
        Writers::new(Some(Rc::clone(storage)), 1)
    }

    #[wasm_bindgen_test]
    async fn two_tabs_are_never_one_writer() {
        let storage = storage().await;
        let (a, b) = (tab(&storage), tab(&storage));
        let (first, adopted) = a.take().await.unwrap();
        assert!(adopted.is_empty());
        let (second, adopted) = b.take().await.unwrap();
        assert_ne!(first, second);
        assert!(adopted.is_empty(), "a living tab sends its own");
        assert_eq!(a.take().await.unwrap(), (first, vec![]), "taken once");
    }

    #[wasm_bindgen_test]
    async fn a_tab_is_what_one_before_it_was_and_sends_what_others_left() {
        let storage = storage().await;
        let (a, b) = (tab(&storage), tab(&storage));
        let mut gone = [a.take().await.unwrap().0, b.take().await.unwrap().0];
        gone.sort();
        drop((a, b));
        let (own, adopted) = taken_when_free(&storage).await;
        assert_eq!((own, adopted), (gone[0], vec![gone[1]]));
    }

    /// Browsers release a lock a little after they are told to.
    async fn taken_when_free(storage: &Rc<Storage>) -> (Peer, Vec<Peer>) {
        gloo_timers::future::TimeoutFuture::new(50).await;
        tab(storage).take().await.unwrap()
    }

    #[wasm_bindgen_test]
    async fn what_came_in_a_rescue_file_is_of_one_tab() {
        let storage = storage().await;
        let (a, b) = (tab(&storage), tab(&storage));
        let own = a.take().await.unwrap().0;
        let new = clock::new_peer();
        assert!(a.take_over(&[own, new].into()).await);
        assert_eq!(a.take().await.unwrap(), (own, vec![new]));
        assert!(!b.take_over(&[new].into()).await && !b.take_over(&[own].into()).await);
        assert_eq!(b.take().await.unwrap().1, []);
    }

    #[wasm_bindgen_test]
    async fn a_retired_writer_is_adopted_and_never_taken() {
        let storage = storage().await;
        let a = tab(&storage);
        let (retired, _) = a.take().await.unwrap();
        a.change(true).await.unwrap();
        let (own, adopted) = a.take().await.unwrap();
        assert_ne!(own, retired);
        assert_eq!(adopted, [retired]);
        drop(a);
        assert_eq!(taken_when_free(&storage).await, (own, vec![retired]));
    }
}
