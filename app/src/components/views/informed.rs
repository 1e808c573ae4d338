//! The amounts that Sercotec informed, from the register of acts.

use leptos::{prelude::*, task::spawn_local};
use shared::{api::process::ProcessOf, process::Register, views::Informed};

use crate::{api, session::use_session, store::Store};

/// What the device remembers of them at first, then what the server says. Nothing is known where
/// neither does: then what the region noted counts.
pub fn informed(store: Store) -> RwSignal<Informed> {
    let informed = RwSignal::new(Informed::default());
    let session = use_session();
    let exercise = store.exercise_id();
    spawn_local(async move {
        let name = api::process::remembered(exercise);
        let read = |of: &ProcessOf| Informed::of(&Register::new(exercise, &of.acts));
        if let Some(of) = session.recall::<ProcessOf>(&name).await {
            // The page may be gone by now.
            let _ = informed.try_set(read(&of));
        }
        if let Ok(of) = api::process::show(exercise).await {
            session.remember(&name, Some(&of)).await;
            let _ = informed.try_set(read(&of));
        }
    });
    informed
}
