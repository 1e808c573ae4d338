//! Opening the exercise of a tab anew from what is stored, as another writer.

use std::{collections::BTreeSet, rc::Rc};

use shared::{
    ids::Peer,
    sync::replica::{Cause, Step},
};
use wasm_bindgen_futures::spawn_local;

use super::{Notice, Open, keeper::Opened};
use crate::storage::Failure;

impl Open {
    /// Opens the exercise anew from what is stored, as another writer.
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
        self.forget_history().await;
        self.writers.change(matches!(cause, Cause::Refused(_))).await?;
        self.open_again().await?;
        self.notify([Notice::Reopened(cause)]);
        self.history_changed();
        self.begin_again();
        Ok(())
    }

    /// Opens what is stored in place of the replica.
    pub(super) async fn open_again(self: &Rc<Self>) -> Result<(), Failure> {
        let opened = self.keeper.open(self.exercise, &self.writers).await?;
        let own = self.writers.known().await?.into_keys().collect();
        self.install(opened, own);
        self.is_reopening.set(false);
        Ok(())
    }

    /// Replaces the replica.
    pub(super) fn install(&self, opened: Opened, own: BTreeSet<Peer>) {
        self.own.replace(own);
        self.unsent.replace(opened.unsent);
        self.entered.take();
        self.released.set(0);
        let shown = self.replica.replace(opened.replica);
        if shown.document().exercise() != self.replica().document().exercise() {
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
    }
}
