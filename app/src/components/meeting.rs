//! Taking an exercise to a meeting without a network, and bringing back what was written there.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{api::BroughtBack, format::format_bytes, ids::ExerciseId, limits};

use crate::{api, text};

/// The part of the panel of files that is about meetings.
#[component]
pub fn MeetingFiles(exercise: ExerciseId) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let is_busy = RwSignal::new(false);
    let said = RwSignal::new(None::<Result<BroughtBack, String>>);
    let chosen = move |_| {
        let file = input.get().and_then(|input| input.files()).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        let size = file.size() as u64;
        let most = limits::IMPORT_BYTES as u64;
        if size > most {
            let (size, most) = (format_bytes(size), format_bytes(most));
            said.set(Some(Err(format!("El archivo pesa {size} y el máximo es {most}."))));
            return;
        }
        is_busy.set(true);
        said.set(None);
        spawn_local(async move {
            let result = api::bring_back(exercise, &file).await;
            let result = result.map_err(|trouble| text::trouble(&trouble));
            // The panel may be gone by now.
            let _ = said.try_set(Some(result));
            let _ = is_busy.try_set(false);
        });
    };
    let command = format!("focaliza meeting reunion-{exercise}.focaliza");
    view! {
        <h3>"Reunión sin internet"</h3>
        <p>
            "Un computador con Focaliza atiende el ejercicio a los tablets de su misma red, sin internet. Descarga el archivo y, en ese computador, ejecuta "
            <code>{command}</code> "."
        </p>
        <a class="button" href=format!("/api/exercises/{exercise}/meeting") download rel="external">
            "Descargar para una reunión"
        </a>
        <p>
            "De vuelta, trae el archivo que se descarga allí: se suma lo que falta, con quién lo escribió, y nada de lo que hay aquí se pierde."
        </p>
        <label class="button" class:disabled=is_busy for="meeting-file">
            {move || if is_busy.get() { "Trayendo…" } else { "Traer una reunión…" }}
        </label>
        <input
            id="meeting-file"
            class="visually-hidden"
            type="file"
            disabled=is_busy
            node_ref=input
            on:change=chosen
        />
        <div role="status">
            {move || {
                said.get().map(|said| match said {
                    Ok(result) => view! { <Outcome result /> }.into_any(),
                    Err(problem) => view! { <p class="message danger">{problem}</p> }.into_any(),
                })
            }}
        </div>
    }
}

#[component]
fn Outcome(result: BroughtBack) -> impl IntoView {
    let changes = |count| text::count(count, "cambio", "cambios");
    let BroughtBack { brought, known, not_taken } = result;
    let told = match (brought, known) {
        (0, _) if not_taken.is_empty() => "Todo lo de la reunión ya estaba aquí.".to_owned(),
        (_, 0) => format!("De la reunión se sumaron {}.", changes(brought)),
        _ => {
            format!("De la reunión se sumaron {}; {} ya estaban.", changes(brought), changes(known))
        }
    };
    let left = not_taken.into_iter().map(|left| {
        let (count, why) = (changes(left.count), text::code(left.code));
        view! { <li>{format!("{count} de {} no se sumaron: {why}", left.name)}</li> }
    });
    let left: Vec<_> = left.collect();
    view! {
        <p class="message success">{told}</p>
        {(!left.is_empty()).then(|| view! { <ul class="message warning">{left}</ul> })}
    }
}
