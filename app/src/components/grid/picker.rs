//! Choosing from a list: a search field with the list below it (ARIA combobox).

use std::{collections::BTreeSet, sync::Arc};

use leptos::{ev, html, prelude::*};
use shared::{edit::Edit, key::Key, model::Cell, template::Kind, value::Value};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::{
    card::field_id,
    display::name,
    menu::room_across,
    moves::Move,
    options::{Choosable, matching, options},
    sheet::{Picking, Sheet, cell_id},
    tray::{self, TrayFoot, TrayHead},
};

/// Options drawn at once; typing finds the rest.
const SHOWN: usize = 80;
/// So few are seen at a glance: nobody searches among them.
const FEW: usize = 8;
const LIST: &str = "grid-picker-list";

/// Handle of an open picker.
#[derive(Clone, Copy)]
struct Picker {
    sheet: Sheet,
    key: StoredValue<Key>,
    kind: Kind,
    options: StoredValue<Arc<Vec<Choosable>>>,
    typed: RwSignal<String>,
    found: Memo<Vec<usize>>,
    /// The place in `found` that Enter picks.
    at: RwSignal<Option<usize>>,
    chosen: Memo<BTreeSet<String>>,
}

/// Shows the picker that is open.
#[component]
pub fn PickerPopup(sheet: Sheet) -> impl IntoView {
    move || sheet.picking.get().map(|picking| view! { <PickerOver sheet picking /> })
}

#[component]
fn PickerOver(sheet: Sheet, picking: Picking) -> impl IntoView {
    let picker = Picker::open(sheet, picking);
    let search = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(search) = search.get() {
            // An input that was just put into the page can be focused.
            let _ = search.focus();
        }
    });
    let many = picker.kind.is_set();
    let floor = tray::floor();
    let in_tray = move || sheet.touch.get();
    let tray = NodeRef::new();
    tray::lift(sheet, tray, floor, in_tray);
    let at_cell = move || if in_tray() { None } else { place(sheet, &picker.key.get_value()) };
    // Where few can be picked there is nothing to search for.
    let is_short = picker.options.with_value(|options| options.len() <= FEW);
    let keyboard = move || (in_tray() && is_short).then_some("none");
    let title = picker.title();
    let current = move || picker.at.get().map(option_id);
    let rest = move || picker.found.with(Vec::len).saturating_sub(SHOWN);
    view! {
        <div
            node_ref=tray
            class="picker"
            class:tray=in_tray
            style:left=move || at_cell().map(|place| format!("{}px", place.left))
            style:width=move || at_cell().map(|place| format!("{}px", place.width))
            style:top=move || at_cell().and_then(|place| place.top).map(|top| format!("{top}px"))
            style:bottom=move || {
                let at_floor = || in_tray().then(|| floor.get().bottom);
                at_cell().and_then(|place| place.bottom).or_else(at_floor).map(|it| format!("{it}px"))
            }
            style:max-height=move || {
                let at_floor = || in_tray().then(|| floor.get().room);
                at_cell().map(|place| place.room).or_else(at_floor).map(|it| format!("{it}px"))
            }
            on:focusout=move |event| picker.left(&event)
        >
            <Show when=in_tray>
                <TrayHead sheet />
            </Show>
            <Show when=move || many>
                <Chips picker />
            </Show>
            <input
                node_ref=search
                class="input"
                role="combobox"
                autocomplete="off"
                inputmode=keyboard
                aria-label=format!("{title}: buscar")
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=LIST
                aria-activedescendant=current
                placeholder="Buscar"
                prop:value=picker.typed
                on:input=move |event| picker.search(event_target_value(&event))
                on:keydown=move |event| picker.key_down(&event)
            />
            <ul
                id=LIST
                role="listbox"
                class="picker-list"
                aria-label=title
                aria-multiselectable=many.then_some("true")
                on:mousedown=|event| event.prevent_default()
                on:click=move |event| picker.clicked(&event)
            >
                {move || picker.list()}
            </ul>
            <div class="picker-foot">
                <p role="status">{move || picker.status(rest())}</p>
                <Show when=move || !picker.chosen.with(BTreeSet::is_empty)>
                    <button
                        type="button"
                        class="link-button"
                        tabindex="-1"
                        on:mousedown=|event| event.prevent_default()
                        on:click=move |_| picker.empty()
                    >
                        "Vaciar"
                    </button>
                </Show>
            </div>
            <Show when=in_tray>
                <TrayFoot sheet cancels=false />
            </Show>
        </div>
    }
}

