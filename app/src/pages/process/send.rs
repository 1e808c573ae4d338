//! Fixing a version, and sending it. What is sent is what the server has, evaluated by the server; the
//! person sees the same first.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    access::Action,
    api::process::{Fix, Reason, code},
    format::{format_date, format_money},
    instruments,
    model::totals::totals,
    process::{
        Act, Fingerprint, Record,
        version::{RecordedFinding, VersionKind, findings, fingerprint, receipt_number},
    },
    rules::Severity,
};

use super::{
    Acts, new_request, read_exercise,
    receive::{Receive, may_receive},
    use_acts,
};
use crate::{api, store::refresh, text};

/// What may be fixed or sent, with what somebody must be allowed.
const KINDS: [(VersionKind, Action); 5] = [
    (VersionKind::Preliminary, Action::SubmitPreliminary),
    (VersionKind::Proposal, Action::Propose),
    (VersionKind::Amended, Action::Amend),
    (VersionKind::Final, Action::SubmitFinal),
    (VersionKind::Adjusted, Action::SubmitAdjusted),
];

/// What is about to be sent, as the server has it.
#[derive(Clone)]
struct Prepared {
    kind: VersionKind,
    request: String,
    seen: Fingerprint,
    total: i64,
    /// What keeps it from being ready.
    blocking: Vec<RecordedFinding>,
    /// How many findings there are besides.
    others: usize,
}

/// What was sent, and the way to send more.
#[component]
pub fn SendView() -> impl IntoView {
    let acts = use_acts();
    let prepared = RwSignal::new(None::<Prepared>);
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let prepare = move |kind| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = prepare(acts, kind).await;
            // The page may be gone by now.
            let _ = is_busy.try_set(false);
            let _ = match done {
                Ok(found) => prepared.try_set(Some(found)).is_some(),
                Err(problem) => message.try_set(Some(problem)).is_some(),
            };
        });
    };
    let offered = move || {
        let may = KINDS.into_iter().filter(|(_, action)| acts.may(*action));
        may.map(|(kind, _)| {
            let words = if kind.is_sent() { "Preparar el envío" } else { "Fijar" };
            view! {
                <button class="button" disabled=is_busy on:click=move |_| prepare(kind)>
                    {format!("{words}: {}", kind.label())}
                </button>
            }
        })
        .collect_view()
    };
    let versions = move || {
        let of = |process: &shared::process::Process<'_>| {
            let numbers: Vec<_> = process.register.versions().map(|(number, _)| number).collect();
            let records = process.register.records().iter();
            let records = records.filter(|record| numbers.contains(&record.number));
            let known = |record: &Record| {
                let received = process.register.reception(record.number);
                let may = may_receive(acts, process, record.number);
                (record.clone(), received.map(|reception| reception.on), may)
            };
            records.map(known).collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    view! {
        <div class="buttons">{offered}</div>
        <div role="alert">
            {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
        </div>
        {move || prepared.get().map(|ready| view! { <Confirm ready prepared /> })}
        <h2 class="versions">"Versiones"</h2>
        {move || {
            let versions = versions();
            if versions.is_empty() {
                return view! { <p>"Todavía no se ha fijado ni enviado ninguna."</p> }.into_any();
            }
            versions
                .into_iter()
                .rev()
                .map(|(record, received, may)| receipt(acts, record, received, may))
                .collect_view()
                .into_any()
        }}
    }
}

/// Reads what the server has. What waits on this device must be there first.
async fn prepare(acts: Acts, kind: VersionKind) -> Result<Prepared, String> {
    let held = acts.session.holdings().await;
    let unsent = held.get(&acts.exercise).map_or(0, |held| held.unsent);
    if unsent > 0 {
        let person = acts.person.try_get_value().ok_or("La página se cerró.")?;
        let sent = refresh(acts.session, person, acts.exercise, || true, |_, _| {}).await;
        sent.map_err(|hindrance| {
            let waits = text::count(unsent, "cambio tuyo", "cambios tuyos");
            let why = text::hindrance(&hindrance);
            format!("En este equipo hay {waits} por enviar, y eso va primero. {why}")
        })?;
    }
    let file = api::process::current(acts.exercise).await;
    let file = file.map_err(|trouble| text::trouble(&trouble))?;
    let exercise = &read_exercise(&file)?;
    let today =
        untrack(|| acts.read(|process| process.today)).ok_or("Falta el registro de actos.")?;
    let findings = findings(exercise, kind, today);
    let (blocking, others): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| finding.severity == Severity::Block);
    Ok(Prepared {
        kind,
        request: new_request(),
        seen: fingerprint(exercise),
        total: totals(exercise, |id| {
            instruments::instrument(id).is_some_and(|one| one.transferred())
        })
        .budget
        .total,
        blocking: blocking.into_iter().map(RecordedFinding::from).collect(),
        others: others.len(),
    })
}

