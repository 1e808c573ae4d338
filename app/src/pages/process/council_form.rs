//! Recording what the council decided on one exact version.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use shared::process::{
    Act, ActNumber, Fingerprint,
    council::{Call, CouncilDecision, ProofKind, Votes},
    letter::{Attachment, Official},
    version::{VersionKind, receipt_number},
};

use super::{
    fields::{Field, chosen, day, number, value},
    new_request, use_acts,
};
use crate::{api, text};

/// The form. What was typed stays until the server has it.
#[component]
pub fn CouncilForm() -> impl IntoView {
    let acts = use_acts();
    let form = NodeRef::<html::Form>::new();
    let input = NodeRef::<html::Input>::new();
    let file = RwSignal::new(None::<Attachment>);
    let request = RwSignal::new(new_request());
    let message = RwSignal::new(None::<String>);
    let versions = move || {
        let of = |process: &shared::process::Process<'_>| {
            let voted = |kind| {
                matches!(
                    kind,
                    VersionKind::Proposal
                        | VersionKind::Amended
                        | VersionKind::Final
                        | VersionKind::Adjusted
                )
            };
            let versions = process.register.versions().filter(|(_, version)| voted(version.kind));
            let mut versions: Vec<(ActNumber, String, Fingerprint)> = versions
                .map(|(number, version)| {
                    let name = format!(
                        "{} {}",
                        version.kind.label(),
                        receipt_number(acts.exercise, number)
                    );
                    (number, name, version.fingerprint)
                })
                .collect();
            versions.reverse();
            versions
        };
        acts.read(of).unwrap_or_default()
    };
    let attach = move |_| {
        let found = input.get_untracked().and_then(|input| input.files());
        let Some(found) = found.and_then(|files| files.get(0)) else { return };
        spawn_local(async move {
            // The page may be gone by now.
            let _ = match api::process::attach(acts.exercise, &found).await {
                Ok(found) => file.try_set(Some(found)).is_some(),
                Err(trouble) => message.try_set(Some(text::trouble(&trouble))).is_some(),
            };
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let decision = match decision(&untrack(versions), file.get_untracked()) {
            Ok(decision) => decision,
            Err(problem) => return message.set(Some(problem)),
        };
        message.set(None);
        spawn_local(async move {
            // The page may be gone by now.
            match acts.register(request.get_untracked(), Act::Council(decision)).await {
                Ok(_) => {
                    if let Some(form) = form.get_untracked() {
                        form.reset();
                    }
                    let _ = (file.try_set(None), request.try_set(new_request()));
                }
                Err(problem) => {
                    let _ = message.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        <section class="act-form" aria-labelledby="sesion">
            <h2 id="sesion">"Registrar un acuerdo"</h2>
            <form node_ref=form on:submit=submit>
                <div class="field wide">
                    <label for="core-version">"Versión que se votó"</label>
                    <select id="core-version" class="input" required>
                        {move || versions().into_iter().map(|(number, name, _)| view! {
                            <option value=number>{name}</option>
                        }).collect_view()}
                    </select>
                </div>
                <Field id="core-sesion" label="Número de la sesión" />
                <Field id="core-fecha" label="Fecha de la sesión" kind="date" />
                <div class="field">
                    <label for="core-citacion">"Citación"</label>
                    <select id="core-citacion" class="input">
                        <option value="1">"Primera"</option>
                        <option value="2">"Segunda"</option>
                    </select>
                </div>
                <Field id="core-consejo" label="Consejeros en ejercicio" kind="number" />
                <Field id="core-asisten" label="Asisten" kind="number" />
                <Field id="core-favor" label="A favor" kind="number" />
                <Field id="core-contra" label="En contra" kind="number" />
                <Field id="core-abstencion" label="Se abstienen" kind="number" />
                <div class="field">
                    <label for="core-resultado">"Resultado"</label>
                    <select id="core-resultado" class="input">
                        <option value="si">"Se aprueba"</option>
                        <option value="no">"Se rechaza"</option>
                    </select>
                </div>
                <Field id="core-acuerdo" label="Número del acuerdo" />
                <Field id="core-fe" label="Quién certifica" />
                <div class="field wide">
                    <label for="core-archivo">"Certificado, acta o acuerdo"</label>
                    <input id="core-archivo" type="file" node_ref=input on:change=attach />
                    {move || file.get().map(|file| view! { <span class="hint">{format!("Adjunto: {}", file.name)}</span> })}
                </div>
                <div role="alert" class="wide">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit">"Registrar acuerdo"</button>
            </form>
        </section>
    }
}

/// What the form says.
fn decision(
    versions: &[(ActNumber, String, Fingerprint)],
    attachment: Option<Attachment>,
) -> Result<CouncilDecision, String> {
    let version = chosen("core-version").parse::<ActNumber>().ok();
    let version = versions.iter().find(|(number, ..)| Some(*number) == version);
    let (version, _, fingerprint) = version.ok_or("Falta la versión que se votó.")?;
    Ok(CouncilDecision {
        session: value("core-sesion"),
        is_extraordinary: false,
        held: day("core-fecha")?.ok_or("Falta la fecha de la sesión.")?,
        call: if chosen("core-citacion") == "2" { Call::Second } else { Call::First },
        members: number("core-consejo", "los consejeros en ejercicio")?,
        attending: number("core-asisten", "los que asisten")?,
        votes: Votes {
            favour: number("core-favor", "los votos a favor")?,
            against: number("core-contra", "los votos en contra")?,
            abstained: number("core-abstencion", "las abstenciones")?,
        },
        agreement: value("core-acuerdo"),
        is_approved: chosen("core-resultado") != "no",
        version: *version,
        fingerprint: *fingerprint,
        secretary: Official { name: value("core-fe"), ..Official::default() },
        proof: ProofKind::Certificate,
        attachment,
    })
}
