//! Who has an account: inviting, changing, closing.

mod audit;
mod factor;
mod grant;
mod identity;
mod invite;
mod pending;

use leptos::{prelude::*, task::spawn_local};
use shared::api::{
    Person,
    people::{ChangePerson, Managed, People, Way},
};

pub use self::{audit::AuditPage, grant::standing};
use self::{
    factor::FactorEnd,
    grant::{GrantFields, Granting},
    identity::IdentityForm,
    invite::{InviteForm, WayToSend},
    pending::PendingList,
};
use crate::{
    api,
    components::{
        contact::ContactForm,
        page::{Page, focus},
        signed_in::SignedIn,
    },
    text,
};

/// The people whom the person manages.
#[component]
pub fn PeoplePage() -> impl IntoView {
    view! {
        <Page title="Personas">
            <SignedIn let:person>
                {if person.grant.may_manage_people() {
                    view! { <Everybody person /> }.into_any()
                } else {
                    view! { <p>"Tu rol no administra personas."</p> }.into_any()
                }}
            </SignedIn>
        </Page>
    }
}

#[component]
fn Everybody(person: Person) -> impl IntoView {
    let people = RwSignal::new(None::<People>);
    let message = RwSignal::new(None::<String>);
    let way = RwSignal::new(None::<(String, Way)>);
    let load = Callback::new(move |()| {
        spawn_local(async move {
            let found = api::people::list().await;
            // The page may be gone by now.
            let _ = match found {
                Ok(found) => {
                    let _ = message.try_set(None);
                    people.try_set(Some(found)).is_some()
                }
                Err(trouble) => message.try_set(Some(text::trouble(&trouble))).is_some(),
            };
        });
    });
    load.run(());
    let granter = StoredValue::new(person.grant.clone());
    let me = person.user;
    let invited = Callback::new(move |(name, new): (String, Way)| {
        way.set(Some((name, new)));
        // It is told once: whoever is further down is brought there.
        request_animation_frame(|| focus("way"));
        load.run(());
    });
    let list = move || people.get().map(|people| people.people).unwrap_or_default();
    let is_empty = move || people.with(|people| people.is_none());
    view! {
        <div role="alert">
            {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
        </div>
        <p class="people-tools">
            <a class="button" href="/personas/registro">"Registro de accesos y cambios"</a>
        </p>
        <div role="status">
            {move || way.get().map(|(name, way)| view! { <WayToSend name way /> })}
        </div>
        <Show when=move || !is_empty() fallback=move || view! {
            <Show when=move || message.with(Option::is_none)>
                <p class="waiting" role="status">"Abriendo…"</p>
            </Show>
        }>
            <table class="table stacked people">
                <thead>
                    <tr>
                        <th scope="col">"Persona"</th>
                        <th scope="col">"Rol"</th>
                        <th scope="col">"Último uso"</th>
                        <th scope="col"><span class="visually-hidden">"Acciones"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        let row = |one| view! { <Row one granter me load invited message /> };
                        list().into_iter().map(row).collect_view()
                    }}
                </tbody>
            </table>
            <PendingList people load message />
            <InviteForm granter invited />
        </Show>
    }
}

#[component]
fn Row(
    one: Managed,
    granter: StoredValue<shared::access::Grant>,
    me: i64,
    load: Callback<()>,
    invited: Callback<(String, Way)>,
    message: RwSignal<Option<String>>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let is_me = one.user == me;
    let (user, name) = (one.user, StoredValue::new(one.name.clone()));
    let reset = move |_| {
        spawn_local(async move {
            match api::people::reset(user).await {
                Ok(way) => invited.run((name.get_value(), way)),
                Err(trouble) => message.set(Some(text::trouble(&trouble))),
            }
        });
    };
    let last_seen = one.last_seen.map_or_else(|| "Nunca".into(), text::when);
    let title = standing(&one.grant, one.acting);
    let shown = StoredValue::new(one.clone());
    view! {
        <tr class:closed=one.disabled>
            <th scope="row">
                {one.name.clone()}
                <small>{one.login.clone()}</small>
            </th>
            <td data-label="Rol">
                {title}
                {one.disabled.then(|| view! { " " <span class="chip">"Cuenta cerrada"</span> })}
            </td>
            <td data-label="Último uso">{last_seen}</td>
            <td>
                <div class="people-actions">
                {if is_me {
                    view! { <span class="hint">"Eres tú"</span> }.into_any()
                } else {
                    view! {
                        <button class="button" aria-expanded=move || is_open.get().to_string() on:click=move |_| is_open.update(|open| *open = !*open)>
                            "Cambiar"
                        </button>
                        <button class="button" on:click=reset>"Nueva contraseña"</button>
                    }
                    .into_any()
                }}
                </div>
            </td>
        </tr>
        <Show when=move || is_open.get()>
            <tr class="people-change">
                <td colspan="4">
                    <ChangeForm one=shown.get_value() granter load is_open />
                    <ContactForm of=user />
                    <IdentityForm user name=name.get_value() />
                    <FactorEnd user />
                </td>
            </tr>
        </Show>
    }
}

#[component]
fn ChangeForm(
    one: Managed,
    granter: StoredValue<shared::access::Grant>,
    load: Callback<()>,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let prefix = format!("cambiar-{}", one.user);
    let user = one.user;
    let name = RwSignal::new(one.name.clone());
    let granting = Granting::of(&one.grant, one.acting);
    let disabled = RwSignal::new(one.disabled);
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        let (grant, acting) = granting.chosen(&granter.get_value());
        let (name, disabled) = (name.get_untracked(), disabled.get_untracked());
        let change = ChangePerson { name, grant, acting, disabled };
        is_busy.set(true);
        spawn_local(async move {
            let done = api::people::change(user, &change).await;
            // The page may be gone by now.
            let _ = is_busy.try_set(false);
            match done {
                Ok(()) => {
                    let _ = is_open.try_set(false);
                    load.run(());
                }
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    };
    let (name_id, closed_id) = (format!("{prefix}-nombre"), format!("{prefix}-cerrada"));
    view! {
        <form class="people-form" on:submit=submit aria-label=format!("Cambiar a {}", one.name)>
            <div class="field">
                <label for=name_id.clone()>"Nombre"</label>
                <input
                    id=name_id
                    class="input"
                    required
                    prop:value=name
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </div>
            <GrantFields prefix granter granting />
            <label class="check">
                <input
                    id=closed_id
                    type="checkbox"
                    prop:checked=disabled
                    on:change=move |event| disabled.set(event_target_checked(&event))
                />
                "Cuenta cerrada: no puede entrar"
            </label>
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
            <div class="buttons">
                <button class="button primary" type="submit" disabled=is_busy>"Guardar"</button>
                <button class="button" type="button" on:click=move |_| is_open.set(false)>"Cancelar"</button>
            </div>
        </form>
    }
}
