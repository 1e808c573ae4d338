//! The form with which an act is registered.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::process::Act;

use super::{Registered, new_request, use_acts};

/// Fields, what became of them, and the button. What was typed stays until the server has it.
#[component]
pub fn ActForm(
    /// The id of its heading.
    id: &'static str,
    #[prop(into)] title: String,
    /// What one should know before.
    #[prop(optional)]
    about: Option<&'static str>,
    button: &'static str,
    /// The act that the fields say, or what they lack.
    read: impl Fn() -> Result<Act, String> + Copy + 'static,
    /// Whether the fields stay as they were sent: what the act says is what is in force.
    #[prop(optional)]
    stays: bool,
    /// Follows what was registered.
    #[prop(optional, into)]
    registered: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let acts = use_acts();
    let form = NodeRef::<html::Form>::new();
    // Asking twice for the same is one act.
    let request = RwSignal::new(new_request());
    let is_busy = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<Registered, String>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        let act = match untrack(read) {
            Ok(act) => act,
            Err(problem) => return outcome.set(Some(Err(problem))),
        };
        is_busy.set(true);
        outcome.set(None);
        spawn_local(async move {
            let done = acts.register(request.get_untracked(), act).await;
            // The page may be gone by now.
            if is_busy.try_set(false).is_some() {
                return;
            }
            if done.is_ok() {
                if let Some(form) = form.get_untracked().filter(|_| !stays) {
                    form.reset();
                }
                request.set(new_request());
                if let Some(registered) = registered {
                    registered.run(());
                }
            }
            outcome.set(Some(done));
        });
    };
    let told = move || {
        outcome.get().map(|outcome| match outcome {
            Ok(registered) => {
                let class = match registered {
                    Registered::Now => "message success",
                    Registered::Later => "message warning",
                };
                view! { <p class=class>{registered.words()}</p> }.into_any()
            }
            Err(problem) => {
                view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
            }
        })
    };
    view! {
        <section class="act-form" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {about.map(|about| view! { <p>{about}</p> })}
            <form node_ref=form on:submit=submit>
                {children()}
                <div role="status" class="wide">{told}</div>
                <button class="button primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { "Registrando…" } else { button }}
                </button>
            </form>
        </section>
    }
}
