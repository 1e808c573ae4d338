//! Acts that were asked for without a network. They wait on the device, with the files that they bring, and
//! are registered in their order as soon as the server is there; nothing is called registered before.

use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use shared::{
    api::process::Asked,
    process::{Act, Fingerprint, check::Context, letter::Attachment},
};

use super::{Acts, Registered, use_acts};
use crate::{
    api, clock,
    storage::{Failure, WAITING_ACTS},
    text,
};

/// An act that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was asked for: milliseconds since 1970, by this device.
    at: i64,
    asked: Asked,
    /// Why the server did not take it, in Spanish. It is not asked for again by itself.
    problem: Option<String>,
}

/// Keeps a file on the device until its act can bring it.
pub async fn keep_file(acts: Acts, name: String, content: &[u8]) -> Result<Attachment, Failure> {
    let sha256 = Fingerprint::of(content);
    acts.session.keep_bytes(&file_name(acts, &sha256), Some(content)).await?;
    // The server looks into the content for its type.
    let media_type = "application/octet-stream".into();
    Ok(Attachment { sha256, bytes: content.len() as u64, media_type, name })
}

async fn kept_file(acts: Acts, file: &Attachment) -> Option<Vec<u8>> {
    acts.session.kept_bytes(&file_name(acts, &file.sha256)).await.ok().flatten()
}

fn file_name(acts: Acts, sha256: &Fingerprint) -> String {
    format!("bringing/{}/{sha256}", acts.exercise)
}

impl Acts {
    fn waiting_name(self, one: &Waiting) -> String {
        // Thirteen digits of milliseconds: in the order in which they were asked for.
        format!("{WAITING_ACTS}/{}/{}-{}", self.exercise, one.at, one.asked.request)
    }

    /// Reads what waits.
    pub(super) async fn recall_waiting(self) {
        let mut waiting = Vec::new();
        for name in self.session.kept_below(&format!("{WAITING_ACTS}/{}", self.exercise)).await {
            waiting.extend(self.session.recall::<Waiting>(&name).await);
        }
        // The page may be gone by now.
        let _ = self.waiting.try_set(waiting);
    }

    /// Has an act wait, if it makes sense beside what the device knows; then sends it, where the
    /// network is there after all.
    pub(super) async fn wait(self, asked: Asked) -> Result<Registered, String> {
        let checked = self.read_untracked(|process, grant| {
            asked.act.check(&Context { process, grant }).map_err(|refusal| refusal.to_string())
        });
        checked.unwrap_or(Ok(()))?;
        let (request, at) = (asked.request.clone(), clock::now());
        let one = Waiting { at, asked, problem: None };
        let kept = self.session.keep(&self.waiting_name(&one), Some(&one)).await;
        kept.map_err(|failure| text::failure(&failure).to_owned())?;
        let _ = self.waiting.try_update(|waiting| waiting.push(one));
        self.send_waiting().await;
        let find = |waiting: &Vec<Waiting>| {
            let found = waiting.iter().find(|one| one.asked.request == request);
            found.map(|one| one.problem.clone())
        };
        match self.waiting.try_with_untracked(find).flatten() {
            None => Ok(Registered::Now),
            Some(None) => Ok(Registered::Later),
            Some(Some(problem)) => Err(problem),
        }
    }

    /// Registers what waits, in its order, as far as there is a network.
    pub(super) async fn send_waiting(self) {
        let waiting = self.waiting.try_get_untracked().unwrap_or_default();
        for one in waiting.into_iter().filter(|one| one.problem.is_none()) {
            match self.send(&one.asked).await {
                Ok(()) => self.forget(&one).await,
                Err(api::Trouble::Offline) => return,
                Err(trouble) => self.was_refused(one, text::trouble(&trouble)).await,
            }
        }
    }

    /// Brings the files of an act that are still on this device, then asks for it.
    pub(super) async fn send(self, asked: &Asked) -> Result<(), api::Trouble> {
        let Asked { request, mut act } = asked.clone();
        for file in act.attachments_mut() {
            let Some(content) = kept_file(self, file).await else { continue };
            let content = js_sys::Uint8Array::from(&content[..]);
            *file = api::process::attach(self.exercise, &file.name, content).await?;
        }
        let record = api::process::register(self.exercise, &Asked { request, act }).await?;
        self.add(record);
        Ok(())
    }

    async fn was_refused(self, one: Waiting, problem: String) {
        let refused = Waiting { problem: Some(problem), ..one };
        let kept = self.session.keep(&self.waiting_name(&refused), Some(&refused)).await;
        if let Err(failure) = kept {
            leptos::logging::error!("not kept: {failure}");
        }
        let _ = self.waiting.try_update(|waiting| {
            for one in waiting.iter_mut().filter(|one| one.asked.request == refused.asked.request) {
                one.problem.clone_from(&refused.problem);
            }
        });
    }

    /// The act does not wait any more: the server has it, or it was given up.
    async fn forget(self, one: &Waiting) {
        let forgotten = self.session.keep(&self.waiting_name(one), None::<&Waiting>).await;
        if let Err(failure) = forgotten {
            // It is asked for again with the same request, which registers nothing more.
            leptos::logging::error!("still waits on the device: {failure}");
        }
        self.forget_files(&one.asked.act).await;
        let _ = self.waiting.try_update(|waiting| {
            waiting.retain(|other| other.asked.request != one.asked.request);
        });
    }

    pub(super) async fn forget_files(self, act: &Act) {
        for file in act.attachments() {
            let _ = self.session.keep_bytes(&file_name(self, &file.sha256), None).await;
        }
    }
}

/// What waits, and giving it up.
#[component]
pub fn WaitingList() -> impl IntoView {
    let acts = use_acts();
    let item = move |one: Waiting| {
        let asks = RwSignal::new(false);
        let told = format!("{}, guardado el {} ", one.asked.act.label(), text::at(one.at));
        let problem = one.problem.clone().map(|problem| {
            view! { <p>{format!("El servidor no lo registró: {problem}")}</p> }
        });
        let one = StoredValue::new(one);
        let give_up = move |_| spawn_local(async move { acts.forget(&one.get_value()).await });
        view! {
            <li>
                {told}
                {problem}
                <Show
                    when=move || asks.get()
                    fallback=move || view! {
                        <button class="link-button" on:click=move |_| asks.set(true)>"Descartar…"</button>
                    }
                >
                    <span class="buttons">
                        <button class="button danger" on:click=give_up>"Descartar este acto"</button>
                        <button class="button" on:click=move |_| asks.set(false)>"Conservarlo"</button>
                    </span>
                </Show>
            </li>
        }
    };
    view! {
        <Show when=move || !acts.waiting.with(Vec::is_empty)>
            <section class="message warning" aria-labelledby="por-registrar">
                <h2 id="por-registrar">"Por registrar desde este equipo"</h2>
                <ul>{move || acts.waiting.get().into_iter().map(item).collect_view()}</ul>
            </section>
        </Show>
    }
}
