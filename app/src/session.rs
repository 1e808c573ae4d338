//! Who is signed in, on this device and with the server; the device's storage; the connection.
//!
//! The device remembers who signed in, so that the application opens without a network. Only the
//! server can tell that a session ended: then people work on, and what they write waits.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use leptos::{ev, prelude::*};
use shared::{
    api::{Person, SignIn},
    ids::ExerciseId,
};

use crate::{
    api::{self, Trouble},
    storage::{Failure, Holding, Journal, Storage},
    store::{Keeper, TabCopy, TabMemory},
    sync::Connection,
    writers::Writers,
};

const DATABASE: &str = "focaliza";
const PERSON: &str = "person";
const SIGNED_OUT: &str = "signed_out";

/// Who uses the application in this tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Not known yet.
    Opening,
    /// Nobody.
    Nobody,
    /// This person.
    Person(Person),
}

/// Handle of the session, found in the context by [`use_session`].
#[derive(Clone, Copy)]
pub struct Session {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    who: RwSignal<Who>,
    storage: RwSignal<Option<Result<(), Failure>>>,
}

struct Inner {
    storage: RefCell<Option<Rc<Storage>>>,
    connection: Connection,
    writers: RefCell<Option<Rc<Writers>>>,
    /// What only this tab keeps, by user and exercise.
    tab: RefCell<BTreeMap<(i64, ExerciseId), TabMemory>>,
}

impl Inner {
    /// Whether closing the tab would lose something.
    fn would_lose(&self) -> bool {
        let tab = self.tab.borrow();
        tab.values().any(|kept| kept.borrow().as_ref().is_some_and(TabCopy::is_unsent))
    }
}

/// The session of this tab.
///
/// # Panics
/// Outside of the application.
#[must_use]
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// A session about which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        let (storage, connection, writers, tab) = Default::default();
        let inner = Rc::new(Inner { storage, connection, writers, tab });
        let kept = Rc::clone(&inner);
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if kept.would_lose() {
                event.prevent_default();
            }
        });
        Self {
            inner: StoredValue::new_local(inner),
            who: RwSignal::new(Who::Opening),
            storage: RwSignal::new(None),
        }
    }

    /// Opens the device's storage and finds out who is signed in.
    pub async fn begin(self) {
        let opened = Storage::open(DATABASE).await;
        if let Err(failure) = &opened {
            leptos::logging::error!("device storage: {failure}");
        }
        self.storage.set(Some(opened.as_ref().map(|_| ()).map_err(Clone::clone)));
        self.inner.get_value().storage.replace(opened.ok());
        if self.recall::<bool>(SIGNED_OUT).await == Some(true) {
            self.who.set(Who::Nobody);
            if api::sign_out().await.is_ok() {
                self.remember(SIGNED_OUT, None::<&bool>).await;
            }
            return;
        }
        if let Some(person) = self.recall::<Person>(PERSON).await {
            self.is(person);
        }
        match api::who().await {
            Ok(person) => {
                self.remember(PERSON, Some(&person)).await;
                self.is(person);
            }
            // Somebody whom the device remembers goes on; the connection says that it ended.
            Err(_) if self.person().is_some() => {}
            Err(_) => self.who.set(Who::Nobody),
        }
    }

    /// Signs in.
    pub async fn sign_in(self, sign_in: SignIn) -> Result<(), Trouble> {
        let person = api::sign_in(&sign_in).await?;
        self.remember(SIGNED_OUT, None::<&bool>).await;
        self.remember(PERSON, Some(&person)).await;
        self.is(person);
        Ok(())
    }

    /// Signs out. Without a network the server is told the next time.
    pub async fn sign_out(self) {
        self.inner.get_value().connection.stop();
        self.inner.get_value().writers.take();
        self.remember(PERSON, None::<&Person>).await;
        self.remember(SIGNED_OUT, Some(&true)).await;
        self.who.set(Who::Nobody);
        if api::sign_out().await.is_ok() {
            self.remember(SIGNED_OUT, None::<&bool>).await;
        }
    }

    fn is(self, person: Person) {
        let inner = self.inner.get_value();
        let is_same = self.person().is_some_and(|known| known.user == person.user);
        if !is_same {
            let writers = Writers::new(inner.storage.borrow().clone(), person.user);
            inner.writers.replace(Some(Rc::new(writers)));
        }
        if self.who.get_untracked() != Who::Person(person.clone()) {
            self.who.set(Who::Person(person));
        }
        inner.connection.start();
    }

    /// Who uses the application. Reactive.
    #[must_use]
    pub fn who(self) -> Who {
        self.who.get()
    }

    /// The person who is signed in. Not reactive.
    #[must_use]
    pub fn person(self) -> Option<Person> {
        match self.who.get_untracked() {
            Who::Person(person) => Some(person),
            _ => None,
        }
    }

    /// Whether the device keeps anything, and why not; `None` before that is known. Reactive.
    #[must_use]
    pub fn storage(self) -> Option<Result<(), Failure>> {
        self.storage.get()
    }

    /// The connection of this tab.
    #[must_use]
    pub fn connection(self) -> Connection {
        self.inner.get_value().connection.clone()
    }

    /// The writers of this tab; `None` where nobody is signed in.
    #[must_use]
    pub fn writers(self) -> Option<Rc<Writers>> {
        self.inner.get_value().writers.borrow().clone()
    }

    /// Where an exercise is kept for this person.
    #[must_use]
    pub fn keeper(self, exercise: ExerciseId, person: &Person) -> Keeper {
        let inner = self.inner.get_value();
        let tab = inner.tab.borrow_mut().entry((person.user, exercise)).or_default().clone();
        let storage = inner.storage.borrow().clone();
        let journal = storage.map(|storage| Journal::new(storage, exercise, person.user));
        Keeper::new(journal, tab)
    }

    /// What the device holds of each exercise; nothing where it holds nothing.
    pub async fn holdings(self) -> BTreeMap<ExerciseId, Holding> {
        match self.device() {
            Some(storage) => storage.holdings().await.unwrap_or_default(),
            None => Default::default(),
        }
    }

    /// What the device remembers under this name.
    pub async fn recall<T: serde::de::DeserializeOwned>(self, name: &str) -> Option<T> {
        self.device()?.recall(name).await.ok().flatten()
    }

    /// Has the device remember something; `None` forgets it. Where it cannot, nothing is lost that
    /// the server does not have.
    pub async fn remember<T: serde::Serialize>(self, name: &str, value: Option<&T>) {
        if let Some(storage) = self.device()
            && let Err(failure) = storage.remember(name, value).await
        {
            leptos::logging::warn!("not remembered: {name}: {failure}");
        }
    }

    fn device(self) -> Option<Rc<Storage>> {
        self.inner.get_value().storage.borrow().clone()
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
