//! A small form beside what it is about, opened by a button.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::process::Act;

use super::{Registered, new_request, use_acts};

/// The fields, what became of them, and going back. Where the server registers the act at once, what is
/// around the form changes with it.
#[component]
pub fn OpenedForm(
    is_open: RwSignal<bool>,
    button: &'static str,
    /// How the button looks.
    class: &'static str,
    /// The act that the fields say, or what they lack.
    read: impl Fn() -> Result<Act, String> + 'static,
    children: Children,
) -> impl IntoView {
    let acts = use_acts();
    let message = RwSignal::new(None::<String>);
    // Asking twice for the same is one act.
    let request = StoredValue::new(new_request());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let act = match read() {
            Ok(act) => act,
            Err(problem) => return message.set(Some(problem)),
        };
        spawn_local(async move {
            let told = match acts.register(request.get_value(), act).await {
                Ok(Registered::Now) => return,
                Ok(waits) => waits.words().into(),
                Err(problem) => problem,
            };
            // The page may be gone by now.
            let _ = message.try_set(Some(told));
        });
    };
    view! {
        <form class="opened-form" on:submit=submit>
            {children()}
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
            <div class="buttons">
                <button class=class type="submit">{button}</button>
                <button class="button" type="button" on:click=move |_| is_open.set(false)>"Cancelar"</button>
            </div>
        </form>
    }
}
