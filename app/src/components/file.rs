//! Files: the exercise as JSON, out and in, and the rescue file with what is not on the server.

use gloo_timers::future::TimeoutFuture;
use leptos::{html, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use shared::{
    edit::Edit, exchange, format::format_bytes, ids::ExerciseId, limits, model::Cell,
    sync::journal::Refused,
};
use wasm_bindgen_futures::JsFuture;

use crate::{
    clock,
    components::save::save,
    store::{Store, use_store},
    text,
};

const JSON: &str = "application/json";
const RESCUE: &str = "focaliza.rescue";
const RESCUE_VERSION: u32 = 1;

/// What is on this device and not on the server.
#[derive(Serialize, Deserialize)]
struct Rescue {
    format: String,
    version: u32,
    exercise: ExerciseId,
    /// Milliseconds since 1970, UTC.
    made_at: i64,
    /// What was done and not confirmed, in its order.
    unsent: Vec<Vec<Edit>>,
    /// What the server refused.
    refused: Vec<Refused>,
}

/// Saves what is on this device and not on the server as a file.
pub fn save_rescue(store: Store) {
    spawn_local(async move {
        let exercise = store.exercise_id();
        let rescue = Rescue {
            format: RESCUE.into(),
            version: RESCUE_VERSION,
            exercise,
            made_at: clock::now(),
            unsent: store.unsent(),
            refused: store.quarantine().await.unwrap_or_default(),
        };
        match serde_json::to_string_pretty(&rescue) {
            Ok(text) => save(&format!("focaliza-{exercise}-respaldo.json"), JSON, &text),
            Err(error) => leptos::logging::error!("rescue file: {error}"),
        }
    });
}

/// A file that was read and can be written into the exercise.
#[derive(Clone)]
struct Incoming {
    /// What is said before it is written.
    about: String,
    batches: Vec<Vec<Edit>>,
}

/// The panel.
#[component]
pub fn Files() -> impl IntoView {
    let store = use_store();
    let input = NodeRef::<html::Input>::new();
    let incoming = RwSignal::new(None::<Incoming>);
    let message = RwSignal::new(None::<Result<String, String>>);
    let export = move |_| {
        let text = store.with(exchange::export);
        save(&format!("focaliza-{}.json", store.exercise_id()), JSON, &text);
    };
    let chosen = move |_| {
        let file = input.get().and_then(|input| input.files()).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        message.set(None);
        incoming.set(None);
        spawn_local(async move {
            match read(store, &file).await {
                Ok(read) => incoming.set(Some(read)),
                Err(problem) => {
                    leptos::logging::warn!("file not imported: {problem}");
                    message.set(Some(Err(problem)));
                }
            }
            if let Some(input) = input.get_untracked() {
                input.set_value("");
            }
        });
    };
    let confirm = move || {
        incoming.get().map(|file| {
            let about = file.about.clone();
            let write = move |_| {
                incoming.set(None);
                let batches = file.batches.clone();
                spawn_local(async move { message.set(Some(write(store, &batches).await)) });
            };
            view! {
                <div class="message">
                    <p>{about}</p>
                    <button class="button primary" on:click=write>"Escribir en este ejercicio"</button>
                    <button class="button" on:click=move |_| incoming.set(None)>"Cancelar"</button>
                </div>
            }
        })
    };
    let said = move || {
        message.get().map(|said| match said {
            Ok(text) => view! { <p class="message success">{text}</p> },
            Err(text) => view! { <p class="message danger">{text}</p> },
        })
    };
    view! {
        <h3>"Descargar"</h3>
        <p>"Todo el ejercicio como JSON, con las filas eliminadas y lo que está por decidir."</p>
        <button class="button" on:click=export>"Descargar ejercicio"</button>
        <h3>"Traer desde un archivo"</h3>
        <p>
            "Un ejercicio descargado antes, o un respaldo de cambios sin enviar. Nada de lo que hay se borra: lo que el archivo también tiene se reemplaza por lo del archivo."
        </p>
        <label class="button" for="import-file">"Elegir archivo…"</label>
        <input
            id="import-file"
            class="visually-hidden"
            type="file"
            accept=".json,application/json"
            node_ref=input
            on:change=chosen
        />
        {confirm}
        <div role="status">{said}</div>
    }
}

async fn read(store: Store, file: &web_sys::File) -> Result<Incoming, String> {
    let size = file.size() as u64;
    if size > limits::IMPORT_BYTES as u64 {
        return Err(format!(
            "El archivo pesa {} y el máximo es {}. No se leyó nada.",
            format_bytes(size),
            format_bytes(limits::IMPORT_BYTES as u64)
        ));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let text = text.ok_or("El navegador no pudo leer el archivo.")?;
    match serde_json::from_str::<Rescue>(&text) {
        Ok(rescue) if rescue.format == RESCUE => from_rescue(store, rescue),
        _ => from_exercise(store, &text),
    }
}

fn from_rescue(store: Store, rescue: Rescue) -> Result<Incoming, String> {
    if rescue.version != RESCUE_VERSION {
        return Err(format!(
            "El respaldo es de la versión {} y esta aplicación lee la {RESCUE_VERSION}. No se importó nada.",
            rescue.version
        ));
    }
    if rescue.exercise != store.exercise_id() {
        return Err(format!(
            "El respaldo es del ejercicio {}. Ábrelo y tráelo allí.",
            text::exercise(rescue.exercise)
        ));
    }
    let refused = rescue.refused.into_iter().map(|refused| refused.edits);
    let batches: Vec<_> = rescue.unsent.into_iter().chain(refused).collect();
    let about = format!(
        "Respaldo del {} con {}.",
        text::at(rescue.made_at),
        text::count(batches.len(), "cambio", "cambios")
    );
    Ok(Incoming { about, batches })
}

fn from_exercise(store: Store, text: &str) -> Result<Incoming, String> {
    let import = exchange::import(text).map_err(|error| error.to_string())?;
    let mut about = format!("Ejercicio {}.", text::exercise(import.id));
    if import.id != store.exercise_id() {
        about.push_str(&format!(
            " Se copiará en el ejercicio abierto, {}.",
            text::exercise(store.exercise_id())
        ));
    }
    let mut batches = import.batches;
    // Apart they can only be written by several people; the first is what the file shows.
    if let Some(first) = import.apart.into_iter().next() {
        about.push_str(&format!(
            " {} por decidir, con el primero de sus valores.",
            text::count(
                first.len(),
                "celda queda sin lo que estaba",
                "celdas quedan sin lo que estaba"
            )
        ));
        batches.push(first);
    }
    Ok(Incoming { about, batches })
}

/// Writes a file into the exercise, batch by batch, so that the page is not still meanwhile.
async fn write(store: Store, batches: &[Vec<Edit>]) -> Result<String, String> {
    let mut failed = Vec::new();
    for batch in batches {
        let edits = batch.iter().filter_map(|edit| over_what_is_there(store, edit)).collect();
        if let Err(rejection) = store.apply(edits) {
            failed.push(rejection.to_string());
        }
        TimeoutFuture::new(0).await;
    }
    let written = batches.len() - failed.len();
    match failed.first() {
        None => Ok("El archivo se escribió en el ejercicio.".into()),
        Some(why) => {
            Err(format!("Se escribieron {written} de {} partes del archivo. {why}", batches.len()))
        }
    }
}

/// A text of a file was written for an empty cell; it replaces what the cell holds now.
fn over_what_is_there(store: Store, edit: &Edit) -> Option<Edit> {
    let Edit::SpliceText { key, at: 0, delete: 0, insert } = edit else {
        return Some(edit.clone());
    };
    let present = store.with(|exercise| {
        match exercise.row(key.table, &key.row).and_then(|row| row.cells.get(&key.field)) {
            Some(Cell::Narrative(text)) => text.clone(),
            _ => String::new(),
        }
    });
    Edit::splice(key.clone(), &present, insert)
}
