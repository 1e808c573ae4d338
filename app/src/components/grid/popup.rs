//! Small windows over the grid: the menu of a column, that of the view, the columns of the region.

use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, KeyboardEvent, ResizeObserver};

use super::{
    column_menu::ColumnMenu,
    menu::keep_in_window,
    regional::RegionalColumns,
    sheet::{Sheet, cell_id},
    view_menu::ViewMenu,
};

/// What a popup is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A column, by its field.
    Column(Arc<str>),
    /// The view as a whole.
    View,
    /// The columns of the region.
    Regional,
}

/// A popup at a place of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Popup {
    content: Content,
    x: f64,
    y: f64,
}

impl Sheet {
    /// Opens a popup at a place of the window. What was typed is kept first.
    pub fn open_popup(self, content: Content, x: f64, y: f64) {
        if self.commit() {
            self.menu.set(None);
            self.popup.set(Some(Popup { content, x, y }));
        }
    }

    /// Opens the menu of the column in which the cursor is.
    pub fn open_column_menu(self) {
        let Some(cursor) = self.cursor.get_untracked() else { return };
        let cell = document().get_element_by_id(&cell_id(&cursor.row, &cursor.field));
        let place = cell.map(|cell| cell.get_bounding_client_rect());
        let (x, y) = place.map_or((0.0, 0.0), |place| (place.left(), place.bottom()));
        self.open_popup(Content::Column(cursor.field), x, y);
    }

    /// Closes it; the grid has the keyboard again.
    pub fn close_popup(self) {
        self.popup.set(None);
        self.focus_textarea();
    }
}

/// Shows the popup that is open.
#[component]
pub fn OpenPopup() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    move || sheet.popup.get().map(|popup| view! { <Window sheet popup /> })
}

#[component]
fn Window(sheet: Sheet, popup: Popup) -> impl IntoView {
    let Popup { content, x, y } = popup;
    let window = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(window) = window.get() else { return };
        keep_in_window(&window, x, y);
        keep_as_it_grows(&window, x, y);
        let first = window.query_selector("button, input").ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            // Fails for elements that cannot be focused, which these can.
            let _ = first.focus();
        }
    });
    let keys = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "Escape" => return sheet.close_popup(),
            "ArrowDown" | "ArrowUp" if is_select(&event) => return,
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Tab" if event.shift_key() => -1,
            "Tab" => 1,
            _ => return,
        };
        if let Some(window) = window.get_untracked() {
            event.prevent_default();
            focus_next(&window, step);
        }
    };
    let label = match &content {
        Content::Column(_) => "Columna",
        Content::View => "Vista",
        Content::Regional => "Columnas de la región",
    };
    let content = match content {
        Content::Column(field) => view! { <ColumnMenu sheet field /> }.into_any(),
        Content::View => view! { <ViewMenu sheet /> }.into_any(),
        Content::Regional => view! { <RegionalColumns sheet /> }.into_any(),
    };
    view! {
        <div
            class="menu-ground"
            on:mousedown=move |_| sheet.close_popup()
            on:contextmenu=|event| event.prevent_default()
        >
            <div
                node_ref=window
                role="dialog"
                class="menu popup"
                aria-label=label
                on:keydown=keys
                on:mousedown=|event| event.stop_propagation()
            >
                {content}
            </div>
        </div>
    }
}

/// What it holds grows: a column that is added, an option.
fn keep_as_it_grows(window: &HtmlElement, x: f64, y: f64) {
    let grown = window.clone();
    let resized = Closure::<dyn FnMut()>::new(move || keep_in_window(&grown, x, y));
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(window);
        let kept = StoredValue::new_local((observer, resized));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
}

/// Lists and numbers have a use for the arrows themselves.
fn is_select(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let own = "select, input[type=number], input[type=radio]";
    target.is_some_and(|target| target.matches(own).unwrap_or_default())
}

/// The keyboard stays in the window: behind its last control comes the first.
fn focus_next(window: &HtmlElement, step: i32) {
    let all = window.get_elements_by_tag_name("*");
    let controls: Vec<HtmlElement> = (0..all.length())
        .filter_map(|at| all.item(at)?.dyn_into().ok())
        .filter(|control: &HtmlElement| {
            control.matches(":is(button, input, select):not(:disabled)").unwrap_or_default()
        })
        .collect();
    let focused = document().active_element();
    let at = controls.iter().position(|control| {
        let control: &Element = control;
        focused.as_ref() == Some(control)
    });
    let count = controls.len() as i32;
    let next = at.map_or(0, |at| at as i32 + step).rem_euclid(count.max(1));
    if let Some(next) = controls.get(next as usize) {
        let _ = next.focus();
    }
}
