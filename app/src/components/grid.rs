//! The grid in which the matrices are filled in.
//!
//! * Of rows and columns only those in view are in the page. Rows are as high as their texts: an
//!   estimate until they are drawn, then measured (`place`).
//! * One textarea has the keyboard all the time (see `editor`), so that no accent and no first
//!   letter is ever lost; the cell of the cursor is told to screen readers as its active
//!   descendant.
//! * Logic that needs no browser is in files of its own: `moves`, `keys`, `window`, `merge`,
//!   `display`, `entry`, `options`, `columns`.

mod arrangement;
mod card;
mod carets;
mod column_menu;
pub mod columns;
mod detail;
pub mod display;
pub mod draft;
mod drag;
mod editing;
mod editor;
pub mod entry;
mod estimate;
mod fill;
mod find;
mod handles;
mod head;
mod head_drag;
mod heard;
mod heights;
mod help;
mod keys;
mod lens;
mod lens_line;
mod look;
mod marks;
mod measure;
mod menu;
pub mod merge;
mod moves;
mod notice;
mod options;
mod order;
mod others;
mod overlay;
mod paint;
mod paste;
mod picker;
mod place;
mod pointer;
mod popup;
mod press;
mod regional;
mod regional_options;
mod remembered;
mod row;
mod rows;
mod select;
mod selection;
mod series;
mod sharing;
mod sheet;
mod shortcuts;
mod stamp;
mod table;
mod tray;
mod values;
mod view_menu;
mod window;
mod windows;

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{key::Key, model::Exercise, template::TableId};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

use self::{
    arrangement::Density,
    card::{Cover, ShapeButton},
    detail::Detail,
    find::FindBar,
    lens_line::LensLine,
    menu::MenuPopup,
    notice::NoticeLine,
    overlay::SelectionLine,
    picker::PickerPopup,
    sheet::{Cursor, Sheet, View},
    table::Table,
    view_menu::ViewButton,
    windows::Windows,
};
pub use self::{
    card::{Shapes, row_card},
    look::Lenses,
};
use crate::{
    lazy::{Later, next_turn},
    session::use_session,
    store::use_store,
};

/// Brings the cursor of a grid to a cell: what a list of findings does.
#[derive(Debug, Clone, Copy)]
pub struct Jump(RwSignal<Option<Key>>);

impl Jump {
    /// For a page, which hands it to its grid and to whoever jumps.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Puts the cursor on a cell, as soon as the grid of its table is on the screen. A field
    /// without a column of its own stands for the row.
    pub fn focus_cell(self, key: Key) {
        self.0.set(Some(key));
    }

    /// Whether this cell is asked for; then it is no longer. Reactive. For forms, which show their
    /// cells without a grid.
    #[must_use]
    pub fn take(self, key: &Key) -> bool {
        let is_asked = self.0.with(|asked| asked.as_ref() == Some(key));
        if is_asked {
            self.0.set(None);
        }
        is_asked
    }
}

impl Default for Jump {
    fn default() -> Self {
        Self::new()
    }
}

/// The grid of one table.
#[component]
pub fn Grid(
    /// The table.
    table: TableId,
    /// Who may move the cursor from outside.
    #[prop(optional)]
    jump: Jump,
) -> impl IntoView {
    let sheet = Sheet::new(use_store(), table);
    provide_context(sheet);
    sheet.recall(use_session());
    follow_view(sheet);
    recall_draft(sheet);
    keep_on_leaving(sheet);
    remembered::follow_cursor(sheet);
    heard::follow_findings(sheet);
    drag::follow(sheet);
    paste::allow_copying(sheet);
    Effect::new(move |_| {
        let Some(key) = jump.0.get().filter(|key| key.table == table) else { return };
        if sheet.is_ready() {
            jump.0.set(None);
            untrack(|| jump_to(sheet, &key));
        }
    });
    Effect::new(move |_| {
        sheet.order.track();
        untrack(|| {
            if let Some(cursor) = sheet.cursor.get()
                && sheet.spot_of(&cursor).is_none()
            {
                sheet.row_has_gone(&cursor);
            }
        });
    });
    let count = move || sheet.order.with(|order| order.rows().len());
    measure::observe_rows(sheet);
    let covered = move || sheet.card.get() || sheet.is_list();
    // Not before it is known how much room there is, and not where a list lies over it. A table that is
    // there stays: something may be open in it when a tablet is turned.
    let draws_table = Memo::new(move |was: Option<&bool>| {
        was == Some(&true) || (sheet.view.with(|view| view.width > 0.0) && !sheet.is_list())
    });
    let compact = move || sheet.layout.with(|layout| layout.density == Density::Compact);
    let beside = head::room_beside(sheet);
    let width =
        move || sheet.layout.with(|layout| format!("{}px", layout.width + beside * layout.rem));
    let head = move || sheet.layout.with(|layout| format!("{}px", layout.head));
    let row = move || sheet.layout.with(|layout| format!("{}px", layout.row));
    let scrolled_right = move || sheet.left.get() > 0.0;
    let scrolled = move |_| {
        if let Some(scroller) = sheet.scroller.get_untracked() {
            let (top, left) = (scroller.scroll_top().into(), scroller.scroll_left().into());
            if sheet.view.with_untracked(|view| view.top != top) {
                sheet.view.update(|view| view.top = top);
                sheet.set_reveals(false);
                sheet.hold();
            }
            if sheet.left.get_untracked() != left {
                sheet.left.set(left);
            }
        }
    };
    view! {
        <section
            class="grid"
            class:compact=compact
            class:covered=covered
            on:pointerdown=move |event| pointer::sense(sheet, &event)
            aria-label=table.title()
        >
            <FindBar sheet />
            <div class="grid-stage">
            <div
                class="grid-scroller"
                class:scrolled=scrolled_right
                node_ref=sheet.scroller
                on:scroll=scrolled
            >
                <div
                    class="grid-canvas"
                    style:width=width
                    style=("--grid-head", head)
                    style=("--grid-row", row)
                    on:pointerdown=move |event| pointer::pointer_down(sheet, &event)
                    on:pointermove=move |event| press::moved(sheet, &event)
                    on:pointerup=move |_| press::end(sheet)
                    on:pointercancel=move |_| press::end(sheet)
                    on:touchend=move |event| press::lifted(sheet, &event)
                    on:mousedown=move |event| pointer::mouse_down(sheet, &event)
                    on:click=move |event| pointer::click(sheet, &event)
                    on:contextmenu=move |event| pointer::context_menu(sheet, &event)
                >
                    <Show when=move || draws_table.get()>
                        <Table sheet />
                    </Show>
                </div>
                <Show when=move || count() == 0>
                    <p class="grid-empty">"Aún no hay filas. Agrega la primera con el botón de abajo."</p>
                </Show>
            </div>
            <Cover sheet />
            </div>
            <LensLine sheet />
            <NoticeLine sheet />
            <Detail sheet />
            <Foot sheet />
            <Later>
                <PickerPopup sheet />
                <MenuPopup sheet />
                <Windows sheet />
            </Later>
            <div class="visually-hidden" aria-live="polite">{move || sheet.announcement.get()}</div>
        </section>
    }
}

