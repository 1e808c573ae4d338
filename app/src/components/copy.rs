//! An address to be copied.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlDocument;

/// The address in a field, and a button that copies it.
#[component]
pub fn CopyField(
    /// What it is, for screen readers.
    #[prop(into)]
    label: String,
    /// The address.
    address: String,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let is_copied = RwSignal::new(false);
    // As browsers have it from before there was a clipboard to ask for, which plain HTTP lacks.
    let copy = move |_| {
        let Some(field) = field.get_untracked() else { return };
        field.select();
        let document = document().dyn_into::<HtmlDocument>();
        let is_done = document.is_ok_and(|document| document.exec_command("copy").unwrap_or(false));
        is_copied.set(is_done);
    };
    view! {
        <div class="buttons copy">
            <input class="input" readonly node_ref=field aria-label=label prop:value=address />
            <button class="button" on:click=copy>
                {move || if is_copied.get() { "Copiada" } else { "Copiar" }}
            </button>
        </div>
    }
}
