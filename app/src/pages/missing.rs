//! What is shown where there is nothing.

use leptos::prelude::*;

use crate::components::page::Page;

/// An address that does not exist.
#[component]
pub fn MissingPage() -> impl IntoView {
    view! {
        <Page title="Esta página no existe">
            <p>
                "La dirección no corresponde a ninguna página de Focaliza. Revisa que esté completa, o vuelve a "
                <a href="/">"la lista de ejercicios"</a> "."
            </p>
        </Page>
    }
}
