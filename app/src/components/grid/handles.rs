//! The two round handles at the corners of the selection, with which a finger makes it larger or
//! smaller. Where the menu was asked for it, the last one is square and fills.

use leptos::{ev, prelude::*};

use super::{
    drag::{self, Dragging},
    keys::Mode,
    moves::Spot,
    place::Rect,
    selection::{Range, Selection, Whole},
    sheet::Sheet,
};

/// The corner of a cell is this far inside of it. CSS pixels.
const INSIDE: f64 = 4.0;

/// The handles.
#[component]
pub fn RangeHandles(sheet: Sheet) -> impl IntoView {
    // What is selected next is not filled from unasked.
    Effect::new(move |before: Option<Option<Range>>| {
        let range = sheet.range.get();
        if before.is_some_and(|before| before != range) {
            sheet.fills.set(false);
        }
        range
    });
    view! {
        <Handle sheet is_end=false />
        <Handle sheet is_end=true />
    }
}

#[component]
fn Handle(sheet: Sheet, is_end: bool) -> impl IntoView {
    let corner = Memo::new(move |_| corner(sheet, is_end));
    let px =
        move |side: fn((f64, f64)) -> f64| move || corner.get().map(|at| format!("{}px", side(at)));
    view! {
        <Show when=move || corner.with(Option::is_some)>
            <div
                class="range-handle"
                class:end=is_end
                class:fills=move || is_end && sheet.fills.get()
                aria-hidden="true"
                style:left=px(|(left, _)| left)
                style:top=px(|(_, top)| top)
                on:pointerdown=move |event| take(sheet, is_end, &event)
                // Nor is it a tap on the cell below.
                on:mousedown=|event| {
                    event.prevent_default();
                    event.stop_propagation();
                }
                on:click=move |event| {
                    event.stop_propagation();
                    if sheet.selected_many().is_none() && !sheet.fills.get_untracked() {
                        sheet.open();
                    }
                }
            ></div>
        </Show>
    }
}

/// Where the first or last corner of the selection is on the canvas; `None` where it is under the
/// column that stays in view. Reactive.
fn corner(sheet: Sheet, is_end: bool) -> Option<(f64, f64)> {
    let range = sheet.range.get().filter(|_| sheet.mode.get() == Mode::Browse)?;
    let Rect { left, top, width, height } = sheet.rectangle(range)?;
    let scrolled = sheet.left.get();
    let edge = sheet.layout.with(|layout| layout.frozen()) + scrolled;
    let (x, y, column) =
        if is_end { (left + width, top + height, range.right) } else { (left, top, range.left) };
    match column {
        0 => Some((x + scrolled, y)),
        _ => (x >= edge).then_some((x, y)),
    }
}

fn take(sheet: Sheet, is_end: bool, event: &ev::PointerEvent) {
    event.stop_propagation();
    let (Some(range), Some((left, top)), Some(scroller)) =
        (sheet.selected(), untrack(|| corner(sheet, is_end)), sheet.scroller.get_untracked())
    else {
        return;
    };
    let edges = scroller.get_bounding_client_rect();
    let inside = if is_end { -INSIDE } else { INSIDE };
    let x = edges.left() + left - f64::from(scroller.scroll_left()) + inside;
    let y = edges.top() + top - f64::from(scroller.scroll_top()) + inside;
    if is_end && sheet.fills.get_untracked() {
        return drag::take_handle(sheet, Dragging::Filling, event, (x, y));
    }
    let Range { top: first, left: start, bottom: last, right: end } = range;
    let (stays, moves) = (Spot { row: first, column: start }, Spot { row: last, column: end });
    let (stays, moves) = if is_end { (stays, moves) } else { (moves, stays) };
    let (Some(anchor), Some(head)) = (sheet.at(stays), sheet.at(moves)) else { return };
    // The cursor lies in the selection whatever becomes of it.
    sheet.cursor.set(Some(anchor.clone()));
    sheet.last.set_value(stays);
    if anchor != head {
        sheet.selection.set(Some(Selection { anchor, head, whole: Whole::Neither }));
    }
    drag::take_handle(sheet, Dragging::Handle, event, (x, y));
}
