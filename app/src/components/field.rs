//! A cell as a field of a form: its label, what is asked for, what the rules say of it, what is to
//! be decided; and the control in which it is written.

use leptos::{ev, html, prelude::*};
use shared::{
    edit::Edit,
    key::Key,
    limits,
    model::Cell,
    protocol::{Place, Spot},
    rules::Severity,
    sync::crowd::Somebody,
    template::Kind,
    value::Value,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    components::{
        decide::Choices,
        grid::{columns::GridColumn, draft, entry},
        narrative::Narrative,
        panel::{Panel, PanelCell, show_cell},
    },
    store::{Rejection, Store, use_store},
};

/// Label and surroundings of a field; the control is its child and has this `id`.
#[component]
pub fn FieldFrame(
    key: Key,
    id: String,
    column: GridColumn,
    /// What is wrong with what was typed.
    message: RwSignal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let store = use_store();
    let findings = {
        let key = key.clone();
        move || {
            store.track_row(key.table, &key.row);
            let found = store.findings_at(key.table, &key.row, &key.field).into_iter();
            found
                .map(|finding| {
                    let class = if finding.severity == Severity::Block { "error" } else { "hint" };
                    view! { <span class=class>{finding.message}</span> }
                })
                .collect_view()
        }
    };
    let undecided = {
        let key = key.clone();
        move || {
            store.track_row(key.table, &key.row);
            let key = key.clone();
            (!store.undecided(&key).is_empty()).then(|| view! {
                <div class="field-undecided">
                    <p>"Dos o más personas escribieron aquí sin ver lo de la otra. Elige qué valor queda."</p>
                    <Choices key />
                </div>
            })
        }
    };
    let merged = {
        let key = key.clone();
        let (shown, cell) = (use_context::<RwSignal<Option<Panel>>>(), use_context::<PanelCell>());
        move || {
            store.track_row(key.table, &key.row);
            let words = store.merged(&key)?;
            let key = key.clone();
            let review = move |_| {
                if let (Some(shown), Some(cell)) = (shown, cell) {
                    show_cell(shown, Panel::Review, cell, key.clone());
                }
            };
            Some(view! {
                <span class="field-merged">
                    <strong>"¶ Combinado · revisar"</strong>
                    " "
                    {words}
                    " "
                    <button type="button" class="link-button" on:click=review>"Revisar"</button>
                </span>
            })
        }
    };
    let is_fixed = !store.may_write(&key);
    let others = key.clone();
    // The others see where this person is, and what is typed before it is kept.
    let tell = move |event: &web_sys::Event, is_draft: bool| {
        let mut place = Place::at(key.table);
        place.cell = Some(Spot::new(&key.row, &key.field));
        let input = event_target::<web_sys::Element>(event).dyn_into::<HtmlInputElement>().ok();
        if let Some(input) = input.filter(|_| is_draft) {
            let text = input.value();
            place.draft = Some(text[..text.floor_char_boundary(limits::DRAFT_BYTES)].into());
        }
        store.people().i_am_at(place);
    };
    let tell = StoredValue::new_local(tell);
    let told =
        move |event: &web_sys::Event, is_draft| tell.with_value(|tell| tell(event, is_draft));
    let about = format!("{id}-about");
    view! {
        <div
            class="field"
            class:fixed=is_fixed
            on:focusin=move |event| told(&event, false)
            on:input=move |event| told(&event, true)
            on:change=move |event| told(&event, false)
        >
            <label for=id.clone() id=format!("{id}-label")>
                {column.title}
                {column.required.then(|| view! { <abbr class="required" title="obligatorio">" *"</abbr> })}
            </label>
            {children()}
            <span class="hint" id=about>{column.help}</span>
            {is_fixed.then(|| view! { <span class="hint">"Solo lectura."</span> })}
            <Beside key=others />
            {findings}
            {undecided}
            {merged}
            <span role="alert">{move || message.get().map(|text| view! { <span class="error">{text}</span> })}</span>
        </div>
    }
}

