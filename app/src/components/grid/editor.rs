//! The textarea that always has the keyboard. While browsing it lies unseen on the cell of the
//! cursor, so that dead keys and input methods work from the first key on; it becomes the editor
//! by being shown.

use leptos::prelude::*;
use shared::template::Kind;
use wasm_bindgen::JsCast;
use web_sys::{CompositionEvent, Element, FocusEvent, KeyboardEvent, Node};

use super::{
    carets::Carets,
    entry::states,
    heights::Heights,
    keys::{Command, Mode, Press, command},
    moves::{Move, Side, Spot},
    place::Rect,
    sheet::{RowMenu, Sheet, cell_id},
    tray::{self, TrayFoot, TrayHead},
};
use crate::components::field::Calendar;

/// What the editor covers.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    left: f64,
    width: f64,
    height: f64,
    /// From the top of the sheet, or from its bottom where there is more room above.
    edge: f64,
    upward: bool,
    /// As tall as it may grow.
    room: f64,
}

/// The editor.
#[component]
pub fn Editor(sheet: Sheet, described_by: String, grid: String) -> impl IntoView {
    let place = Memo::new(move |_| place(sheet));
    let floor = tray::floor();
    let in_tray = Memo::new(move |_| sheet.touch.get() && sheet.mode.get() != Mode::Browse);
    let tray = NodeRef::new();
    tray::lift(sheet, tray, floor, move || in_tray.get());
    let at_cell = move || place.get().filter(|_| !in_tray.get());
    let px =
        move |length: fn(&Place) -> f64| move || at_cell().map(|at| format!("{}px", length(&at)));
    let edge = move |upward: bool| {
        move || {
            let floor = in_tray.get().then(|| floor.get().bottom).filter(|_| upward);
            let edge = || at_cell().filter(|at| at.upward == upward).map(|at| at.edge);
            floor.or_else(edge).map(|edge| format!("{edge}px"))
        }
    };
    let room = move || {
        let floor = in_tray.get().then(|| floor.get().room);
        floor.or_else(|| at_cell().map(|at| at.room)).map(|room| format!("{room}px"))
    };
    let kind = move || {
        sheet.cursor.track();
        sheet.current().map(|(_, kind)| kind)
    };
    let editing = move || sheet.mode.get() != Mode::Browse;
    let writable = move || {
        sheet.cursor.track();
        sheet.current().is_none_or(|(key, _)| sheet.store.may_write(&key))
    };
    let label = move || {
        let title = sheet.cursor.with(|cursor| {
            let field = &cursor.as_ref()?.field;
            sheet.columns.with(|columns| {
                columns.iter().find(|column| column.field == *field).map(|c| c.title.clone())
            })
        });
        match title {
            Some(title) if editing() => title,
            _ => sheet.table.title().to_owned(),
        }
    };
    let cell = move || {
        let browsing = !editing();
        sheet.cursor.with(|cursor| {
            cursor.as_ref().filter(|_| browsing).map(|at| cell_id(&at.row, &at.field))
        })
    };
    // How to move about, or what is asked for in the open cell.
    let about = format!("{grid}-about");
    let described_by = move || if editing() { about.clone() } else { described_by.clone() };
    // What others write into the open cell.
    Effect::new(move |_| {
        if editing()
            && let Some(key) =
                sheet.session.with_value(|open| open.as_ref().map(|it| it.key.clone()))
        {
            sheet.store.track_row(key.table, &key.row);
            if !sheet.hand.with_value(|hand| hand.composing) {
                sheet.take_over();
            }
        }
    });
    view! {
        <div
            node_ref=tray
            class="grid-editor"
            class:open=editing
            class:tray=in_tray
            class:upward=move || at_cell().is_some_and(|at| at.upward)
            class:narrative=move || kind() == Some(Kind::Narrative)
            class:figure=move || matches!(kind(), Some(Kind::Integer | Kind::Money | Kind::Date))
            style:left=px(|at| at.left)
            style:width=px(|at| at.width)
            style:min-height=px(|at| at.height)
            style:max-height=room
            style:top=edge(false)
            style:bottom=edge(true)
        >
            <Show when=move || in_tray.get()>
                <TrayHead sheet />
            </Show>
            <textarea
                node_ref=sheet.textarea
                rows="1"
                autocomplete="off"
                spellcheck="true"
                aria-label=label
                aria-describedby=described_by
                aria-controls=grid.clone()
                aria-activedescendant=cell
                aria-invalid=move || sheet.message.with(Option::is_some).then_some("true")
                prop:readOnly=move || !writable()
                on:keydown=move |event| key_down(sheet, &event)
                on:compositionstart=move |_| composition_starts(sheet)
                on:compositionend=move |event| composition_ends(sheet, &event)
                on:input=move |event| {
                    let composing = event
                        .dyn_ref::<web_sys::InputEvent>()
                        .is_some_and(web_sys::InputEvent::is_composing);
                    if !composing {
                        input(sheet);
                    }
                }
                on:focus=move |_| {
                    if sheet.spot().is_none() {
                        sheet.focus();
                    }
                }
                on:copy=move |event| sheet.copy(&event, false)
                on:cut=move |event| sheet.copy(&event, true)
                on:paste=move |event| sheet.paste(&event)
                on:blur=move |event| blurred(sheet, &event)
                on:scroll=move |_| sheet.retyped.notify()
            ></textarea>
            <Show when=editing>
                <Carets sheet />
            </Show>
            <Show when=editing>
                <EditorFoot sheet />
            </Show>
            <Show when=move || in_tray.get()>
                <TrayFoot sheet cancels=true />
            </Show>
        </div>
    }
}

