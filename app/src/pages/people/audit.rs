//! Who did what.

use leptos::{prelude::*, task::spawn_local};
use shared::api::people::{AUDIT_PAGE, Audited};

use crate::{
    api,
    components::{page::Page, signed_in::SignedIn},
    text,
};

/// The audit of those whom the person manages.
#[component]
pub fn AuditPage() -> impl IntoView {
    view! {
        <Page title="Registro de accesos y cambios">
            <p>
                <a href="/personas">"Personas"</a>
                " · Quién entró, qué abrió o descargó y qué cambió de las cuentas, con la hora de este equipo; se guarda cinco años. Lo escrito en cada celda está en su historial."
            </p>
            <SignedIn let:_>
                <Entries />
            </SignedIn>
        </Page>
    }
}

#[component]
fn Entries() -> impl IntoView {
    let entries = RwSignal::new(Vec::<Audited>::new());
    let is_more = RwSignal::new(false);
    let message = RwSignal::new(None::<String>);
    let load = move || {
        spawn_local(async move {
            let before = entries.with_untracked(|all| all.last().map(|last| last.id));
            match api::people::audit(before).await {
                Ok(page) => {
                    // The page may be gone by now.
                    let _ = is_more.try_set(page.len() == AUDIT_PAGE);
                    let _ = entries.try_update(|all| all.extend(page));
                }
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                    let _ = is_more.try_set(false);
                }
            }
        });
    };
    load();
    view! {
        <div role="alert">
            {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
        </div>
        <table class="table stacked audit">
            <thead>
                <tr>
                    <th scope="col">"Cuándo"</th>
                    <th scope="col">"Quién"</th>
                    <th scope="col">"Qué"</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || entries.get() key=|entry| entry.id let(entry)>
                    <Row entry />
                </For>
            </tbody>
        </table>
        <Show when=move || is_more.get()>
            <button class="button" on:click=move |_| load()>"Ver anteriores"</button>
        </Show>
    }
}

#[component]
fn Row(entry: Audited) -> impl IntoView {
    let Audited { at, event, by, about, exercise, detail, .. } = entry;
    let is_self = by == about;
    let by = by.unwrap_or_else(|| "—".into());
    let about = about.filter(|_| !is_self);
    let exercise = exercise.map(text::exercise);
    let more = [about, exercise, Some(detail).filter(|detail| !detail.is_empty())];
    let more: Vec<String> = more.into_iter().flatten().collect();
    view! {
        <tr>
            <td data-label="Cuándo" class="audit-when">{text::at(at)}</td>
            <td data-label="Quién">{by}</td>
            <td data-label="Qué">
                {event.title()}
                {(!more.is_empty()).then(|| view! { <small>{more.join(" · ")}</small> })}
            </td>
        </tr>
    }
}
