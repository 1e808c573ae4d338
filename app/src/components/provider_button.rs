//! Signing in by what somebody else says of a person: ClaveÚnica as its manual has it, or another.

use leptos::{prelude::*, task::spawn_local};
use shared::api::entry::{Kind, Provider};

use crate::{
    api,
    session::{Departure, use_session},
    text,
};

/// What the button is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in, and come back to this path.
    SignIn(String),
    /// To take up the invitation with this secret.
    Invitation(String),
}

/// Leads to the provider, as a whole page. Nothing is shown where the server has none, or is not met:
/// then nobody could be led there.
#[component]
pub fn ProviderButton(
    /// What it is for.
    purpose: Purpose,
) -> impl IntoView {
    let provider = RwSignal::new(None::<Provider>);
    spawn_local(async move {
        if let Ok(ways) = api::ways().await {
            // The page may be gone by now.
            let _ = provider.try_set(ways.provider);
        }
    });
    let purpose = StoredValue::new(purpose);
    move || provider.get().map(|provider| view! { <Button provider purpose /> })
}

#[component]
fn Button(provider: Provider, purpose: StoredValue<Purpose>) -> impl IntoView {
    let session = use_session();
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let leave = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let purpose = purpose.get_value();
            let way = match &purpose {
                Purpose::SignIn(back) => Departure::SignIn { back },
                Purpose::Invitation(token) => Departure::Invitation { token },
            };
            if let Err(trouble) = session.leave_to_provider(&way).await {
                let _ = message.try_set(Some(text::trouble(&trouble)));
            }
            // Whoever comes back by the browser's own button finds the page as it was left.
            let _ = is_busy.try_set(false);
        });
    };
    let is_clave_unica = provider.kind == Kind::ClaveUnica;
    let words = match purpose.get_value() {
        // As the manual names it for who cannot see the button; who speaks to the machine says what
        // they see (WCAG 2.5.3), so that both are the same.
        _ if is_clave_unica => "Iniciar sesión con ClaveÚnica".to_owned(),
        Purpose::SignIn(_) => format!("Ingresar con {}", provider.name),
        Purpose::Invitation(_) => format!("Aceptar con {}", provider.name),
    };
    let label = words.clone();
    view! {
        <div class="provider">
            <p class="provider-or">"o"</p>
            <button
                class="button provider-button"
                class:clave-unica=is_clave_unica
                type="button"
                aria-label=label
                aria-disabled=move || is_busy.get().to_string()
                on:click=leave
            >
                {words}
            </button>
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
        </div>
    }
}