/// What is wrong with what was typed, and what can be chosen instead of typing.
#[component]
fn EditorFoot(sheet: Sheet) -> impl IntoView {
    let kind = sheet.current().map(|(_, kind)| kind);
    let states = kind.map_or(&[][..], states);
    let write = move |text: &str| {
        if let Some(textarea) = sheet.textarea.get_untracked() {
            textarea.set_value(text);
            sheet.typed();
            sheet.focus_textarea();
        }
    };
    let states = states
        .iter()
        .map(|state| {
            let choose = move |_| {
                write(state);
                sheet.commit();
            };
            view! { <button type="button" class="link-button" tabindex="-1" on:click=choose>{*state}</button> }
        })
        .collect_view();
    let calendar = (kind == Some(Kind::Date)).then(|| view! { <Calendar picked=write /> });
    view! {
        <div class="grid-editor-foot" on:mousedown=|event| event.prevent_default()>
            <p role="alert">{move || sheet.message.get()}</p>
            <div class="grid-editor-states">{states} {calendar}</div>
        </div>
    }
}

fn place(sheet: Sheet) -> Option<Place> {
    let cursor = sheet.cursor.get()?;
    let row = sheet.order.with(|order| order.place(&cursor.row))?;
    let column = sheet
        .columns
        .with(|columns| columns.iter().position(|column| column.field == cursor.field))?;
    let layout = sheet.layout.get();
    let kind = sheet.columns.with(|columns| columns[column].kind);
    let Rect { left, top, mut width, height } = sheet.rect(Spot { row, column })?;
    let mut place = Place { left, width, height, edge: top, upward: false, room: height };
    if sheet.mode.get() == Mode::Browse {
        return Some(place);
    }
    let view = sheet.view.get_untracked();
    let rem = layout.rem;
    let wanted = if kind == Kind::Narrative { 24.0 * rem } else { 13.0 * rem };
    width = width.max(wanted).min(view.width);
    let scrolled = sheet.left.get_untracked();
    place.left = left.min(scrolled + view.width - width).max(scrolled.min(left));
    place.width = width;
    let (below, above) = (view.top + view.height - top, top + height - layout.head - view.top);
    place.upward = below < 14.0 * rem && above > below;
    place.room = if place.upward { above } else { below }.max(height);
    if place.upward {
        place.edge = layout.head + sheet.with_heights(Heights::total) - top - height;
    }
    Some(place)
}

