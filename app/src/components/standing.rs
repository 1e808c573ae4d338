//! The details behind the pill: what waits, when everything was last on the server, what to do.

use leptos::prelude::*;

use crate::{
    components::{aside::in_words, rescue::RescueButton, status::standing_of},
    session::use_session,
    store::use_store,
    text,
};

/// As many unsent changes are listed.
const LISTED: usize = 50;

/// The panel.
#[component]
pub fn StandingDetails() -> impl IntoView {
    let store = use_store();
    let connection = StoredValue::new_local(use_session().connection());
    let words = move || connection.with_value(|connection| standing_of(store, connection)).words;
    let agreed = move || match store.agreed() {
        Some(moment) => text::at(moment),
        None => "nunca en este equipo".into(),
    };
    let unsent = move || {
        let unsent = store.unsent();
        if unsent.is_empty() {
            return view! { <p>"Nada espera en este equipo."</p> }.into_any();
        }
        let count = text::count(unsent.len(), "cambio", "cambios");
        let lines: Vec<String> = unsent.iter().rev().flatten().take(LISTED).map(in_words).collect();
        view! {
            <h3>{format!("{count} por enviar")}</h3>
            <ul class="unsent">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        }
        .into_any()
    };
    let differs = move || {
        store.status().differs.then(|| view! {
        <p class="message warning">
            "Este equipo y el servidor no muestran lo mismo. Descarga un respaldo y avisa a quien administra Focaliza."
        </p>
    })
    };
    view! {
        <p><strong>{words}</strong></p>
        <dl class="standing">
            <dt>"Última sincronización"</dt>
            <dd>{agreed}</dd>
        </dl>
        {differs}
        {unsent}
        <div class="buttons">
            <button
                class="button primary"
                on:click=move |_| connection.with_value(|connection| connection.now())
            >
                "Sincronizar ahora"
            </button>
            <RescueButton />
        </div>
    }
}
