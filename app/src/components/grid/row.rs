//! One row: its number and its cells. It is drawn anew, in place, when something in it changes.

use std::{
    ops::{Range, RangeInclusive},
    sync::Arc,
};

use leptos::{html, prelude::*};
use shared::{ids::RowId, key::Key, model::Row};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    arrangement::Density,
    columns::{GridColumn, Layout},
    display::{Shown, shown},
    estimate::hidden_height,
    marks::marks,
    paint::{self, Markup},
    selection::Range as Selected,
    sheet::{Sheet, cell_id},
};

/// One row of the table.
#[component]
pub fn GridRow(sheet: Sheet, row: RowId) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let place = {
        let row = row.clone();
        Memo::new(move |_| sheet.order.with(|order| order.place(&row)).unwrap_or_default())
    };
    let draw_anew = {
        let row = row.clone();
        move |last: Option<Option<Drawn>>| {
            let element = element.get()?;
            let last = last.flatten();
            let drawn = draw(sheet, &row, place.get_untracked());
            let last = match last {
                Some(last)
                    if sheet.is_below_editor(&row, |at| last.differs_only_at(&drawn, at)) =>
                {
                    return Some(last);
                }
                last => last,
            };
            drawn.show(&element, last.as_ref());
            let slid = last.is_some_and(|last| last.slid_to(&drawn));
            keep_height(sheet, &row, &element, &drawn, slid);
            Some(drawn)
        }
    };
    Effect::new(draw_anew);
    let selected =
        Memo::new(move |_| sheet.range.with(|range| selected_columns(*range, place.get())));
    // Cells are not drawn anew when the selection reaches them. What was just drawn is right.
    Effect::new(move |is_drawn: Option<bool>| {
        let (selected, element) = (selected.get(), element.get());
        if let (Some(element), Some(true)) = (&element, is_drawn) {
            mark_selected(element, selected.as_ref());
        }
        element.is_some()
    });
    Effect::new(move |is_drawn: Option<bool>| {
        let (place, element) = (place.get(), element.get());
        if let (Some(element), Some(true)) = (&element, is_drawn) {
            renumber(element, place);
        }
        element.is_some()
    });
    Effect::new(move |_| {
        let (Some(element), Some(observer)) = (element.get(), sheet.observer.get_value()) else {
            return;
        };
        observer.observe(&element);
        let observed = StoredValue::new_local((observer, element));
        on_cleanup(move || {
            observed.try_with_value(|(observer, element)| observer.unobserve(element));
        });
    });
    let top = move || {
        let top = sheet.with_heights(|heights| heights.top(place.get()));
        format!("{top}px")
    };
    view! {
        <div
            node_ref=element
            role="row"
            class="grid-row"
            aria-rowindex=move || (place.get() + 2).to_string()
            data-row=row.to_string()
            style:top=top
        ></div>
    }
}

/// What was drawn of a row.
struct Drawn {
    layout: Arc<Layout>,
    columns: Range<usize>,
    number: String,
    /// Its cells as markup: the frozen one, then those in view.
    cells: Vec<String>,
    is_current: bool,
}

impl Drawn {
    /// Draws what differs from what is there: one cell, where somebody types into one.
    fn show(&self, element: &HtmlElement, last: Option<&Self>) {
        match last.filter(|last| last.has_the_places_of(self)) {
            Some(last) => self.show_changes(element, last),
            None => self.show_all(element),
        }
        // A well-formed class name: this does not fail.
        let _ = element.class_list().toggle_with_force("current", self.is_current);
    }

