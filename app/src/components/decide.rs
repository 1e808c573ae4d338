//! Values that people wrote without knowing of each other: all of them, who wrote them, and the
//! choice. Choosing writes the cell and records the decision.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{
    edit::Edit,
    key::Key,
    rules::At,
    template::{TableId, kind_of_field},
    value::Value,
};

use crate::{
    clock,
    components::{
        chain::short_name,
        deleted::row_label,
        findings::go_to,
        grid::{Jump, display::in_words},
        panel::{PanelCell, hold_keyboard},
    },
    store::{Contender, Rejection, Store, use_store},
    text,
};

/// The panel.
#[component]
pub fn Decide() -> impl IntoView {
    let store = use_store();
    let PanelCell(asked) = expect_context();
    let keys = move || {
        let mut keys = store.undecided_keys();
        // The one that was asked for comes first.
        asked.with(|asked| keys.sort_by_key(|key| asked.as_ref() != Some(key)));
        keys
    };
    view! {
        <p>
            "Dos o más personas escribieron en la misma celda sin ver lo de la otra. Nada se perdió: elige qué valor queda."
        </p>
        <Show when=move || keys().is_empty()>
            <p>"No hay nada por decidir."</p>
        </Show>
        <For each=keys key=Clone::clone let:key>
            <Decision key />
        </For>
        <Taken />
    }
}

#[component]
fn Decision(key: Key) -> impl IntoView {
    let store = use_store();
    let jump = expect_context::<Jump>();
    let navigate = use_navigate();
    let at = At::Field(key.table, key.row.clone(), key.field.clone());
    let go = move |_| go_to(store, jump, &at, &|path| navigate(path, Default::default()));
    let row = store
        .with(|exercise| exercise.row(key.table, &key.row).map(|row| row_label(key.table, row)));
    let title = title(&key);
    view! {
        <section class="decision">
            <button class="finding-go" on:click=go>
                <strong>{title}</strong>
                <br />
                {row}
            </button>
            <Choices key />
        </section>
    }
}

/// The values that a cell was given, and the choice.
#[component]
pub fn Choices(key: Key) -> impl IntoView {
    let store = use_store();
    let message = RwSignal::new(None::<String>);
    let may_write = store.may_write(&key);
    let choices = move || {
        store.track_row(key.table, &key.row);
        let contenders = store.undecided(&key);
        let all = contenders.clone();
        contenders
            .into_iter()
            .map(|contender| {
                let words = words(store, &key, contender.value.as_ref());
                let (key, all, kept) = (key.clone(), all.clone(), contender.clone());
                let choose = move |_| {
                    hold_keyboard();
                    let chosen = choose(store, &key, &kept, &all);
                    message.set(chosen.err().map(|rejection| rejection.to_string()));
                };
                let label = match contender.mine {
                    true => "Usar la mía".to_owned(),
                    false => format!("Usar la de {}", contender.name),
                };
                view! {
                    <li class="choice">
                        <span class="choice-value">{words}</span>
                        <span class="choice-author">"Por " {contender.author.clone()}</span>
                        <button type="button" class="button" disabled=!may_write on:click=choose>{label}</button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul class="choices">{choices}</ul>
        <div role="alert">{move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}</div>
    }
}

/// Table and column of a cell.
#[must_use]
pub fn title(key: &Key) -> String {
    let column =
        key.table.column(&key.field).map_or("Columna de la región", |column| column.title);
    format!("{} · {column}", short_name(key.table))
}

fn words(store: Store, key: &Key, value: Option<&Value>) -> String {
    store.with(|exercise| match kind_of_field(exercise, key.table, &key.field) {
        Some(kind) => in_words(exercise, kind, value),
        None => value.map_or_else(|| "vacío".into(), Value::encode),
    })
}

/// Writes the chosen value and a row that says what was chosen between.
fn choose(store: Store, key: &Key, kept: &Contender, all: &[Contender]) -> Result<(), Rejection> {
    let discarded = all.iter().filter(|other| other.value != kept.value);
    let discarded: Vec<String> = discarded
        .map(|other| format!("{} ({})", words(store, key, other.value.as_ref()), other.author))
        .collect();
    let table = TableId::Decisions;
    let row = clock::new_row_id();
    let order = store.with(|exercise| exercise.table(table).order_last(&row));
    let cell = |field: &str, text: String| Edit::SetCell {
        key: Key::cell(table, &row, field),
        value: Some(Value::Text(shortened(text))),
    };
    let mut edits = vec![Edit::SetCell { key: key.clone(), value: kept.value.clone() }];
    let record = [
        Edit::PlaceRow { table, row: row.clone(), order },
        cell("cell", key.to_string()),
        cell("kept", words(store, key, kept.value.as_ref())),
        cell("discarded", discarded.join("; ")),
    ];
    if record.iter().all(|edit| store.may_write(&edit.key())) {
        edits.extend(record);
    }
    store.apply(edits)
}

/// As much as a short text holds.
fn shortened(text: String) -> String {
    match text.char_indices().nth(shared::limits::SHORT_TEXT - 1) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The decisions that were taken, the last one first.
#[component]
fn Taken() -> impl IntoView {
    let store = use_store();
    let rows = move || {
        store.track_table(TableId::Decisions);
        store.with(|exercise| {
            let rows = exercise.table(TableId::Decisions).rows().rev().take(50);
            rows.map(|row| {
                let key = Key::parse(row.text("cell")).ok();
                let title = key.as_ref().map_or_else(|| row.text("cell").to_owned(), title);
                (title, row.text("kept").to_owned(), row.text("discarded").to_owned())
            })
            .collect::<Vec<_>>()
        })
    };
    move || {
        let rows = rows();
        (!rows.is_empty()).then(|| view! {
            <details class="taken">
                <summary>{text::count(rows.len(), "decisión tomada", "decisiones tomadas")}</summary>
                <ul>
                    {rows
                        .into_iter()
                        .map(|(title, kept, discarded)| view! {
                            <li>{title} ": quedó «" {kept} "», no «" {discarded} "»."</li>
                        })
                        .collect_view()}
                </ul>
            </details>
        })
    }
}
