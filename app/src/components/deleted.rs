//! Rows that were deleted, each to be restored with all that was in it.

use leptos::prelude::*;
use shared::{
    edit::Edit,
    ids::RowId,
    key::{DELETED, Key},
    model::Row,
    template::TableId,
};

use crate::{
    components::{chain::short_name, panel::hold_keyboard},
    store::{Store, use_store},
    text,
};

/// The panel.
#[component]
pub fn Deleted() -> impl IntoView {
    let store = use_store();
    let tables = TableId::GRIDS.into_iter().chain([TableId::Columns]);
    let groups = tables.map(|table| view! { <DeletedOf table /> }).collect_view();
    let is_empty = move || {
        TableId::GRIDS
            .into_iter()
            .chain([TableId::Columns])
            .all(|table| deleted(store, table).is_empty())
    };
    view! {
        <Show when=is_empty>
            <p>"No hay filas eliminadas."</p>
        </Show>
        {groups}
    }
}

fn deleted(store: Store, table: TableId) -> Vec<(RowId, String)> {
    store.track_table(table);
    store.with(|exercise| {
        exercise.table(table).deleted().map(|row| (row.id.clone(), row_label(table, row))).collect()
    })
}

/// The text of a row by which people know it.
#[must_use]
pub fn row_label(table: TableId, row: &Row) -> String {
    let mut texts = table.columns().iter().map(|column| row.text(column.field));
    let text = texts.find(|text| !text.is_empty()).unwrap_or_default();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => format!("Fila sin texto ({})", row.id),
        None => text.to_owned(),
    }
}

/// What is said of a deleted row beside its text: who deleted it, and who wrote into it not knowing
/// that.
fn told(store: Store, mark: &Key) -> Vec<String> {
    let mut told = Vec::new();
    let by = store.writers_of(mark);
    if !by.is_empty() {
        told.push(format!("Eliminada por {}.", text::people(&by)));
    }
    store.review().with(|review| {
        let Some(crossed) = review.crossed(mark.table, &mark.row) else { return };
        if crossed.deleted_by.is_some() {
            told.push("La editaste sin conexión.".into());
        }
        if !crossed.written_by.is_empty() {
            let wrote = if crossed.written_by.len() > 1 { "escribieron" } else { "escribió" };
            let names = text::people(&crossed.written_by);
            told.push(format!("{names} {wrote} en ella sin saberlo."));
        }
    });
    told
}

#[component]
fn DeletedOf(table: TableId) -> impl IntoView {
    let store = use_store();
    let message = RwSignal::new(None::<String>);
    let restore = move |row: RowId| {
        let edit = Edit::DeleteRow { table, row, deleted: false };
        hold_keyboard();
        message.set(store.apply(vec![edit]).err().map(|rejection| rejection.to_string()));
    };
    let rows = move || {
        store.review().track();
        let rows = deleted(store, table);
        (!rows.is_empty()).then(|| view! {
            <h3>{short_name(table)}</h3>
            <ul class="deleted">
                {rows
                    .into_iter()
                    .map(|(row, label)| {
                        let mark = Key::cell(table, &row, DELETED);
                        let may = store.may_write(&mark);
                        let told = told(store, &mark).join(" ");
                        view! {
                            <li>
                                <span>{label} <small>{told}</small></span>
                                <button class="button" disabled=!may on:click=move |_| restore(row.clone())>
                                    "Restaurar"
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        })
    };
    view! {
        {rows}
        <div role="alert">{move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}</div>
    }
}
