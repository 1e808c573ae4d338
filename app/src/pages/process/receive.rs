//! Registering that something came.

use leptos::prelude::*;
use shared::process::{Act, ActNumber, Process, act::Of, letter::Reception};

use super::{
    Acts,
    fields::{Field, day, value},
    opened_form::OpenedForm,
};

/// Whether the person may register that it came, which it has not yet.
pub fn may_receive(acts: Acts, process: &Process<'_>, of: ActNumber) -> bool {
    let what = Reception { on: process.today, stamp: String::new() };
    acts.would_take(process, &Act::Received(Of { of, what }))
}

/// The form, opened by a button.
#[component]
pub fn Receive(of: ActNumber) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let (on, stamp) = (move || format!("recibido-{of}"), move || format!("timbre-{of}"));
    let read = move || {
        let on = day(&on())?.ok_or("Falta el día.")?;
        Ok(Act::Received(Of { of, what: Reception { on, stamp: value(&stamp()) } }))
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <button class="button" on:click=move |_| is_open.set(true)>"Registrar recepción"</button>
            }
        >
            <OpenedForm is_open button="Registrar" class="button primary" read>
                <Field id=on() label="Recibido el" kind="date" />
                <Field id=stamp() label="Número de ingreso (si tiene)" optional=true />
            </OpenedForm>
        </Show>
    }
}