/// What is in the cell already; each can be taken out.
#[component]
fn Chips(picker: Picker) -> impl IntoView {
    let chip = move |code: String| {
        let name = picker.sheet.store.with(|exercise| name(exercise, picker.kind, &code));
        let class = if name.dangling { "chip dangling" } else { "chip" };
        let label = format!("Quitar {}", name.text);
        view! {
            <button
                type="button"
                class=class
                tabindex="-1"
                aria-label=label
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| picker.toggle(&code)
            >
                <span class="chip-text">{name.text}</span>
                " ×"
            </button>
        }
    };
    view! {
        <div class="picker-chips">
            {move || picker.chosen.get().into_iter().map(chip).collect_view()}
        </div>
    }
}

impl Picker {
    fn open(sheet: Sheet, Picking { key, kind, typed }: Picking) -> Self {
        let (row, field) = (key.row.clone(), key.field.clone());
        let options = Arc::new(sheet.store.with(|exercise| options(exercise, &field, kind)));
        let chosen = Memo::new(move |_| {
            sheet.store.track_row(sheet.table, &row);
            sheet.store.with(|exercise| {
                match exercise.row(sheet.table, &row).and_then(|it| it.cells.get(field.as_str())) {
                    Some(Cell::Set(members)) => members.clone(),
                    Some(Cell::Value(Value::Code(code))) => [code.clone()].into(),
                    _ => BTreeSet::new(),
                }
            })
        });
        let typed = RwSignal::new(typed);
        let all = Arc::clone(&options);
        let found = Memo::new(move |_| typed.with(|typed| matching(&all, typed)));
        let at = if typed.with_untracked(String::is_empty) {
            let chosen = chosen.get_untracked();
            (!kind.is_set())
                .then(|| options.iter().position(|option| chosen.contains(&option.code)))
                .flatten()
                .filter(|at| *at < SHOWN)
        } else {
            found.with_untracked(|found| (!found.is_empty()).then_some(0))
        };
        Self {
            sheet,
            key: StoredValue::new(key),
            kind,
            options: StoredValue::new(options),
            typed,
            found,
            at: RwSignal::new(at),
            chosen,
        }
    }

    fn title(self) -> String {
        let field = self.key.with_value(|key| key.field.clone());
        let columns = self.sheet.all_columns().into_iter();
        columns.into_iter().find(|it| *it.field == *field).map(|it| it.title).unwrap_or_default()
    }

    fn search(self, typed: String) {
        self.typed.set(typed);
        self.at.set(self.found.with_untracked(|found| (!found.is_empty()).then_some(0)));
    }

