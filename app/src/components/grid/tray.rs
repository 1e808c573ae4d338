//! The tray: where cells are edited with a finger, at the bottom of the window and above the
//! on-screen keyboard. The table scrolls so that the edited row is seen above it.

use js_sys::Reflect;
use leptos::{html, prelude::*};
use shared::template::Kind;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, EventTarget, HtmlElement, ResizeObserver};

use super::{
    moves::Move,
    pointer::has_keyboard,
    sheet::{Cursor, Sheet},
};

/// Of what the on-screen keyboard leaves of the window, the tray takes at most this part.
const PART: f64 = 0.7;

/// What the tray stands on. CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// From the bottom of the window: the height of the on-screen keyboard.
    pub bottom: f64,
    /// How tall the tray may be.
    pub room: f64,
}

/// What is visible of the window. The bindings for it would be built for this alone; browsers
/// that do not tell show everything.
fn visible() -> Option<EventTarget> {
    Reflect::get(&window(), &"visualViewport".into()).ok()?.dyn_into().ok()
}

fn measured() -> Floor {
    let window = window().inner_height().ok().and_then(|height| height.as_f64());
    let window = window.unwrap_or_default();
    let visible = visible();
    let side = |name: &str| Reflect::get(visible.as_ref()?, &name.into()).ok()?.as_f64();
    let (top, height) = (side("offsetTop").unwrap_or(0.0), side("height").unwrap_or(window));
    Floor { bottom: (window - top - height).max(0.0), room: height * PART }
}

/// What the tray stands on, now and whenever the on-screen keyboard comes or goes.
pub fn floor() -> RwSignal<Floor> {
    let floor = RwSignal::new(measured());
    let Some(visible) = visible() else { return floor };
    let changed = Closure::<dyn FnMut()>::new(move || {
        let now = measured();
        if floor.try_get_untracked().is_some_and(|known| known != now) {
            floor.set(now);
        }
    });
    // Neither adding nor removing a listener fails.
    for event in ["resize", "scroll"] {
        let _ = visible.add_event_listener_with_callback(event, changed.as_ref().unchecked_ref());
    }
    let kept = StoredValue::new_local((visible, changed));
    on_cleanup(move || {
        kept.try_with_value(|(visible, changed)| {
            for event in ["resize", "scroll"] {
                let listener: &js_sys::Function = changed.as_ref().unchecked_ref();
                let _ = visible.remove_event_listener_with_callback(event, listener);
            }
        });
    });
    floor
}

/// Keeps the row that is edited above the tray, as long as that is open and however it grows.
pub fn lift(
    sheet: Sheet,
    tray: NodeRef<html::Div>,
    floor: RwSignal<Floor>,
    is_open: impl Fn() -> bool + 'static,
) {
    Effect::new(move |_| {
        floor.track();
        let Some(tray) = tray.get().filter(|_| is_open()) else { return sheet.leave_under(0.0) };
        let measured = tray.clone();
        let changed = Closure::<dyn FnMut()>::new(move || sheet.lift_above(&measured));
        // It tells at once, and whenever the tray grows with its text.
        if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&tray);
            let kept = StoredValue::new_local((observer, changed));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
    on_cleanup(move || sheet.leave_under(0.0));
}

impl Sheet {
    /// So much room is left below the last row, in CSS pixels, that it can be scrolled above the
    /// tray.
    fn leave_under(self, height: f64) {
        let before = self.under_tray.try_update_value(|room| std::mem::replace(room, height));
        if before.is_some_and(|before| before != height)
            && let Some(scroller) = self.scroller.try_get_untracked().flatten()
        {
            let scroller: &HtmlElement = &scroller;
            // Setting a length on an element's own style does not fail.
            let _ = scroller.style().set_property("--under-tray", &format!("{height}px"));
        }
    }

    fn lift_above(self, tray: &Element) {
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else { return };
        let (edge, tray) = (scroller.get_bounding_client_rect(), tray.get_bounding_client_rect());
        self.leave_under((edge.bottom() - tray.top()).clamp(0.0, edge.height()));
        if let Some(spot) = self.spot() {
            self.reveal_row(spot);
        }
    }

    /// The on-screen keyboard goes: it comes up only for a cell that is being edited.
    pub(super) fn rest_keyboard(self) {
        let Some(textarea) = self.textarea.get_untracked() else { return };
        if !self.touch.get_untracked() {
            // Neither this nor what follows fails for an attribute of a known name.
            let _ = textarea.remove_attribute("inputmode");
            return;
        }
        let is_up = textarea.get_attribute("inputmode").is_none() && has_keyboard(self);
        let _ = textarea.set_attribute("inputmode", "none");
        if is_up {
            // Browsers look at the attribute when a field is focused.
            let _ = textarea.blur();
            self.focus_textarea();
        }
    }

    /// Keeps what was typed and opens the next cell, or the one before. A yes-or-no cell has
    /// nothing to open: a tap changes it.
    fn open_beside(self, step: Move) {
        if !self.commit() {
            return;
        }
        self.picking.set(None);
        self.go(step);
        match self.current() {
            Some((key, kind)) if kind != Kind::Flag && self.store.may_write(&key) => self.open(),
            _ => self.focus_textarea(),
        }
    }

    /// The heading of a cell, and which row it is of.
    fn label_of(self, cursor: &Cursor) -> (String, String) {
        let title = self.columns.with(|columns| {
            columns.iter().find(|column| column.field == cursor.field).map(|it| it.title.clone())
        });
        let place = self.order.with(|order| order.place(&cursor.row));
        let place = place.map(|place| format!("Fila {}", place + 1));
        (title.unwrap_or_default(), place.unwrap_or_default())
    }
}

/// What is edited.
#[component]
pub fn TrayHead(sheet: Sheet) -> impl IntoView {
    let label = Memo::new(move |_| {
        sheet.cursor.with(|cursor| cursor.as_ref().map(|cursor| sheet.label_of(cursor)))
    });
    view! {
        <p class="tray-head" aria-hidden="true">
            <strong>{move || label.get().map(|(title, _)| title)}</strong>
            <span>{move || label.get().map(|(_, row)| row)}</span>
        </p>
    }
}

/// The buttons, where the thumb is. The keyboard stays where it was.
#[component]
pub fn TrayFoot(
    sheet: Sheet,
    /// Whether what was typed can still be dropped: what is picked is kept at once.
    cancels: bool,
) -> impl IntoView {
    let done = move || {
        if !sheet.commit() {
            return;
        }
        let picking = sheet.picking.get_untracked();
        sheet.picking.set(None);
        match picking.filter(|_| sheet.is_covered()) {
            Some(picking) => sheet.focus_field(&picking.key),
            None => sheet.focus_textarea(),
        }
    };
    // In the card the next field is below.
    let goes_on = !sheet.is_covered();
    let beside = move |step: Move| move |_| sheet.open_beside(step);
    view! {
        <div class="tray-foot" on:mousedown=|event| event.prevent_default()>
            <Show when=move || goes_on>
                <button
                    type="button"
                    class="button"
                    aria-label="Celda anterior"
                    on:click=beside(Move::Previous)
                >
                    "‹"
                </button>
                <button
                    type="button"
                    class="button"
                    aria-label="Celda siguiente"
                    on:click=beside(Move::Next)
                >
                    "›"
                </button>
            </Show>
            <Show when=move || cancels>
                <button type="button" class="button" on:click=move |_| sheet.cancel()>
                    "Cancelar"
                </button>
            </Show>
            <button type="button" class="button primary" on:click=move |_| done()>"Listo"</button>
        </div>
    }
}