/// The heading of a field, as the grid of its table calls it.
#[must_use]
pub fn heading(exercise: &Exercise, table: TableId, field: &str) -> String {
    let columns = columns::columns(exercise, table);
    let found = columns.into_iter().find(|column| *column.field == *field);
    found.map_or_else(|| "Fila".into(), |column| column.title)
}

/// Adding rows, how many there are, and how to get out.
#[component]
fn Foot(sheet: Sheet) -> impl IntoView {
    let count = move || match sheet.order.with(|order| order.rows().len()) {
        1 => "1 fila".to_owned(),
        rows => format!("{} filas", shared::format::format_integer(rows as i64)),
    };
    let writable = sheet.may_arrange(&crate::clock::new_row_id());
    let add = move |_| {
        sheet.add_row(None, false);
        if untrack(|| sheet.is_list()) {
            sheet.open_card();
        }
    };
    view! {
        <div class="grid-foot">
            <Show when=move || writable>
                <button type="button" class="button" on:click=add>"Agregar fila"</button>
            </Show>
            <ShapeButton sheet />
            <ViewButton sheet />
            <span>{count}</span>
            <SelectionLine sheet hint=table::hint_id(sheet.table) />
        </div>
    }
}

fn jump_to(sheet: Sheet, key: &Key) {
    sheet.uncover(&key.row, &key.field);
    let field = sheet.columns.with(|columns| {
        let known = columns.iter().find(|column| *column.field == *key.field);
        known.or(columns.first()).map(|column| column.field.clone())
    });
    let cursor = field.map(|field| Cursor { row: key.row.clone(), field });
    if let Some(spot) = cursor.and_then(|cursor| sheet.spot_of(&cursor))
        && sheet.commit()
    {
        sheet.picking.set(None);
        sheet.put_cursor(spot);
        if untrack(|| sheet.is_list()) {
            // The list of findings would lie over it.
            if let Some(panel) = sheet.panel {
                panel.set(None);
            }
            sheet.open_card();
        } else {
            sheet.focus_textarea();
        }
    }
}

/// Opens the cell for which a text waits, as soon as that is possible.
fn recall_draft(sheet: Sheet) {
    Effect::new(move |was_ready: Option<bool>| {
        let is_ready = was_ready == Some(true) || sheet.is_ready();
        if is_ready && was_ready != Some(true) {
            let drafts = draft::all(sheet.store.exercise_id(), sheet.table);
            if let Some((key, text)) = drafts.into_iter().next() {
                untrack(|| sheet.reopen(&key, &text));
            }
        }
        is_ready
    });
}

/// Measures the scroller soon and whenever its size changes.
fn follow_view(sheet: Sheet) {
    Effect::new(move |_| {
        let Some(scroller) = sheet.scroller.get() else { return };
        let measured = scroller.clone();
        let measure = move || {
            let (width, height) = (measured.client_width(), measured.client_height());
            sheet.view.try_update(|view: &mut View| {
                (view.width, view.height) = (width.into(), height.into());
            })
        };
        let changed = Closure::<dyn FnMut()>::new({
            let measure = measure.clone();
            move || {
                measure();
            }
        });
        spawn_local(async move {
            // The table, which waits for this, is drawn in another turn than what is around it.
            next_turn().await;
            measure();
        });
        if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&scroller);
            let kept = StoredValue::new_local((observer, changed));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
}

/// What is open when the page goes is kept, as far as the cell can hold it.
fn keep_on_leaving(sheet: Sheet) {
    let leaving = window_event_listener(ev::pagehide, move |_| {
        sheet.commit();
    });
    on_cleanup(move || {
        sheet.commit();
        leaving.remove();
    });
}