/// Who else is in this cell, and what they are typing.
#[component]
fn Beside(key: Key) -> impl IntoView {
    let store = use_store();
    let others = Memo::new(move |_| {
        let others = store.people().others().into_iter().filter(|one| {
            let cell = one.place.cell.as_ref().filter(|_| one.place.table == key.table);
            cell.is_some_and(|cell| cell.row == key.row && *cell.field == *key.field)
        });
        let line = |one: Somebody| {
            let words = match &one.place.draft {
                Some(draft) => format!("{} escribe: {draft}", one.name),
                None if one.place.caret.is_some() => format!("{} está escribiendo.", one.name),
                None => format!("{} está en esta celda.", one.name),
            };
            (one.colour, words)
        };
        others.map(line).collect::<Vec<_>>()
    });
    move || {
        let others = others.get().into_iter();
        others
            .map(|(colour, words)| {
                view! { <span class=format!("hint field-other person-{colour}")>{words}</span> }
            })
            .collect_view()
    }
}

/// The control of a cell that is written or answered with yes or no. What is picked from a list
/// has the picker of the grid.
#[component]
pub fn Control(
    key: Key,
    id: String,
    kind: Kind,
    message: RwSignal<Option<String>>,
) -> impl IntoView {
    match kind {
        Kind::Flag => view! { <Flag key id message /> }.into_any(),
        Kind::Narrative => {
            let about = format!("{id}-about");
            view! { <Narrative id key described_by=about /> }.into_any()
        }
        kind => view! { <Written key id kind message /> }.into_any(),
    }
}

#[component]
fn Flag(key: Key, id: String, message: RwSignal<Option<String>>) -> impl IntoView {
    let store = use_store();
    let may_write = store.may_write(&key);
    let about = format!("{id}-about");
    let key = StoredValue::new(key);
    let value = move || match key.with_value(|key| cell(store, key)) {
        Some(Cell::Value(Value::Flag(true))) => "1",
        Some(Cell::Value(Value::Flag(false))) => "0",
        _ => "",
    };
    let choose = move |event| {
        let value = match event_target_value(&event).as_str() {
            "1" => Some(Value::Flag(true)),
            "0" => Some(Value::Flag(false)),
            _ => None,
        };
        let kept = set(store, key.get_value(), value);
        message.set(kept.err().map(|rejection| rejection.to_string()));
    };
    view! {
        <select
            id=id
            class="input"
            aria-describedby=about
            prop:value=value
            disabled=!may_write
            on:change=choose
        >
            <option value="">"Sin responder"</option>
            <option value="1">"Sí"</option>
            <option value="0">"No"</option>
        </select>
    }
}

