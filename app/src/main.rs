//! Focaliza in the browser.

mod api;
mod app;
mod channel;
mod clock;
mod components;
mod crash;
mod installed;
mod keyring;
mod lazy;
mod locks;
mod pages;
mod session;
mod storage;
mod store;
mod sync;
mod text;
mod writers;

use leptos::prelude::*;

fn main() {
    crash::tell();
    mount_to_body(app::App);
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}
