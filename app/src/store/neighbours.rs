//! The other tabs of the device that have the same exercise open: each tells what it stored, and
//! shows what the others stored, with or without the server.

use std::{
    cell::{OnceCell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use shared::{
    ids::ExerciseId,
    sync::replica::{News, Step},
};

use super::Open;
use crate::channel::Channel;

/// News that wait while the exercise is being opened; more are in the store by then.
const MOST: usize = 1_000;

/// What this tab says to the others and hears from them.
pub struct Neighbours {
    channel: Option<Channel>,
    heard: Rc<Heard>,
}

#[derive(Default)]
struct Heard {
    news: RefCell<VecDeque<News>>,
    open: OnceCell<Weak<Open>>,
}

impl Neighbours {
    /// Hears what the others say from now on: to be called before the exercise is read, so that
    /// nothing is missed.
    pub fn listen(user: i64, exercise: ExerciseId) -> Self {
        let heard = Rc::new(Heard::default());
        let hearing = Rc::clone(&heard);
        let channel = Channel::open(&format!("exercise/{user}/{exercise}"), move |news| {
            if hearing.news.borrow().len() < MOST {
                hearing.news.borrow_mut().push_back(news);
            }
            if let Some(open) = hearing.open.get().and_then(Weak::upgrade) {
                open.hear();
            }
        });
        Self { channel, heard }
    }

    /// Tells this exercise what was heard.
    pub fn tell(&self, open: &Rc<Open>) {
        // Told once: an exercise is opened once.
        let _ = self.heard.open.set(Rc::downgrade(open));
    }

    /// Tells the others what was stored.
    pub fn say(&self, news: &News) {
        if let Some(channel) = &self.channel {
            channel.say(news);
        }
    }
}

impl Open {
    /// Shows what other tabs told. While the exercise is being opened it waits.
    pub(super) fn hear(self: &Rc<Self>) {
        if self.is_closed.get() {
            return;
        }
        while !self.is_reopening.get() {
            let Some(news) = self.neighbours.heard.news.borrow_mut().pop_front() else { return };
            let is_carried = |peer| news.carried.contains(&peer);
            let writers = news.entries.iter().map(|(peer, ..)| *peer);
            self.own.borrow_mut().extend(writers.filter(|peer| !is_carried(*peer)));
            let mut touched = Default::default();
            self.advance(|replica| {
                let mut step: Step = replica.hear(news);
                touched = std::mem::take(&mut step.touched);
                step
            });
            self.tell_with_the_next_frame(touched);
        }
    }
}
