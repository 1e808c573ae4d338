//! What was done, said in one line with a way back.

use std::{fmt, sync::Arc};

use leptos::prelude::*;

use super::sheet::Sheet;

/// Said until something else is, or until it is dismissed: nobody has to hurry.
#[derive(Clone)]
pub struct Notice {
    text: String,
    back: Option<WayBack>,
}

/// What a button says, and what it does.
type WayBack = (&'static str, Arc<dyn Fn() + Send + Sync>);

impl Notice {
    /// A sentence.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), back: None }
    }

    /// A sentence with a button that takes back what was done.
    pub fn with_way_back(text: impl Into<String>, back: impl Fn() + Send + Sync + 'static) -> Self {
        Self { text: text.into(), back: Some(("Restaurar", Arc::new(back))) }
    }

    /// A sentence with a button that takes the last action back.
    pub fn undoable(text: impl Into<String>, back: impl Fn() + Send + Sync + 'static) -> Self {
        Self { text: text.into(), back: Some(("Deshacer", Arc::new(back))) }
    }
}

impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Notice").field(&self.text).finish()
    }
}

/// Shows the notice of a grid.
#[component]
pub fn NoticeLine(sheet: Sheet) -> impl IntoView {
    let dismiss = move || {
        sheet.notice.set(None);
        sheet.focus_textarea();
    };
    let shown = move |notice: Notice| {
        let back = notice.back.map(|(label, back)| {
            let restore = move |_| {
                back();
                dismiss();
            };
            view! { <button type="button" class="link-button" on:click=restore>{label}</button> }
        });
        view! {
            <span>{notice.text}</span>
            {back}
            <button
                type="button"
                class="link-button"
                aria-label="Cerrar este aviso"
                on:click=move |_| dismiss()
            >
                "×"
            </button>
        }
    };
    view! {
        <div class="grid-notice" role="status">
            {move || sheet.notice.get().map(shown)}
        </div>
    }
}
