//! Recording what the council decided on one exact version.

use leptos::prelude::*;
use shared::process::{
    Act, ActNumber, Fingerprint,
    council::{Call, CouncilDecision, ProofKind, Votes},
    letter::{Attachment, Official},
    version::{VersionKind, receipt_number},
};

use super::{
    act_form::ActForm,
    fields::{Field, chosen, day, number, value},
    file_field::FileField,
    use_acts,
};

/// The form. What was typed stays until the server has it.
#[component]
pub fn CouncilForm() -> impl IntoView {
    let acts = use_acts();
    let files = RwSignal::new(Vec::<Attachment>::new());
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
    let read = move || {
        let attachment = files.with(|files| files.first().cloned());
        decision(&versions(), attachment).map(Act::Council)
    };
    view! {
        <ActForm
            id="sesion"
            title="Registrar un acuerdo"
            button="Registrar acuerdo"
            read
            registered=move |()| files.set(Vec::new())
        >
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
                <FileField id="core-archivo" label="Certificado, acta o acuerdo" files single=true />
        </ActForm>
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
