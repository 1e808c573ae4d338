//! The connection of this tab to the server, mostly one that the tabs of the device share, and the
//! open exercise that it serves.
//!
//! Nothing depends on it: without one, people work on, and what they write waits on the device.
//! It is never believed to be there because the browser says so, only because the server answers.

mod carrier;
mod poll;
mod share;
mod socket;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use shared::{
    ids::ExerciseId,
    protocol::{self, Code, ToClient, ToServer, Words},
    rules::RULES_VERSION,
};
use wasm_bindgen_futures::spawn_local;

use self::{
    carrier::{Carrier, Event},
    poll::Poll,
    share::Share,
    socket::Socket,
};
use crate::{api, clock};

/// How often the replica is woken.
const TICK_MS: u32 = 2_000;
/// After this long without a word nothing is said to be under way.
const QUIET_MS: i64 = 4_000;
/// After this long the server is asked whether it is there.
const ASK_MS: i64 = 15_000;
/// After this long it is not, unless it takes what is sent: half a megabyte takes longer on the
/// slowest link to design for.
const GONE_MS: i64 = 35_000;
/// Longest pause between attempts.
const LONGEST_PAUSE_MS: u32 = 60_000;
/// Sockets that break although the server answers, before requests are used in their place.
const BLOCKED_SOCKETS: u32 = 3;

/// Between two times that it is said where somebody is.
const PRESENCE_MS: u32 = 250;
/// The same where each time is a request.
const PRESENCE_BY_REQUEST_MS: u32 = 1_500;

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nobody is signed in.
    Off,
    /// An attempt is under way.
    Connecting,
    /// The server answers.
    Online,
    /// It answered, and has not been heard for some seconds: it is asked whether it is there.
    Quiet,
    /// The next attempt comes after a pause.
    Waiting,
    /// The session ended: somebody must sign in.
    Expired,
    /// The server speaks a version that this application does not know: it must be loaded again.
    Outdated,
}

/// An open exercise that the connection serves. Known by what it does, so that the first page does
/// not bring along the document.
pub trait Follower {
    /// The exercise.
    fn exercise(&self) -> ExerciseId;
    /// Whether the server has something to confirm.
    fn awaits_answer(&self) -> bool;
    /// The server answers.
    fn connected(self: Rc<Self>);
    /// It does not any more.
    fn disconnected(self: Rc<Self>);
    /// The server said something about this exercise.
    fn receive(self: Rc<Self>, message: ToClient);
    /// Some seconds passed.
    fn tick(self: Rc<Self>);
    /// Nobody looks at the tab any more.
    fn hidden(self: Rc<Self>);
}

/// The connection of this tab.
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    /// Whom it must be the session of.
    user: Cell<i64>,
    link: ArcRwSignal<Link>,
    carrier: RefCell<Option<Carrier>>,
    /// What the other tabs have to do with it.
    share: RefCell<Option<Rc<Share>>>,
    follower: RefCell<Option<Weak<dyn Follower>>>,
    retry: RefCell<Option<Timeout>>,
    failures: Cell<u32>,
    blocked: Cell<u32>,
    /// When the server was last heard or took something, or the attempt under way began.
    heard: Cell<i64>,
    /// Bytes that waited to be taken at the last tick.
    waiting: Cell<u32>,
    /// What the server understands.
    words: Cell<Words>,
}

impl Connection {
    /// A connection that is off.
    #[must_use]
    pub fn new() -> Self {
        let connection = Self(Rc::new(Inner {
            user: Cell::new(0),
            link: ArcRwSignal::new(Link::Off),
            carrier: RefCell::default(),
            share: RefCell::default(),
            follower: RefCell::default(),
            retry: RefCell::default(),
            failures: Cell::new(0),
            blocked: Cell::new(0),
            heard: Cell::new(0),
            waiting: Cell::new(0),
            words: Cell::default(),
        }));
        let ticking = connection.clone();
        Interval::new(TICK_MS, move || ticking.tick()).forget();
        let returning = connection.clone();
        let _ = window_event_listener(leptos::ev::online, move |_| returning.now());
        let hidden = connection.clone();
        let change = leptos::ev::Custom::<web_sys::Event>::new("visibilitychange");
        let _ = window_event_listener(change, move |_| {
            if document().hidden()
                && let Some(open) = hidden.follower()
            {
                open.hidden();
            }
        });
        let leaving = connection.clone();
        let _ = window_event_listener(leptos::ev::pagehide, move |_| leaving.end());
        let back = connection.clone();
        let _ = window_event_listener(leptos::ev::pageshow, move |_| back.now());
        let looking = connection.clone();
        let _ = window_event_listener(leptos::ev::focus, move |_| looking.now());
        connection
    }

    /// How it is. Reactive.
    #[must_use]
    pub fn link(&self) -> Link {
        self.0.link.get()
    }

    /// How it is. Not reactive.
    #[must_use]
    pub fn link_now(&self) -> Link {
        self.0.link.get_untracked()
    }