    fn has_the_places_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layout, &other.layout)
            && self.columns == other.columns
            && self.cells.len() == other.cells.len()
    }

    fn show_all(&self, element: &HtmlElement) {
        let mut markup = Markup::default();
        let mut cells = self.cells.iter();
        paint::frozen(&mut markup, &self.number, cells.next().map_or("", String::as_str));
        paint::gap(&mut markup);
        for cell in cells {
            markup.raw(cell);
        }
        element.set_inner_html(&markup.into_string());
        // Widths go in here: the page's security policy has no styles in markup.
        let mut child = frozen_cell(element);
        for (place, width) in self.layout.widths_of(&self.columns).enumerate() {
            let Some(cell) = child else { break };
            set_width(&cell, width);
            child = if place == 0 { gap(element) } else { cell.next_element_sibling() };
        }
    }

    fn show_changes(&self, element: &HtmlElement, last: &Self) {
        let widths = self.layout.widths_of(&self.columns).collect::<Vec<_>>();
        for (at, (cell, known)) in self.cells.iter().zip(&last.cells).enumerate() {
            if cell == known {
                continue;
            }
            // Before the others come what is frozen, and the gap.
            let child = || match at {
                0 => frozen_cell(element),
                _ => element.children().item(u32::try_from(at + 1).ok()?),
            };
            let width = widths.get(if at == 0 { 0 } else { at + 1 });
            let Some(old) = child() else { continue };
            old.set_outer_html(cell);
            if let (Some(new), Some(width)) = (child(), width) {
                set_width(&new, *width);
            }
        }
    }

    /// Whether nothing but the cell of this column is different in the other.
    fn differs_only_at(&self, other: &Self, column: usize) -> bool {
        let columns = std::iter::once(0).chain(self.columns.clone());
        let mut cells = self.cells.iter().zip(&other.cells).zip(columns);
        self.has_the_places_of(other)
            && self.number == other.number
            && self.is_current == other.is_current
            && cells.all(|((cell, theirs), at)| cell == theirs || at == column)
    }

    /// Whether the other differs by nothing but the columns that are in view.
    fn slid_to(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layout, &other.layout) && self.columns != other.columns
    }
}

/// Makes room for the texts that are not drawn because their columns are out of view: as much as
/// is estimated for them. A row does not shrink because other columns come into view.
fn keep_height(sheet: Sheet, id: &RowId, element: &HtmlElement, drawn: &Drawn, slid: bool) {
    let least = match drawn.layout.density {
        Density::Compact => String::new(),
        Density::ByText => {
            let known = sheet.stack.with_value(|stack| stack.known(id)).filter(|_| slid);
            let height = known.unwrap_or_else(|| {
                let columns = sheet.columns.get_untracked();
                sheet.store.with(|exercise| match exercise.row(sheet.table, id) {
                    Some(row) => hidden_height(row, &columns, &drawn.layout, &drawn.columns),
                    None => 0.0,
                })
            });
            format!("{height}px")
        }
    };
    // Setting a length on an element's own style does not fail.
    let _ = element.style().set_property("min-height", &least);
}

/// A row as markup: its number, the frozen column, and the columns in view.
fn draw(sheet: Sheet, id: &RowId, place: usize) -> Drawn {
    sheet.store.track_row(sheet.table, id);
    let columns = sheet.columns.get();
    let layout = sheet.layout.get();
    let drawn = sheet.columns_drawn.get();
    let current = sheet.cursor.with_untracked(|cursor| {
        cursor.as_ref().filter(|cursor| cursor.row == *id).map(|cursor| cursor.field.clone())
    });
    let selected = selected_columns(sheet.range.get_untracked(), place);
    let mut number = Markup::default();
    paint::number(&mut number, place);
    let mut cells = Vec::new();
    sheet.store.with(|exercise| {
        let row = exercise.row(sheet.table, id);
        if let Some(row) = row {
            track_targets(sheet, &columns, row);
        }
        for at in std::iter::once(0).chain(drawn.clone()) {
            let Some(column) = columns.get(at) else { continue };
            let key = Key::cell(sheet.table, id, &column.field);
            let shown =
                row.map_or(Shown::Nothing, |row| shown(exercise, column.kind, row, &column.field));
            let cell = paint::Cell {
                id: cell_id(id, &column.field),
                column,
                at,
                shown,
                current: current.as_ref() == Some(&column.field),
                selected: selected.as_ref().is_some_and(|columns| columns.contains(&at)),
                writable: sheet.store.may_write(&key),
                marks: marks(sheet.store, exercise, &key, column.kind),
            };
            let mut markup = Markup::default();
            paint::cell(&mut markup, &layout, &cell);
            cells.push(markup.into_string());
        }
    });
    let (number, is_current) = (number.into_string(), current.is_some());
    Drawn { layout, columns: drawn, number, cells, is_current }
}

