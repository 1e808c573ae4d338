//! One connection for all tabs of a person on a device: the tab that holds a lock of the browser
//! has it, and the others send and get their frames through that tab, each on a lane of its own.
//!
//! Nothing depends on it. The server serves a lane as it serves a connection. Where the tab that has
//! the connection ends, the browser gives the lock to another one; where it does not answer, as one
//! that the browser froze, or where there are no locks, a tab connects by itself.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use shared::{
    limits,
    protocol::{Blob, ToServer},
};

use super::{
    Connection, Inner, Link,
    carrier::{Carrier, Event},
};
use crate::{
    channel::Channel,
    clock,
    locks::{self, Lock},
};

/// After so long without an answer a tab connects by itself.
const PATIENCE_MS: u32 = 1_000;
/// Tabs say something at least every minute, however little the browser lets them run.
const SILENCE_MS: i64 = 150_000;

/// What tabs say to each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Word {
    /// Who has the connection?
    Call { from: u64 },
    /// The tab that says it; `is_quick` where frames are no requests of their own.
    Mine { to: Option<u64>, is_quick: bool },
    /// The tab that says it is to have one, and has none now.
    Lost { to: Option<u64> },
    /// A frame for the server.
    Up { from: u64, frame: Vec<u8> },
    /// A frame of the server.
    Down { to: u64, frame: Vec<u8> },
    /// Bytes that the network has not taken yet.
    Waiting(u32),
    /// The tab ends.
    End { from: u64 },
}

/// What a tab knows of the others.
pub struct Share {
    name: String,
    /// This tab.
    tab: u64,
    channel: Option<Channel>,
    lock: RefCell<Option<Lock>>,
    /// It was asked for.
    is_asked: Cell<bool>,
    /// The others have none, or their tab did not answer: this one connects by itself, once.
    pub is_alone: Cell<bool>,
    /// The tabs that this one has the connection for.
    lanes: RefCell<BTreeMap<u64, Lane>>,
    last_lane: Cell<u32>,
}

struct Lane {
    number: u32,
    heard: i64,
}

/// Frames by way of the tab that has the connection.
pub struct Relay {
    share: Rc<Share>,
    is_open: Cell<bool>,
    is_quick: Cell<bool>,
    waiting: Cell<u32>,
    /// Runs until the other tab answers.
    patience: RefCell<Option<Timeout>>,
}

impl Share {
    pub fn new(user: i64, connection: &Rc<Inner>) -> Rc<Self> {
        let name = format!("connection/{user}");
        let connection = Rc::downgrade(connection);
        let channel = Channel::open(&name, move |word| {
            if let Some(inner) = connection.upgrade() {
                Connection(inner).hear(word);
            }
        });
        Rc::new(Self {
            name,
            tab: u64::from_le_bytes(clock::random_bytes()),
            channel,
            lock: RefCell::default(),
            is_asked: Cell::new(false),
            is_alone: Cell::new(false),
            lanes: RefCell::default(),
            last_lane: Cell::new(0),
        })
    }

    fn say(&self, word: &Word) {
        if let Some(channel) = &self.channel {
            channel.say(word);
        }
    }

    fn has_lock(&self) -> bool {
        self.lock.borrow().is_some()
    }

    /// The tab whose lane has this number.
    fn tab_of(&self, lane: u32) -> Option<u64> {
        let lanes = self.lanes.borrow();
        lanes.iter().find(|(_, known)| known.number == lane).map(|(tab, _)| *tab)
    }

    /// The connection is gone, and all lanes with it.
    pub fn lost(&self) {
        self.lanes.borrow_mut().clear();
        if self.has_lock() {
            self.say(&Word::Lost { to: None });
        }
    }

    /// A frame came for a lane.
    pub fn pass_down(&self, lane: u32, frame: Vec<u8>) {
        if let Some(to) = self.tab_of(lane) {
            self.say(&Word::Down { to, frame });
        }
    }

    /// Some seconds passed. The lanes of tabs that are gone.
    pub fn tick(&self, waiting: u32) -> Vec<u32> {
        let mut lanes = self.lanes.borrow_mut();
        if !lanes.is_empty() {
            self.say(&Word::Waiting(waiting));
        }
        let silent = |lane: &Lane| !(0..SILENCE_MS).contains(&(clock::now() - lane.heard));
        lanes.extract_if(.., |_, lane| silent(lane)).map(|(_, lane)| lane.number).collect()
    }
}

impl Relay {
    fn call(share: &Rc<Share>, tell: impl Fn(Event) + 'static) -> Self {
        share.say(&Word::Call { from: share.tab });
        let patience = Timeout::new(PATIENCE_MS, move || tell(Event::Unanswered));
        Self {
            share: Rc::clone(share),
            is_open: Cell::new(false),
            is_quick: Cell::new(true),
            waiting: Cell::new(0),
            patience: RefCell::new(Some(patience)),
        }
    }

    pub fn send(&self, frame: &[u8]) {
        self.share.say(&Word::Up { from: self.share.tab, frame: frame.to_vec() });
    }

    pub fn waiting(&self) -> u32 {
        self.waiting.get()
    }

    pub fn is_quick(&self) -> bool {
        self.is_quick.get()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if self.is_open.get() {
            self.share.say(&Word::End { from: self.share.tab });
        }
    }
}