#[component]
fn Confirm(ready: Prepared, prepared: RwSignal<Option<Prepared>>) -> impl IntoView {
    let acts = use_acts();
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let Prepared { kind, request, seen, total, blocking, others } = ready;
    let reasons: Vec<(RecordedFinding, RwSignal<String>)> =
        blocking.into_iter().map(|finding| (finding, RwSignal::new(String::new()))).collect();
    let count = reasons.len();
    let fields = reasons.iter().enumerate().map(|(number, (finding, reason))| {
        let (id, reason) = (format!("razon-{number}"), *reason);
        view! {
            <div class="field">
                <label for=id.clone()>{format!("{}: {}", finding.rule, finding.message)}</label>
                <textarea
                    id=id
                    class="input"
                    rows="2"
                    prop:value=reason
                    on:input=move |event| reason.set(event_target_value(&event))
                ></textarea>
            </div>
        }
    });
    let fields: Vec<_> = fields.collect();
    let reasons = StoredValue::new(reasons);
    let request = StoredValue::new(request);
    let confirm = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        let given = reasons.with_value(|reasons| {
            let given = reasons.iter().map(|(finding, reason)| Reason {
                rule: finding.rule.clone(),
                at: finding.at.clone(),
                reason: reason.get_untracked(),
            });
            given.collect::<Vec<_>>()
        });
        let fix = Fix {
            request: request.get_value(),
            kind,
            seen,
            reasons: given,
            letter: None,
            based_on: None,
        };
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = api::process::fix(acts.exercise, &fix).await;
            // The page may be gone by now.
            let _ = is_busy.try_set(false);
            match done {
                Ok(record) => {
                    acts.add(record);
                    let _ = prepared.try_set(None);
                }
                Err(trouble) => {
                    let _ = message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    };
    let words = match kind.is_sent() {
        true => format!("Enviar: {}", kind.label()),
        false => "Fijar esta versión".to_owned(),
    };
    let told = format!(
        "Total {}. Huella {}. {}",
        format_money(total),
        seen.short(),
        text::count(others, "aviso más, que no impide enviar", "avisos más, que no impiden enviar"),
    );
    view! {
        <section class="confirm" aria-labelledby="por-enviar">
            <h2 id="por-enviar">{kind.label()}</h2>
            <p>{told}</p>
            {(count > 0).then(|| view! {
                <p class="message warning">
                    {format!(
                        "Hay {}. Solo quien firma puede hacerlo así: cada uno lleva su razón, que queda en la versión.",
                        text::count(count, "aviso que impide enviar", "avisos que impiden enviar"),
                    )}
                </p>
            })}
            {fields}
            <p>"Lo que se envía no cambia más: queda con su huella, tus razones, tu nombre y la hora del servidor. Solo el acuse dice que se envió."</p>
            <div role="alert">
                {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
            </div>
            <div class="buttons">
                <button class="button primary" disabled=is_busy on:click=confirm>
                    {move || if is_busy.get() { "Enviando…".to_owned() } else { words.clone() }}
                </button>
                <button class="button" on:click=move |_| prepared.set(None)>"Cancelar"</button>
            </div>
        </section>
    }
}

/// A version, with its receipt where it was sent.
fn receipt(
    acts: Acts,
    record: Record,
    received: Option<chrono::NaiveDate>,
    may_receive: bool,
) -> AnyView {
    let Act::Version(version) = &record.act else { return ().into_any() };
    let number = receipt_number(acts.exercise, record.number);
    let reasons = version.findings.iter().filter(|finding| finding.is_blocking()).count();
    let reasons = (reasons > 0)
        .then(|| format!(" · {} con su razón", text::count(reasons, "aviso", "avisos")));
    let author = format!("{}, {}", record.author.name, record.author.role.title());
    let verify = version.kind.is_sent().then(|| {
        let way = format!("/verificar/{number}/{}", code(&version.fingerprint));
        let picture = format!("/api/receipts/{number}/{}/qr", code(&version.fingerprint));
        view! {
            <a href=way>"Verificar"</a>
            <img class="receipt-code" src=picture alt="Código para verificar el acuse" width="120" height="120" />
        }
    });
    let file = format!("/api/exercises/{}/versions/{}", acts.exercise, record.number);
    let sent = if version.kind.is_sent() { "Enviada" } else { "Fijada" };
    view! {
        <article class="receipt">
            <div>
                <h3>{version.kind.label()}</h3>
                <p>
                    {format!("{sent} el {} por {author}{}", text::at(record.at), reasons.unwrap_or_default())}
                </p>
                {received.map(|on| view! { <p>{format!("Recibida por Sercotec el {}", format_date(on))}</p> })}
                {may_receive.then(|| view! { <Receive of=record.number /> })}
                <p class="receipt-print">
                    {format!("Acuse {number} · huella ")} <code>{version.fingerprint.to_string()}</code>
                </p>
            </div>
            <div class="buttons">
                {verify}
                <a class="button" href=file download rel="external">"Descargar"</a>
            </div>
        </article>
    }
    .into_any()
}
