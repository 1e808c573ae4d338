//! As whom a provider of identities knows somebody: set by who manages them, shown to nobody.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::api::entry::{Kind, Link, Provider, Run};

use crate::{api, text};

/// Links an account, where the server has a provider.
#[component]
pub fn IdentityForm(
    /// Number of the account.
    user: i64,
    /// The person's name.
    name: String,
) -> impl IntoView {
    let state = RwSignal::new(None::<(Provider, bool)>);
    let load = move || {
        spawn_local(async move {
            let Ok(Some(provider)) = api::ways().await.map(|ways| ways.provider) else { return };
            if let Ok(found) = api::people::linked(user).await {
                // The page may be gone by now.
                let _ = state.try_set(Some((provider, found.linked)));
            }
        });
    };
    load();
    let name = StoredValue::new(name);
    let change = Callback::new(move |()| load());
    move || {
        state.get().map(|(provider, is_linked)| {
            view! { <Form user name=name.get_value() provider is_linked change /> }
        })
    }
}

#[component]
fn Form(
    user: i64,
    name: String,
    provider: Provider,
    is_linked: bool,
    change: Callback<()>,
) -> impl IntoView {
    let subject = RwSignal::new(String::new());
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let is_run = provider.kind == Kind::ClaveUnica;
    let set = move |subject: Option<String>| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = api::people::link(user, &Link { subject }).await;
            let _ = is_busy.try_set(false);
            match done {
                Ok(()) => change.run(()),
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = subject.get_untracked().trim().to_owned();
        match Run::parse(&typed) {
            Err(why) if is_run => message.set(Some(why.into())),
            _ => set(Some(typed)),
        }
    };
    let id = format!("identidad-{user}");
    let label = if is_run {
        format!("RUN con que entra con {}", provider.name)
    } else {
        format!("Identificador («sub») ante {}", provider.name)
    };
    let state = if is_linked {
        "La cuenta está vinculada. El número no se guarda a la vista y no se puede mostrar; al \
         escribir otro se reemplaza."
    } else {
        "La cuenta no está vinculada: la persona entra solo con su contraseña."
    };
    let hint = format!("{id}-estado");
    view! {
        <form class="people-form" on:submit=submit aria-label=format!("Identidad de {name}")>
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    class="input"
                    required
                    autocomplete="off"
                    aria-describedby=hint.clone()
                    prop:value=subject
                    on:input=move |event| subject.set(event_target_value(&event))
                />
                <p id=hint class="hint">{state}</p>
            </div>
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
            <div class="buttons">
                <button class="button" type="submit" disabled=is_busy>"Vincular"</button>
                {is_linked.then(|| view! {
                    <button class="button danger" type="button" disabled=is_busy on:click=move |_| set(None)>
                        "Quitar el vínculo"
                    </button>
                })}
            </div>
        </form>
    }
}
