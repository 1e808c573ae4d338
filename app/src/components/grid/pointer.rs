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
    selection::Whole,
    sheet::{Cursor, Hand, RowMenu, Sheet},
};

/// What lies under a pointer.
enum Hit {
    Cell(Spot),
    Number(RowId),
    Menu(RowId, Element),
    Heading(usize),
    Corner,
}

fn hit(sheet: Sheet, event: &web_sys::Event) -> Option<Hit> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
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

/// A pointer goes down: says what kind of pointer the hand uses.
pub fn pointer_down(sheet: Sheet, event: &ev::PointerEvent) {
    let touch = event.pointer_type() != "mouse";
    sheet.hand.update_value(|hand| hand.touch = touch);
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
    let Some(hit) = hit(sheet, event) else { return };
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
    rest_keyboard(sheet);
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
    let layout = sheet.layout.get_untracked();
    let top = sheet.view.with_untracked(|view| view.top);
    let rows = sheet.order.with_untracked(|order| order.rows().len());
    let row = ((top / layout.row).ceil() as usize).min(rows.checked_sub(1)?);
    Some(Spot { row, column })
}

/// A button was let go where it was pressed, or a tap was made.
pub fn click(sheet: Sheet, event: &ev::MouseEvent) {
    match hit(sheet, event) {
        Some(Hit::Menu(row, button)) => {
            let place = button.get_bounding_client_rect();
            sheet.menu.set(Some(RowMenu { row, x: place.left(), y: place.bottom() }));
        }
        Some(Hit::Cell(spot))
            if sheet.spot() == Some(spot)
                && sheet.mode.get_untracked() == Mode::Browse
                && sheet.hand.with_value(|hand| opens(hand, event.detail())) =>
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

/// Whether a click on a cell opens it, as in spreadsheets: the second click of the mouse in a row,
/// or a tap on the cell that already had the cursor. A finger that scrolls makes no clicks.
fn opens(hand: &Hand, clicks_in_a_row: i32) -> bool {
    let is_double = clicks_in_a_row > 0 && clicks_in_a_row % 2 == 0;
    hand.armed && (hand.touch || is_double)
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

/// The right button, or a long press.
pub fn context_menu(sheet: Sheet, event: &ev::MouseEvent) {
    if sheet.mode.get_untracked() != Mode::Browse {
        return;
    }
    let row = match hit(sheet, event) {
        Some(Hit::Cell(spot)) => sheet.at(spot).map(|cursor| cursor.row),
        Some(Hit::Number(row) | Hit::Menu(row, _)) => Some(row),
        Some(Hit::Heading(_) | Hit::Corner) | None => None,
    };
    if let Some(row) = row {
        event.prevent_default();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        sheet.menu.set(Some(RowMenu { row, x, y }));
    }
}

fn has_keyboard(sheet: Sheet) -> bool {
    let textarea = sheet.textarea.get_untracked();
    textarea.is_some_and(|textarea| {
        let textarea: &Element = &textarea;
        document().active_element().as_ref() == Some(textarea)
    })
}

/// Choosing a cell with a finger does not bring up the on-screen keyboard.
fn rest_keyboard(sheet: Sheet) {
    let Some(textarea) = sheet.textarea.get_untracked() else { return };
    // Setting an attribute of a known name does not fail.
    let _ = if sheet.hand.with_value(|hand| hand.touch) {
        textarea.set_attribute("inputmode", "none")
    } else {
        textarea.remove_attribute("inputmode")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mouse_opens_with_two_clicks_and_the_finger_with_a_tap_on_the_current_cell() {
        let mouse = |armed| Hand { armed, ..Hand::default() };
        let finger = |armed| Hand { armed, touch: true, ..Hand::default() };
        for (hand, clicks, expected) in [
            (mouse(true), 1, false),
            (mouse(true), 2, true),
            (mouse(true), 3, false),
            (mouse(false), 2, false),
            (mouse(true), 0, false),
            (finger(false), 1, false),
            (finger(true), 1, true),
            (finger(false), 2, false),
        ] {
            assert_eq!(opens(&hand, clicks), expected, "{hand:?}, {clicks}");
        }
    }
}
