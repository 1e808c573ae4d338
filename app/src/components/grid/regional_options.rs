//! What a region's own column of choice offers: adding, renaming, ordering and retiring options.

use leptos::prelude::*;
use shared::{
    edit::Edit,
    ids::RowId,
    key::Key,
    limits,
    template::{TableId, is_offered, moved_option, new_option, options_of},
    value::Value,
};

use super::{
    entry::one_line,
    regional::{Apply, NewName},
    sheet::Sheet,
};
use crate::clock::new_row_id;

/// The options of one column.
#[component]
pub fn OwnOptions(
    sheet: Sheet,
    /// The row that describes the column.
    column: RowId,
    /// Its field.
    field: String,
    may: bool,
    apply: Apply,
) -> impl IntoView {
    let store = sheet.store;
    let field = StoredValue::new(field);
    let options = Memo::new(move |_| {
        store.track_table(TableId::Options);
        let all = store.with(|exercise| exercise.table(TableId::Options).order().to_vec());
        for row in &all {
            store.track_row(TableId::Options, row);
        }
        field.with_value(|field| {
            store.with(|exercise| {
                options_of(exercise, field).map(|option| option.id.clone()).collect::<Vec<_>>()
            })
        })
    });
    let typed = RwSignal::new(String::new());
    let column = StoredValue::new(column);
    let submitted = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let label = one_line(&typed.get_untracked());
        if label.is_empty() {
            return;
        }
        let edits = store.with(|exercise| {
            column.with_value(|column| new_option(exercise, &new_row_id(), column, &label))
        });
        if apply.run(edits) {
            typed.set(String::new());
            sheet.announce(format!("Opción «{label}» agregada."));
        }
    };
    view! {
        <div class="regional-options">
            <ul>
                <For each=move || options.get() key=Clone::clone let:row>
                    <OwnOption sheet row field may apply />
                </For>
            </ul>
            <Show when=move || may>
                <form on:submit=submitted>
                    <NewName label="Opción nueva" name=typed />
                    <button type="submit" class="button">"Agregar opción"</button>
                </form>
            </Show>
        </div>
    }
}

#[component]
fn OwnOption(
    sheet: Sheet,
    row: RowId,
    field: StoredValue<String>,
    may: bool,
    apply: Apply,
) -> impl IntoView {
    let store = sheet.store;
    let row = StoredValue::new(row);
    let state = Memo::new(move |_| {
        row.with_value(|row| {
            store.track_row(TableId::Options, row);
            store.with(|exercise| {
                let option = exercise.row(TableId::Options, row);
                option.map_or_else(Default::default, |option| {
                    (option.text("label").to_owned(), is_offered(option))
                })
            })
        })
    });
    let label = move || state.with(|(label, _)| label.clone());
    let offered = move || state.with(|(_, offered)| *offered);
    let set = move |field: &'static str, value: Value| {
        let key = Key::cell(TableId::Options, &row.get_value(), field);
        apply.run(vec![Edit::SetCell { key, value: Some(value) }])
    };
    let rename = move |event: web_sys::Event| {
        let typed = one_line(&event_target_value(&event));
        if !typed.is_empty() && typed != label() {
            set("label", Value::Text(typed));
        }
    };
    let retire = move |_| {
        let retired = untrack(offered);
        if set("retired", Value::Flag(retired)) {
            let done = if retired {
                "retirada: las celdas que la tienen la conservan"
            } else {
                "ofrecida otra vez"
            };
            sheet.announce(format!("Opción «{}» {done}.", untrack(label)));
        }
    };
    let move_by = move |to_start: bool| {
        move |_| {
            let edit = store.with(|exercise| {
                let row = row.get_value();
                field.with_value(|field| moved_option(exercise, field, &row, to_start))
            });
            if let Some(edit) = edit {
                apply.run(vec![edit]);
            }
        }
    };
    view! {
        <li class:retired=move || !offered()>
            <input
                class="input"
                aria-label="Opción"
                maxlength=limits::SHORT_TEXT.to_string()
                disabled=!may
                prop:value=label
                on:change=rename
            />
            <button type="button" disabled=!may aria-label=move || format!("Mover la opción «{}» antes", label()) on:click=move_by(true)>"↑"</button>
            <button type="button" disabled=!may aria-label=move || format!("Mover la opción «{}» después", label()) on:click=move_by(false)>"↓"</button>
            <button type="button" disabled=!may on:click=retire>
                {move || if offered() { "Retirar" } else { "Volver a ofrecer" }}
                <span class="visually-hidden">{move || format!(" la opción «{}»", label())}</span>
            </button>
        </li>
    }
}
