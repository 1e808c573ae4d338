//! Taking an act out of account. It stays in the register, with why.

use leptos::prelude::*;
use shared::process::{Act, ActNumber, Process, act::Annulment};

use super::{
    Acts,
    fields::{Field, value},
    opened_form::OpenedForm,
};

/// Whether the person may annul it: who may register an act may, unless a later one rests on it.
pub fn may_annul(acts: Acts, process: &Process<'_>, of: ActNumber) -> bool {
    // The reason is asked for in the form.
    acts.would_take(process, &Act::Annulment(Annulment { of, reason: "-".into() }))
}

/// The form, opened by a button.
#[component]
pub fn Annul(of: ActNumber) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let id = move || format!("razon-{of}");
    let read = move || Ok(Act::Annulment(Annulment { of, reason: value(&id()) }));
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <button class="link-button" on:click=move |_| is_open.set(true)>
                    "Anular…" <span class="visually-hidden">{format!(" el acto {of}")}</span>
                </button>
            }
        >
            <OpenedForm is_open button="Anular este acto" class="button danger" read>
                <Field id=id() label=format!("Por qué se anula el acto {of}") />
            </OpenedForm>
        </Show>
    }
}