/// Rows are drawn anew when a row that they name is given another text.
fn track_targets(sheet: Sheet, columns: &[GridColumn], row: &Row) {
    for column in columns {
        let Some(target) = column.kind.target() else { continue };
        let codes = row.members(&column.field).chain([row.code(&column.field)]);
        for target_row in codes.filter_map(|code| RowId::new(code).ok()) {
            sheet.store.track_row(target.table, &target_row);
        }
    }
}

/// What holds number and frozen cell of a row, in one layer: each would be one of its own.
fn frozen(row: &Element) -> Option<Element> {
    row.first_element_child()
}

fn frozen_cell(row: &Element) -> Option<Element> {
    frozen(row)?.last_element_child()
}

fn gap(row: &Element) -> Option<Element> {
    frozen(row)?.next_element_sibling()
}

fn set_width(cell: &Element, width: f64) {
    let cell: &HtmlElement = cell.unchecked_ref();
    // Setting a length on an element's own style does not fail.
    let _ = cell.style().set_property("width", &format!("{width}px"));
}

/// Rows above came, went or moved.
fn renumber(row: &Element, place: usize) {
    let Some(number) = frozen(row).and_then(|frozen| frozen.first_element_child()) else { return };
    if let Some(text) = number.first_child() {
        text.set_node_value(Some(&(place + 1).to_string()));
    }
    if let Some(button) = number.first_element_child() {
        // Setting an attribute of a known name does not fail.
        let _ = button.set_attribute("aria-label", &paint::menu_label(place));
    }
}

/// Shows where the cursor is, now and whenever it moves. Rows that are drawn anew show it too.
pub fn follow_cursor(sheet: Sheet) {
    Effect::new(move |last: Option<Option<super::sheet::Cursor>>| {
        let cursor = sheet.cursor.get();
        // The old one first: the new one may be in the same row.
        for (cursor, current) in [(last.flatten().as_ref(), false), (cursor.as_ref(), true)] {
            let Some(cursor) = cursor else { continue };
            let cell = document().get_element_by_id(&cell_id(&cursor.row, &cursor.field));
            if let Some(cell) = cell {
                mark_current(&cell, current);
            }
            // The row may be in view while the cell is not.
            let row = format!(".grid-row[data-row=\"{}\"]", cursor.row);
            if let Ok(Some(row)) = document().query_selector(&row) {
                let _ = row.class_list().toggle_with_force("current", current);
            }
        }
        cursor
    });
}

fn mark_current(cell: &Element, current: bool) {
    // A well-formed class name: this does not fail.
    let _ = cell.class_list().toggle_with_force("current", current);
}

/// The columns of the selection in the row at this place; the cursor's own where it is alone.
fn selected_columns(range: Option<Selected>, place: usize) -> Option<RangeInclusive<usize>> {
    let range = range.filter(|range| (range.top..=range.bottom).contains(&place))?;
    Some(range.left..=range.right)
}

/// Says of the cells of a row whether they are selected.
fn mark_selected(row: &Element, selected: Option<&RangeInclusive<usize>>) {
    let mut child = frozen_cell(row);
    while let Some(cell) = child {
        let column = cell.get_attribute("aria-colindex").and_then(|index| index.parse().ok());
        let column = column.and_then(|index: usize| index.checked_sub(2));
        let is_selected =
            selected.is_some_and(|columns| column.is_some_and(|column| columns.contains(&column)));
        // Attributes of known names: none of these calls fails.
        let _ = if is_selected {
            cell.set_attribute("aria-selected", "true")
        } else {
            cell.remove_attribute("aria-selected")
        };
        child = if column == Some(0) { gap(row) } else { cell.next_element_sibling() };
    }
}
