//! Taking part in a meeting: who has scanned the code says who they are.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::api::{Guest, Join, MeetingInfo};

use crate::{api, components::page::Page, session::use_session, text};

/// The people of the meeting, and the code for whoever sits beside.
#[component]
pub fn MeetingPage() -> impl IntoView {
    let code = use_params_map().read_untracked().get("code").unwrap_or_default();
    let info = RwSignal::new(None::<Result<MeetingInfo, String>>);
    let asked = code.clone();
    spawn_local(async move {
        let found = api::meeting(&asked).await.map_err(|trouble| text::trouble(&trouble));
        // The page may be gone by now.
        let _ = info.try_set(Some(found));
    });
    let code = StoredValue::new(code);
    view! {
        <Page title="Reunión">
            {move || match info.get() {
                None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
                Some(Err(problem)) => {
                    view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
                }
                Some(Ok(info)) => view! { <Guests info code=code.get_value() /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Guests(info: MeetingInfo, code: String) -> impl IntoView {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let exercise = info.exercise;
    let way = format!("{}/reunion/{code}", info.address);
    let picture = format!("/api/meeting/{code}/qr");
    let code = StoredValue::new(code);
    let join = move |login: String| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            match session.join(Join { code: code.get_value(), login }).await {
                Ok(()) => {
                    let to = format!("/ejercicio/{exercise}");
                    navigate.try_with_value(|go| go(&to, Default::default()));
                }
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                    let _ = is_busy.try_set(false);
                }
            }
        });
    };
    let guest = move |Guest { login, name, role }: Guest| {
        view! {
            <li>
                <button class="guest" disabled=is_busy on:click=move |_| join(login.clone())>
                    <strong>{name}</strong>
                    <span>{role}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="meeting">
            <section aria-labelledby="quienes">
                <p>{text::exercise(exercise)}</p>
                <h2 id="quienes">"¿Quién eres?"</h2>
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <ul class="guests">{info.people.into_iter().map(guest).collect_view()}</ul>
            </section>
            <section aria-labelledby="sumar">
                <h2 id="sumar">"Para sumar a alguien"</h2>
                <p>"En la misma red, escanea este código o abre la dirección."</p>
                <img src=picture alt="Código para entrar a la reunión" width="280" height="280" />
                <p class="meeting-way">{way}</p>
            </section>
        </div>
    }
}
