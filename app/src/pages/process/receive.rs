//! Registering that something came.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::process::{Act, ActNumber, Process, act::Of, check::Context, letter::Reception};

use super::{
    Acts, Registered,
    fields::{Field, day, value},
    new_request, use_acts,
};

/// Whether the person may register that it came, which it has not yet.
pub fn may_receive(acts: Acts, process: &Process<'_>, of: ActNumber) -> bool {
    let act = Act::Received(Of { of, what: Reception { on: process.today, stamp: String::new() } });
    acts.person.with_value(|person| act.check(&Context { process, grant: &person.grant }).is_ok())
}

/// The form, opened by a button.
#[component]
pub fn Receive(of: ActNumber) -> impl IntoView {
    let acts = use_acts();
    let is_open = RwSignal::new(false);
    let message = RwSignal::new(None::<String>);
    let request = StoredValue::new(new_request());
    let (on, stamp) = (format!("recibido-{of}"), format!("timbre-{of}"));
    let ids = StoredValue::new((on.clone(), stamp.clone()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (on, stamp) = ids.get_value();
        let reception = match day(&on) {
            Ok(Some(on)) => Reception { on, stamp: value(&stamp) },
            Ok(None) => return message.set(Some("Falta el día.".into())),
            Err(problem) => return message.set(Some(problem)),
        };
        spawn_local(async move {
            let act = Act::Received(Of { of, what: reception });
            let done = acts.register(request.get_value(), act).await;
            let told = match done {
                Ok(Registered::Now) => return,
                Ok(waits) => waits.words().into(),
                Err(problem) => problem,
            };
            // The page may be gone by now.
            let _ = message.try_set(Some(told));
        });
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <button class="button" on:click=move |_| is_open.set(true)>"Registrar recepción"</button>
            }
        >
            <form class="receive" on:submit=submit>
                <Field id=on.clone() label="Recibido el" kind="date" />
                <Field id=stamp.clone() label="Número de ingreso (si tiene)" optional=true />
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <div class="buttons">
                    <button class="button primary" type="submit">"Registrar"</button>
                    <button class="button" type="button" on:click=move |_| is_open.set(false)>"Cancelar"</button>
                </div>
            </form>
        </Show>
    }
}
