//! Registering a letter.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::process::{
    Act, Institution,
    letter::{Attachment, Channel, Dispatch, Letter, LetterKind, Official, Reception},
};

use super::{
    fields::{Field, day, value},
    new_request, use_acts,
};
use crate::{api, text};

/// The form. What was typed stays until the server has it.
#[component]
pub fn LetterForm() -> impl IntoView {
    let acts = use_acts();
    let form = NodeRef::<html::Form>::new();
    let kind = RwSignal::new(0_usize);
    let files = RwSignal::new(Vec::<Attachment>::new());
    let request = RwSignal::new(new_request());
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let is_bringing = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let attach = move |_| {
        let chosen = input.get_untracked().and_then(|input| input.files());
        let file = chosen.and_then(|files| files.get(0));
        let Some(file) = file else { return };
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        is_bringing.set(true);
        message.set(None);
        spawn_local(async move {
            let done = api::process::attach(acts.exercise, &file).await;
            // The page may be gone by now.
            let _ = is_bringing.try_set(false);
            let _ = match done {
                Ok(file) => files.try_update(|files| files.push(file)).is_some(),
                Err(trouble) => message.try_set(Some(text::trouble(&trouble))).is_some(),
            };
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        let kind = LetterKind::ALL[kind.get_untracked()];
        let letter = match letter(kind, files.get_untracked()) {
            Ok(letter) => letter,
            Err(problem) => return message.set(Some(problem)),
        };
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = acts.register(request.get_untracked(), Act::Letter(letter)).await;
            // The page may be gone by now.
            let _ = is_busy.try_set(false);
            match done {
                Ok(_) => {
                    if let Some(form) = form.get_untracked() {
                        form.reset();
                    }
                    let _ = (files.try_set(Vec::new()), request.try_set(new_request()));
                }
                Err(problem) => {
                    let _ = message.try_set(Some(problem));
                }
            }
        });
    };
    let options = LetterKind::ALL.into_iter().enumerate().map(|(number, one)| {
        view! { <option value=number>{one.label()}</option> }
    });
    view! {
        <section class="act-form" aria-labelledby="registrar">
            <h2 id="registrar">"Registrar un oficio"</h2>
            <form node_ref=form on:submit=submit>
                <div class="field wide">
                    <label for="oficio-tipo">"De qué es"</label>
                    <select
                        id="oficio-tipo"
                        class="input"
                        on:change=move |event| {
                            kind.set(event_target_value(&event).parse().unwrap_or_default());
                        }
                    >
                        {options.collect_view()}
                    </select>
                </div>
                <Field id="oficio-numero" label="Número o folio" />
                <Field id="oficio-fecha" label="Fecha del oficio" kind="date" />
                <Field id="oficio-firma" label="Firma" />
                <Field id="oficio-cargo" label="Cargo de quien firma (si se sabe)" optional=true />
                <Field id="oficio-para" label="Dirigido a" />
                <Field id="oficio-materia" label="Materia" wide=true />
                <Field id="oficio-despacho" label="Despachado el (si se sabe)" kind="date" optional=true />
                <Field id="oficio-recepcion" label="Recibido el (si se sabe)" kind="date" optional=true />
                <div class="field wide">
                    <span class="label">"Archivos"</span>
                    <ul class="letter-files">
                        {move || files.get().into_iter().map(|file| view! {
                            <li>{format!("{} ({})", file.name, shared::format::format_bytes(file.bytes))}</li>
                        }).collect_view()}
                    </ul>
                    <label class="button" class:disabled=is_bringing for="oficio-archivo">
                        {move || if is_bringing.get() { "Adjuntando…" } else { "Adjuntar…" }}
                    </label>
                    <input
                        id="oficio-archivo"
                        class="visually-hidden"
                        type="file"
                        disabled=is_bringing
                        node_ref=input
                        on:change=attach
                    />
                </div>
                <div role="alert" class="wide">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { "Registrando…" } else { "Registrar" }}
                </button>
            </form>
        </section>
    }
}

/// What the form says.
fn letter(kind: LetterKind, attachments: Vec<Attachment>) -> Result<Letter, String> {
    let issuer = kind.issuer().unwrap_or(Institution::Gore);
    let date = day("oficio-fecha")?.ok_or("Falta la fecha del oficio.")?;
    let official =
        |name: &str, post: String| Official { name: value(name), post, is_acting: false };
    Ok(Letter {
        kind,
        number: value("oficio-numero"),
        issuer,
        issuer_name: String::new(),
        signatory: official("oficio-firma", value("oficio-cargo")),
        addressee: official("oficio-para", String::new()),
        subject: value("oficio-materia"),
        date,
        signed: None,
        dispatch: day("oficio-despacho")?.map(|on| Dispatch { on, channel: Channel::DocDigital }),
        reception: day("oficio-recepcion")?.map(|on| Reception { on, stamp: String::new() }),
        delivery: None,
        attachments,
        instruments: Vec::new(),
    })
}