fn key_down(sheet: Sheet, event: &KeyboardEvent) {
    // Enter, Tab and Escape belong to the input method while it composes; 229 is how browsers
    // name its keys where they report the composition too late.
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
    let leaving = sheet.hand.with_value(|hand| hand.leaving);
    if leaving && key == "Tab" {
        return;
    }
    if leaving && key != "Shift" {
        sheet.hand.update_value(|hand| hand.leaving = false);
    }
    if let Some(command) = command(sheet.mode.get_untracked(), press)
        && run(sheet, command)
    {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Does what a key asks for; `false` leaves the key to the browser after all.
pub(super) fn run(sheet: Sheet, command: Command) -> bool {
    let row = || sheet.cursor.get_untracked().map(|cursor| cursor.row);
    match command {
        Command::Go(step) => sheet.go(step),
        Command::Extend(step) => sheet.extend(step),
        Command::Select(whole) => sheet.select(whole),
        Command::Edit => sheet.open(),
        Command::Clear => sheet.clear(),
        Command::Space => return sheet.space(),
        Command::Commit(step) => sheet.commit_and(|sheet| match step {
            Some(Move::Step(Side::Up)) if sheet.go_round(false, true) => {}
            Some(step) => sheet.go(step),
            None => {}
        }),
        Command::CommitDown => sheet.commit_and(Sheet::go_down),
        Command::Cancel => sheet.cancel(),
        Command::LineBreak => sheet.line_break(),
        Command::AddRow { above } => sheet.add_row(row().as_ref(), above),
        Command::DeleteRow => {
            if let Some(row) = row() {
                sheet.delete_row(&row);
            }
        }
        Command::MoveRow { up } => {
            if let Some(row) = row() {
                sheet.move_row(&row, up);
            }
        }
        Command::Menu => open_menu_at_cursor(sheet),
        Command::Card => sheet.open_card(),
        Command::CardStep { back } => sheet.card_step(back),
        Command::CloseCard => sheet.close_card(),
        Command::Review => sheet.review(),
        Command::Leave => {
            sheet.selection.set(None);
            sheet.hand.update_value(|hand| hand.leaving = true);
            sheet.announce("Presiona Tab para salir de la grilla.");
        }
        Command::Fill(side) => sheet.fill(side),
        Command::Stamp { with_time } => sheet.stamp(with_time),
        Command::Find(finding) => sheet.find.open.set(Some(finding)),
        Command::FindNext { back } => sheet.find_next(back),
        Command::Clipboard => return false,
        Command::Help => sheet.helping.set(true),
        Command::Take(way) => {
            if let Some(undo) = sheet.undo {
                sheet.notice.set(None);
                undo.take(way);
            }
        }
    }
    true
}

fn open_menu_at_cursor(sheet: Sheet) {
    let Some(cursor) = sheet.cursor.get_untracked() else { return };
    let Some(cell) = document().get_element_by_id(&cell_id(&cursor.row, &cursor.field)) else {
        return;
    };
    let place = cell.get_bounding_client_rect();
    sheet.menu.set(Some(RowMenu { row: cursor.row, x: place.left(), y: place.bottom() }));
}

fn input(sheet: Sheet) {
    if sheet.mode.get_untracked() == Mode::Browse {
        sheet.typed_over();
    } else {
        sheet.typed();
    }
}

fn composition_starts(sheet: Sheet) {
    sheet.hand.update_value(|hand| hand.composing = true);
    if sheet.mode.get_untracked() == Mode::Browse {
        sheet.compose_over();
    }
}

fn composition_ends(sheet: Sheet, _: &CompositionEvent) {
    let composing = sheet.hand.try_update_value(|hand| std::mem::take(&mut hand.composing));
    // The cell was closed meanwhile: nothing is left to be read.
    if composing != Some(true) {
        return;
    }
    input(sheet);
    sheet.take_over();
}

/// The keyboard went elsewhere: what was typed is kept. Where only another window came to the
/// front, the cell stays open.
fn blurred(sheet: Sheet, event: &FocusEvent) {
    if sheet.mode.get_untracked() == Mode::Browse {
        return;
    }
    let Some(textarea) = sheet.textarea.get_untracked() else { return };
    let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
    if textarea.parent_element().is_some_and(|editor| editor.contains(to.as_ref())) && to.is_some()
    {
        return;
    }
    let here: &Element = &textarea;
    if document().active_element().as_ref() == Some(here) {
        if let Err(message) = sheet.send() {
            sheet.message.set(Some(message));
        }
    } else {
        sheet.commit();
    }
}
