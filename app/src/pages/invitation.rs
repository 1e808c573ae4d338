//! Taking an invitation up: whoever has the address chooses a password and is in.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::api::people::{Accept, Invitation};

use crate::{
    api,
    components::{
        code_field::CodeField,
        page::Page,
        provider_button::{ProviderButton, Purpose},
    },
    pages::people::standing,
    session::use_session,
    text,
};

/// What somebody is invited to, and the form.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let found = RwSignal::new(None::<Result<Invitation, String>>);
    let asked = token.clone();
    spawn_local(async move {
        let invitation = api::people::invitation(&asked).await;
        // The page may be gone by now.
        let _ = found.try_set(Some(invitation.map_err(|trouble| text::trouble(&trouble))));
    });
    let token = StoredValue::new(token);
    view! {
        <Page title="Invitación" narrow=true>
            {move || match found.get() {
                None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
                Some(Err(problem)) => {
                    view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
                }
                Some(Ok(invitation)) => {
                    view! { <Choose invitation token=token.get_value() /> }.into_any()
                }
            }}
        </Page>
    }
}

#[component]
fn Choose(invitation: Invitation, token: String) -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let (code, needs_code) = (RwSignal::new(String::new()), RwSignal::new(false));
    let token = StoredValue::new(token);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        if first.get_untracked() != second.get_untracked() {
            message.set(Some("Las dos contraseñas no son iguales.".into()));
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let code = needs_code.get_untracked().then(|| code.get_untracked());
            let accept = Accept { password: first.get_untracked(), code };
            match session.accept(&token.get_value(), &accept).await {
                Ok(()) => {
                    navigate.try_with_value(|go| go("/", Default::default()));
                }
                Err(trouble) => {
                    if trouble.needs_code() {
                        let _ = needs_code.try_set(true);
                    }
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                    let _ = is_busy.try_set(false);
                }
            }
        });
    };
    let Invitation { login, name, grant, is_reset } = invitation;
    let what = if is_reset {
        format!("{name}, elige tu nueva contraseña.")
    } else {
        format!("{name}, te invitaron a Focaliza como {}.", standing(&grant, false))
    };
    let field = |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input
                    id=id
                    class="input"
                    type="password"
                    autocomplete="new-password"
                    minlength="10"
                    required
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </div>
        }
    };
    view! {
        <form on:submit=submit>
            <p>{what}</p>
            <div class="field">
                <label for="usuario">"Tu usuario"</label>
                <input id="usuario" class="input" name="username" autocomplete="username" readonly prop:value=login />
            </div>
            {field("nueva", "Contraseña, de al menos 10 caracteres", first)}
            {field("otra-vez", "Otra vez", second)}
            <Show when=move || needs_code.get()>
                <CodeField id="codigo" code takes_keyboard=true />
            </Show>
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
            <button class="button primary" type="submit" disabled=is_busy>
                {move || if is_busy.get() { "Entrando…" } else { "Guardar y entrar" }}
            </button>
        </form>
        <ProviderButton purpose=Purpose::Invitation(token.get_value()) />
    }
}
