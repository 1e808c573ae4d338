//! A finger that rests on a cell opens its menu. Some browsers tell of it (`contextmenu`), others
//! do not: so the grid counts for itself.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use web_sys::Element;

use super::{keys::Mode, pointer::open_menu, sheet::Sheet};

/// A little longer than browsers take, so that theirs comes first where there is one.
const LONG: Duration = Duration::from_millis(600);
/// A finger that rests moves no further than this. CSS pixels.
const SLACK: f64 = 10.0;

/// A finger that went down and may come to rest.
#[derive(Debug, Clone, Copy)]
pub struct Press {
    at: (f64, f64),
    due: TimeoutHandle,
}

/// A pointer went down on something.
pub fn begin(sheet: Sheet, event: &ev::PointerEvent, target: Element) {
    end(sheet);
    sheet.hand.update_value(|hand| hand.pressed = false);
    let is_resting = sheet.touch.get_untracked()
        && event.is_primary()
        && sheet.mode.get_untracked() == Mode::Browse;
    if !is_resting {
        return;
    }
    let at = (f64::from(event.client_x()), f64::from(event.client_y()));
    let open = move || {
        // The grid may have gone from the screen meanwhile.
        if sheet.hand.try_update_value(|hand| hand.press = None).is_some()
            && open_menu(sheet, &target, at)
        {
            sheet.hand.update_value(|hand| hand.pressed = true);
        }
    };
    let press = set_timeout_with_handle(open, LONG).ok().map(|due| Press { at, due });
    sheet.hand.update_value(|hand| hand.press = press);
}

/// It moved: beyond a little, it scrolls or drags.
pub fn moved(sheet: Sheet, event: &ev::PointerEvent) {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let press = sheet.hand.with_value(|hand| hand.press);
    if press.is_some_and(|press| (x - press.at.0).hypot(y - press.at.1) > SLACK) {
        end(sheet);
    }
}

/// It was lifted, or the browser took it for something else.
pub fn end(sheet: Sheet) {
    let press = sheet.hand.try_update_value(|hand| hand.press.take()).flatten();
    if let Some(press) = press {
        press.due.clear();
    }
}

/// The browser told of the long press itself.
pub fn told(sheet: Sheet) {
    end(sheet);
    sheet.hand.update_value(|hand| hand.pressed = true);
}

/// The finger leaves the glass: after a long press that is no tap.
pub fn lifted(sheet: Sheet, event: &ev::TouchEvent) {
    if sheet.hand.try_update_value(|hand| std::mem::take(&mut hand.pressed)) == Some(true) {
        event.prevent_default();
    }
}
