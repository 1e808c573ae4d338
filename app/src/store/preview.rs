//! The exercise as this device last saw it, shown while the document behind it is read.
//!
//! Opening a document of thousands of rows takes half a second, reading what was shown of it a few
//! milliseconds. So the rows are on the screen first, and the document is opened behind them. Who
//! writes earlier than that waits for it once. Nothing is ever computed from a preview, merged into
//! it or sent of it.

use std::{cell::Cell, collections::BTreeSet, rc::Rc};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::{
    ids::{ExerciseId, Peer},
    model::Exercise,
    sync::{
        journal::Stored,
        replica::{OpenError, Replica},
    },
};
use wasm_bindgen_futures::spawn_local;

use super::{
    Notice, Open,
    keeper::{Opened, unsent_of},
};
use crate::storage::Damage;

/// Where no frame is drawn, as in a tab that is not looked at, the document is opened after this
/// long.
const PATIENCE_MS: u32 = 1_000;
/// A preview is kept when nothing changed for so many ticks: it takes a moment, and nobody should
/// be typing then.
const REST_TICKS: u32 = 5;

/// What is stored of an exercise, read and not opened yet.
pub struct Asleep {
    pub(super) own: Peer,
    pub(super) adopted: Vec<Peer>,
    pub(super) stored: Stored,
    pub(super) damage: BTreeSet<Damage>,
}

impl Asleep {
    /// What is shown until it is opened.
    pub(super) fn shown(&self, preview: Exercise) -> Opened {
        let replica = Replica::preview(preview, self.own, &self.adopted, &self.stored);
        Opened { replica, damage: self.damage.clone(), unsent: unsent_of(&self.stored) }
    }

    fn open(self, exercise: ExerciseId) -> Result<Opened, OpenError> {
        let unsent = unsent_of(&self.stored);
        let replica = Replica::open(exercise, self.own, &self.adopted, self.stored)?;
        Ok(Opened { replica, damage: BTreeSet::new(), unsent })
    }
}

/// Whether the preview that the device keeps is the present exercise.
#[derive(Debug, Default)]
pub struct Freshness {
    /// Something changed since it was kept.
    is_old: Cell<bool>,
    /// Ticks since the last change.
    quiet: Cell<u32>,
}

impl Freshness {
    /// A cell changed.
    pub fn changed(&self) {
        self.is_old.set(true);
        self.quiet.set(0);
    }
}

impl Open {
    /// Opens the document as soon as what is shown in its place is on the screen.
    pub(super) fn wake_soon(self: &Rc<Self>) {
        let wake = |open: &std::rc::Weak<Self>| {
            if let Some(open) = open.upgrade() {
                open.wake();
            }
        };
        let open = Rc::downgrade(self);
        request_animation_frame(move || {
            Timeout::new(0, move || wake(&open)).forget();
        });
        let open = Rc::downgrade(self);
        Timeout::new(PATIENCE_MS, move || wake(&open)).forget();
    }

    /// Opens the document, unless that is done.
    pub(super) fn wake(self: &Rc<Self>) {
        let Some(asleep) = self.asleep.take() else { return };
        match asleep.open(self.exercise()) {
            Ok(opened) => {
                let is_same =
                    opened.replica.document().exercise() == self.replica().document().exercise();
                if !is_same {
                    self.freshness.changed();
                }
                let own = self.own_writers();
                self.install(opened, own);
                self.begin_again();
            }
            Err(error) => self.wake_otherwise(error),
        }
    }

    /// Opens the document after what stands in the way of it is gone: another writer, damage.
    fn wake_otherwise(self: &Rc<Self>, error: OpenError) {
        leptos::logging::warn!("not opened at once: {error}");
        self.is_reopening.set(true);
        let open = Rc::clone(self);
        spawn_local(async move {
            match open.open_again().await {
                Ok(()) => open.begin_again(),
                Err(failure) => {
                    leptos::logging::error!("not opened: {failure}");
                    open.notify([Notice::Closed]);
                }
            }
        });
    }

    /// Some seconds passed: keeps a preview, where the one that is kept is old and nothing happens.
    pub(super) fn rest(self: &Rc<Self>) {
        let Freshness { is_old, quiet } = &self.freshness;
        quiet.set(quiet.get() + 1);
        if is_old.get() && quiet.get() >= REST_TICKS {
            self.keep_preview();
        }
    }

    /// Nobody looks at the exercise any more, so that nobody is typing: keeps a preview, where the one
    /// that is kept is old.
    pub(super) fn leave_preview(self: &Rc<Self>) {
        if self.freshness.is_old.get() {
            self.keep_preview();
        }
    }

    /// Has the device keep what is shown now.
    pub(super) fn keep_preview(self: &Rc<Self>) {
        if self.is_asleep() || self.is_reopening.get() {
            return;
        }
        self.freshness.is_old.set(false);
        let preview = self.replica().document().exercise().preview();
        let open = Rc::clone(self);
        spawn_local(async move {
            if let Err(failure) = open.keeper().put_preview(&preview).await {
                leptos::logging::warn!("no preview kept: {failure}");
            }
        });
    }

    /// Whether what is shown is a preview still.
    pub(super) fn is_asleep(&self) -> bool {
        self.asleep.borrow().is_some()
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        edit::Edit,
        ids::RowId,
        sync::replica::{Output, Step},
        template::TableId,
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use crate::{
        clock,
        storage::{Journal, Storage},
        store::{Keeper, TabMemory},
        writers::Writers,
    };
    use shared::ids::ExerciseId;

    #[wasm_bindgen_test]
    async fn what_was_written_after_an_old_preview_is_there_when_the_document_is_opened() {
        let storage = Storage::open(&format!("preview-{}", clock::new_peer())).await.unwrap();
        let id = ExerciseId::new("01", 2027).unwrap();
        let journal = Journal::new(std::rc::Rc::clone(&storage), id, 1);
        let keeper = Keeper::new(Some(journal), TabMemory::default());
        let writers = Writers::new(Some(storage), 1);
        assert!(keeper.preview(id, &writers).await.unwrap().is_none(), "none was kept");

        let mut replica = keeper.open(id, &writers).await.unwrap().replica;
        keeper.put_preview(&replica.document().exercise().preview()).await.unwrap();
        let row = RowId::new("r1").unwrap();
        let place = Edit::PlaceRow { table: TableId::Focus, row: row.clone(), order: "V".into() };
        let Step { outputs, .. } = replica.edit(vec![place]).unwrap();
        for output in outputs {
            if let Output::Store { writes, .. } = output {
                keeper.write(&writes).await.unwrap();
            }
        }

        let (preview, asleep) = keeper.preview(id, &writers).await.unwrap().unwrap();
        let shown = asleep.shown(preview);
        assert!(shown.replica.document().exercise().row(TableId::Focus, &row).is_none());
        assert_eq!((shown.replica.status().unsent, shown.unsent.len()), (1, 1));
        let opened = asleep.open(id).unwrap();
        assert_eq!(opened.replica.document().exercise(), replica.document().exercise());
        assert_eq!(opened.unsent.len(), 1);
    }
}
