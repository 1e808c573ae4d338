//! The menu of a row.

use leptos::{html, prelude::*};
use shared::ids::RowId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{
    moves::Side,
    sheet::{RowMenu, Sheet},
};

/// What has to be allowed for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Reading is for everybody.
    Nothing,
    /// Writing into the cell of the cursor.
    Cell,
    /// The same, with a finger: a mouse has other means.
    CellByTouch,
    /// Adding, moving and deleting rows.
    Row,
}

/// What it says, the keys that do the same, what has to be allowed, and what it does.
type Item = (&'static str, &'static str, Needs, fn(Sheet, &RowId));

const ITEMS: [Item; 16] = [
    ("Copiar", "Ctrl+C", Needs::Nothing, |sheet, _| sheet.copy_from_menu(false)),
    ("Cortar", "Ctrl+X", Needs::Cell, |sheet, _| sheet.copy_from_menu(true)),
    ("Pegar", "Ctrl+V", Needs::Cell, |sheet, _| sheet.paste_from_menu()),
    ("Vaciar", "Supr", Needs::Cell, |sheet, _| sheet.clear()),
    ("Rellenar hacia abajo", "Ctrl+D", Needs::Cell, |sheet, _| sheet.fill(Side::Down)),
    ("Rellenar hacia la derecha", "Ctrl+R", Needs::Cell, |sheet, _| sheet.fill(Side::Right)),
    ("Rellenar arrastrando", "", Needs::CellByTouch, |sheet, _| sheet.fills.set(true)),
    ("Ver la fila como ficha", "Alt+Enter", Needs::Nothing, Sheet::open_card_of),
    ("Insertar fila debajo", "Ctrl+Enter", Needs::Row, |sheet, row| {
        sheet.add_row(Some(row), false);
    }),
    ("Insertar fila arriba", "Ctrl+Mayús+Enter", Needs::Row, |sheet, row| {
        sheet.add_row(Some(row), true);
    }),
    ("Subir", "Alt+↑", Needs::Row, |sheet, row| sheet.move_row(row, true)),
    ("Bajar", "Alt+↓", Needs::Row, |sheet, row| sheet.move_row(row, false)),
    ("Borrar fila", "Ctrl+Supr", Needs::Row, Sheet::delete_row),
    ("Historial de la celda", "", Needs::Nothing, Sheet::show_history),
    ("Decidir o revisar la celda", "Alt+R", Needs::Nothing, |sheet, _| sheet.review()),
    ("Columna…", "", Needs::Nothing, |sheet, _| sheet.open_column_menu()),
];

/// Shows the row menu that is open.
#[component]
pub fn MenuPopup(sheet: Sheet) -> impl IntoView {
    move || sheet.menu.get().map(|menu| view! { <Menu sheet menu /> })
}

#[component]
fn Menu(sheet: Sheet, menu: RowMenu) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            keep_in_window(&list, menu.x, menu.y);
            focus_item(&list, 0);
        }
    });
    let close = move || {
        sheet.menu.set(None);
        sheet.focus_textarea();
    };
    let keys = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        let (at, count) = (focused_item(&list), list.children().length() as usize);
        match event.key().as_str() {
            "ArrowDown" => focus_item(&list, (at + 1) % count),
            "ArrowUp" => focus_item(&list, (at + count - 1) % count),
            "Home" => focus_item(&list, 0),
            "End" => focus_item(&list, count - 1),
            "Escape" | "Tab" => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let may_arrange = sheet.may_arrange(&menu.row);
    let may_write = sheet.current().is_some_and(|(key, _)| sheet.store.may_write(&key));
    let touch = sheet.touch.get_untracked();
    let offered =
        ITEMS.into_iter().filter(|(_, _, needs, _)| touch || *needs != Needs::CellByTouch);
    let items = offered.map(|(label, shortcut, needs, act)| {
        let row = menu.row.clone();
        let writable = match needs {
            Needs::Nothing => true,
            Needs::Cell | Needs::CellByTouch => may_write,
            Needs::Row => may_arrange,
        };
        let chosen = move |_| {
            close();
            act(sheet, &row);
        };
        view! {
            <button type="button" role="menuitem" tabindex="-1" disabled=!writable on:click=chosen>
                <span>{label}</span>
                <kbd>{shortcut}</kbd>
            </button>
        }
    });
    view! {
        <div class="menu-ground" on:mousedown=move |_| close() on:contextmenu=|event| event.prevent_default()>
            <div
                node_ref=list
                role="menu"
                class="menu"
                aria-label="Fila"
                on:keydown=keys
                on:mousedown=|event| event.stop_propagation()
            >
                {items.collect_view()}
            </div>
        </div>
    }
}

/// Puts a menu at a place of the window, or as near as it fits.
pub fn keep_in_window(menu: &HtmlElement, x: f64, y: f64) {
    let side = |side: Result<wasm_bindgen::JsValue, _>| side.ok().and_then(|it| it.as_f64());
    let width = room_across().unwrap_or(f64::MAX);
    let height = side(window().inner_height()).unwrap_or(f64::MAX);
    let left = x.min(width - f64::from(menu.offset_width()) - 8.0).max(8.0);
    let top = y.min(height - f64::from(menu.offset_height()) - 8.0).max(8.0);
    // Setting a length on an element's own style does not fail.
    let _ = menu.style().set_property("left", &format!("{left}px"));
    let _ = menu.style().set_property("top", &format!("{top}px"));
}

/// The width of the window without its scroll bar, in CSS pixels.
pub fn room_across() -> Option<f64> {
    document().document_element().map(|root| root.client_width().into())
}

fn focus_item(menu: &HtmlElement, at: usize) {
    let item = menu.children().item(at as u32).and_then(|item| item.dyn_into::<HtmlElement>().ok());
    if let Some(item) = item {
        let _ = item.focus();
    }
}

fn focused_item(menu: &HtmlElement) -> usize {
    let focused = document().active_element();
    (0..menu.children().length())
        .position(|at| menu.children().item(at) == focused)
        .unwrap_or_default()
}
