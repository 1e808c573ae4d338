//! The columns that the region adds to a table: naming, moving, removing and restoring them.

use leptos::prelude::*;
use shared::{
    edit::Edit,
    ids::RowId,
    key::Key,
    limits,
    template::{
        RegionalColumn, TableId, holds_data, moved_column, new_column, regional_columns,
        removed_columns,
    },
    value::Value,
};

use super::{entry::one_line, regional_options::OwnOptions, sheet::Sheet};
use crate::clock::new_row_id;

/// The type of a column with a list of its own.
const CHOICE: &str = "choice";

/// What can be done with them. Everybody in the region sees the same, and no other region does.
#[component]
pub fn RegionalColumns(sheet: Sheet) -> impl IntoView {
    let store = sheet.store;
    let message = RwSignal::new(None::<String>);
    let apply: Box<dyn Fn(Vec<Edit>) -> bool + Send + Sync> = Box::new(move |edits: Vec<Edit>| {
        let refused = store.apply(edits).err();
        message.set(refused.as_ref().map(ToString::to_string));
        refused.is_none()
    });
    let apply = Apply(StoredValue::new(apply));
    let may = store.may_write(&Key::cell(TableId::Columns, &new_row_id(), "title"));
    let columns = Memo::new(move |_| {
        store.track_table(TableId::Columns);
        store.with(|exercise| {
            let columns = regional_columns(exercise, sheet.table);
            columns.into_iter().map(|column| column.row).collect::<Vec<_>>()
        })
    });
    let removed = move || {
        store.track_table(TableId::Columns);
        let removed = store.with(|exercise| removed_columns(exercise, sheet.table));
        let items = removed.into_iter().map(|column| {
            let restore = move |_| {
                apply.run(vec![Edit::DeleteRow {
                    table: TableId::Columns,
                    row: column.row.clone(),
                    deleted: false,
                }]);
            };
            view! {
                <li>
                    <span>{column.title.clone()}</span>
                    <button type="button" disabled=!may on:click=restore>"Restaurar"</button>
                </li>
            }
        });
        let items: Vec<_> = items.collect();
        (!items.is_empty()).then(|| {
            view! {
                <h4>"Quitadas"</h4>
                <ul class="regional-removed">{items}</ul>
            }
        })
    };
    view! {
        <h3>"Columnas de la región"</h3>
        <p class="popup-hint">
            {format!(
                "Las ven todas las personas de la región, y ninguna otra región. Las {} columnas \
                 nacionales de esta matriz las fija el Reglamento: no se renombran ni se quitan; \
                 cada persona puede ocultarlas en su vista.",
                sheet.table.columns().len(),
            )}
        </p>
        <ul class="regional-columns">
            <For each=move || columns.get() key=Clone::clone let:row>
                <OwnColumn sheet row may apply />
            </For>
        </ul>
        <Show when=move || may>
            <NewColumn sheet apply />
        </Show>
        {removed}
        <p role="alert" class="popup-hint">{move || message.get()}</p>
    }
}

/// Writes, and says why where that is refused.
#[derive(Clone, Copy)]
pub(super) struct Apply(StoredValue<Box<dyn Fn(Vec<Edit>) -> bool + Send + Sync>>);

impl Apply {
    pub(super) fn run(self, edits: Vec<Edit>) -> bool {
        self.0.with_value(|apply| apply(edits))
    }
}

