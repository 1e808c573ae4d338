//! A row as a form: the same cells, with the same permissions, findings and decisions.

use leptos::{ev, html, prelude::*};
use shared::{ids::RowId, key::Key, rules::At};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::{HEADING, field_id};
use crate::{
    components::{
        field::{Control, FieldFrame},
        grid::{
            columns::GridColumn,
            display::{Shown, shown},
            editor::run,
            entry,
            keys::{Command, Press, command_in_card},
            sheet::{Cursor, Picking, RowMenu, Sheet},
        },
        status::standing_of,
    },
    session::use_session,
    store::Way,
};

/// The card of the row that the cursor is on.
#[component]
pub fn Card() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let row = Memo::new(move |_| sheet.cursor.with(|at| at.as_ref().map(|at| at.row.clone())));
    // The last row may go while it is shown.
    Effect::new(move |_| {
        if row.with(Option::is_none) {
            sheet.card.set(false);
        }
    });
    let heading = NodeRef::<html::H3>::new();
    Effect::new(move |_| {
        row.track();
        if heading.get().is_some() {
            // Once the fields of the row are in the page.
            request_animation_frame(move || {
                if sheet.card.try_get_untracked() == Some(true) {
                    sheet.focus_cover();
                }
            });
        }
    });
    let place = move || {
        sheet.order.with(|order| {
            let place = row.with(|row| row.as_ref().and_then(|row| order.place(row)));
            (place, order.rows().len())
        })
    };
    let title = move || match place() {
        (Some(place), rows) => format!("Fila {} de {rows}", place + 1),
        (None, _) => "Fila".into(),
    };
    let back = move || if sheet.is_list() { "Volver a la lista" } else { "Volver a la tabla" };
    let menu = move |event: ev::MouseEvent| {
        let at = event_target::<Element>(&event).get_bounding_client_rect();
        if let Some(row) = row.get_untracked() {
            sheet.menu.set(Some(RowMenu { row, x: at.left(), y: at.bottom() }));
        }
    };
    let connection = StoredValue::new_local(use_session().connection());
    let standing = move || connection.with_value(|it| standing_of(sheet.store, it)).words;
    view! {
        <section class="card" aria-labelledby=HEADING on:keydown=move |event| keys(sheet, &event)>
            <header class="card-head">
                <button type="button" class="button" on:click=move |_| sheet.close_card()>
                    <span aria-hidden="true">"←"</span>
                    {back}
                </button>
                <h3 id=HEADING tabindex="-1" node_ref=heading>{title}</h3>
                <Take sheet way=Way::Back />
                <Take sheet way=Way::Again />
                <button
                    type="button"
                    class="button card-step"
                    aria-label="Menú de la fila"
                    aria-haspopup="menu"
                    on:click=menu
                >
                    "⋮"
                </button>
            </header>
            <div class="card-fields">
                {move || row.get().map(|row| view! { <Fields sheet row /> })}
            </div>
            <footer class="card-foot">
                <button
                    type="button"
                    class="button"
                    disabled=move || matches!(place(), (Some(0) | None, _))
                    on:click=move |_| sheet.card_step(true)
                >
                    <span aria-hidden="true">"‹"</span>
                    "Anterior"
                </button>
                <p class="card-standing">{standing}</p>
                <button
                    type="button"
                    class="button"
                    disabled=move || matches!(place(), (at, rows) if at.is_none_or(|at| at + 1 >= rows))
                    on:click=move |_| sheet.card_step(false)
                >
                    "Siguiente"
                    <span aria-hidden="true">"›"</span>
                </button>
            </footer>
        </section>
    }
}

