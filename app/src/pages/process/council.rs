//! What the regional council decided, and on which version.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    access::Action,
    format::format_date,
    history::Difference,
    ids::ExerciseId,
    process::{
        ActNumber, Approval,
        council::CouncilDecision,
        version::{changes, place},
    },
};

use super::{council_form::CouncilForm, read_exercise, use_acts};
use crate::{
    api,
    components::change::{Part, change_view, parts},
    text,
};

/// The decisions, and whether they cover what is sent.
#[component]
pub fn CouncilView() -> impl IntoView {
    let acts = use_acts();
    let approval = move || acts.read(|process| told(&process.approval()));
    let rows = move || {
        let of = |process: &shared::process::Process<'_>| {
            let rows = process.register.decisions().map(|(number, decision)| row(number, decision));
            rows.collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    let differs = move || {
        let of = |process: &shared::process::Process<'_>| match process.approval() {
            Approval::Differs { approved, sent, .. } => Some((approved, sent)),
            _ => None,
        };
        acts.read(of).flatten()
    };
    view! {
        {move || approval().map(|(class, text)| view! { <p class=class>{text}</p> })}
        <table class="table stacked council">
            <thead>
                <tr>
                    <th scope="col">"Sesión"</th>
                    <th scope="col">"Asistencia"</th>
                    <th scope="col">"Votación"</th>
                    <th scope="col">"Acuerdo"</th>
                    <th scope="col">"Versión"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Show when=move || acts.may(Action::RecordCouncil)>
            <CouncilForm />
        </Show>
        {move || differs().map(|(approved, sent)| view! { <Differences approved sent /> })}
    }
}

/// Where the final is not what was approved.
#[component]
fn Differences(approved: ActNumber, sent: ActNumber) -> impl IntoView {
    let exercise = use_acts().exercise;
    let found = RwSignal::new(None::<Result<Vec<(String, Vec<Part>)>, String>>);
    spawn_local(async move {
        let found_now = differences(exercise, approved, sent).await;
        // The page may be gone by now.
        let _ = found.try_set(Some(found_now));
    });
    view! {
        <h2>"En qué se diferencian"</h2>
        {move || match found.get() {
            None => view! { <p class="waiting" role="status">"Comparando…"</p> }.into_any(),
            Some(Err(problem)) => {
                view! { <p class="message danger" role="alert">{problem}</p> }.into_any()
            }
            Some(Ok(found)) => view! {
                <table class="table stacked">
                    <thead>
                        <tr>
                            <th scope="col">"Dónde"</th>
                            <th scope="col">"De lo aprobado a lo enviado"</th>
                        </tr>
                    </thead>
                    <tbody>{found.into_iter().map(difference).collect_view()}</tbody>
                </table>
            }
            .into_any(),
        }}
    }
}

fn difference((place, parts): (String, Vec<Part>)) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{place}</th>
            <td data-label="De lo aprobado a lo enviado">{change_view(parts)}</td>
        </tr>
    }
}

async fn differences(
    exercise: ExerciseId,
    approved: ActNumber,
    sent: ActNumber,
) -> Result<Vec<(String, Vec<Part>)>, String> {
    let read = async |act| {
        let file = api::process::version(exercise, act).await;
        read_exercise(&file.map_err(|trouble| text::trouble(&trouble))?)
    };
    let (before, after) = (read(approved).await?, read(sent).await?);
    let told = |difference: &Difference| {
        let Difference { key, before: was, after: is } = difference;
        (place(&after, key).to_string(), parts(&after, key, was.as_ref(), is.as_ref()))
    };
    Ok(changes(&before, &after).iter().map(told).collect())
}

fn told(approval: &Approval) -> (&'static str, String) {
    match approval {
        Approval::Missing => {
            ("message", "El Consejo Regional todavía no aprueba ninguna versión.".into())
        }
        Approval::Uncompared { .. } => (
            "message",
            "El Consejo Regional aprobó una versión; todavía no se envía la final con que compararla."
                .into(),
        ),
        Approval::Covers { is_later: false, .. } => {
            ("message success", "La final enviada es la versión que aprobó el CORE.".into())
        }
        Approval::Covers { is_later: true, .. } => (
            "message warning",
            "La final enviada es la que aprobó el CORE, pero la aprobación fue después del envío."
                .into(),
        ),
        Approval::Differs { .. } => (
            "message danger",
            "La final enviada no es la versión que aprobó el CORE: su contenido es otro.".into(),
        ),
    }
}

fn row(number: ActNumber, decision: &CouncilDecision) -> AnyView {
    let votes = decision.votes;
    let result = if decision.is_approved { "Aprobada" } else { "Rechazada" };
    let doubts = decision.doubts().into_iter().map(|doubt| view! { <small>{doubt}</small> });
    view! {
        <tr>
            <th scope="row">{format_date(decision.held)} <small>{format!("Acto {number}")}</small></th>
            <td data-label="Asistencia">{format!("{} de {}", decision.attending, decision.members)}</td>
            <td data-label="Votación">
                {format!("{} a favor, {} en contra, {} abstenciones", votes.favour, votes.against, votes.abstained)}
                {doubts.collect_view()}
            </td>
            <td data-label="Acuerdo">{format!("{} · {result}", decision.agreement)}</td>
            <td data-label="Versión">
                {format!("Acto {}", decision.version)} <small>{decision.fingerprint.short()}</small>
            </td>
        </tr>
    }
    .into_any()
}
