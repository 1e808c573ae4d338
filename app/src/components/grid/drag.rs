//! Dragging over the grid: the selection follows the pointer, and the grid scrolls where it goes
//! beyond an edge.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::IntervalHandle, prelude::*};

use super::{fill::dragged, selection::Whole, sheet::Sheet};

/// While the pointer is beyond an edge the grid scrolls this often.
const SCROLL_EVERY: Duration = Duration::from_millis(40);
/// The edge is this wide. CSS pixels.
const EDGE: f64 = 12.0;

/// What a drag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dragging {
    /// It selects.
    Selecting(Whole),
    /// A corner of the selection is moved by its handle.
    Handle,
    /// It fills from the selection.
    Filling,
}

/// A drag that is under way.
#[derive(Debug, Clone, Copy)]
pub struct Drag {
    what: Dragging,
    /// Where the pointer last was, or the corner that it holds.
    at: (f64, f64),
    /// How far from that corner it took hold.
    off: (f64, f64),
    /// Whether it went anywhere: pressing a cell near an edge does not scroll.
    moved: bool,
    scrolling: Option<IntervalHandle>,
}

impl Drag {
    fn stop(self) {
        if let Some(scrolling) = self.scrolling {
            scrolling.clear();
        }
    }
}

/// The button went down on something that can be dragged from.
pub fn begin(sheet: Sheet, what: Dragging, event: &ev::MouseEvent) {
    end(sheet);
    // A finger scrolls.
    if !sheet.touch.get_untracked() && event.button() == 0 {
        hold(sheet, what, point(event), (0.0, 0.0));
    }
}

/// A handle was taken: `corner` is a point in the cell of its corner, in the window.
pub fn take_handle(sheet: Sheet, what: Dragging, event: &ev::PointerEvent, corner: (f64, f64)) {
    end(sheet);
    let at = point(event);
    hold(sheet, what, corner, (at.0 - corner.0, at.1 - corner.1));
}

fn hold(sheet: Sheet, what: Dragging, at: (f64, f64), off: (f64, f64)) {
    let scrolling = set_interval_with_handle(move || scroll(sheet), SCROLL_EVERY).ok();
    let drag = Drag { what, at, off, moved: false, scrolling };
    sheet.hand.update_value(|hand| hand.drag = Some(drag));
}

fn point(event: &ev::MouseEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Follows the pointer wherever in the window it goes.
pub fn follow(sheet: Sheet) {
    let moved = window_event_listener(ev::pointermove, move |event| {
        let Some(drag) = sheet.hand.try_with_value(|hand| hand.drag).flatten() else { return };
        if event.buttons() & 1 == 0 {
            return end(sheet);
        }
        let at = point(&event);
        let at = (at.0 - drag.off.0, at.1 - drag.off.1);
        if !drag.moved && (at.0 - drag.at.0).abs() + (at.1 - drag.at.1).abs() < 4.0 {
            return;
        }
        let drag = Drag { at, moved: true, ..drag };
        sheet.hand.update_value(|hand| hand.drag = Some(drag));
        reach(sheet, drag);
    });
    let ended = window_event_listener(ev::pointerup, move |event| {
        drop_here(sheet, event.ctrl_key() || event.meta_key());
        end(sheet);
    });
    let lost = window_event_listener(ev::pointercancel, move |_| end(sheet));
    on_cleanup(move || {
        end(sheet);
        moved.remove();
        ended.remove();
        lost.remove();
    });
}

fn end(sheet: Sheet) {
    let drag = sheet.hand.try_update_value(|hand| hand.drag.take()).flatten();
    if let Some(drag) = drag {
        drag.stop();
        if drag.what == Dragging::Filling {
            sheet.filling.set(None);
            sheet.fills.set(false);
        } else {
            sheet.announce_selection();
        }
    }
}

/// The button was let go: what the corner was dragged over is filled.
fn drop_here(sheet: Sheet, ctrl: bool) {
    let drag = sheet.hand.try_with_value(|hand| hand.drag).flatten();
    let Some(drag) = drag.filter(|drag| drag.moved && drag.what == Dragging::Filling) else {
        return;
    };
    if let Some(to) = sheet.spot_near(drag.at.0, drag.at.1) {
        sheet.fill_to(to, ctrl);
    }
}

fn reach(sheet: Sheet, drag: Drag) {
    let Some(spot) = sheet.spot_near(drag.at.0, drag.at.1) else { return };
    if drag.what == Dragging::Handle {
        sheet.extend_to(spot, Whole::Neither);
    } else if let Dragging::Selecting(whole) = drag.what {
        let began = sheet.selection.with_untracked(Option::is_some);
        if began || sheet.spot() != Some(spot) {
            sheet.hand.update_value(|hand| hand.armed = false);
            sheet.extend_to(spot, whole);
        }
    } else {
        sheet.filling.set(sheet.selected().and_then(|from| dragged(from, spot)));
    }
}

fn scroll(sheet: Sheet) {
    let drag = sheet.hand.try_with_value(|hand| hand.drag).flatten();
    let Some(drag) = drag.filter(|drag| drag.moved) else { return };
    let Some(scroller) = sheet.scroller.get_untracked() else { return };
    let edges = scroller.get_bounding_client_rect();
    let (frozen, head) = sheet.layout.with_untracked(|layout| (layout.frozen(), layout.head));
    let (x, y) = drag.at;
    // Over the frozen column the pointer may rest: only beyond it the grid scrolls to the left.
    let start = if sheet.spot().is_some_and(|at| at.column == 0) { 0.0 } else { frozen };
    let right = beyond(x, edges.left() + start, edges.left() + f64::from(scroller.client_width()));
    let down = beyond(y, edges.top() + head, edges.top() + f64::from(scroller.client_height()));
    let right = if drag.what == Dragging::Selecting(Whole::Rows) { 0 } else { right };
    let down = if drag.what == Dragging::Selecting(Whole::Columns) { 0 } else { down };
    if (right, down) != (0, 0) {
        scroller.set_scroll_left(scroller.scroll_left() + right);
        scroller.set_scroll_top(scroller.scroll_top() + down);
        reach(sheet, drag);
    }
}

/// How far to scroll for a pointer at a place between two edges: faster further out.
fn beyond(at: f64, from: f64, to: f64) -> i32 {
    let (before, behind) = ((from + EDGE - at).max(0.0), (at - to + EDGE).max(0.0));
    (behind - before).clamp(-120.0, 120.0) as i32
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn it_scrolls_faster_further_out() {
        assert_eq!(beyond(300.0, 100.0, 500.0), 0, "inside");
        assert_eq!(beyond(500.0, 100.0, 500.0), 12);
        assert_eq!(beyond(540.0, 100.0, 500.0), 52);
        assert_eq!(beyond(90.0, 100.0, 500.0), -22);
        assert_eq!(beyond(9_000.0, 100.0, 500.0), 120);
    }
}
