//! Who else is in the open exercise, and telling them where this person is.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    ids::ExerciseId,
    protocol::{Place, Present, ToServer},
    sync::crowd::{Crowd, Somebody},
};

use crate::{clock, sync::Connection};

/// Where somebody is is said again after so long: who says nothing is taken to be gone.
const REPEAT_MS: i64 = 20_000;

/// The people in the exercise.
pub struct People {
    exercise: ExerciseId,
    /// The account of this person.
    me: i64,
    connection: Connection,
    crowd: RefCell<Crowd>,
    others: ArcRwSignal<Vec<Somebody>>,
    following: ArcRwSignal<Option<i64>>,
    /// Where this person is; `None` before any table was on the screen.
    place: RefCell<Option<Place>>,
    /// What the server was last told, and when.
    said: RefCell<Option<Place>>,
    said_at: Cell<i64>,
    timer: RefCell<Option<Timeout>>,
}

impl People {
    /// Nobody is known yet.
    pub(super) fn new(exercise: ExerciseId, me: i64, connection: Connection) -> Rc<Self> {
        Rc::new(Self {
            exercise,
            me,
            connection,
            crowd: RefCell::default(),
            others: ArcRwSignal::default(),
            following: ArcRwSignal::default(),
            place: RefCell::default(),
            said: RefCell::default(),
            said_at: Cell::new(0),
            timer: RefCell::default(),
        })
    }

    /// The others, by name. Reactive.
    #[must_use]
    pub fn others(&self) -> Vec<Somebody> {
        self.others.get()
    }

    /// One of the others. Reactive.
    #[must_use]
    pub fn find(&self, user: i64) -> Option<Somebody> {
        self.others.with(|others| others.iter().find(|one| one.user == user).cloned())
    }

    /// Whose moves this screen follows, while they are there. Reactive.
    #[must_use]
    pub fn following(&self) -> Option<Somebody> {
        self.find(self.following.get()?)
    }

    /// Follows somebody, or nobody any more.
    pub fn follow(&self, user: Option<i64>) {
        if self.following.get_untracked() != user {
            self.following.set(user);
        }
    }

    /// This person is here now. The others are told in a moment.
    pub fn i_am_at(self: &Rc<Self>, place: Place) {
        if self.place.borrow().as_ref() != Some(&place) {
            self.place.replace(Some(place));
            self.say_soon();
        }
    }

    /// The window came into view or went out of it.
    pub fn look(self: &Rc<Self>) {
        self.say_soon();
    }

    /// The server answers: it knows nothing of this tab yet.
    pub(super) fn connected(self: &Rc<Self>) {
        self.said.take();
        self.say_soon();
    }

    /// It does not any more: where the others are is not known.
    pub(super) fn disconnected(&self) {
        self.crowd.borrow_mut().clear();
        self.said.take();
        self.tell();
    }

    /// The server says who is there.
    pub(super) fn take(&self, came: Vec<Present>, moved: Vec<(u64, Place)>, left: &[u64]) {
        self.crowd.borrow_mut().take(came, moved, left);
        self.tell();
    }

    /// Some time passed.
    pub(super) fn tick(self: &Rc<Self>) {
        // Also where the clock was put back.
        if !(0..=REPEAT_MS).contains(&(clock::now() - self.said_at.get())) {
            self.said.take();
            self.say_soon();
        }
    }

    /// The exercise is left.
    pub(super) fn leave(&self) {
        self.timer.take();
        self.place.take();
    }

    fn tell(&self) {
        let others = self.crowd.borrow().others(self.me);
        // Who comes back is not followed again unasked.
        let followed = self.following.get_untracked();
        if followed.is_some_and(|user| others.iter().all(|one| one.user != user)) {
            self.follow(None);
        }
        if self.others.with_untracked(|known| *known != others) {
            self.others.set(others);
        }
    }

    /// Says it now, or as soon as it may be said again.
    fn say_soon(self: &Rc<Self>) {
        let Some(pause) = self.connection.presence_pause() else { return };
        if self.timer.borrow().is_some() {
            return;
        }
        let due = self.said_at.get() + i64::from(pause) - clock::now();
        match u32::try_from(due) {
            Ok(due @ 1..) => {
                let people = Rc::downgrade(self);
                let timer = Timeout::new(due.min(pause), move || {
                    if let Some(people) = people.upgrade() {
                        people.timer.take();
                        people.say();
                    }
                });
                self.timer.replace(Some(timer));
            }
            _ => self.say(),
        }
    }

    fn say(&self) {
        let is_seen = !document().hidden();
        let place = self.place.borrow().clone().filter(|_| is_seen);
        if *self.said.borrow() == place {
            return;
        }
        self.said_at.set(clock::now());
        self.said.replace(place.clone());
        self.connection.send(&ToServer::Here { exercise: self.exercise, place });
    }
}