    /// Somebody is signed in: connects, and keeps connecting.
    pub fn start(&self, user: i64) {
        if self.0.user.replace(user) != user || self.0.share.borrow().is_none() {
            self.0.share.replace(Some(Share::new(user, &self.0)));
        }
        if self.0.link.get_untracked() != Link::Connecting && !self.is_online() {
            self.0.failures.set(0);
            self.connect();
        }
    }

    /// Nobody is signed in any more.
    pub fn stop(&self) {
        self.set(Link::Off);
        self.drop_carrier();
        self.0.retry.take();
        self.0.share.take();
    }

    /// The page is left, perhaps to be shown again as it is: it serves no other tab any more.
    fn end(&self) {
        if !matches!(self.0.link.get_untracked(), Link::Off | Link::Expired | Link::Outdated) {
            self.drop_carrier();
            self.set(Link::Waiting);
        }
    }

    /// Tries at once, where it waits; where it does not, finds out whether the server answers.
    pub fn now(&self) {
        match self.0.link.get_untracked() {
            Link::Waiting | Link::Expired => self.connect(),
            Link::Online | Link::Quiet => self.transmit(&ToServer::Ping),
            Link::Off | Link::Connecting | Link::Outdated => {}
        }
    }

    /// Serves this exercise, and no other any more.
    pub fn follow(&self, open: Rc<dyn Follower>) {
        self.0.follower.replace(Some(Rc::downgrade(&open)));
        if self.is_online() {
            open.connected();
        }
    }

    /// Serves this exercise no longer.
    pub fn leave(&self, open: &Rc<dyn Follower>) {
        if self.follower().is_some_and(|follower| Rc::ptr_eq(&follower, open)) {
            self.0.follower.take();
            self.send(&ToServer::Close { exercise: open.exercise() });
        }
    }

    /// Sends a message, where the server answers. Whatever is lost the replica sends again; what an
    /// older server would not understand waits for a newer one.
    pub fn send(&self, message: &ToServer) {
        let is_understood = !matches!(message, ToServer::Carry { .. }) || self.words().carry;
        if self.is_online() && is_understood {
            self.transmit(message);
        }
    }

    /// What the server understands, as far as it has said.
    pub fn words(&self) -> Words {
        self.0.words.get()
    }

    fn follower(&self) -> Option<Rc<dyn Follower>> {
        self.0.follower.borrow().as_ref()?.upgrade()
    }

    /// Milliseconds that must pass before it is said again where somebody is; `None` where the
    /// server would not understand. Each time is a request of its own where there is no socket.
    pub fn presence_pause(&self) -> Option<u32> {
        if !self.is_online() || !self.words().presence {
            return None;
        }
        let is_quick = self.0.carrier.borrow().as_ref().is_some_and(Carrier::is_quick);
        Some(if is_quick { PRESENCE_MS } else { PRESENCE_BY_REQUEST_MS })
    }

    fn is_online(&self) -> bool {
        matches!(self.0.link.get_untracked(), Link::Online | Link::Quiet)
    }

    fn set(&self, link: Link) {
        if self.0.link.get_untracked() != link {
            self.0.link.set(link);
        }
    }

    fn connect(&self) {
        self.0.retry.take();
        self.drop_carrier();
        self.set(Link::Connecting);
        self.0.heard.set(clock::now());
        match self.share() {
            Some(share) => spawn_local(self.clone().find_carrier(share)),
            None => self.open_carrier(),
        }
    }

    fn share(&self) -> Option<Rc<Share>> {
        self.0.share.borrow().clone()
    }

    fn teller(&self) -> impl Fn(Event) + Clone + use<> {
        let connection = Rc::downgrade(&self.0);
        move |event| {
            if let Some(inner) = connection.upgrade() {
                Self(inner).take(event);
            }
        }
    }

    /// Connects by itself.
    fn open_carrier(&self) {
        let tell = self.teller();
        let carrier = if self.0.blocked.get() >= BLOCKED_SOCKETS {
            Some(Carrier::Poll(Poll::open(self.0.user.get(), tell)))
        } else {
            Socket::open(self.0.user.get(), tell).map(Carrier::Socket)
        };
        match carrier {
            Some(carrier) => {
                self.0.carrier.replace(Some(carrier));
            }
            None => self.lost(),
        }
    }

    fn take(&self, event: Event) {
        self.0.heard.set(clock::now());
        if self.0.link.get_untracked() == Link::Quiet {
            self.set(Link::Online);
        }
        match event {
            Event::Opened => {
                let build = protocol::introduction(env!("CARGO_PKG_VERSION"));
                self.transmit(&ToServer::Hello { rules: RULES_VERSION, build });
            }
            Event::Heard => {}
            Event::Frame(frame) => match protocol::decode(&frame) {
                Ok(message) => self.receive(message),
                Err(Code::UnknownVersion) => {
                    self.drop_carrier();
                    self.set(Link::Outdated);
                }
                Err(code) => {
                    leptos::logging::error!("frame not understood: {code:?}");
                    self.lost();
                }
            },
            Event::Closed => self.lost(),
            Event::Unanswered => {
                if let Some(share) = self.share() {
                    share.is_alone.set(true);
                }
                self.connect();
            }
        }
    }

