//! The history of a cell: who, when, before, after, with the way back. From the server; without a
//! network, what this device has of it.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    history::{Step, restoring},
    key::Key,
};

use crate::{
    api::{self, Trouble},
    components::{
        chain::short_name,
        change::{change_view, parts},
        deleted::row_label,
        grid::heading,
        panel::PanelCell,
    },
    store::use_store,
    text,
};

/// How long a cell must rest before its history is asked for again.
const REST_MS: u32 = 600;

/// What was found.
#[derive(Clone)]
enum Found {
    Not,
    /// From the server, or else from this device.
    Steps {
        steps: Vec<Step>,
        is_whole: bool,
    },
    Failed(String),
}

/// The panel: the one way into this part of the program.
#[component]
pub fn HistoryPanel() -> impl IntoView {
    let store = use_store();
    let PanelCell(of) = expect_context();
    let found = RwSignal::new(Found::Not);
    let asked = RwSignal::new(0u32);
    let turns = StoredValue::new(0u32);
    let is_sent = Memo::new(move |_| store.status().unsent == 0);
    Effect::new(move |before: Option<Option<Key>>| {
        asked.track();
        is_sent.track();
        let key = of.get()?;
        store.track_row(key.table, &key.row);
        let is_other = before.flatten().as_ref() != Some(&key);
        if is_other {
            found.set(Found::Not);
        }
        let shown = key.clone();
        let turn = turns.get_value() + 1;
        turns.set_value(turn);
        spawn_local(async move {
            // While somebody types, every change would be a request.
            if !is_other {
                TimeoutFuture::new(REST_MS).await;
                if turns.try_get_value() != Some(turn) {
                    return;
                }
            }
            let got = match api::history(store.exercise_id(), &key).await {
                Ok(steps) => Found::Steps { steps, is_whole: true },
                Err(Trouble::Offline) => match store.history_here(key.clone()).await {
                    Ok(steps) => Found::Steps { steps, is_whole: false },
                    Err(failure) => Found::Failed(text::failure(&failure).into()),
                },
                Err(trouble) => Found::Failed(text::trouble(&trouble)),
            };
            // Another cell may have been asked for meanwhile.
            if of.try_get_untracked().flatten().as_ref() == Some(&key) {
                found.try_set(got);
            }
        });
        Some(shown)
    });
    let about = move || {
        of.get().map(|key| {
            let row = store.with(|exercise| {
                exercise.row(key.table, &key.row).map(|row| row_label(key.table, row))
            });
            let title = store.with(|exercise| heading(exercise, key.table, &key.field));
            view! {
                <p class="history-of">
                    <strong>{title}</strong>
                    <small>{short_name(key.table)} " · " {row}</small>
                </p>
            }
        })
    };
    let nothing = "Elige una celda de la tabla para ver quién escribió en ella, y cuándo.";
    view! {
        {about}
        <Show when=move || of.with(Option::is_none)>
            <p>{nothing}</p>
        </Show>
        {move || of.get().map(|key| match found.get() {
            Found::Not => view! { <p role="status">"Buscando…"</p> }.into_any(),
            Found::Failed(message) => view! {
                <p class="message danger" role="alert">{message}</p>
                <button class="button" on:click=move |_| asked.update(|asked| *asked += 1)>"Volver a intentarlo"</button>
            }
            .into_any(),
            Found::Steps { steps, is_whole } => view! { <Steps key steps is_whole /> }.into_any(),
        })}
        <p class="history-past">
            <a class="button" href=move || format!("/ejercicio/{}/historial", store.exercise_id())>
                "Ver el ejercicio en otro momento"
            </a>
        </p>
    }
}

#[component]
fn Steps(key: Key, steps: Vec<Step>, is_whole: bool) -> impl IntoView {
    let is_empty = steps.is_empty();
    let items = steps.into_iter().map(|step| view! { <StepItem key=key.clone() step /> });
    let items = items.collect_view();
    view! {
        <Show when=move || !is_whole>
            <p class="message warning" role="status">
                "Sin conexión: se muestra lo que este equipo tiene."
            </p>
        </Show>
        <Show when=move || is_empty>
            <p>{if is_whole { "Nadie ha escrito en esta celda." } else { "Este equipo no tiene cambios de esta celda." }}</p>
        </Show>
        <ol class="history">{items}</ol>
    }
}

#[component]
fn StepItem(key: Key, step: Step) -> impl IntoView {
    let store = use_store();
    let message = RwSignal::new(None::<String>);
    let change =
        store.with(|exercise| parts(exercise, &key, step.before.as_ref(), step.after.as_ref()));
    let author = step.author.as_ref();
    let name = author.map_or("Autor desconocido", |author| author.name.as_str()).to_owned();
    let role = author.map(|author| author.role.clone());
    let when = step.at.map(text::when);
    let brought = step.brought_by.map(|name| format!("traído por {name}"));
    let may = store.may_write(&key);
    let restore = {
        let after = step.after.clone();
        move |_| {
            let edits = store.with(|exercise| restoring(exercise, &key, after.as_ref()));
            message.set(Some(match edits.is_empty() {
                true => "La celda ya tiene este valor.".into(),
                false => match store.apply(edits) {
                    Ok(()) => "Restaurado.".to_owned(),
                    Err(rejection) => rejection.to_string(),
                },
            }));
        }
    };
    view! {
        <li class="history-step">
            <p class="history-who">
                <strong>{name}</strong>
                <small>{role}</small>
                <small>{when}</small>
                <small>{brought}</small>
            </p>
            {change_view(change)}
            <button class="button" disabled=!may on:click=restore>"Restaurar este valor"</button>
            <span role="status">{move || message.get()}</span>
        </li>
    }
}
