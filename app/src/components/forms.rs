//! Tables with fixed rows: one card for each instrument, one form for the exercise as a whole.

use leptos::{html, prelude::*};
use shared::{
    edit::Edit,
    ids::RowId,
    instruments,
    key::Key,
    model::Cell,
    rules::Severity,
    template::{Column, Kind, TableId},
    value::Value,
};

use crate::{
    components::{
        grid::{Jump, entry},
        narrative::Narrative,
    },
    store::{Rejection, Store, use_store},
};

/// Each transferred instrument: whether it is used this year, and the amounts received.
#[component]
pub fn InstrumentsForm() -> impl IntoView {
    let year = i32::from(use_store().exercise_id().budget_year);
    let cards = instruments::transferred_in(year).filter_map(|instrument| {
        let row = RowId::new(instrument.id).ok()?;
        Some(view! {
            <section class="form-card">
                <h3>{instrument.name}</h3>
                <Fields table=TableId::Instruments row />
            </section>
        })
    });
    view! { <div class="forms">{cards.collect_view()}</div> }
}

/// What concerns the exercise as a whole.
#[component]
pub fn GeneralForm() -> impl IntoView {
    let row = RowId::new("main").ok();
    row.map(|row| {
        view! {
            <div class="forms">
                <section class="form-card wide">
                    <Fields table=TableId::General row />
                </section>
            </div>
        }
    })
}

#[component]
fn Fields(table: TableId, row: RowId) -> impl IntoView {
    let column = |column: &'static Column| view! { <Field table row=row.clone() column /> };
    table.columns().iter().map(column).collect_view()
}

#[component]
fn Field(table: TableId, row: RowId, column: &'static Column) -> impl IntoView {
    let store = use_store();
    let jump = expect_context::<Jump>();
    let key = StoredValue::new(Key::cell(table, &row, column.field));
    let id = format!("{}-{row}-{}", table.as_str(), column.field);
    let message = RwSignal::new(None::<String>);
    let cell = move || {
        let key = key.get_value();
        store.track_row(key.table, &key.row);
        store.with(|exercise| exercise.row(key.table, &key.row)?.cells.get(&*key.field).cloned())
    };
    let may_write = store.may_write(&key.get_value());
    let report = move |result: Result<(), Rejection>| {
        message.set(result.err().map(|rejection| rejection.to_string()));
    };
    let container = NodeRef::<html::Div>::new();
    // What a finding or a decision leads to.
    Effect::new(move |_| {
        let Some(container) = container.get() else { return };
        if jump.take(&key.get_value()) {
            container.scroll_into_view();
            if let Ok(Some(control)) = container.query_selector("input, select, textarea") {
                use wasm_bindgen::JsCast as _;
                let _ = control.unchecked_ref::<web_sys::HtmlElement>().focus();
            }
        }
    });
    let control = match column.kind {
        Kind::Flag => {
            let value = move || match cell() {
                Some(Cell::Value(Value::Flag(flag))) => {
                    if flag {
                        "1"
                    } else {
                        "0"
                    }
                }
                _ => "",
            };
            let choose = move |event| {
                let value = match event_target_value(&event).as_str() {
                    "1" => Some(Value::Flag(true)),
                    "0" => Some(Value::Flag(false)),
                    _ => None,
                };
                report(set(store, key.get_value(), value));
            };
            view! {
                <select id=id.clone() class="input" prop:value=value disabled=!may_write on:change=choose>
                    <option value="">"Sin responder"</option>
                    <option value="1">"Sí"</option>
                    <option value="0">"No"</option>
                </select>
            }
            .into_any()
        }
        Kind::Narrative => view! { <Narrative id=id.clone() key=key.get_value() /> }.into_any(),
        kind => {
            let input = NodeRef::<html::Input>::new();
            let written = Memo::new(move |_| entry::written(cell().as_ref()));
            // What somebody is typing is not replaced by what arrives meanwhile.
            let show = move || {
                if let Some(input) = input.get_untracked()
                    && document().active_element().as_ref() != Some(input.as_ref())
                {
                    input.set_value(&written.get_untracked());
                }
            };
            Effect::new(move |_| {
                written.track();
                input.track();
                show();
            });
            let write = move |event| match entry::read(kind, &event_target_value(&event)) {
                Ok(value) => report(set(store, key.get_value(), value)),
                Err(problem) => message.set(Some(problem)),
            };
            let leave = move |_| {
                if message.with_untracked(Option::is_none)
                    && let Some(input) = input.get_untracked()
                {
                    input.set_value(&written.get_untracked());
                }
            };
            let mode = if kind == Kind::Money { "decimal" } else { "text" };
            view! {
                <input
                    id=id.clone()
                    class="input"
                    inputmode=mode
                    node_ref=input
                    readonly=!may_write
                    aria-invalid=move || message.with(Option::is_some).to_string()
                    on:change=write
                    on:blur=leave
                />
            }
            .into_any()
        }
    };
    let findings = {
        let row = row.clone();
        move || {
            store.track_row(table, &row);
            let found = store.findings_at(table, &row, column.field);
            found
                .into_iter()
                .map(|finding| {
                    let class = if finding.severity == Severity::Block { "error" } else { "hint" };
                    view! { <span class=class>{finding.message}</span> }
                })
                .collect_view()
        }
    };
    view! {
        <div class="field" node_ref=container>
            <label for=id>{column.title}</label>
            {control}
            <span class="hint">{column.help}</span>
            {findings}
            <span role="alert">{move || message.get().map(|text| view! { <span class="error">{text}</span> })}</span>
        </div>
    }
}

fn set(store: Store, key: Key, value: Option<Value>) -> Result<(), Rejection> {
    let row = key.row.clone();
    let table = key.table;
    let mut edits = vec![Edit::SetCell { key, value }];
    let is_placed = store.with(|exercise| exercise.live(table, row.as_str()).is_some());
    if !is_placed {
        let order = store.with(|exercise| exercise.table(table).order_last(&row));
        edits.insert(0, Edit::PlaceRow { table, row, order });
    }
    store.apply(edits)
}
