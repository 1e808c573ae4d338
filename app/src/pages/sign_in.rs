//! Signing in.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::api::{SignIn, entry::Refusal};

use crate::{
    components::{
        code_field::CodeField,
        page::Page,
        pin::PinEntry,
        provider_button::{ProviderButton, Purpose},
    },
    session::{Who, use_session},
    text,
};

/// Name and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let query = use_query_map();
    let (login, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let message = RwSignal::new(None::<String>);
    // Where somebody comes from a provider of identities, and is not in.
    let refused = query.read_untracked().get_str("error").and_then(Refusal::parse);
    let is_busy = RwSignal::new(false);
    let (code, needs_code) = (RwSignal::new(String::new()), RwSignal::new(false));

    let query = query.read_untracked();
    // Whoever is signed in has nothing to do here, unless the session ended.
    let has_ended = query.get_str("sesion") == Some("vencida");
    // Only to a page of this application.
    let wanted = query.get("destino");
    let wanted = wanted.filter(|path| path.starts_with('/') && !path.starts_with("//"));
    let wanted = StoredValue::new(wanted.unwrap_or_else(|| "/".into()));
    let leave = move || {
        // Gone, where the person has left already.
        if let Some(wanted) = wanted.try_get_value() {
            navigate.try_with_value(|go| go(&wanted, Default::default()));
        }
    };
    Effect::new(move |_| {
        if matches!(session.who(), Who::Person(_)) && !has_ended && refused.is_none() {
            leave();
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |field: NodeRef<html::Input>| field.get().map(|field| field.value());
        let (Some(login), Some(password)) = (value(login), value(password)) else { return };
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let code = needs_code.get_untracked().then(|| code.get_untracked());
            match session.sign_in(SignIn { login, password, code }).await {
                Ok(()) => leave(),
                Err(trouble) => {
                    if trouble.needs_code() {
                        needs_code.set(true);
                    }
                    message.set(Some(text::trouble(&trouble)));
                    is_busy.set(false);
                }
            }
        });
    };

    view! {
        <Page title="Ingresar" narrow=true>
            <div role="alert">
                {refused.map(|why| view! { <p class="message danger">{text::refusal(why)}</p> })}
            </div>
            <form on:submit=submit>
                <div class="field">
                    <label for="login">"Usuario"</label>
                    <input
                        id="login"
                        class="input"
                        name="username"
                        autocomplete="username"
                        autocapitalize="none"
                        required
                        node_ref=login
                    />
                </div>
                <div class="field">
                    <label for="password">"Contraseña"</label>
                    <input
                        id="password"
                        class="input"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        required
                        node_ref=password
                    />
                </div>
                <Show when=move || needs_code.get()>
                    <CodeField id="codigo" code takes_keyboard=true />
                </Show>
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { "Ingresando…" } else { "Ingresar" }}
                </button>
            </form>
            <ProviderButton purpose=Purpose::SignIn(wanted.get_value()) />
            <PinEntry entered=Callback::new(move |()| leave()) />
        </Page>
    }
}
