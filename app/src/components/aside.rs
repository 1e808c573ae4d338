//! Changes that the server refused: what they were and why, to be applied anew, exported or given
//! up.

use leptos::{prelude::*, task::spawn_local};
use shared::{edit::Edit, ids::Peer, protocol::EntryNo, sync::journal::Refused};

use crate::{
    components::{chain::short_name, rescue::RescueButton},
    store::{Store, use_store},
    text,
};

/// The panel.
#[component]
pub fn Aside() -> impl IntoView {
    let store = use_store();
    let refused = RwSignal::new(Vec::<Refused>::new());
    let message = RwSignal::new(None::<String>);
    let count = Memo::new(move |_| store.status().quarantined);
    Effect::new(move |_| {
        count.track();
        spawn_local(async move {
            match store.quarantine().await {
                Ok(found) => {
                    refused.try_set(found);
                }
                Err(failure) => {
                    message.try_set(Some(text::failure(&failure).into()));
                }
            }
        });
    });
    view! {
        <p>
            "El servidor no aceptó estos cambios. Siguen guardados en este equipo: puedes aplicarlos de nuevo sobre lo que hay ahora, descargarlos o descartarlos."
        </p>
        <RescueButton />
        <div role="alert">{move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}</div>
        <Show when=move || refused.with(Vec::is_empty)>
            <p>"No hay cambios apartados."</p>
        </Show>
        <ul class="refused">
            <For
                each=move || refused.get()
                key=|refused| (refused.peer, refused.entry)
                let:one
            >
                <RefusedItem one message />
            </For>
        </ul>
    }
}

#[component]
fn RefusedItem(one: Refused, message: RwSignal<Option<String>>) -> impl IntoView {
    let store = use_store();
    let entry = (one.peer, one.entry);
    let edits = StoredValue::new(one.edits.clone());
    let again = move |_| match store.apply(edits.get_value()) {
        Ok(()) => release(store, entry, message),
        Err(rejection) => message.set(Some(format!("No se pudo aplicar: {rejection}"))),
    };
    view! {
        <li class="refused-one">
            <ul>{one.edits.iter().map(|edit| view! { <li>{in_words(edit)}</li> }).collect_view()}</ul>
            <p class="hint">{text::code(one.code)}</p>
            <button class="button" on:click=again>"Aplicar de nuevo"</button>
            <button class="button danger" on:click=move |_| release(store, entry, message)>"Descartar"</button>
        </li>
    }
}

fn release(store: Store, entry: (Peer, EntryNo), message: RwSignal<Option<String>>) {
    spawn_local(async move {
        let released = store.release(vec![entry]).await;
        message.try_set(released.err().map(|failure| text::failure(&failure).into()));
    });
}

/// What somebody did, in a line.
#[must_use]
pub fn in_words(edit: &Edit) -> String {
    let key = edit.key();
    let table = short_name(key.table);
    let column =
        key.table.column(&key.field).map_or("columna de la región", |column| column.title);
    match edit {
        Edit::PlaceRow { .. } => format!("{table}: fila agregada o movida"),
        Edit::DeleteRow { deleted: true, .. } => format!("{table}: fila eliminada"),
        Edit::DeleteRow { deleted: false, .. } => format!("{table}: fila restaurada"),
        Edit::SetCell { value: None, .. } => format!("{table} · {column}: celda vaciada"),
        Edit::SetCell { .. } => format!("{table} · {column}: valor escrito"),
        Edit::SetMember { present: true, .. } => format!("{table} · {column}: elemento agregado"),
        Edit::SetMember { present: false, .. } => format!("{table} · {column}: elemento quitado"),
        Edit::SpliceText { insert, .. } if insert.is_empty() => {
            format!("{table} · {column}: texto borrado")
        }
        Edit::SpliceText { insert, .. } => format!("{table} · {column}: «{}»", insert.trim()),
    }
}