impl Connection {
    /// Finds a carrier: the connection is this tab's, or another one's.
    pub(super) async fn find_carrier(self, share: Rc<Share>) {
        if share.channel.is_some() && !share.has_lock() {
            match locks::try_lock(&format!("focaliza/{}", share.name)).await {
                Ok(Some(lock)) => {
                    share.lock.replace(Some(lock));
                }
                Ok(None) => self.ask_for_lock(&share),
                Err(_) => share.is_alone.set(true),
            }
        }
        let is_wanted = self.link_now() == Link::Connecting
            && self.0.carrier.borrow().is_none()
            && self.share().is_some_and(|present| Rc::ptr_eq(&present, &share));
        if !is_wanted {
            return;
        }
        let is_own = share.has_lock() || share.channel.is_none();
        if share.is_alone.take() || is_own {
            return self.open_carrier();
        }
        let relay = Relay::call(&share, self.teller());
        self.0.carrier.replace(Some(Carrier::Relay(relay)));
    }

    /// Has the browser give the lock to this tab when the others have ended.
    fn ask_for_lock(&self, share: &Rc<Share>) {
        if share.is_asked.replace(true) {
            return;
        }
        let (connection, share) = (Rc::downgrade(&self.0), Rc::downgrade(share));
        let Some(name) = share.upgrade().map(|share| format!("focaliza/{}", share.name)) else {
            return;
        };
        spawn_local(async move {
            let lock = locks::lock(&name).await;
            let (Some(inner), Some(share)) = (connection.upgrade(), share.upgrade()) else {
                return;
            };
            let Ok(Some(lock)) = lock else { return };
            share.lock.replace(Some(lock));
            let connection = Self(inner);
            match connection.link_now() {
                Link::Online | Link::Quiet if connection.relay(|_| ()).is_none() => {
                    connection.tell_tabs(None);
                }
                Link::Online | Link::Quiet | Link::Connecting | Link::Waiting => {
                    connection.connect();
                }
                Link::Off | Link::Expired | Link::Outdated => {}
            }
        });
    }

    fn relay<R>(&self, read: impl FnOnce(&Relay) -> R) -> Option<R> {
        match &*self.0.carrier.borrow() {
            Some(Carrier::Relay(relay)) => Some(read(relay)),
            _ => None,
        }
    }

    /// Whether another tab has taken this one's frames.
    fn is_relayed(&self) -> bool {
        self.relay(|relay| relay.is_open.get()).unwrap_or_default()
    }

    /// Tells another tab, or all, whether this one's connection is there for them.
    pub(super) fn tell_tabs(&self, to: Option<u64>) {
        let Some(share) = self.share().filter(|share| share.has_lock()) else { return };
        match self.link_now() {
            Link::Online | Link::Quiet if self.words().lanes => {
                let is_quick = self.0.carrier.borrow().as_ref().is_some_and(Carrier::is_quick);
                share.say(&Word::Mine { to, is_quick });
            }
            Link::Connecting | Link::Waiting => share.say(&Word::Lost { to }),
            // They find out by themselves what there is to know.
            _ => {}
        }
    }

    fn hear(&self, word: Word) {
        let Some(share) = self.share() else { return };
        let is_here = |to: Option<u64>| to.is_none_or(|to| to == share.tab);
        match word {
            Word::Call { from } => self.called(&share, from),
            Word::Mine { to, is_quick } if is_here(to) => self.answered(to, is_quick),
            Word::Lost { to } if is_here(to) && self.relay(|_| ()).is_some() => self.lost(),
            Word::Up { from, frame } if share.has_lock() => self.pass_up(&share, from, frame),
            Word::Down { to, frame } if is_here(Some(to)) && self.is_relayed() => {
                self.take(Event::Frame(frame));
            }
            Word::Waiting(bytes) => {
                let before = self.relay(|relay| relay.waiting.replace(bytes));
                if before.is_some_and(|before| before > bytes) {
                    self.0.heard.set(clock::now());
                }
            }
            Word::End { from } => {
                let lane = share.lanes.borrow_mut().remove(&from);
                if let Some(Lane { number, .. }) = lane {
                    self.transmit(&ToServer::EndLane { lane: number });
                }
            }
            _ => {}
        }
    }

    /// Another tab asks for the connection: it gets a new lane.
    fn called(&self, share: &Rc<Share>, from: u64) {
        if !share.has_lock() {
            return;
        }
        let online = matches!(self.link_now(), Link::Online | Link::Quiet);
        if online && self.words().lanes {
            let mut lanes = share.lanes.borrow_mut();
            if let Some(Lane { number, .. }) = lanes.remove(&from) {
                self.transmit(&ToServer::EndLane { lane: number });
            }
            if lanes.len() + 1 >= limits::LANES {
                return;
            }
            share.last_lane.set(share.last_lane.get() + 1);
            lanes.insert(from, Lane { number: share.last_lane.get(), heard: clock::now() });
        }
        self.tell_tabs(Some(from));
    }

    fn answered(&self, to: Option<u64>, is_quick: bool) {
        let is_called = |relay: &Relay| !relay.is_open.get();
        match (to, self.link_now()) {
            (Some(_), Link::Connecting) if self.relay(is_called) == Some(true) => {
                self.relay(|relay| {
                    relay.is_open.set(true);
                    relay.is_quick.set(is_quick);
                    relay.patience.take();
                });
                self.take(Event::Opened);
            }
            // The other tab's connection is there again.
            (None, Link::Waiting) => self.connect(),
            _ => {}
        }
    }

    fn pass_up(&self, share: &Share, from: u64, frame: Vec<u8>) {
        let lane = share.lanes.borrow_mut().get_mut(&from).map(|lane| {
            lane.heard = clock::now();
            lane.number
        });
        match lane {
            Some(lane) => self.transmit(&ToServer::Lane { lane, frame: Blob(frame) }),
            None => share.say(&Word::Lost { to: Some(from) }),
        }
    }
}