    fn key_down(self, event: &KeyboardEvent) {
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        let last = self.found.with_untracked(Vec::len).min(SHOWN).checked_sub(1);
        let go = |by: isize| {
            let to = match (self.at.get_untracked(), last) {
                (_, None) => None,
                (None, Some(last)) => Some(if by > 0 { 0 } else { last }),
                (Some(at), Some(last)) => Some(at.saturating_add_signed(by).min(last)),
            };
            self.at.set(to);
            show_option(to);
        };
        let step = if event.shift_key() { Move::Previous } else { Move::Next };
        match event.key().as_str() {
            "ArrowDown" => go(1),
            "ArrowUp" => go(-1),
            "PageDown" => go(8),
            "PageUp" => go(-8),
            "Enter" => match self.at.get_untracked() {
                Some(at) if self.kind.is_set() => self.pick(at),
                Some(at) => {
                    self.pick(at);
                    if !self.sheet.is_covered() {
                        self.sheet.go_down();
                    }
                }
                None => self.close(),
            },
            "Tab" => {
                if let (false, Some(at)) = (self.kind.is_set(), self.at.get_untracked()) {
                    self.pick(at);
                }
                self.close();
                if self.sheet.is_covered() {
                    // From the field on, as in any form.
                    return event.stop_propagation();
                }
                self.sheet.go(step);
            }
            "Escape" => self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn clicked(self, event: &ev::MouseEvent) {
        let option = event_target::<Element>(event).closest("[role=option]").ok().flatten();
        let at = option.and_then(|option| option.get_attribute("data-at"));
        if let Some(at) = at.and_then(|at| at.parse().ok()) {
            self.at.set(Some(at));
            self.pick(at);
        }
    }

    /// Picks an option of those found: of one kind, and closes; of a set, in or out.
    fn pick(self, at: usize) {
        let option = self.found.with_untracked(|found| found.get(at).copied());
        let Some(code) = option.and_then(|option| {
            self.options.with_value(|options| options.get(option).map(|it| it.code.clone()))
        }) else {
            return;
        };
        if self.kind.is_set() {
            return self.toggle(&code);
        }
        if !self.chosen.with_untracked(|chosen| chosen.contains(&code)) {
            self.sheet.set(self.key.get_value(), Some(Value::Code(code)));
        }
        self.close();
    }

    fn toggle(self, code: &str) {
        let key = self.key.get_value();
        let member = Key::member(key.table, &key.row, &key.field, code);
        let present = !self.chosen.with_untracked(|chosen| chosen.contains(code));
        if self.sheet.apply(vec![Edit::SetMember { key: member, present }]) {
            let name = self.sheet.store.with(|exercise| name(exercise, self.kind, code));
            let done = if present { "agregado" } else { "quitado" };
            self.sheet.announce(format!("{}: {done}.", name.text));
        }
    }

    fn empty(self) {
        self.close();
        self.sheet.clear_cell(self.key.get_value(), self.kind);
    }

    fn close(self) {
        self.sheet.picking.set(None);
        if self.sheet.is_covered() {
            self.key.with_value(|key| self.sheet.focus_field(key));
        } else {
            self.sheet.focus_textarea();
        }
    }

    /// The keyboard went elsewhere.
    fn left(self, event: &FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let popup = event.current_target().and_then(|popup| popup.dyn_into::<Node>().ok());
        let inside = popup.is_some_and(|popup| to.is_some() && popup.contains(to.as_ref()));
        let window_only = to.is_none() && document().has_focus().is_ok_and(|focus| !focus);
        if !inside && !window_only {
            self.sheet.picking.set(None);
        }
    }

    fn list(self) -> Vec<impl IntoView + use<>> {
        let chosen = self.chosen.get();
        let current = self.at.get();
        let options = self.options.get_value();
        self.found.with(|found| {
            let shown = found.iter().take(SHOWN).enumerate();
            shown
                .map(|(at, option)| {
                    let option = &options[*option];
                    let class = if current == Some(at) { "current" } else { "" };
                    let selected = if chosen.contains(&option.code) { "true" } else { "false" };
                    view! {
                        <li
                            role="option"
                            id=option_id(at)
                            class=class
                            aria-selected=selected
                            data-at=at.to_string()
                        >
                            <span>{option.label.clone()}</span>
                            <small>{option.detail.clone()}</small>
                        </li>
                    }
                })
                .collect()
        })
    }

    fn status(self, rest: usize) -> String {
        if self.options.with_value(|options| options.is_empty()) {
            return match self.kind.target() {
                Some(target) => {
                    format!(
                        "Aún no hay qué elegir: primero escríbelo en «{}».",
                        target.table.title()
                    )
                }
                None => "No hay qué elegir.".into(),
            };
        }
        if self.found.with(Vec::is_empty) {
            return format!("Nada coincide con «{}».", self.typed.get());
        }
        match (rest, self.kind.is_set()) {
            (0, true) => "Enter marca o desmarca; Escape cierra.".into(),
            (0, false) => "Enter elige; Escape cierra.".into(),
            (rest, _) => format!("Hay {rest} más: escribe para encontrarlos."),
        }
    }
}

fn option_id(at: usize) -> String {
    format!("grid-option-{at}")
}

fn show_option(at: Option<usize>) {
    let option = at.and_then(|at| document().get_element_by_id(&option_id(at)));
    if let Some(option) = option.and_then(|option| option.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Where the popup is, in the window. CSS pixels.
struct Place {
    left: f64,
    width: f64,
    top: Option<f64>,
    bottom: Option<f64>,
    room: f64,
}

/// Below the cell, or above it where there is more room; follows it while the grid scrolls.
fn place(sheet: Sheet, key: &Key) -> Option<Place> {
    sheet.view.track();
    sheet.left.track();
    let id = match sheet.is_covered() {
        true => field_id(&key.row, &key.field),
        false => cell_id(&key.row, &key.field),
    };
    let cell = document().get_element_by_id(&id)?;
    let cell = cell.get_bounding_client_rect();
    let side = |side: Result<wasm_bindgen::JsValue, _>| side.ok()?.as_f64();
    let (width, height) = (room_across()?, side(window().inner_height())?);
    let wide = cell.width().max(352.0).min(width - 16.0);
    let left = cell.left().min(width - wide - 8.0).max(8.0);
    let (below, above) = (height - cell.bottom() - 8.0, cell.top() - 8.0);
    let upward = below < 280.0 && above > below;
    Some(Place {
        left,
        width: wide,
        top: (!upward).then(|| cell.bottom()),
        bottom: upward.then(|| height - cell.top()),
        room: if upward { above } else { below }.min(416.0),
    })
}
