//! Files: the exercise as JSON, out and in, and rescue files of other devices, in.

use gloo_timers::future::TimeoutFuture;
use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    edit::Edit,
    exchange,
    format::format_bytes,
    limits,
    model::Cell,
    rescue::{Rescue, RescueError},
};
use wasm_bindgen_futures::JsFuture;

use crate::{
    components::{meeting::MeetingFiles, rescue::RescueButton, save::save},
    store::{Store, use_store},
    text,
};

const JSON: &str = "application/json";
/// A file that was read and can be written into the exercise.
#[derive(Clone)]
struct Incoming {
    /// What is said before it is written.
    about: String,
    /// `None` where nothing of it is new.
    content: Option<Content>,
}

#[derive(Clone)]
enum Content {
    /// An exercise, to be written over what is there.
    Exercise(Vec<Vec<Edit>>),
    /// What another device did.
    Rescue(Rescue),
}

/// The panel.
#[component]
pub fn Files() -> impl IntoView {
    let store = use_store();
    let may_edit = store.may_edit();
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
            let about = file.about;
            let act = file.content.map(|content| {
                let label = match &content {
                    Content::Exercise(_) => "Escribir en este ejercicio",
                    Content::Rescue(_) => "Traer los cambios",
                };
                let write = move |_| {
                    incoming.set(None);
                    let content = content.clone();
                    spawn_local(async move { message.set(Some(take(store, content).await)) });
                };
                view! { <button class="button primary" on:click=write>{label}</button> }
            });
            view! {
                <div class="message">
                    <p>{about}</p>
                    {act}
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
        <p>"Lo que este equipo no ha enviado, con una copia que se lee sin Focaliza."</p>
        <RescueButton />
        <h3>"Traer desde un archivo"</h3>
        <p>
            "Un respaldo de cambios sin enviar, de este equipo o de otro: sus cambios se suman una sola vez, aunque se traiga varias veces. O un ejercicio descargado antes: nada de lo que hay se borra, y lo que el archivo también tiene se reemplaza por lo del archivo."
        </p>
        <label class="button" for="import-file">"Elegir archivo…"</label>
        <input
            id="import-file"
            class="visually-hidden"
            type="file"
            accept=".json,.html,application/json,text/html"
            node_ref=input
            on:change=chosen
        />
        {confirm}
        <div role="status">{said}</div>
        {may_edit.then(|| view! { <MeetingFiles exercise=store.exercise_id() /> })}
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
    match Rescue::read(&text) {
        Ok(rescue) => from_rescue(store, rescue),
        Err(RescueError::Other) => from_exercise(store, &text),
        Err(error) => Err(error.to_string()),
    }
}

fn from_rescue(store: Store, rescue: Rescue) -> Result<Incoming, String> {
    if rescue.exercise != store.exercise_id() {
        return Err(format!(
            "El respaldo es del ejercicio {}. Ábrelo y tráelo allí.",
            text::exercise(rescue.exercise)
        ));
    }
    let changes = |count| text::count(count, "cambio", "cambios");
    let (all, new) = (rescue.unsent.len(), store.lacks(&rescue));
    let mut about = format!(
        "Respaldo de {}, del {}, con {}.",
        rescue.author,
        text::at(rescue.made_at),
        changes(all)
    );
    match new {
        0 if all > 0 => about.push_str(" Todos están ya en este equipo."),
        _ if new < all => about.push_str(&format!(" {} ya está aquí.", changes(all - new))),
        _ => {}
    }
    if !rescue.refused.is_empty() {
        about.push_str(&format!(
            " {} que el servidor no aceptó quedará en «Cambios apartados».",
            changes(rescue.refused.len())
        ));
    }
    let content = match new + rescue.refused.len() {
        0 => None,
        _ => Some(Content::Rescue(rescue)),
    };
    Ok(Incoming { about, content })
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
    if import.acts > 0 {
        about.push_str(&format!(
            " {} del registro no se restaura aquí: eso lo hace quien administra el servidor.",
            text::count(import.acts, "acto", "actos")
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
    Ok(Incoming { about, content: Some(Content::Exercise(batches)) })
}

async fn take(store: Store, content: Content) -> Result<String, String> {
    match content {
        Content::Exercise(batches) => write(store, &batches).await,
        Content::Rescue(rescue) => match store.carry(rescue).await {
            Ok(()) => Ok("Los cambios del respaldo se suman a este ejercicio.".into()),
            Err(rejection) => Err(rejection.to_string()),
        },
    }
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
