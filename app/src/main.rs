//! Focaliza in the browser.

mod app;
mod clock;
mod components;
mod pages;
mod store;

use leptos::prelude::*;

fn main() {
    mount_to_body(app::App);
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}
