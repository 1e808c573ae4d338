//! The field of a code of the second factor.

use leptos::prelude::*;

use crate::components::page::focus;

/// The field.
#[component]
pub fn CodeField(
    /// Its id.
    id: &'static str,
    /// What is written in it.
    code: RwSignal<String>,
    /// Whether it takes the keyboard when it comes: where the person was just told to write into it.
    #[prop(optional)]
    takes_keyboard: bool,
) -> impl IntoView {
    let hint = format!("{id}-ayuda");
    if takes_keyboard {
        request_animation_frame(move || focus(id));
    }
    view! {
        <div class="field">
            <label for=id>"Código de verificación"</label>
            <input
                id=id
                class="input"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                required
                aria-describedby=hint.clone()
                prop:value=code
                on:input=move |event| code.set(event_target_value(&event))
            />
            <p id=hint class="hint">
                "Los 6 números que muestra tu aplicación, o uno de tus códigos de recuperación."
            </p>
        </div>
    }
}
