//! An exercise: its tables, one at a time.

use leptos::prelude::*;
use shared::{
    access::{Grant, Role},
    doc::Document,
    edit::Edit,
    ids::{ExerciseId, Peer},
    key::Key,
    model::Cell,
    template::TableId,
    value::Value,
};

use crate::{clock, store::Store};

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
    view! {
        <main>
            <h1>{TableId::Focus.title()} " " {store.exercise_id().to_string()}</h1>
            <PlainTable table=TableId::Focus />
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

#[component]
fn PlainTable(table: TableId) -> impl IntoView {
    let store = crate::store::use_store();
    let rows = move || {
        store.track_table(table);
        store.with(|exercise| exercise.table(table).order().to_vec())
    };
    view! {
        <table>
            <For each=rows key=|row| row.clone() let:row>
                <tr>
                    {table
                        .columns()
                        .iter()
                        .map(|column| {
                            let row = row.clone();
                            let cell = Key::cell(table, &row, column.field);
                            let text = move || {
                                store.track_row(table, &row);
                                store.with(|exercise| {
                                    match exercise.row(table, &row)?.cells.get(column.field)? {
                                        Cell::Value(value) => Some(value.encode()),
                                        Cell::Set(_) => None,
                                        Cell::Narrative(text) => Some(text.clone()),
                                    }
                                })
                            };
                            let undecided = move || {
                                store.track_row(table, &cell.row);
                                !store.undecided(&cell).is_empty()
                            };
                            view! { <td class:undecided=undecided>{text}</td> }
                        })
                        .collect_view()}
                </tr>
            </For>
        </table>
    }
}
