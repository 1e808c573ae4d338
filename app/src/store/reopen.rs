//! Opening the exercise of a tab anew from what is stored, mostly as another writer.

use std::rc::Rc;

use shared::{
    ids::Peer,
    model::Exercise,
    sync::replica::{Cause, Replica, Step},
};
use wasm_bindgen_futures::spawn_local;

use super::{Notice, Open, keeper::Opened};
use crate::storage::Failure;

/// What tabs that are gone left is looked for after so many ticks.
const LOOK_TICKS: u32 = 4;

impl Open {
    /// Opens the exercise anew from what is stored.
    pub(super) fn reopen(self: &Rc<Self>, cause: Cause) {
        if self.is_reopening.replace(true) {
            return;
        }
        leptos::logging::warn!("opened anew: {cause:?}");
        let open = Rc::clone(self);
        spawn_local(async move {
            if let Err(failure) = open.reopen_now(cause).await {
                leptos::logging::error!("not opened anew: {failure}");
                open.notify([Notice::Closed]);
            }
        });
    }

    async fn reopen_now(self: &Rc<Self>, cause: Cause) -> Result<(), Failure> {
        if cause == Cause::LeftBehind {
            self.open_again().await?;
            self.begin_again();
            return Ok(());
        }
        // What came in a rescue file is sent as what it is, and what another tab did is not this
        // one's; all else needs another writer.
        if !matches!(cause, Cause::Carried | Cause::Neighbours) {
            self.forget_history().await;
            self.writers.change(matches!(cause, Cause::Refused(_))).await?;
        }
        self.open_again().await?;
        self.notify([Notice::Reopened(cause)]);
        self.history_changed();
        self.begin_again();
        Ok(())
    }

    /// Looks from time to time whether tabs that are gone left something unsent, and sends it in
    /// their place.
    pub(super) fn look_for_what_is_left(self: &Rc<Self>) {
        let is_time = self.ticks.get().is_multiple_of(LOOK_TICKS);
        if is_time && !self.is_reopening.get() && self.keeper().is_lasting() {
            let open = Rc::clone(self);
            spawn_local(async move {
                if let Err(failure) = open.take_over().await {
                    leptos::logging::warn!("not looked for what is left: {failure}");
                }
            });
        }
    }

    async fn take_over(self: &Rc<Self>) -> Result<(), Failure> {
        let held = self.session().holdings().await;
        let held = held.get(&self.exercise()).map_or(0, |holding| holding.unsent);
        let status = self.replica().status();
        if held <= status.unsent - status.unsaved {
            return Ok(());
        }
        // Living tabs hold the locks of their writers, and send what is theirs.
        let (_, adopted) = self.writers.take().await?;
        let is_new = adopted.iter().any(|peer| !self.replica().sends_for(*peer));
        if is_new && !self.is_reopening.get() && !self.is_closed.get() {
            let step = self.replica.borrow_mut().take_over();
            self.follow(step);
        }
        Ok(())
    }

    /// Opens what is stored in place of the replica. What is shown goes from memory before: a tab
    /// keeps for ever what it once took of it.
    pub(super) async fn open_again(self: &Rc<Self>) -> Result<(), Failure> {
        let make_room = || {
            let nothing = Exercise::new(self.exercise);
            let digest = self.replica().document().digest();
            self.replica.replace(Replica::preview((digest, nothing), Peer::SERVER));
        };
        let opened = self.keeper.open(self.exercise, &self.writers, make_room).await?;
        self.install(opened);
        self.own.replace(self.writers.known().await?);
        self.is_reopening.set(false);
        Ok(())
    }

    /// Replaces the replica.
    pub(super) fn install(&self, opened: Opened) {
        self.released.set(0);
        let shown = self.replica.replace(opened.replica);
        if shown.document().digest() != self.replica().document().digest() {
            self.freshness.changed();
        }
        self.notify(opened.damage.into_iter().map(Notice::Damage));
    }

    pub(super) fn begin_again(self: &Rc<Self>) {
        if self.is_closed.get() {
            return;
        }
        self.tell_all();
        self.tell_lasting();
        self.follow(Step::default());
        self.connection.follow(self.clone());
        self.hear();
    }
}
