//! Rows say how high they have become, and the view is kept where it is.

use js_sys::Reflect;
use leptos::{html, prelude::*};
use shared::ids::RowId;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use super::{heights::Heights, sheet::Sheet};

/// Measures rows as soon as they are laid out, before they are painted.
pub fn observe_rows(sheet: Sheet) {
    let resized = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let measured: Vec<_> = entries.iter().filter_map(|entry| height(&entry)).collect();
        sheet.measured(&measured);
    });
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        sheet.observer.set_value(Some(observer));
    }
    let kept = StoredValue::new_local(resized);
    on_cleanup(move || {
        if let Some(observer) = sheet.observer.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
        kept.dispose();
    });
}

fn height(entry: &wasm_bindgen::JsValue) -> Option<(RowId, f64)> {
    let row: HtmlElement = Reflect::get(entry, &"target".into()).ok()?.dyn_into().ok()?;
    let id = RowId::new(&row.get_attribute("data-row")?).ok()?;
    let height = row.get_bounding_client_rect().height();
    // Zero: it has left the page.
    (height > 0.0).then_some((id, height))
}

/// Makes the body as high as all rows, and keeps what is in view where it stands when heights are
/// corrected or rows come and go.
pub fn follow_heights(sheet: Sheet, body: NodeRef<html::Div>) {
    Effect::new(move |_| {
        let Some(body) = body.get() else { return };
        let total = sheet.with_heights(Heights::total);
        let body: &HtmlElement = &body;
        // Setting a length on an element's own style does not fail.
        let _ = body.style().set_property("height", &format!("{total}px"));
        if let Some(top) = sheet.held_top() {
            sheet.scroll_to(top);
        }
        untrack(|| sheet.reveal_again());
    });
}