    fn receive(&self, message: ToClient) {
        let follower = self.follower();
        match message {
            ToClient::Welcome { build, .. } => {
                self.0.words.set(Words::of(&build));
                self.0.failures.set(0);
                if matches!(&*self.0.carrier.borrow(), Some(Carrier::Socket(_))) {
                    self.0.blocked.set(0);
                }
                self.set(Link::Online);
                self.tell_tabs(None);
                if let Some(open) = follower {
                    open.connected();
                }
            }
            ToClient::Lane { lane, frame } => {
                if let Some(share) = self.share() {
                    share.pass_down(lane, frame.0);
                }
            }
            ToClient::Failed { exercise: None, code: Code::Unauthenticated } => self.expired(),
            ToClient::Failed { exercise: None, code } => {
                leptos::logging::warn!("the server closes the connection: {code:?}");
            }
            message => {
                if let Some(open) = follower.filter(|open| concerns(&message, open.exercise())) {
                    open.receive(message);
                }
            }
        }
    }

    fn lost(&self) {
        let was_online = self.is_online();
        let is_relayed = matches!(&*self.0.carrier.borrow(), Some(Carrier::Relay(_)));
        self.drop_carrier();
        self.set(Link::Waiting);
        let failures = self.0.failures.get();
        self.0.failures.set(failures + 1);
        let pause = clock::scattered((500 << failures.min(7)).min(LONGEST_PAUSE_MS));
        let connection = self.clone();
        self.0.retry.replace(Some(Timeout::new(pause, move || connection.connect())));
        if !was_online {
            let connection = self.clone();
            spawn_local(async move { connection.ask_why(is_relayed).await });
        }
    }

    /// A socket does not say why it broke; a plain request does.
    async fn ask_why(&self, is_relayed: bool) {
        match api::who().await {
            // The browser holds the session of somebody else, who was or is on this device.
            Ok(person) if person.user != self.0.user.get() => self.expired(),
            Ok(_) if is_relayed => {}
            Ok(_) => self.0.blocked.set(self.0.blocked.get() + 1),
            Err(trouble) if trouble.is_unauthenticated() => self.expired(),
            Err(_) => {}
        }
    }

    fn expired(&self) {
        if self.0.link.get_untracked() != Link::Off {
            self.drop_carrier();
            self.0.retry.take();
            self.set(Link::Expired);
        }
    }

    fn drop_carrier(&self) {
        let Some(carrier) = self.0.carrier.take() else { return };
        if let Some(share) = self.share()
            && !matches!(carrier, Carrier::Relay(_))
        {
            share.lost();
        }
        if let Some(open) = self.follower() {
            open.disconnected();
        }
    }

    fn transmit(&self, message: &ToServer) {
        let frame = protocol::encode(message);
        if let Some(carrier) = &*self.0.carrier.borrow() {
            carrier.send(&frame);
        }
    }

    fn tick(&self) {
        let waiting = self.0.carrier.borrow().as_ref().map_or(0, Carrier::waiting);
        if let Some(share) = self.share() {
            for lane in share.tick(waiting) {
                self.transmit(&ToServer::EndLane { lane });
            }
        }
        // A clock that was put back would make the silence end in a year.
        let is_put_back = clock::now() < self.0.heard.get();
        if self.0.waiting.replace(waiting) > waiting || is_put_back {
            self.0.heard.set(clock::now());
        }
        let silence = clock::now() - self.0.heard.get();
        let follower = self.follower();
        let is_awaited = follower.as_ref().is_some_and(|open| open.awaits_answer());
        match self.0.link.get_untracked() {
            Link::Online | Link::Quiet if silence > GONE_MS => self.lost(),
            Link::Connecting if silence > ASK_MS => self.lost(),
            Link::Online if is_awaited && silence > QUIET_MS => {
                self.set(Link::Quiet);
                self.transmit(&ToServer::Ping);
            }
            Link::Online | Link::Quiet if silence > ASK_MS => self.transmit(&ToServer::Ping),
            _ => {}
        }
        if let Some(open) = follower {
            open.tick();
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

fn concerns(message: &ToClient, open: ExerciseId) -> bool {
    match message {
        ToClient::Opened { exercise, .. }
        | ToClient::Piece { exercise, .. }
        | ToClient::PackedPiece { exercise, .. }
        | ToClient::Updates { exercise, .. }
        | ToClient::Writers { exercise, .. }
        | ToClient::Refused { exercise, .. }
        | ToClient::People { exercise, .. }
        | ToClient::Failed { exercise: Some(exercise), .. } => *exercise == open,
        ToClient::Failed { exercise: None, .. }
        | ToClient::Welcome { .. }
        | ToClient::Pong
        | ToClient::Lane { .. } => false,
    }
}