/// A figure, a date or a short text. It is kept when the keyboard leaves it; what cannot be kept
/// stays with the reason, also after a reload.
#[component]
fn Written(key: Key, id: String, kind: Kind, message: RwSignal<Option<String>>) -> impl IntoView {
    let store = use_store();
    let may_write = store.may_write(&key);
    let about = format!("{id}-about");
    let draft = draft::of(store.exercise_id(), &key);
    let key = StoredValue::new(key);
    let input = NodeRef::<html::Input>::new();
    let written =
        Memo::new(move |_| entry::written(key.with_value(|key| cell(store, key)).as_ref()));
    let keep = move |text: &str| {
        let key = key.get_value();
        let kept = entry::read(kind, text).and_then(|value| {
            set(store, key.clone(), value).map_err(|rejection| rejection.to_string())
        });
        if kept.is_ok() {
            draft::forget(store.exercise_id(), &key);
            // It is no longer being typed, and takes the form in which it is kept.
            if let Some(Some(input)) = input.try_get_untracked() {
                input.set_default_value(&input.value());
            }
        } else {
            draft::keep(store.exercise_id(), &key, text);
        }
        // The field may be gone from the screen.
        let _ = message.try_set(kept.err());
        store.end_action();
    };
    // What was typed and not kept yet.
    let settle = move || {
        let Some(Some(input)) = input.try_get_untracked() else { return };
        if input.value() != input.default_value() {
            keep(&input.value());
        } else if message.try_with_untracked(Option::is_some) == Some(true) {
            // Back to what is kept.
            key.with_value(|key| draft::forget(store.exercise_id(), key));
            message.set(None);
        }
    };
    // The text that is kept stands beside the one that is typed, as the field's default.
    let show = move |text: &str| {
        if let Some(input) = input.get_untracked() {
            input.set_default_value(text);
            input.set_value(text);
        }
    };
    // What somebody is typing is not replaced by what arrives meanwhile, and they are told of it.
    let told = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let (text, here) = (written.get(), input.get());
        let is_typed = here.as_ref().is_some_and(|input| {
            document().active_element().as_ref() == Some(input.as_ref())
                && input.value() != input.default_value()
        });
        if is_typed {
            let theirs = if text.is_empty() { "vacío" } else { &text };
            told.set(Some(format!(
                "Mientras escribías, cambió a «{theirs}»; al salir queda lo tuyo."
            )));
        } else if message.with_untracked(Option::is_none) {
            show(&text);
        }
    });
    if let Some(draft) = draft {
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                input.set_value(&draft);
                keep(&draft);
            }
        });
    }
    let leave = move |_| {
        settle();
        told.set(None);
        if message.with_untracked(Option::is_none) {
            show(&written.get_untracked());
        }
    };
    let enter = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            settle();
        }
    };
    let leaving = window_event_listener(ev::pagehide, move |_| settle());
    on_cleanup(move || {
        leaving.remove();
        settle();
    });
    let choose = move |text: &str| {
        if let Some(input) = input.get_untracked() {
            input.set_value(text);
            keep(text);
            show(&written.get_untracked());
        }
    };
    let mode = if kind == Kind::Money { "decimal" } else { "text" };
    view! {
        <input
            id=id
            class="input"
            class:figure=matches!(kind, Kind::Money | Kind::Integer | Kind::Date)
            inputmode=mode
            autocomplete="off"
            node_ref=input
            readonly=!may_write
            aria-describedby=about
            aria-invalid=move || message.with(Option::is_some).to_string()
            on:change=move |_| settle()
            on:keydown=enter
            on:blur=leave
        />
        <span role="alert">{move || told.get().map(|text| view! { <span class="error">{text}</span> })}</span>
        {may_write.then(|| view! { <Instead kind choose /> })}
    }
}

/// What can be chosen instead of typing.
#[component]
fn Instead(kind: Kind, choose: impl Fn(&str) + Copy + 'static) -> impl IntoView {
    let states = entry::states(kind).iter().map(|state| {
        view! {
            <button type="button" class="link-button" on:click=move |_| choose(state)>{*state}</button>
        }
    });
    let states = states.collect_view();
    let has_any = !entry::states(kind).is_empty() || kind == Kind::Date;
    has_any.then(|| {
        view! {
            <span class="field-instead">
                {states}
                {(kind == Kind::Date).then(|| view! { <Calendar picked=choose /> })}
            </span>
        }
    })
}

/// Opens the calendar of the browser.
#[component]
pub fn Calendar(picked: impl Fn(&str) + Copy + 'static) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let show = move |_| {
        if let Some(input) = input.get_untracked() {
            // Refused by browsers that have no picker of their own; typing always works.
            let _ = input.show_picker();
        }
    };
    view! {
        <span class="grid-calendar">
            <button type="button" class="link-button" tabindex="-1" on:click=show>"Calendario"</button>
            <input
                type="date"
                node_ref=input
                tabindex="-1"
                aria-hidden="true"
                on:change=move |event: ev::Event| {
                    picked(&event_target::<HtmlInputElement>(&event).value());
                }
            />
        </span>
    }
}

/// What the document holds. Reactive.
fn cell(store: Store, key: &Key) -> Option<Cell> {
    store.track_row(key.table, &key.row);
    store.with(|exercise| exercise.row(key.table, &key.row)?.cells.get(&key.field).cloned())
}

fn set(store: Store, key: Key, value: Option<Value>) -> Result<(), Rejection> {
    let (table, row) = (key.table, key.row.clone());
    let mut edits = vec![Edit::SetCell { key, value }];
    // The rows of forms are there before anything is written into them; one that was deleted stays so.
    let is_known = store.with(|exercise| exercise.row(table, &row).is_some());
    if !is_known {
        let order = store.with(|exercise| exercise.table(table).order_last(&row));
        edits.insert(0, Edit::PlaceRow { table, row, order });
    }
    store.apply(edits)
}
