//! Taking an act out of account. It stays in the register, with why.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::process::{Act, ActNumber, Process, act::Annulment, check::Context};

use super::{
    Acts, Registered,
    fields::{Field, value},
    new_request, use_acts,
};

/// Whether the person may annul it: who may register an act may, unless a later one rests on it.
pub fn may_annul(acts: Acts, process: &Process<'_>, of: ActNumber) -> bool {
    // The reason is asked for in the form.
    let act = Act::Annulment(Annulment { of, reason: "-".into() });
    acts.person.with_value(|person| act.check(&Context { process, grant: &person.grant }).is_ok())
}

/// The form, opened by a button.
#[component]
pub fn Annul(of: ActNumber) -> impl IntoView {
    let acts = use_acts();
    let is_open = RwSignal::new(false);
    let message = RwSignal::new(None::<String>);
    let request = StoredValue::new(new_request());
    let id = format!("razon-{of}");
    let field = StoredValue::new(id.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let act = Act::Annulment(Annulment { of, reason: field.with_value(|id| value(id)) });
        spawn_local(async move {
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
                <button class="link-button" on:click=move |_| is_open.set(true)>
                    "Anular…" <span class="visually-hidden">{format!(" el acto {of}")}</span>
                </button>
            }
        >
            <form class="receive" on:submit=submit>
                <Field id=id.clone() label=format!("Por qué se anula el acto {of}") />
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <div class="buttons">
                    <button class="button danger" type="submit">"Anular este acto"</button>
                    <button class="button" type="button" on:click=move |_| is_open.set(false)>"Cancelar"</button>
                </div>
            </form>
        </Show>
    }
}
