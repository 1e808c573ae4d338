//! Windows over the grid, downloaded when they are first opened.

use leptos::prelude::*;

use super::{help::HelpPopup, paste::PastePopup, popup::OpenPopup, sheet::Sheet};
use crate::lazy::{Lazy, lazy_view};

lazy_view!(paste_preview in over_grid, PastePopup);
lazy_view!(help_pane in over_grid, HelpPopup);
lazy_view!(grid_popup in over_grid, OpenPopup);

/// Those that are open.
#[component]
pub fn Windows(sheet: Sheet) -> impl IntoView {
    view! {
        <Show when=move || sheet.pasting.with(Option::is_some)>
            <Lazy part=paste_preview />
        </Show>
        <Show when=move || sheet.helping.get()>
            <Lazy part=help_pane />
        </Show>
        <Show when=move || sheet.popup.with(Option::is_some)>
            <Lazy part=grid_popup />
        </Show>
    }
}
