//! The exercise as this device last saw it, shown while the document is opened.
//!
//! Opening a document of thousands of rows takes half a second, reading what was shown of it a few
//! milliseconds. So the rows are on the screen first, and the document is opened behind them; until
//! that is done, nothing can be written. Nothing is ever computed from a preview, merged into it or
//! sent of it.

use std::{
    cell::Cell,
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Notice, Open};

/// Where no frame is drawn, as in a tab that is not looked at, the document is opened after this
/// long.
const PATIENCE_MS: u32 = 500;
/// A preview is kept when nothing changed for so many ticks: it takes a moment, and nobody should
/// be typing then.
const REST_TICKS: u32 = 5;

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
    /// Opens the document as soon as what is shown in its place is on the screen: with the second
    /// frame from now the first one is.
    pub(super) fn wake_soon(self: &Rc<Self>) {
        let open = Rc::downgrade(self);
        request_animation_frame(move || {
            request_animation_frame(move || {
                Timeout::new(0, move || wake(&open)).forget();
            });
        });
        let open = Rc::downgrade(self);
        Timeout::new(PATIENCE_MS, move || wake(&open)).forget();
    }

    async fn wake_now(self: &Rc<Self>) {
        match self.open_again().await {
            Ok(()) => self.begin_again(),
            Err(failure) => {
                leptos::logging::error!("not opened: {failure}");
                self.notify([Notice::Closed]);
            }
        }
    }

    /// Some seconds passed: keeps a preview, where nothing happens.
    pub(super) fn rest(self: &Rc<Self>) {
        let quiet = self.freshness.quiet.get() + 1;
        self.freshness.quiet.set(quiet);
        if quiet >= REST_TICKS {
            self.keep_preview();
        }
    }

    /// Has the device keep what is shown now, where what it keeps is old. For moments in which
    /// nobody types.
    pub(super) fn keep_preview(self: &Rc<Self>) {
        if self.is_reopening.get() || !self.freshness.is_old.replace(false) {
            return;
        }
        let preview = {
            let replica = self.replica();
            replica.document().exercise().preview(replica.document().digest())
        };
        let open = Rc::clone(self);
        spawn_local(async move {
            if let Err(failure) = open.keeper().put_preview(&preview).await {
                leptos::logging::warn!("no preview kept: {failure}");
            }
        });
    }
}

fn wake(open: &Weak<Open>) {
    if let Some(open) = open.upgrade()
        && !open.is_closed.get()
        && open.is_asleep.replace(false)
    {
        spawn_local(async move { open.wake_now().await });
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
        storage::{Journal, Seal, Storage},
        store::{Keeper, TabMemory},
        writers::Writers,
    };
    use shared::ids::ExerciseId;

    #[wasm_bindgen_test]
    async fn what_was_written_after_an_old_preview_is_there_when_the_document_is_opened() {
        let storage =
            Storage::open(&format!("preview-{}", clock::new_peer()), Seal::Sum).await.unwrap();
        let id = ExerciseId::new("01", 2027).unwrap();
        let journal = Journal::new(std::rc::Rc::clone(&storage), id, 1);
        let keeper = Keeper::new(Some(journal), TabMemory::default());
        let writers = Writers::new(Some(storage), 1);
        assert!(keeper.preview(id, &writers).await.unwrap().is_none(), "none was kept");

        let mut replica = keeper.open(id, &writers, || {}).await.unwrap().replica;
        let digest = replica.document().digest();
        keeper.put_preview(&replica.document().exercise().preview(digest)).await.unwrap();
        let row = RowId::new("r1").unwrap();
        let place = Edit::PlaceRow { table: TableId::Focus, row: row.clone(), order: "V".into() };
        let Step { outputs, .. } = replica.edit(vec![place]).unwrap();
        for output in outputs {
            if let Output::Store { writes, .. } = output {
                keeper.write(&writes).await.unwrap();
            }
        }

        let preview = keeper.preview(id, &writers).await.unwrap().unwrap();
        assert!(preview.document().exercise().row(TableId::Focus, &row).is_none());
        let opened = keeper.open(id, &writers, || {}).await.unwrap();
        assert_eq!(opened.replica.document().exercise(), replica.document().exercise());
        assert_eq!(opened.replica.unsent().count(), 1);
    }
}
