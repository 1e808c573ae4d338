//! What only somebody who is signed in sees.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};
use shared::api::Person;

use crate::{
    session::{Who, use_session},
    text,
};

/// Shows its children to a person; others sign in first and come back.
#[component]
pub fn SignedIn<F, V>(children: F) -> impl IntoView
where
    F: Fn(Person) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let session = use_session();
    let location = use_location();
    // A name or role that the server corrects does not build the page anew.
    let user = Memo::new(move |_| match session.who() {
        Who::Opening => None,
        Who::Nobody => Some(None),
        Who::Person(person) => Some(Some(person.user)),
    });
    let failure = move || session.storage().and_then(Result::err);
    move || match user.get() {
        // Going on without what the device holds would hide it.
        _ if failure().is_some_and(|failure| !failure.leaves_nothing_behind()) => {
            let text = failure().as_ref().map(text::failure);
            view! {
                <p class="message danger" role="alert">{text}</p>
                <p><a class="button" rel="external" href="">"Volver a cargar"</a></p>
            }
            .into_any()
        }
        None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
        Some(None) => {
            let path = location.pathname.get_untracked();
            view! { <Redirect path=format!("/ingresar?destino={path}") /> }.into_any()
        }
        Some(Some(_)) => untrack(|| session.person()).map(&children).into_any(),
    }
}
