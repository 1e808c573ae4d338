//! Files that go with an act.

use leptos::{html, prelude::*, task::spawn_local};
use shared::{format::format_bytes, limits, process::letter::Attachment};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{Acts, use_acts, waiting::keep_file};
use crate::{api, text};

/// Files that the server has already, to be named by the act.
#[component]
pub fn FileField(
    id: &'static str,
    label: &'static str,
    /// What was attached. The form empties it when the act is registered.
    files: RwSignal<Vec<Attachment>>,
    /// Whether another one takes the place of the first.
    #[prop(optional)]
    single: bool,
) -> impl IntoView {
    let acts = use_acts();
    let input = NodeRef::<html::Input>::new();
    let is_bringing = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let attach = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let chosen = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        let Some(file) = chosen else { return };
        is_bringing.set(true);
        problem.set(None);
        spawn_local(async move {
            let done = match api::process::attach(acts.exercise, &file.name(), file.clone()).await {
                Err(api::Trouble::Offline) => keep(acts, &file).await,
                done => done.map_err(|trouble| text::trouble(&trouble)),
            };
            // The page may be gone by now.
            let _ = is_bringing.try_set(false);
            let _ = match done {
                Ok(file) => files
                    .try_update(|files| {
                        if single {
                            files.clear();
                        }
                        files.push(file);
                    })
                    .is_some(),
                Err(told) => problem.try_set(Some(told)).is_some(),
            };
        });
    };
    let item = move |(place, file): (usize, Attachment)| {
        let take_away = move |_| {
            files.update(|files| {
                files.remove(place);
            });
        };
        view! {
            <li>
                {format!("{} ({}) ", file.name, format_bytes(file.bytes))}
                <button type="button" class="link-button" on:click=take_away>
                    "Quitar" <span class="visually-hidden">{format!(" {}", file.name)}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="field wide">
            <span class="label">{label}</span>
            <ul class="act-files">
                {move || files.get().into_iter().enumerate().map(item).collect_view()}
            </ul>
            <label class="button" class:disabled=is_bringing for=id>
                {move || if is_bringing.get() { "Adjuntando…" } else { "Adjuntar…" }}
            </label>
            <input
                id=id
                class="visually-hidden"
                type="file"
                disabled=is_bringing
                node_ref=input
                on:change=attach
            />
            {move || problem.get().map(|problem| view! {
                <p class="message danger" role="alert">{problem}</p>
            })}
        </div>
    }
}

/// Without a network the file waits on the device, and goes with its act.
async fn keep(acts: Acts, file: &File) -> Result<Attachment, String> {
    if file.size() > limits::ATTACHMENT_BYTES as f64 {
        let most = format_bytes(limits::ATTACHMENT_BYTES);
        return Err(format!("«{}» pesa más de {most}: no se puede adjuntar.", file.name()));
    }
    let content = JsFuture::from(file.array_buffer()).await;
    let content = content.map_err(|_| format!("«{}» no se pudo leer.", file.name()))?;
    let content = js_sys::Uint8Array::new(&content).to_vec();
    let kept = keep_file(acts, file.name(), &content).await;
    kept.map_err(|failure| text::failure(&failure).to_owned())
}
