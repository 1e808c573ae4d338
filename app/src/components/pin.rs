//! The PIN with which a person comes back to this device without a network: setting it, and using it.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::api::Person;

use crate::{
    keyring::{PIN_LENGTH, PinTrouble, offers_pins},
    session::use_session,
    text,
};

/// Sets, changes or forgets the PIN of whoever is signed in.
#[component]
pub fn PinSetting() -> impl IntoView {
    let session = use_session();
    let has_pin = RwSignal::new(false);
    let message = RwSignal::new(None::<Result<&'static str, String>>);
    let input = NodeRef::<html::Input>::new();
    let look = move || {
        spawn_local(async move {
            let (Some(keyring), Some(person)) = (session.keyring(), session.person()) else {
                return;
            };
            let people = keyring.people().await.unwrap_or_default();
            has_pin.try_set(people.iter().any(|known| known.user == person.user));
        });
    };
    look();
    let set = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = input.get_untracked() else { return };
        let pin = field.value();
        if pin.chars().count() < PIN_LENGTH {
            message.set(Some(Err(format!("El PIN lleva al menos {PIN_LENGTH} caracteres."))));
            return;
        }
        spawn_local(async move {
            let said = match session.set_pin(Some(&pin)).await {
                Ok(()) => Ok("El PIN quedó puesto en este equipo."),
                Err(failure) => Err(text::failure(&failure).to_owned()),
            };
            field.set_value("");
            message.try_set(Some(said));
            look();
        });
    };
    let forget = move |_| {
        spawn_local(async move {
            let said = match session.set_pin(None).await {
                Ok(()) => Ok("Este equipo ya no tiene tu PIN."),
                Err(failure) => Err(text::failure(&failure).to_owned()),
            };
            message.try_set(Some(said));
            look();
        });
    };
    let said = move || {
        message.get().map(|said| match said {
            Ok(text) => view! { <p class="message success">{text}</p> }.into_any(),
            Err(text) => view! { <p class="message danger">{text}</p> }.into_any(),
        })
    };
    if !offers_pins() {
        return view! {
            <p class="hint">
                "Esta dirección no usa HTTPS: lo guardado no se puede cerrar con un PIN en este equipo."
            </p>
        }
        .into_any();
    }
    view! {
        <section class="pin">
            <h2>"Equipo compartido"</h2>
            <p>
                "Al salir, lo que guardas aquí queda cifrado y solo se abre cuando vuelves a ingresar. Con un PIN también puedes volver sin conexión."
            </p>
            <form class="pin-form" on:submit=set>
                <label for="pin">{move || if has_pin.get() { "PIN nuevo" } else { "PIN" }}</label>
                <input
                    id="pin"
                    class="input"
                    type="password"
                    autocomplete="off"
                    minlength=PIN_LENGTH
                    required
                    node_ref=input
                />
                <button class="button" type="submit">
                    {move || if has_pin.get() { "Cambiar PIN" } else { "Poner PIN" }}
                </button>
                <Show when=move || has_pin.get()>
                    <button class="button" type="button" on:click=forget>"Quitar PIN"</button>
                </Show>
            </form>
            <div role="status">{said}</div>
        </section>
    }
    .into_any()
}

/// Lets people who have a PIN on this device come back.
#[component]
pub fn PinEntry(
    /// Called when somebody is in.
    entered: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let people = RwSignal::new(Vec::<Person>::new());
    let look = move || {
        spawn_local(async move {
            if let Some(keyring) = session.keyring() {
                people.try_set(keyring.people().await.unwrap_or_default());
            }
        });
    };
    // The device is being opened while the page is drawn.
    Effect::new(move |_| {
        let _ = session.who();
        look();
    });
    let chosen = NodeRef::<html::Select>::new();
    let pin = NodeRef::<html::Input>::new();
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(chosen), Some(field)) = (chosen.get_untracked(), pin.get_untracked()) else {
            return;
        };
        let Ok(user) = chosen.value().parse::<i64>() else { return };
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            match session.unlock(user, &field.value()).await {
                Ok(()) => entered.run(()),
                Err(trouble) => {
                    field.set_value("");
                    message.try_set(Some(in_words(&trouble)));
                    is_busy.try_set(false);
                    look();
                }
            }
        });
    };
    let options = move || {
        let option = |person: Person| view! { <option value=person.user>{person.name}</option> };
        people.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || !people.with(Vec::is_empty)>
            <section class="pin-entry">
                <h2>"Volver sin conexión"</h2>
                <form on:submit=submit>
                    <div class="field">
                        <label for="pin-person">"Persona"</label>
                        <select id="pin-person" class="input" node_ref=chosen>{options}</select>
                    </div>
                    <div class="field">
                        <label for="pin-entry">"PIN"</label>
                        <input id="pin-entry" class="input" type="password" autocomplete="off" required node_ref=pin />
                    </div>
                    <button class="button" type="submit" disabled=is_busy>
                        {move || if is_busy.get() { "Abriendo…" } else { "Abrir con PIN" }}
                    </button>
                </form>
            </section>
        </Show>
        <div role="alert">
            {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
        </div>
    }
}

fn in_words(trouble: &PinTrouble) -> String {
    match trouble {
        PinTrouble::Wrong(left) => format!(
            "Ese no es el PIN. {} más y este equipo lo olvida; lo guardado no se pierde.",
            text::count(*left as usize, "intento", "intentos")
        ),
        PinTrouble::Forgotten => {
            "Este equipo ya no tiene ese PIN. Ingresa con tu contraseña cuando haya conexión: lo \
             guardado sigue aquí."
                .into()
        }
        PinTrouble::Storage(failure) => text::failure(failure).into(),
    }
}
