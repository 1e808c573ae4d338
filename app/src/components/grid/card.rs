//! One row as a form, and the rows as a list that opens them: what a phone shows, and anybody on
//! request. Both lie over the table, follow its cursor, and are downloaded when first shown.

mod form;
mod list;

use leptos::prelude::*;
use shared::{ids::RowId, key::Key};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::{form::Card, list::RowList};
use super::{
    draft,
    moves::Spot,
    sheet::{Cursor, Sheet},
};
use crate::lazy::{Lazy, lazy_view};

lazy_view!(pub row_card in over_grid, Card);
lazy_view!(row_list in over_grid, RowList);

/// Below this width rows are a list, unless the person wants the table. CSS pixels.
const SMALL: f64 = 700.0;
/// The id of the heading of the card.
const HEADING: &str = "card-heading";

/// How the rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As a table.
    Table,
    /// One below the other.
    List,
}

/// How this person wants the rows of all tables to be shown, for as long as the page is open.
#[derive(Debug, Clone, Copy)]
pub struct Shapes(pub(super) RwSignal<Option<Shape>>);

impl Shapes {
    /// For a page, which keeps it from table to table.
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Default for Shapes {
    fn default() -> Self {
        Self::new()
    }
}

/// What lies over the table, where something does.
#[component]
pub fn Cover(sheet: Sheet) -> impl IntoView {
    let is_list = Memo::new(move |_| sheet.is_list() && !sheet.card.get());
    view! {
        <Show when=move || is_list.get()>
            <div class="grid-cover"><Lazy part=row_list /></div>
        </Show>
        <Show when=move || sheet.card.get()>
            <div class="grid-cover card-cover"><Lazy part=row_card /></div>
        </Show>
    }
}

/// From the table to the card, or between list and table where there is no room for both.
#[component]
pub fn ShapeButton(sheet: Sheet) -> impl IntoView {
    let is_small = Memo::new(move |_| sheet.is_small());
    let label = move || match (is_small.get(), sheet.card.get() || sheet.is_list()) {
        (_, true) => "Ver como tabla",
        (true, false) => "Ver como lista",
        (false, false) => "Ver como ficha",
    };
    let change = move |_| {
        if !is_small.get_untracked() {
            if sheet.card.get_untracked() {
                return sheet.close_card();
            }
            return sheet.open_card();
        }
        let shape = if untrack(|| sheet.is_list()) { Shape::Table } else { Shape::List };
        if sheet.commit() {
            sheet.shape.set(Some(shape));
            sheet.focus_soon();
        }
    };
    view! { <button type="button" class="button" on:click=change>{label}</button> }
}

/// The id of the field that a cell is in the card.
#[must_use]
pub fn field_id(row: &RowId, field: &str) -> String {
    format!("field-{row}-{field}")
}

/// The id of a row in the list.
fn item_id(row: &RowId) -> String {
    format!("item-{row}")
}

/// Gives the keyboard to an element; `false` where there is none of this id.
fn focus_id(id: &str) -> bool {
    let element = document().get_element_by_id(id);
    let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

impl Sheet {
    /// Whether there is little room. Reactive.
    #[must_use]
    pub fn is_small(self) -> bool {
        let width = self.view.with(|view| view.width);
        width > 0.0 && width < SMALL
    }

    /// Whether the rows are a list. Reactive.
    #[must_use]
    pub fn is_list(self) -> bool {
        // On a wide screen the table is back.
        self.is_small() && self.shape.get() != Some(Shape::Table)
    }

    /// Whether something lies over the table.
    #[must_use]
    pub fn is_covered(self) -> bool {
        self.card.get_untracked() || untrack(|| self.is_list())
    }

    /// Gives the keyboard to what lies over the table: to the field of the cursor, or to its row.
    pub fn focus_cover(self) {
        let Some(cursor) = self.cursor.get_untracked() else { return };
        if !self.card.get_untracked() {
            focus_id(&item_id(&cursor.row));
        } else if self.touch.get_untracked() {
            // The on-screen keyboard comes up when a field is touched, not before.
            let field = document().get_element_by_id(&field_id(&cursor.row, &cursor.field));
            if let Some(field) = field {
                field.scroll_into_view_with_bool(false);
            }
            focus_id(HEADING);
        } else {
            self.focus_field(&Key::cell(self.table, &cursor.row, &cursor.field));
        }
    }

    /// Gives the keyboard to the grid once what covered it is gone: until then it takes none.
    fn focus_soon(self) {
        request_animation_frame(move || {
            // The grid may be gone, too.
            if self.card.try_get_untracked().is_some() {
                self.focus_textarea();
            }
        });
    }

    /// Gives the keyboard to the field of a cell, in the card.
    pub fn focus_field(self, key: &Key) {
        if !focus_id(&field_id(&key.row, &key.field)) {
            focus_id(HEADING);
        }
    }

    /// Shows the row of the cursor as a form.
    pub fn open_card(self) {
        if !self.commit() || self.extent().rows == 0 {
            return;
        }
        if self.spot().is_none() {
            self.put_cursor(Spot { row: 0, column: 0 });
        }
        self.picking.set(None);
        self.selection.set(None);
        self.card.set(true);
        // Where it is open already; a new one does so itself.
        self.focus_cover();
    }

    /// Shows a row as a form.
    pub fn open_card_of(self, row: &RowId) {
        let Some(place) = self.order.with_untracked(|order| order.place(row)) else { return };
        let column = self.spot().map_or(0, |spot| spot.column);
        if self.commit() {
            self.put_cursor(Spot { row: place, column });
            self.open_card();
        }
    }

    /// Back to the cell of the table, or to the row of the list.
    pub fn close_card(self) {
        if self.settle_card() {
            self.card.set(false);
            self.reveal_again();
            self.focus_soon();
        }
    }

    /// Shows the next row, or the one before.
    pub fn card_step(self, back: bool) {
        let Some(Spot { row, column }) = self.spot() else { return };
        let last = self.extent().rows.saturating_sub(1);
        let to = if back { row.checked_sub(1) } else { Some(row + 1).filter(|row| *row <= last) };
        match to {
            Some(row) if self.settle_card() => self.put_cursor(Spot { row, column }),
            Some(_) => {}
            None if back => self.announce("Es la primera fila."),
            None => self.announce("Es la última fila."),
        }
    }

    /// Has what was typed into the field of the keyboard kept. `false` where a field of the row
    /// holds what cannot be: then the keyboard goes there, and the card stays.
    fn settle_card(self) -> bool {
        let focused = document().active_element();
        if let Some(focused) = focused.and_then(|it| it.dyn_into::<HtmlElement>().ok())
            && focused.closest(".card").is_ok_and(|card| card.is_some())
        {
            // A field is kept when the keyboard leaves it.
            let _ = focused.blur();
        }
        let Some(Cursor { row, .. }) = self.cursor.get_untracked() else { return true };
        let drafts = draft::all(self.store.exercise_id(), self.table);
        match drafts.into_iter().find(|(key, _)| key.row == row) {
            None => true,
            Some((key, _)) => {
                self.focus_field(&key);
                self.announce("Lo escrito en este campo no se puede guardar todavía.");
                false
            }
        }
    }
}
