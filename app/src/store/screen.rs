//! Telling whoever shows cells that they changed; rules and totals follow after a pause.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc, sync::Arc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    ids::RowId,
    key::{DELETED, Key, ORDER},
    template::TableId,
};

use super::{Derived, Open};
use crate::clock;

/// Rules and totals follow a change after this pause, and undo is kept then, so that typing never
/// waits for them.
const PAUSE_MS: u32 = 200;
/// Where changes do not stop coming, they follow after this long all the same.
const LONGEST_PAUSE_MS: i64 = 1_000;
/// So long they wait for somebody who types without a pause.
const LONGEST_TYPING_MS: i64 = 10_000;
/// What others wrote is told after this long where no frame is drawn.
const LONGEST_FRAME_MS: u32 = 250;

impl Open {
    /// Tells whoever shows these cells, together with whatever else others write until the next
    /// frame: fifty edits in a second are not fifty drawings of one row.
    pub(super) fn tell_with_the_next_frame(self: &Rc<Self>, touched: BTreeSet<Key>) {
        if touched.is_empty() {
            return;
        }
        let is_asked = !self.untold.borrow().is_empty();
        self.untold.borrow_mut().extend(touched);
        if is_asked {
            return;
        }
        let tell = |open: &std::rc::Weak<Self>| {
            if let Some(open) = open.upgrade() {
                let touched = open.untold.take();
                open.tell(&touched);
            }
        };
        let open = Rc::downgrade(self);
        request_animation_frame(move || tell(&open));
        // No frame is drawn of a tab that is not looked at.
        let open = Rc::downgrade(self);
        Timeout::new(LONGEST_FRAME_MS, move || tell(&open)).forget();
    }

    /// A key was pressed: rules wait for a pause.
    pub(super) fn note_key(&self) {
        self.key.set(clock::now());
    }

    /// Whether a key was pressed a moment ago.
    fn is_typing(&self) -> bool {
        (0..i64::from(PAUSE_MS)).contains(&(clock::now() - self.key.get()))
    }

    /// Tells whoever shows these cells.
    pub(super) fn tell(self: &Rc<Self>, touched: &BTreeSet<Key>) {
        if touched.is_empty() {
            return;
        }
        self.freshness.changed();
        let (mut tables, mut rows) = (BTreeSet::new(), BTreeSet::new());
        for key in touched {
            if key.field == ORDER || key.field == DELETED {
                tables.insert(key.table);
            }
            rows.insert((key.table, key.row.clone()));
        }
        // Taken out first: whoever is told may ask to be told again.
        let tables: Vec<_> =
            tables.iter().filter_map(|table| self.tables.borrow().get(table).cloned()).collect();
        tables.iter().for_each(ArcTrigger::notify);
        self.tell_rows(&rows);
        self.any.notify();
        self.evaluate_soon();
    }

    pub(super) fn tell_rows(&self, rows: &BTreeSet<(TableId, RowId)>) {
        let rows: Vec<_> =
            rows.iter().filter_map(|row| self.rows.borrow().get(row).cloned()).collect();
        rows.iter().for_each(ArcTrigger::notify);
    }

    pub(super) fn tell_all(self: &Rc<Self>) {
        let tables: Vec<_> = self.tables.borrow().values().cloned().collect();
        let rows: Vec<_> = self.rows.borrow().values().cloned().collect();
        tables.iter().chain(&rows).for_each(ArcTrigger::notify);
        self.any.notify();
        self.evaluate_soon();
    }

    pub(super) fn evaluate_soon(self: &Rc<Self>) {
        let now = clock::now();
        let changed = self.changed.get().unwrap_or(now);
        self.changed.set(Some(changed));
        if now - changed > LONGEST_PAUSE_MS && self.evaluation.borrow().is_some() {
            return;
        }
        let latest = changed + LONGEST_TYPING_MS;
        self.after_a_pause(|open| &open.evaluation, latest, |open| open.evaluate());
    }

    /// Does something when nobody has typed for a moment, at this moment at the latest.
    pub(super) fn after_a_pause(
        self: &Rc<Self>,
        timer: fn(&Self) -> &RefCell<Option<Timeout>>,
        latest: i64,
        act: fn(&Rc<Self>),
    ) {
        let open = Rc::downgrade(self);
        let pause = Timeout::new(PAUSE_MS, move || {
            let Some(open) = open.upgrade() else { return };
            if open.is_typing() && clock::now() < latest {
                return open.after_a_pause(timer, latest, act);
            }
            timer(&open).take();
            act(&open);
        });
        timer(self).replace(Some(pause));
    }

    fn evaluate(&self) {
        self.changed.set(None);
        let derived = Derived::of(self.replica.borrow().document().exercise());
        let changed = self.derived.with_untracked(|before| before.differences(&derived));
        self.derived.set(Arc::new(derived));
        self.tell_rows(&changed);
    }
}
