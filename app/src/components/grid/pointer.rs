//! Mouse, pen and finger. One listener for the whole grid: cells are told from the element that
//! was hit.

use js_sys::{Function, Reflect};
use leptos::{ev, prelude::*};
use shared::ids::RowId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use super::{
    drag::{self, Dragging},
    keys::Mode,
    moves::Spot,
    press,
    selection::Whole,
    sheet::{Cursor, RowMenu, Sheet},
};

/// What lies under a pointer.
enum Hit {
    Cell(Spot),
    Number(RowId),
    Menu(RowId, Element),
    Heading(usize),
    Corner,
}

fn hit(sheet: Sheet, target: &Element) -> Option<Hit> {
    let closest = |selector| target.closest(selector).ok().flatten();
    if let Some(heading) = closest("[role=columnheader]") {
        // What stands in a heading has uses of its own.
        if closest("button, [data-grip]").is_some() {
            return None;
        }
        let column = heading.get_attribute("aria-colindex")?.parse::<usize>().ok()?;
        return Some(column.checked_sub(2).map_or(Hit::Corner, Hit::Heading));
    }
    let row = closest("[data-row]")?.get_attribute("data-row")?;
    let row = RowId::new(&row).ok()?;
    if let Some(button) = closest(".grid-row-menu") {
        return Some(Hit::Menu(row, button));
    }
    let Some(cell) = closest("[role=gridcell]") else { return Some(Hit::Number(row)) };
    let field = cell.get_attribute("data-field")?;
    let spot = sheet.spot_of(&Cursor { row, field: field.as_str().into() })?;
    Some(Hit::Cell(spot))
}

/// A pointer goes down anywhere in the grid: says what kind of pointer the hand uses. Inside of
/// what is open it says nothing, lest that moves away from under it.
pub fn sense(sheet: Sheet, event: &ev::PointerEvent) {
    let target = event_target::<Element>(event);
    let touch = event.pointer_type() != "mouse";
    if target.closest(".grid-editor, .picker").is_ok_and(|open| open.is_none())
        && sheet.touch.get_untracked() != touch
    {
        sheet.touch.set(touch);
    }
}

/// A pointer goes down on the table.
pub fn pointer_down(sheet: Sheet, event: &ev::PointerEvent) {
    sense(sheet, event);
    press::begin(sheet, event, event_target(event));
}

/// A button goes down, or a tap was made: puts the cursor there. What was open is kept first;
/// what cannot be kept stays open.
pub fn mouse_down(sheet: Sheet, event: &ev::MouseEvent) {
    let inside =
        |selector| event_target::<Element>(event).closest(selector).ok().flatten().is_some();
    if inside(".grid-editor") {
        return;
    }
    // The keyboard stays with the textarea.
    event.prevent_default();
    sheet.hand.update_value(|hand| {
        hand.armed = false;
        hand.run_start = None;
    });
    let Some(hit) = hit(sheet, &event_target(event)) else { return };
    if !sheet.commit() {
        return sheet.focus_textarea();
    }
    sheet.picking.set(None);
    let (spot, whole) = match &hit {
        Hit::Cell(spot) => (*spot, Whole::Neither),
        Hit::Number(row) | Hit::Menu(row, _) => {
            let place = sheet.order.with_untracked(|order| order.place(row));
            (Spot { row: place.unwrap_or_default(), column: 0 }, Whole::Rows)
        }
        Hit::Heading(column) => (Spot { row: 0, column: *column }, Whole::Columns),
        Hit::Corner => (Spot { row: 0, column: 0 }, Whole::All),
    };
    let is_menu = matches!(hit, Hit::Menu(..));
    // The right button on what is selected leaves it selected.
    let in_selection = sheet.selected_many().is_some_and(|range| range.contains(spot));
    if event.button() == 2 && in_selection {
        return sheet.focus_textarea();
    }
    if event.shift_key() && !is_menu && sheet.spot().is_some() {
        sheet.extend_to(spot, whole);
        drag::begin(sheet, Dragging::Selecting(whole), event);
        return sheet.focus_textarea();
    }
    let was_here = sheet.spot() == Some(spot) && has_keyboard(sheet);
    sheet.hand.update_value(|hand| hand.armed = was_here);
    sheet.rest_keyboard();
    match whole {
        // Whole columns and everything: the table stays where it is.
        Whole::Columns | Whole::All => {
            if let Some(top) = first_in_view(sheet, spot.column) {
                sheet.put_cursor(top);
            }
        }
        Whole::Neither | Whole::Rows => sheet.put_cursor(spot),
    }
    if !is_menu {
        if whole != Whole::Neither {
            sheet.select(whole);
        }
        drag::begin(sheet, Dragging::Selecting(whole), event);
    }
    sheet.focus_textarea();
}

