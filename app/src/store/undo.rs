//! Taking back what this person did on this device, and doing it again; also after a reload.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    edit::Edit,
    key::Key,
    undo::{History, Step},
};
use wasm_bindgen_futures::spawn_local;

use super::{Open, Rejection, Store};
use crate::clock;

/// What was done is kept when typing pauses, and so long after at the latest.
const LONGEST_MS: i64 = 2_000;

/// The two ways through what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Taking it back.
    Back,
    /// Doing it again.
    Again,
}

/// What came of taking something back, or of doing it again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What was written.
    pub keys: Vec<Key>,
    /// What others changed since, and stays.
    pub kept: Vec<Key>,
    /// Their names.
    pub others: BTreeSet<String>,
}

/// What was done on this device.
#[derive(Default)]
pub(super) struct Undo {
    history: RefCell<History>,
    /// Whether there is something to take back, and something to do again.
    offered: ArcRwSignal<(bool, bool)>,
    saving: RefCell<Option<Timeout>>,
    /// How often it changed since the page was loaded.
    changes: Cell<u64>,
    /// The name that it was last kept under.
    is_kept: Cell<bool>,
}

impl Open {
    /// Finds what was done here before the page was loaded again.
    pub(super) async fn recall_history(&self) {
        if let Some(history) = self.session().recall::<History>(&self.history_name()).await {
            self.undo.history.replace(history);
            self.undo.is_kept.set(true);
            self.offer();
        }
    }

    /// What these edits are about to do.
    pub(super) fn step(&self, edits: &[Edit]) -> Step {
        Step::of(self.replica().document().exercise(), edits)
    }

    /// They did it.
    pub(super) fn record(self: &Rc<Self>, step: Step) {
        self.undo.history.borrow_mut().record(step);
        self.history_changed();
    }

    fn take(self: &Rc<Self>, way: Way) -> Result<Outcome, Rejection> {
        let is_mine =
            |key: &Key| self.replica().document().writers(key).all(|peer| self.is_own(peer));
        let planned = {
            let (history, replica) = (self.undo.history.borrow(), self.replica());
            let exercise = replica.document().exercise();
            match way {
                Way::Back => history.undo(exercise, is_mine),
                Way::Again => history.redo(exercise, is_mine),
            }
        };
        let Some(planned) = planned else { return Ok(Outcome::default()) };
        let edits = planned.way.edits.clone();
        if !edits.is_empty() {
            self.enter(edits)?;
        }
        let others = planned.way.kept.iter().flat_map(|key| {
            let writers: Vec<_> = self.replica().document().writers(key).collect();
            writers.into_iter().filter(|peer| !self.is_own(*peer)).collect::<Vec<_>>()
        });
        let others: BTreeSet<_> = others.collect();
        let names = others.into_iter().filter_map(|peer| Some(self.writer(peer)?.name)).collect();
        match way {
            Way::Back => self.undo.history.borrow_mut().undone(&planned),
            Way::Again => self.undo.history.borrow_mut().redone(&planned),
        }
        self.history_changed();
        let keys = planned.way.inverse.keys().collect();
        Ok(Outcome { keys, kept: planned.way.kept, others: names })
    }

    /// Offers and keeps it.
    pub(super) fn history_changed(self: &Rc<Self>) {
        self.offer();
        self.undo.changes.set(self.undo.changes.get() + 1);
        if self.undo.saving.borrow().is_none() {
            let save = |open: &Rc<Self>| {
                let open = Rc::clone(open);
                spawn_local(async move { open.save_history().await });
            };
            self.after_a_pause(|open| &open.undo.saving, clock::now() + LONGEST_MS, save);
        }
    }

    async fn save_history(&self) {
        self.undo.is_kept.set(true);
        let history = self.undo.history.borrow().clone();
        self.session().remember(&self.history_name(), Some(&history)).await;
    }

    /// Another writer goes on with it: the exercise is opened anew.
    pub(super) async fn forget_history(&self) {
        if self.undo.is_kept.replace(false) {
            self.session().remember(&self.history_name(), None::<&History>).await;
        }
    }

    fn offer(&self) {
        let history = self.undo.history.borrow();
        let offered = (history.has_done(), history.has_undone());
        drop(history);
        if self.undo.offered.with_untracked(|known| *known != offered) {
            self.undo.offered.set(offered);
        }
    }

    /// Each tab is a writer of its own, and is the same one after a reload.
    fn history_name(&self) -> String {
        format!("undo/{}/{}", self.exercise(), self.replica().document().peer())
    }
}

impl Store {
    /// Takes back the last action of this person, or does again what was last taken back; what
    /// others changed since stays.
    pub fn take(&self, way: Way) -> Result<Outcome, Rejection> {
        self.open.get_value().take(way)
    }

    /// What is typed from now on is an action of its own.
    pub fn end_action(&self) {
        self.open.get_value().undo.history.borrow_mut().seal();
    }

    /// A number that stays the same until something else is done or taken back.
    #[must_use]
    pub fn action(&self) -> u64 {
        self.open.get_value().undo.changes.get()
    }

    /// Whether there is something to take back, and something to do again. Reactive.
    #[must_use]
    pub fn undo_offered(&self) -> (bool, bool) {
        self.open.get_value().undo.offered.get()
    }
}
