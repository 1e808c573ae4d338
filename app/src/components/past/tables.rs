//! The tables as they were, to be read.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use shared::{doc::Document, history::Since, key::Key, template::TableId};

use crate::components::{
    chain::short_name,
    grid::{columns::columns, display::shown},
};

/// Rows on one page.
const PAGE: usize = 50;

/// One table at a time, with a mark on each cell that is different now.
#[component]
pub fn PastTables(then: Arc<Document>, since: Since) -> impl IntoView {
    let table = RwSignal::new(TableId::Focus);
    let page = RwSignal::new(0usize);
    let changed: Arc<BTreeSet<Key>> =
        Arc::new(since.differences.into_iter().map(|told| told.difference.key).collect());
    let tables = TableId::GRIDS.map(|id| {
        view! { <option value=id.as_str() selected=id == TableId::Focus>{short_name(id)}</option> }
    });
    let tables = tables.into_iter().collect_view();
    let choose = move |event| {
        if let Some(id) = TableId::parse(&event_target_value(&event)) {
            page.set(0);
            table.set(id);
        }
    };
    let rows = {
        let then = Arc::clone(&then);
        move || then.exercise().table(table.get()).order().len()
    };
    let count = rows.clone();
    let pages = move || count().div_ceil(PAGE).max(1);
    let more = pages.clone();
    let content = move || {
        let (id, exercise) = (table.get(), then.exercise());
        let columns = columns(exercise, id);
        let heads =
            columns.iter().map(|column| view! { <th scope="col">{column.title.clone()}</th> });
        let heads = heads.collect_view();
        let rows = exercise.table(id).rows().enumerate().skip(page.get() * PAGE).take(PAGE);
        let rows = rows.map(|(place, row)| {
            let cells = columns.iter().map(|column| {
                let key = Key::cell(id, &row.id, &column.field);
                let is_different = changed.contains(&key);
                let words = shown(exercise, column.kind, row, &column.field).into_words();
                view! {
                    <td class:different=is_different>
                        {is_different.then(|| view! { <span class="visually-hidden">"Hoy es distinto: "</span> })}
                        {words}
                    </td>
                }
            });
            let cells = cells.collect_view();
            view! { <tr><th scope="row">{place + 1}</th>{cells}</tr> }
        });
        let rows = rows.collect_view();
        view! {
            <table class="past-table">
                <thead><tr><th scope="col">"Fila"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! {
        <div class="past-choose">
            <label>
                "Matriz "
                <select class="input" on:change=choose>{tables}</select>
            </label>
            <Show when=move || { pages() > 1 }>
                <button class="button" disabled=move || page.get() == 0 on:click=move |_| page.update(|page| *page -= 1)>"Anteriores"</button>
                <button class="button" disabled={let more = more.clone(); move || page.get() + 1 >= more()} on:click=move |_| page.update(|page| *page += 1)>"Siguientes"</button>
            </Show>
            <small>{move || format!("{} filas", rows())}</small>
        </div>
        <div class="past-scroll" tabindex="0" role="region" aria-label="Matriz como estaba">{content}</div>
    }
}
