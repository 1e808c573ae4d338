//! Telling whoever shows cells that they changed; rules and totals follow after a pause.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    ids::RowId,
    key::{DELETED, Key, ORDER},
    template::TableId,
};

use super::{Derived, Open};
use crate::clock;

/// Rules and totals follow a change after this pause, so that typing never waits for them.
const PAUSE_MS: u32 = 200;
/// Where changes do not stop coming, they follow after this long all the same.
const LONGEST_PAUSE_MS: i64 = 1_000;

impl Open {
    /// Tells whoever shows these cells.
    pub(super) fn tell(self: &Rc<Self>, touched: &BTreeSet<Key>) {
        if touched.is_empty() {
            return;
        }
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

    fn tell_rows(&self, rows: &BTreeSet<(TableId, RowId)>) {
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
        let open = Rc::downgrade(self);
        let timer = Timeout::new(PAUSE_MS, move || {
            if let Some(open) = open.upgrade() {
                open.evaluate();
            }
        });
        self.evaluation.replace(Some(timer));
    }

    fn evaluate(&self) {
        self.evaluation.take();
        self.changed.set(None);
        let derived = Derived::of(self.replica.borrow().document().exercise());
        let changed = self.derived.with_untracked(|before| before.differences(&derived));
        self.derived.set(Arc::new(derived));
        self.tell_rows(&changed);
    }
}
