//! Inviting somebody, and the address that they are sent.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    access::Grant,
    api::people::{Invite, Way},
};

use super::grant::{GrantFields, Granting};
use crate::{api, components::copy::CopyField, text};

/// The form.
#[component]
pub fn InviteForm(granter: StoredValue<Grant>, invited: Callback<(String, Way)>) -> impl IntoView {
    let (name, login) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let granting = granter.with_value(Granting::first);
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        let (grant, acting) = granting.chosen(&granter.get_value());
        let who = name.get_untracked();
        let invite = Invite { login: login.get_untracked(), name: who.clone(), grant, acting };
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = api::people::invite(&invite).await;
            // The page may be gone by now.
            let _ = is_busy.try_set(false);
            match done {
                Ok(way) => {
                    let _ = (name.try_set(String::new()), login.try_set(String::new()));
                    invited.run((who, way));
                }
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    };
    view! {
        <section class="people-invite" aria-labelledby="invitar">
            <h2 id="invitar">"Invitar a alguien"</h2>
            <form class="people-form" on:submit=submit>
                <div class="field">
                    <label for="invitar-nombre">"Nombre"</label>
                    <input
                        id="invitar-nombre"
                        class="input"
                        autocomplete="off"
                        required
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </div>
                <div class="field">
                    <label for="invitar-usuario">"Usuario"</label>
                    <input
                        id="invitar-usuario"
                        class="input"
                        autocomplete="off"
                        autocapitalize="none"
                        aria-describedby="invitar-usuario-ayuda"
                        required
                        prop:value=login
                        on:input=move |event| login.set(event_target_value(&event))
                    />
                    <span id="invitar-usuario-ayuda" class="hint">
                        "Con esto entra a Focaliza; puede ser su correo institucional. Después no cambia."
                    </span>
                </div>
                <GrantFields prefix="invitar".into() granter granting />
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { "Invitando…" } else { "Crear invitación" }}
                </button>
            </form>
        </section>
    }
}

/// The address to be sent to somebody; it is not shown again.
#[component]
pub fn WayToSend(name: String, way: Way) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let address = format!("{origin}{}", way.path());
    view! {
        <div id="way" tabindex="-1" class="message success people-way">
            <p>
                <strong>{format!("Envía esta dirección a {name}.")}</strong>
                {format!(" Con ella elige su contraseña y entra. Sirve una vez, vence el {} y no se vuelve a mostrar.", text::at(way.expires))}
            </p>
            <CopyField label="Dirección de la invitación" address />
        </div>
    }
}
