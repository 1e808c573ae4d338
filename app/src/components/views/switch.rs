//! The tabs of a table: the table itself and its views.

use leptos::prelude::*;
use shared::template::TableId;

use super::{Screen, View};
use crate::store::use_store;

/// Links to the views of a table; nothing where it has none.
#[component]
pub fn ViewSwitch(
    table: TableId,
    /// The view that is shown; none for the table itself.
    #[prop(optional, into)]
    current: Option<View>,
) -> impl IntoView {
    let id = use_store().exercise_id();
    let views = View::ALL.into_iter().filter(|view| view.table() == Some(table));
    let mut screens = vec![(Screen::Table(table), "Tabla")];
    screens.extend(views.map(|view| (Screen::View(view), view.title())));
    let shown = current.map_or(Screen::Table(table), Screen::View);
    let link = |(screen, title): (Screen, &'static str)| {
        view! {
            <a
                class="view-link"
                href=format!("/ejercicio/{id}/{}", screen.path())
                aria-current=(screen == shown).then_some("page")
            >
                {title}
            </a>
        }
    };
    (screens.len() > 1).then(|| {
        view! {
            <nav class="view-switch" aria-label="Vistas de la matriz">
                {screens.into_iter().map(link).collect_view()}
            </nav>
        }
    })
}
