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
use wasm_bindgen_futures::spawn_local;

fn main() {
    crash::tell();
    // Starting the program took a turn already.
    spawn_local(async {
        lazy::next_turn().await;
        mount_to_body(app::App);
        if let Some(shell) = document().get_element_by_id("shell") {
            shell.remove();
        }
    });
}
