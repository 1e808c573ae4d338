//! The list of exercises, and creating one.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use shared::{
    api::{ExerciseSummary, NewExercise, Person},
    ids::ExerciseId,
    territory,
};

use crate::{
    api, clock,
    components::{
        newer_build::NewerBuild,
        page::Page,
        refreshing::{Held, outdated, up_to_date},
        signed_in::SignedIn,
    },
    lazy::Lazy,
    session::use_session,
    storage::Holding,
    text,
};

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
            fallback=|| view! { <p>"Todavía no hay ejercicios. Crea el primero más abajo."</p> }
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
        <Create person />
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
    if held.quarantined > 0 {
        parts.push(text::count(held.quarantined, "cambio apartado", "cambios apartados"));
    }
    parts.join(" · ")
}

/// Creates an exercise: the region is the person's, or chosen by who writes in all of them.
#[component]
fn Create(person: Person) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let next_year = chrono::Datelike::year(&clock::today()) + 1;
    let region = RwSignal::new(person.grant.region.clone().unwrap_or_default());
    let year = RwSignal::new(next_year.to_string());
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let anywhere = territory::regions().iter().any(|region| {
        let id = ExerciseId::new(region.code, next_year.try_into().unwrap_or_default());
        id.is_ok_and(|id| person.grant.may_edit(id))
    });
    if !anywhere {
        return ().into_any();
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let id = year
            .get()
            .trim()
            .parse()
            .ok()
            .and_then(|year| ExerciseId::new(&region.get(), year).ok());
        let Some(id) = id else {
            message.set(Some("Elige una región y un año presupuestario entre 2019 y 2099.".into()));
            return;
        };
        is_busy.set(true);
        spawn_local(async move {
            let new = NewExercise { region: id.region().into(), budget_year: id.budget_year };
            match api::create(&new).await {
                Ok(_) => navigate.with_value(|navigate| {
                    navigate(&format!("/ejercicio/{id}"), Default::default())
                }),
                Err(trouble) => message.set(Some(text::trouble(&trouble))),
            }
            is_busy.set(false);
        });
    };
    let choice = match &person.grant.region {
        Some(code) => {
            view! { <output id="region">{text::region(code).to_owned()}</output> }.into_any()
        }
        None => view! {
            <select id="region" class="input" bind:value=region>
                <option value="">"Elige una región"</option>
                {territory::regions()
                    .iter()
                    .map(|region| view! { <option value=region.code>{region.name}</option> })
                    .collect_view()}
            </select>
        }
        .into_any(),
    };
    view! {
        <section class="create">
            <h2>"Crear un ejercicio"</h2>
            <form on:submit=submit>
                <div class="field">
                    <label for="region">"Región"</label>
                    {choice}
                </div>
                <div class="field">
                    <label for="year">"Año presupuestario"</label>
                    <input id="year" class="input" inputmode="numeric" size="6" bind:value=year />
                    <span class="hint">"El año en que se ejecuta; se prepara el año anterior."</span>
                </div>
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit" disabled=is_busy>"Crear y abrir"</button>
            </form>
        </section>
    }
    .into_any()
}
