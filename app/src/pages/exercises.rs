//! The list of exercises, and the way to creating one.

mod create;

use std::collections::{BTreeMap, BTreeSet};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{ExerciseSummary, Person},
    ids::ExerciseId,
};

use self::create::{Create, Creating, may_create};

use crate::{
    api,
    components::{
        newer_build::NewerBuild,
        page::Page,
        refreshing::{Held, outdated, up_to_date},
        signed_in::SignedIn,
    },
    lazy::{Lazy, lazy_view},
    session::use_session,
    storage::Holding,
    text,
};

lazy_view!(create in pages, Create);

/// Under which the list that the server last gave is remembered.
#[must_use]
pub fn list_name(person: &Person) -> String {
    format!("exercises/{}", person.user)
}

/// The exercises that the person may read.
#[component]
pub fn ExercisesPage() -> impl IntoView {
    view! {
        <Page title="Ejercicios">
            <NewerBuild is_stored=true />
            <SignedIn let:person>
                <Exercises person />
            </SignedIn>
        </Page>
    }
}

#[component]
fn Exercises(person: Person) -> impl IntoView {
    let session = use_session();
    let listed = RwSignal::new(Vec::<ExerciseSummary>::new());
    let held = RwSignal::new(BTreeMap::<ExerciseId, Holding>::new());
    provide_context(Held(held));
    let message = RwSignal::new(None::<String>);
    let name = list_name(&person);
    let grant = person.grant.clone();
    let may_create = may_create(&person);
    let creates = RwSignal::new(false);
    provide_context(Creating { person: StoredValue::new(person), listed });
    spawn_local(async move {
        held.set(session.holdings().await);
        if let Some(remembered) = session.recall::<Vec<ExerciseSummary>>(&name).await {
            listed.set(remembered);
        }
        match api::exercises().await {
            Ok(exercises) => {
                session.remember(&name, Some(&exercises)).await;
                listed.set(exercises);
            }
            Err(api::Trouble::Offline) => {
                message.set(Some("Sin conexión: esta es la lista que guardó este equipo.".into()))
            }
            Err(trouble) => message.set(Some(text::trouble(&trouble))),
        }
    });

    // What the device holds is listed although the server's list did not arrive.
    let all = move || {
        let (listed, held) = (listed.get(), held.get());
        let mut rows: Vec<_> = listed.iter().map(|one| (one.id, Some(one.changed))).collect();
        let known: BTreeSet<_> = listed.iter().map(|one| one.id).collect();
        let others = held.keys().filter(|id| !known.contains(id) && grant.may_read(**id));
        rows.extend(others.map(|id| (*id, None)));
        rows
    };
    let state = move |id: ExerciseId| held.with(|held| state(held.get(&id).copied()));
    let is_outdated = Memo::new(move |_| {
        held.with(|held| listed.with(|listed| !outdated(held, listed).is_empty()))
    });
    let is_empty = {
        let all = all.clone();
        move || all().is_empty()
    };
    view! {
        <p role="status">
            {move || message.get().map(|text| view! { <span class="message">{text}</span> })}
        </p>
        <Show when=move || is_outdated.get()>
            <Lazy part=up_to_date />
        </Show>
        <Show
            when=move || !is_empty()
            fallback=|| view! { <p>"Todavía no hay ejercicios."</p> }
        >
            <table class="table stacked exercises">
                <thead>
                    <tr>
                        <th scope="col">"Región"</th>
                        <th scope="col">"Año presupuestario"</th>
                        <th scope="col">"Último cambio"</th>
                        <th scope="col">"En este equipo"</th>
                        <th scope="col">"Plazos y envíos"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=all.clone() key=|row| *row let((id, changed))>
                        <tr>
                            <td>
                                <a href=format!("/ejercicio/{id}")>{text::region(id.region()).to_owned()}</a>
                            </td>
                            <td data-label="Año presupuestario">{id.budget_year}</td>
                            <td data-label="Último cambio">{changed.map(text::at)}</td>
                            <td data-label="En este equipo">{move || state(id)}</td>
                            <td><a href=format!("/proceso/{id}")>"Proceso"</a></td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </Show>
        <Show when=move || may_create>
            <Show
                when=move || creates.get()
                fallback=move || view! {
                    <p>
                        <button class="button" on:click=move |_| creates.set(true)>"Crear un ejercicio…"</button>
                    </p>
                }
            >
                <Lazy part=create />
            </Show>
        </Show>
    }
}

/// What the device holds of an exercise, in words.
#[must_use]
pub fn state(held: Option<Holding>) -> String {
    let held = held.unwrap_or_default();
    let mut parts = Vec::new();
    parts.push(if held.copy {
        "Disponible sin conexión".to_owned()
    } else {
        "Sin copia en este equipo".into()
    });
    if held.unsent > 0 {
        parts.push(format!("{} por enviar", text::count(held.unsent, "cambio", "cambios")));
    }
    if held.acts > 0 {
        parts.push(format!("{} por registrar", text::count(held.acts, "acto", "actos")));
    }
    if held.quarantined > 0 {
        parts.push(text::count(held.quarantined, "cambio apartado", "cambios apartados"));
    }
    parts.join(" · ")
}
