//! Who is signed in, on this device and with the server; the device's storage; the connection.
//!
//! The device remembers who signed in, so that the application opens without a network. Only the
//! server can tell that a session ended: then people work on, and what they write waits. Each person
//! has a database of their own, closed with their key (see [`crate::keyring`]).

mod entry;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use gloo_timers::callback::Interval;
use leptos::{ev, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{api::Person, ids::ExerciseId};

pub use self::entry::Departure;
use crate::{
    channel::Channel,
    clock,
    keyring::{Key, Keyring},
    storage::{Failure, Holding, Journal, Storage},
    store::{Keeper, TabCopy, TabMemory},
    sync::{Connection, Link},
    writers::Writers,
};

/// The database of the device. That of a person has their number behind.
const DATABASE: &str = "focaliza";
const PERSON: &str = "person";
const SIGNED_OUT: &str = "signed_out";
/// When the server last knew the person, in milliseconds since 1970 on this device's clock.
const MET: &str = "met";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How often it is looked at whether that was too long ago.
const LOOK_MS: u32 = 10 * 60 * 1000;

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
    /// The person was away from the server for too long, and only reads.
    is_lapsed: RwSignal<bool>,
}

struct Inner {
    keyring: RefCell<Option<Keyring>>,
    /// The person's database, and their key.
    storage: RefCell<Option<(Rc<Storage>, Key)>>,
    /// The device's.
    device: RefCell<Option<Rc<Storage>>>,
    connection: Connection,
    writers: RefCell<Option<Rc<Writers>>>,
    /// The tabs of this person on the device.
    tabs: RefCell<Option<Channel>>,
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

/// What a tab says to the others of its person: nobody is signed in on this device any more.
#[derive(Serialize, Deserialize)]
struct SignedOut;

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
        let (keyring, storage, device, connection, writers, tabs, tab) = Default::default();
        let inner = Rc::new(Inner { keyring, storage, device, connection, writers, tabs, tab });
        let kept = Rc::clone(&inner);
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if kept.would_lose() {
                event.prevent_default();
            }
        });
        let session = Self {
            inner: StoredValue::new_local(inner),
            who: RwSignal::new(Who::Opening),
            storage: RwSignal::new(None),
            is_lapsed: RwSignal::new(false),
        };
        Interval::new(LOOK_MS, move || spawn_local(session.look_at_the_clock())).forget();
        session
    }

    /// Finds out whether the person was away from the server for too long.
    async fn look_at_the_clock(self) {
        let Some(person) = self.person() else { return };
        let now = clock::now();
        let is_met = matches!(self.connection().link_now(), Link::Online | Link::Quiet);
        if is_met {
            self.device_remembers(MET, Some(&now)).await;
        }
        let met = self.device_recalls::<i64>(MET).await.unwrap_or(now);
        let is_lapsed = !is_met && now - met > i64::from(person.offline_days) * DAY_MS;
        if self.is_lapsed.get_untracked() != is_lapsed {
            self.is_lapsed.set(is_lapsed);
        }
    }

    /// Somebody is in, or the server was met: whoever was away for too long only reads until then.
    pub fn look(self) {
        spawn_local(self.look_at_the_clock());
    }

    /// Whether the person was away from the server for too long, and only reads. Reactive.
    #[must_use]
    pub fn is_lapsed(self) -> bool {
        self.is_lapsed.get()
    }

    /// The same, not reactive.
    #[must_use]
    pub fn is_lapsed_now(self) -> bool {
        self.is_lapsed.get_untracked()
    }

    /// The keys of this device; `None` where it keeps nothing.
    #[must_use]
    pub fn keyring(self) -> Option<Keyring> {
        self.inner.get_value().keyring.borrow().clone()
    }

    /// Puts what the person keeps here behind a PIN too; `None` forgets it.
    pub async fn set_pin(self, pin: Option<&str>) -> Result<(), Failure> {
        let keyring = self.keyring().ok_or(Failure::Unavailable)?;
        let person = self.person().ok_or(Failure::Unavailable)?;
        let key = self.inner.get_value().storage.borrow().as_ref().map(|(_, key)| *key);
        match pin {
            Some(pin) => keyring.put_pin(&person, &key.ok_or(Failure::Unavailable)?, pin).await,
            None => keyring.drop_pin(person.user).await,
        }
    }

    fn is(self, person: Person) {
        let inner = self.inner.get_value();
        let is_same = self.person().is_some_and(|known| known.user == person.user);
        if !is_same {
            let writers = Writers::new(self.own_storage(), person.user);
            inner.writers.replace(Some(Rc::new(writers)));
            // What is open is stored as when a page is left, and then nothing of it is shown.
            let leave = |_: SignedOut| drop(window().location().reload());
            inner.tabs.replace(Channel::open(&format!("session/{}", person.user), leave));
        }
        let user = person.user;
        if self.who.get_untracked() != Who::Person(person.clone()) {
            self.who.set(Who::Person(person));
        }
        inner.connection.start(user);
        self.look();
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
        let journal =
            self.own_storage().map(|storage| Journal::new(storage, exercise, person.user));
        Keeper::new(journal, tab)
    }

    /// What the device holds of each exercise; nothing where it holds nothing.
    pub async fn holdings(self) -> BTreeMap<ExerciseId, Holding> {
        match self.own_storage() {
            Some(storage) => storage.holdings().await.unwrap_or_default(),
            None => Default::default(),
        }
    }

    /// Bytes that the device holds of each exercise.
    pub async fn sizes(self) -> BTreeMap<ExerciseId, u64> {
        match self.own_storage() {
            Some(storage) => storage.sizes().await.unwrap_or_default(),
            None => Default::default(),
        }
    }

    /// Takes an exercise from the device, with what was not sent of it.
    pub async fn remove(self, exercise: ExerciseId, person: &Person) -> Result<(), Failure> {
        self.inner.get_value().tab.borrow_mut().remove(&(person.user, exercise));
        match self.own_storage() {
            Some(storage) => Journal::new(storage, exercise, person.user).remove().await,
            None => Ok(()),
        }
    }

    /// What the device remembers of this person under this name.
    pub async fn recall<T: DeserializeOwned>(self, name: &str) -> Option<T> {
        recall(self.own_storage(), name).await
    }

    /// Has the device remember something of this person; `None` forgets it. Where it cannot, nothing
    /// is lost that the server does not have.
    pub async fn remember<T: Serialize>(self, name: &str, value: Option<&T>) {
        remember(self.own_storage(), name, value).await;
    }

    /// Has the device keep something that nobody else has; `None` gives it up.
    pub async fn keep<T: Serialize>(self, name: &str, value: Option<&T>) -> Result<(), Failure> {
        self.own_storage().ok_or(Failure::Unavailable)?.remember(name, value).await
    }

    /// The same for the content of a file.
    pub async fn keep_bytes(self, name: &str, bytes: Option<&[u8]>) -> Result<(), Failure> {
        self.own_storage().ok_or(Failure::Unavailable)?.remember_bytes(name, bytes).await
    }

    /// The content that [`Session::keep_bytes`] keeps.
    pub async fn kept_bytes(self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.own_storage().ok_or(Failure::Unavailable)?.recall_bytes(name).await
    }

    /// The names below this one under which something is kept, in order.
    pub async fn kept_below(self, name: &str) -> Vec<String> {
        match self.own_storage() {
            Some(storage) => storage.names_below(name).await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    fn own_storage(self) -> Option<Rc<Storage>> {
        self.inner.get_value().storage.borrow().as_ref().map(|(storage, _)| Rc::clone(storage))
    }

    fn device(self) -> Option<Rc<Storage>> {
        self.inner.get_value().device.borrow().clone()
    }

    /// The same as [`Session::recall`], whoever uses the device.
    async fn device_recalls<T: DeserializeOwned>(self, name: &str) -> Option<T> {
        recall(self.device(), name).await
    }

    /// The same as [`Session::remember`], whoever uses the device.
    async fn device_remembers<T: Serialize>(self, name: &str, value: Option<&T>) {
        remember(self.device(), name, value).await;
    }
}

async fn recall<T: DeserializeOwned>(storage: Option<Rc<Storage>>, name: &str) -> Option<T> {
    storage?.recall(name).await.ok().flatten()
}

async fn remember<T: Serialize>(storage: Option<Rc<Storage>>, name: &str, value: Option<&T>) {
    if let Some(storage) = storage
        && let Err(failure) = storage.remember(name, value).await
    {
        leptos::logging::warn!("not remembered: {name}: {failure}");
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
