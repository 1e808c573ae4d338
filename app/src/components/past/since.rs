//! What is different since a moment, row by row, each cell with the way back.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{
    doc::Document,
    history::{Since, Told, cell, restoring},
    key::{DELETED, ORDER},
    model::Exercise,
};

use crate::{
    components::{
        chain::short_name,
        change::{change_view, parts},
        deleted::row_label,
        grid::heading,
    },
    store::use_store,
    text,
};

/// Rows that are put on the screen at once.
const ROWS: usize = 60;

/// The list.
#[component]
pub fn SinceList(then: Arc<Document>, since: Since) -> impl IntoView {
    let Since { total, differences, .. } = since;
    let listed = differences.len();
    let mut rows: Vec<Vec<Told>> = Vec::new();
    for told in differences {
        let key = &told.difference.key;
        match rows.last_mut() {
            Some(row)
                if row[0].difference.key.table == key.table
                    && row[0].difference.key.row == key.row =>
            {
                row.push(told);
            }
            _ => rows.push(vec![told]),
        }
    }
    let count = rows.len();
    let most = RwSignal::new(ROWS);
    let rows = StoredValue::new(rows);
    let shown = move || {
        rows.with_value(|rows| {
            let rows = rows.iter().take(most.get()).cloned();
            rows.map(|row| view! { <ChangedRow then=Arc::clone(&then) row /> }).collect_view()
        })
    };
    view! {
        <Show when=move || total == 0>
            <p>"Desde entonces no cambió nada."</p>
        </Show>
        <Show when=move || { listed < total }>
            <p class="hint">{format!("Se listan las primeras {listed} diferencias de {total}.")}</p>
        </Show>
        <ul class="past-rows">{shown}</ul>
        <Show when=move || { most.get() < count }>
            <button class="button" on:click=move |_| most.update(|most| *most += ROWS)>"Mostrar más filas"</button>
        </Show>
    }
}

#[component]
fn ChangedRow(then: Arc<Document>, row: Vec<Told>) -> impl IntoView {
    let store = use_store();
    let key = row[0].difference.key.clone();
    let (table, id) = (key.table, key.row.clone());
    let label = |exercise: &Exercise| exercise.row(table, &id).map(|row| row_label(table, row));
    let label = store.with(label).or_else(|| label(then.exercise())).unwrap_or_default();
    let message = RwSignal::new(None::<String>);
    let restore = move |edits: Vec<shared::edit::Edit>| {
        message.set(Some(match edits.is_empty() {
            true => "Ya está como estaba.".into(),
            false => match store.apply(edits) {
                Ok(()) => "Restaurado.".to_owned(),
                Err(rejection) => rejection.to_string(),
            },
        }));
    };
    let may_all = row.iter().all(|told| store.may_write(&told.difference.key));
    // The order belongs to the table as it is now; a row that did not exist is not undone here.
    let is_restorable = |field: &str| field != ORDER && field != DELETED;
    let cells = row.iter().filter(|told| is_restorable(&told.difference.key.field)).count();
    let whole = (cells > 1).then(|| {
        let (then, row) = (Arc::clone(&then), row.clone());
        let act = move |_| {
            let edits = store.with(|exercise| {
                let cells = row.iter().filter(|told| told.difference.key.field != ORDER);
                cells.flat_map(|told| restore_one(exercise, &then, told)).collect()
            });
            restore(edits);
        };
        view! { <button class="button" disabled=!may_all on:click=act>"Restaurar fila"</button> }
    });
    let items = row.into_iter().map(|told| {
        let key = told.difference.key.clone();
        let (change, title) = store.with(|exercise| {
            let difference = &told.difference;
            let change =
                parts(exercise, &key, difference.before.as_ref(), difference.after.as_ref());
            (change, heading(exercise, key.table, &key.field))
        });
        let who = told.author.as_ref().map(|author| author.name.clone());
        let when = told.at.map(text::when);
        let may = store.may_write(&key);
        let one = is_restorable(&key.field).then(|| {
            let then = Arc::clone(&then);
            let act = move |_| {
                restore(store.with(|exercise| restore_one(exercise, &then, &told)));
            };
            view! { <button class="link-button" disabled=!may on:click=act>"Restaurar celda"</button> }
        });
        view! {
            <li class="past-cell">
                <p class="history-who"><strong>{title}</strong><small>{who}</small><small>{when}</small></p>
                {change_view(change)}
                {one}
            </li>
        }
    });
    let items = items.collect_view();
    view! {
        <li class="past-row">
            <div class="past-row-head">
                <h4><span class="hint">{short_name(table)} " · "</span>{label}</h4>
                {whole}
                <span role="status">{move || message.get()}</span>
            </div>
            <ul>{items}</ul>
        </li>
    }
}

/// What makes a cell hold again what it held then. A mark of deletion is taken back or set again.
fn restore_one(exercise: &Exercise, then: &Document, told: &Told) -> Vec<shared::edit::Edit> {
    let key = &told.difference.key;
    if key.field == DELETED {
        let deleted = cell(then.exercise(), key).is_some();
        let is_same = cell(exercise, key).is_some() == deleted;
        let edit =
            shared::edit::Edit::DeleteRow { table: key.table, row: key.row.clone(), deleted };
        return if is_same { Vec::new() } else { vec![edit] };
    }
    restoring(exercise, key, cell(then.exercise(), key).as_ref())
}