#[component]
fn OwnColumn(sheet: Sheet, row: RowId, may: bool, apply: Apply) -> impl IntoView {
    let store = sheet.store;
    let row = StoredValue::new(row);
    let column = Memo::new(move |_| {
        store.track_row(TableId::Columns, &row.get_value());
        store.with(|exercise| {
            let columns = regional_columns(exercise, sheet.table);
            columns.into_iter().find(|column| column.row == row.get_value())
        })
    });
    let title = move || column.get().map(|column| column.title).unwrap_or_default();
    let set = move |field: &'static str, value: Value| {
        let key = Key::cell(TableId::Columns, &row.get_value(), field);
        apply.run(vec![Edit::SetCell { key, value: Some(value) }])
    };
    let rename = move |event: web_sys::Event| {
        let typed = one_line(&event_target_value(&event));
        if !typed.is_empty() && typed != title() {
            set("title", Value::Text(typed));
        }
    };
    let code = move || {
        store.track_row(TableId::Columns, &row.get_value());
        store.with(|exercise| {
            let row = exercise.row(TableId::Columns, &row.get_value());
            row.map(|row| row.code("kind").to_owned()).unwrap_or_default()
        })
    };
    let in_use = move || {
        let holds = |column: &RegionalColumn| {
            store.with(|exercise| holds_data(exercise, sheet.table, column))
        };
        column.get().is_some_and(|column| holds(&column))
    };
    let move_by = move |to_start: bool| {
        move |_| {
            let edit = store
                .with(|exercise| moved_column(exercise, sheet.table, &row.get_value(), to_start));
            if let Some(edit) = edit {
                apply.run(vec![edit]);
            }
        }
    };
    let remove = move |_| {
        let title = title();
        let edit = Edit::DeleteRow { table: TableId::Columns, row: row.get_value(), deleted: true };
        if apply.run(vec![edit]) {
            sheet.announce(format!("Columna «{title}» quitada. Se puede restaurar."));
        }
    };
    view! {
        <li>
            <input
                class="input"
                aria-label="Título de la columna"
                maxlength=limits::SHORT_TEXT.to_string()
                disabled=!may
                prop:value=title
                on:change=rename
            />
            <Kinds
                value=code
                disabled=Signal::derive(move || !may || in_use())
                chosen=move |code| {
                    set("kind", Value::Code(code));
                }
            />
            <button type="button" disabled=!may aria-label=move || format!("Mover «{}» antes", title()) on:click=move_by(true)>"↑"</button>
            <button type="button" disabled=!may aria-label=move || format!("Mover «{}» después", title()) on:click=move_by(false)>"↓"</button>
            <button type="button" disabled=!may on:click=remove>"Quitar"</button>
            <Show when=in_use>
                <small>"Ya tiene datos: su tipo no se cambia."</small>
            </Show>
            {move || (code() == CHOICE).then(|| column.get_untracked()).flatten().map(|column| view! {
                <OwnOptions sheet column=column.row field=column.field may apply />
            })}
        </li>
    }
}

/// The types that a column can have.
#[component]
fn Kinds(
    value: impl Fn() -> String + Copy + Send + Sync + 'static,
    disabled: Signal<bool>,
    chosen: impl Fn(String) + 'static,
) -> impl IntoView {
    let kinds = TableId::Columns.column("kind").map_or(&[][..], |column| column.kind.choices());
    let options = kinds.iter().map(|kind| {
        view! {
            <option value=kind.code prop:selected=move || value() == kind.code>{kind.label}</option>
        }
    });
    view! {
        <select
            class="input"
            aria-label="Tipo de la columna"
            disabled=move || disabled.get()
            on:change=move |event| chosen(event_target_value(&event))
        >
            {options.collect_view()}
        </select>
    }
}

/// Where something new is given its name.
#[component]
pub fn NewName(label: &'static str, name: RwSignal<String>) -> impl IntoView {
    view! {
        <input
            class="input"
            aria-label=label
            placeholder=label
            maxlength=limits::SHORT_TEXT.to_string()
            bind:value=name
        />
    }
}

#[component]
fn NewColumn(sheet: Sheet, apply: Apply) -> impl IntoView {
    let title = RwSignal::new(String::new());
    let kind = RwSignal::new("text".to_owned());
    let submitted = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = one_line(&title.get_untracked());
        if typed.is_empty() {
            return;
        }
        let edits = sheet.store.with(|exercise| {
            new_column(exercise, &new_row_id(), sheet.table, &typed, &kind.get_untracked())
        });
        if apply.run(edits) {
            title.set(String::new());
            sheet.announce(format!("Columna «{typed}» agregada."));
        }
    };
    view! {
        <form class="regional-new" on:submit=submitted>
            <NewName label="Título de la columna nueva" name=title />
            <Kinds value=move || kind.get() disabled=Signal::derive(|| false) chosen=move |code| kind.set(code) />
            <button type="submit" class="button">"Agregar"</button>
        </form>
    }
}
