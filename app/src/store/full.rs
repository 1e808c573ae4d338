//! A device that takes nothing more, mostly because its disk is full: the tab goes on without it,
//! and comes back to it.
//!
//! Only what is stored may be sent, because a tab that is opened after this one writes on from what
//! the device knows. So the tab becomes a writer that the device does not know, which therefore no
//! other tab will be, and does once more in its name what was not stored.

use std::{collections::BTreeSet, rc::Rc};

use leptos::prelude::*;
use shared::{edit::Edit, sync::replica::Step};
use wasm_bindgen_futures::spawn_local;

use super::{Notice, Open};
use crate::storage::Failure;

/// The device is tried again after so many ticks.
const PAUSE_TICKS: u32 = 5;

impl Open {
    /// Goes on without the device. Meanwhile people write into the replica that goes.
    pub(super) fn leave_device(self: &Rc<Self>) {
        let is_busy = self.is_reopening.get() || self.leaving.borrow().is_some();
        if !self.keeper().is_lasting() || is_busy {
            return;
        }
        self.leaving.replace(Some(Vec::new()));
        let open = Rc::clone(self);
        spawn_local(async move {
            let Err(failure) = open.leave_device_now().await else { return };
            leptos::logging::error!("the tab does not go on without the device: {failure}");
            let outputs = open.leaving.take().unwrap_or_default();
            if open.keeper().is_lasting() {
                open.follow(Step { outputs, ..Step::default() });
            } else {
                open.is_reopening.set(true);
                open.notify([Notice::Closed]);
            }
        });
    }

    async fn leave_device_now(self: &Rc<Self>) -> Result<(), Failure> {
        leptos::logging::warn!("the device takes nothing more: going on in this tab");
        self.writers.change(false).await?;
        let (own, adopted) = self.writers.take().await?;
        self.keeper().leave_device(&adopted.into_iter().chain([own]).collect()).await?;
        let opened = self.keeper().open(self.exercise(), &self.writers, || {}).await?;
        let own = self.writers.known().await?;
        let stored: BTreeSet<_> = opened.replica.unsent().map(|(p, entry, _)| (p, entry)).collect();
        let unsaved: Vec<Vec<Edit>> = {
            let shown = self.replica();
            let unsaved = shown.unsent().filter(|(p, entry, _)| !stored.contains(&(*p, *entry)));
            unsaved.map(|(_, _, outgoing)| outgoing.edits.clone()).collect()
        };
        self.leaving.take();
        self.own.replace(own);
        self.install(opened);
        for edits in unsaved {
            self.do_again(edits);
        }
        self.begin_again();
        Ok(())
    }

    /// Applies what had been applied before, as far as it fits by then: a text may have become
    /// another without what others wrote meanwhile, which comes again.
    fn do_again(self: &Rc<Self>, edits: Vec<Edit>) {
        if self.edit(edits.clone()).is_ok() {
            return;
        }
        for edit in edits {
            let edit = match edit {
                Edit::SpliceText { key, insert, .. } => {
                    Edit::SpliceText { key, at: 0, delete: 0, insert }
                }
                edit => edit,
            };
            if let Err(rejection) = self.edit(vec![edit]) {
                leptos::logging::error!("not done again: {rejection}");
            }
        }
    }

    /// Tries from time to time whether the device stores again.
    pub(super) fn try_device(self: &Rc<Self>) {
        self.ticks.set(self.ticks.get() + 1);
        let is_time = self.ticks.get().is_multiple_of(PAUSE_TICKS);
        if !is_time || !self.keeper().awaits_device() || self.is_trying_device.replace(true) {
            return;
        }
        let open = Rc::clone(self);
        spawn_local(async move {
            match open.keeper().return_to_device(&open.writers).await {
                Ok(()) => leptos::logging::warn!("the device stores again"),
                Err(failure) => leptos::logging::warn!("the device does not store yet: {failure}"),
            }
            open.is_trying_device.set(false);
            open.tell_lasting();
        });
    }

    /// Tells whether what is written outlives this tab.
    pub(super) fn tell_lasting(&self) {
        let is_lasting = self.keeper().is_lasting();
        if self.is_lasting.get_untracked() != is_lasting {
            self.is_lasting.set(is_lasting);
        }
    }
}