/// Takes back, or does again.
#[component]
fn Take(sheet: Sheet, way: Way) -> impl IntoView {
    let (label, sign) = match way {
        Way::Back => ("Deshacer", "↶"),
        Way::Again => ("Rehacer", "↷"),
    };
    let offered = move || {
        let (back, again) = sheet.store.undo_offered();
        if way == Way::Back { back } else { again }
    };
    view! {
        <button
            type="button"
            class="button card-step card-take"
            aria-label=label
            disabled=move || !offered()
            on:click=move |_| {
                run(sheet, Command::Take(way));
            }
        >
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}

fn keys(sheet: Sheet, event: &ev::KeyboardEvent) {
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let key = event.key();
    let press = Press {
        key: &key,
        ctrl: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
    };
    let Some(command) = command_in_card(press) else { return };
    // What is being typed is taken back by the browser, letter by letter.
    if matches!(command, Command::Take(_)) && is_being_typed(&event_target(event)) {
        return;
    }
    run(sheet, command);
    event.prevent_default();
    event.stop_propagation();
}

fn is_being_typed(target: &Element) -> bool {
    match target.dyn_ref::<HtmlInputElement>() {
        Some(input) => input.value() != input.default_value(),
        None => target.tag_name() == "TEXTAREA",
    }
}

/// All cells of a row: those in view first, then those of hidden columns.
#[component]
fn Fields(sheet: Sheet, row: RowId) -> impl IntoView {
    let row = StoredValue::new(row);
    // Drawn anew when columns come, go, or are renamed, not when one is made wider.
    let columns = Memo::new(move |_| {
        let shown = sheet.columns.get();
        let all = sheet.all_columns();
        let hidden = sheet
            .arrangement
            .with(|arrangement| arrangement.hidden(&all).into_iter().cloned().collect::<Vec<_>>());
        let same = |columns: Vec<GridColumn>| {
            let same = columns.into_iter().map(|it| GridColumn { width: 0.0, sized: false, ..it });
            same.collect::<Vec<_>>()
        };
        (same((*shown).clone()), same(hidden))
    });
    let about_row = move || {
        let row = row.get_value();
        let derived = sheet.store.derived();
        let here =
            |at: &At| matches!(at, At::Row(table, id) if *table == sheet.table && *id == row);
        let found: Vec<_> = derived
            .findings
            .iter()
            .filter(|it| here(&it.at))
            .map(|it| it.message.clone())
            .collect();
        (!found.is_empty()).then(|| {
            let lines = found.into_iter().map(|text| view! { <li>{text}</li> });
            view! { <ul class="card-row-findings message">{lines.collect_view()}</ul> }
        })
    };
    let fields = move |columns: Vec<GridColumn>, is_hidden: bool| {
        columns
            .into_iter()
            .map(|column| view! { <CardField sheet row=row.get_value() column is_hidden /> })
            .collect_view()
    };
    view! {
        {about_row}
        {move || {
            let (shown, hidden) = columns.get();
            let label = match hidden.len() {
                1 => "1 columna que ocultaste en tu vista".to_owned(),
                count => format!("{count} columnas que ocultaste en tu vista"),
            };
            view! {
                {fields(shown, false)}
                {(!hidden.is_empty()).then(|| view! {
                    <details class="card-hidden">
                        <summary>{label}</summary>
                        {fields(hidden, true)}
                    </details>
                })}
            }
        }}
    }
}

#[component]
fn CardField(sheet: Sheet, row: RowId, column: GridColumn, is_hidden: bool) -> impl IntoView {
    let key = Key::cell(sheet.table, &row, &column.field);
    let id = field_id(&row, &column.field);
    let message = RwSignal::new(None::<String>);
    let cursor = Cursor { row, field: column.field.clone() };
    // The table and other people see where this person is.
    let entered = move |_| {
        let is_elsewhere = sheet.cursor.with_untracked(|at| at.as_ref() != Some(&cursor));
        if let Some(spot) = sheet.spot_of(&cursor).filter(|_| is_elsewhere && !is_hidden) {
            sheet.put_cursor(spot);
        }
    };
    let is_wide = is_wide(&column);
    let is_picked = entry::Editor::of(column.kind) == entry::Editor::Picker;
    let control = if is_picked {
        view! { <Picked sheet key=key.clone() id=id.clone() column=column.clone() /> }.into_any()
    } else {
        let (key, id) = (key.clone(), id.clone());
        view! { <Control key id kind=column.kind message /> }.into_any()
    };
    view! {
        <div class="card-field" class:wide=is_wide on:focusin=entered>
            <FieldFrame key=key.clone() id column message>
                {control}
            </FieldFrame>
        </div>
    }
}

/// Whether a field takes the whole width of the card.
fn is_wide(column: &GridColumn) -> bool {
    column.kind == shared::template::Kind::Narrative || column.kind.is_set()
}

/// What was picked from a list, and the way to the list.
#[component]
fn Picked(sheet: Sheet, key: Key, id: String, column: GridColumn) -> impl IntoView {
    let kind = column.kind;
    let shown = {
        let key = key.clone();
        move || {
            sheet.store.track_row(key.table, &key.row);
            let shown = sheet.store.with(|exercise| {
                exercise.row(key.table, &key.row).map(|row| shown(exercise, kind, row, &key.field))
            });
            match shown {
                Some(Shown::Names(names)) if !names.is_empty() => names
                    .into_iter()
                    .map(|name| {
                        let class = if name.dangling { "chip dangling" } else { "chip" };
                        view! { <span class=class>{name.text}</span> " " }
                    })
                    .collect_view()
                    .into_any(),
                Some(Shown::State(state)) => state.into_any(),
                Some(Shown::Text(text) | Shown::Figure(text)) => text.into_any(),
                _ => view! { <span class="field-empty">"Elegir…"</span> }.into_any(),
            }
        }
    };
    let labelled = format!("{id}-label {id}");
    let may_write = sheet.store.may_write(&key);
    let pick = move |_| {
        let (key, typed) = (key.clone(), String::new());
        sheet.picking.set(Some(Picking { key, kind, typed }));
    };
    view! {
        <button
            type="button"
            id=id
            class="input field-picker"
            aria-haspopup="listbox"
            aria-labelledby=labelled
            disabled=!may_write
            on:click=pick
        >
            {shown}
        </button>
    }
}
