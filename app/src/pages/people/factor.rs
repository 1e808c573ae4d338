//! Taking the second factor of somebody away who lost the telephone.

use leptos::{prelude::*, task::spawn_local};

use crate::{api, text};

/// The button, and what came of it.
#[component]
pub fn FactorEnd(
    /// Number of the account.
    user: i64,
) -> impl IntoView {
    let said = RwSignal::new(None::<Result<(), String>>);
    let take = move |_| {
        spawn_local(async move {
            let done = api::factor::end_of(user).await.map_err(|trouble| text::trouble(&trouble));
            // The page may be gone by now.
            let _ = said.try_set(Some(done));
        });
    };
    view! {
        <p>
            "Si perdió el teléfono y sus códigos de recuperación, compruébalo con la persona antes: después bastará su contraseña."
        </p>
        <button class="button danger" type="button" on:click=take>"Quitar su segundo factor"</button>
        <div role="alert">
            {move || said.get().map(|said| match said {
                Ok(()) => view! { <p class="message success">"Ya no se le pide un código."</p> }.into_any(),
                Err(why) => view! { <p class="message danger">{why}</p> }.into_any(),
            })}
        </div>
    }
}
