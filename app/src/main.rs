//! Focaliza in the browser.

use leptos::prelude::*;

fn main() {
    mount_to_body(App);
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// The whole application.
#[component]
fn App() -> impl IntoView {
    view! { <h1>"Focaliza"</h1> }
}