/// The first row in view: selecting a column does not scroll away from what is looked at.
fn first_in_view(sheet: Sheet, column: usize) -> Option<Spot> {
    let top = sheet.view.with_untracked(|view| view.top);
    let (first, rows) = untrack(|| {
        sheet.with_heights(|heights| {
            let cut = heights.at(top);
            (if heights.top(cut) < top { cut + 1 } else { cut }, heights.len())
        })
    });
    let row = first.min(rows.checked_sub(1)?);
    Some(Spot { row, column })
}

/// A button was let go where it was pressed, or a tap was made.
pub fn click(sheet: Sheet, event: &ev::MouseEvent) {
    match hit(sheet, &event_target(event)) {
        Some(Hit::Menu(row, button)) => {
            let place = button.get_bounding_client_rect();
            sheet.menu.set(Some(RowMenu { row, x: place.left(), y: place.bottom() }));
        }
        Some(Hit::Cell(spot))
            if sheet.spot() == Some(spot)
                && sheet.mode.get_untracked() == Mode::Browse
                && sheet.hand.with_value(|hand| hand.armed)
                && opens(sheet.touch.get_untracked(), event.detail()) =>
        {
            let pointed_at = text_under(event);
            sheet.open();
            if let Some((shown, offset)) = pointed_at {
                sheet.put_caret(&shown, offset);
            }
        }
        _ => {}
    }
}

/// Whether a click on the cell that already had the cursor opens it, as in spreadsheets: the
/// second click of the mouse in a row, or any tap. A finger that scrolls makes no clicks.
fn opens(touch: bool, clicks_in_a_row: i32) -> bool {
    touch || (clicks_in_a_row > 0 && clicks_in_a_row % 2 == 0)
}

/// The piece of text under the pointer, and the place in it in UTF-16 units. Browsers before 2025
/// do not tell: there the caret goes to the end.
fn text_under(event: &ev::MouseEvent) -> Option<(String, u32)> {
    let document = JsValue::from(document());
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let find: Function = get(&document, "caretPositionFromPoint")?.dyn_into().ok()?;
    let position =
        find.call2(&document, &event.client_x().into(), &event.client_y().into()).ok()?;
    let text: Node = get(&position, "offsetNode")?.dyn_into().ok()?;
    let offset = get(&position, "offset")?.as_f64()?;
    Some((text.node_value()?, offset as u32))
}

/// The right button, or a long press where the browser tells of it.
pub fn context_menu(sheet: Sheet, event: &ev::MouseEvent) {
    if sheet.mode.get_untracked() != Mode::Browse {
        return;
    }
    if sheet.touch.get_untracked() {
        press::told(sheet);
    }
    let at = (f64::from(event.client_x()), f64::from(event.client_y()));
    if open_menu(sheet, &event_target(event), at) {
        event.prevent_default();
    }
}

/// Opens the menu of what was pointed at; what is selected stays so where it was part of it.
/// `false` where there is none.
pub(super) fn open_menu(sheet: Sheet, target: &Element, (x, y): (f64, f64)) -> bool {
    let row = match hit(sheet, target) {
        Some(Hit::Cell(spot)) => {
            let in_selection = sheet.selected_many().is_some_and(|range| range.contains(spot));
            if !in_selection && sheet.spot() != Some(spot) {
                sheet.put_cursor(spot);
            }
            sheet.at(spot).map(|cursor| cursor.row)
        }
        Some(Hit::Number(row) | Hit::Menu(row, _)) => Some(row),
        Some(Hit::Heading(_) | Hit::Corner) | None => None,
    };
    let Some(row) = row else { return false };
    if sheet.menu.with_untracked(Option::is_none) {
        sheet.rest_keyboard();
        sheet.menu.set(Some(RowMenu { row, x, y }));
    }
    true
}

pub(super) fn has_keyboard(sheet: Sheet) -> bool {
    let textarea = sheet.textarea.get_untracked();
    textarea.is_some_and(|textarea| {
        let textarea: &Element = &textarea;
        document().active_element().as_ref() == Some(textarea)
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_mouse_opens_with_two_clicks_and_the_finger_with_a_tap() {
        for (touch, clicks, expected) in [
            (false, 1, false),
            (false, 2, true),
            (false, 3, false),
            (false, 0, false),
            (true, 1, true),
            (true, 2, true),
        ] {
            assert_eq!(opens(touch, clicks), expected, "{touch}, {clicks}");
        }
    }
}
