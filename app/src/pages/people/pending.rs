//! Invitations that wait.

use leptos::{prelude::*, task::spawn_local};
use shared::api::people::{Pending, People};

use super::grant::standing;
use crate::{api, text};

/// All of them; nothing where there is none.
#[component]
pub fn PendingList(
    people: RwSignal<Option<People>>,
    load: Callback<()>,
    message: RwSignal<Option<String>>,
) -> impl IntoView {
    let list = move || {
        people.with(|all| all.as_ref().map(|all| all.invitations.clone())).unwrap_or_default()
    };
    let revoke = move |id| {
        spawn_local(async move {
            match api::people::revoke(id).await {
                Ok(()) => load.run(()),
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    };
    let row = move |one: Pending| {
        let Pending { id, login, name, grant, is_reset, by, expires } = one;
        let what = if is_reset { "Nueva contraseña".into() } else { standing(&grant, false) };
        view! {
            <tr>
                <th scope="row">{name} <small>{login}</small></th>
                <td data-label="Para">{what}</td>
                <td data-label="Vence">{text::at(expires)} <small>{format!("la hizo {by}")}</small></td>
                <td>
                    <div class="people-actions">
                        <button class="button" on:click=move |_| revoke(id)>"Anular"</button>
                    </div>
                </td>
            </tr>
        }
    };
    view! {
        <Show when=move || !list().is_empty()>
            <h2>"Invitaciones por aceptar"</h2>
            <table class="table stacked people">
                <thead>
                    <tr>
                        <th scope="col">"Persona"</th>
                        <th scope="col">"Para"</th>
                        <th scope="col">"Vence"</th>
                        <th scope="col"><span class="visually-hidden">"Acciones"</span></th>
                    </tr>
                </thead>
                <tbody>{move || list().into_iter().map(row).collect_view()}</tbody>
            </table>
        </Show>
    }
}
