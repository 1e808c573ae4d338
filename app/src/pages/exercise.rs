//! An exercise: its tables, one at a time.

use leptos::prelude::*;
use shared::{
    access::{Grant, Role},
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    template::TableId,
    value::Value,
};

use crate::{
    clock,
    components::grid::{Grid, Jump},
    store::Store,
};

/// One exercise.
#[component]
pub fn ExercisePage() -> impl IntoView {
    let id = ExerciseId::new("01", 2027).expect("a region and a year");
    let peer = Peer::new(2).expect("a small number");
    let grant = Grant { role: Role::GoreEditor, region: None };
    let store = Store::new(Document::new(id, peer), vec![grant]);
    provide_context(store);
    for number in 1..=3 {
        add_row(store, TableId::Focus, number);
    }
    let jump = Jump::new();
    store.with(|exercise| {
        if let Some(row) = exercise.table(TableId::Focus).order().first() {
            jump.focus_cell(Key::cell(TableId::Focus, row, "action"));
        }
    });
    view! {
        <main>
            <h1>{TableId::Focus.title()} " " {store.exercise_id().to_string()}</h1>
            <Grid table=TableId::Focus jump />
        </main>
    }
}

fn add_row(store: Store, table: TableId, number: i64) {
    let row = clock::new_row_id();
    let order = store.with(|exercise| exercise.table(table).order_last(&row));
    let action = Value::Text(format!("Acción {number}"));
    let edits = vec![
        Edit::PlaceRow { table, row: row.clone(), order },
        Edit::SetCell { key: Key::cell(table, &row, "action"), value: Some(action) },
        Edit::SetCell {
            key: Key::cell(table, &row, "budget"),
            value: Some(Value::Money(number * 1_000_000)),
        },
    ];
    if let Err(rejection) = store.apply(edits) {
        leptos::logging::error!("{rejection}");
    }
}
