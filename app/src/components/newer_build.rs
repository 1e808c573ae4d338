//! A newer build of the application waits on the device.

use leptos::prelude::*;

use crate::installed::use_installed;

/// Offers to go on with the newer build. Where nobody asks for it, it takes over at the next start.
#[component]
pub fn NewerBuild(
    /// Whether everything written is stored.
    #[prop(into)]
    is_stored: Signal<bool>,
) -> impl IntoView {
    let installed = use_installed();
    let must_wait = RwSignal::new(false);
    let replace = move |_| {
        let is_ready = is_stored.get_untracked() && !is_writing();
        must_wait.set(!is_ready);
        if is_ready {
            installed.replace();
        }
    };
    view! {
        <Show when=move || installed.newer_waits()>
            <div class="notice message" role="status">
                <p>
                    "Hay una versión nueva de la aplicación. Se aplicará al cerrar."
                    {move || must_wait.get().then_some(
                        " Primero termina o cancela lo que estás escribiendo: aún no está guardado.",
                    )}
                </p>
                <button type="button" class="button" on:click=replace>"Actualizar ahora"</button>
            </div>
        </Show>
    }
}

/// Whether something that was typed is in its editor only: a cell is open, or a field was refused.
fn is_writing() -> bool {
    document()
        .query_selector(".grid-editor.open, :is(input, select, textarea)[aria-invalid=true]")
        .is_ok_and(|found| found.is_some())
}
