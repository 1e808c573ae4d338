//! Registering what is no letter, amount or agreement of the council: sessions held, how a date is
//! read, Sercotec's decisions.

use leptos::prelude::*;
use shared::{
    access::Action,
    format::format_long_date,
    process::{
        Act, Milestone, Process,
        act::{Activity, ClosingReport, Remark, ReportKind, Ruling},
        letter::Attachment,
    },
};

use super::{
    act_form::ActForm,
    fields::{Choice, Field, chosen, chosen_of, day, value},
    file_field::FileField,
    use_acts,
};

/// What may be registered here, with what somebody must be allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Activity,
    Ruling,
    Acceptance,
    Fallback,
    Report(ReportKind),
    Closing,
}

const KINDS: [(Kind, Action, &str); 9] = [
    (Kind::Activity, Action::RecordActivity, "Reunión, sesión o actividad"),
    (Kind::Ruling, Action::Rule, "Criterio sobre un plazo que vence en día inhábil"),
    (Kind::Acceptance, Action::Accept, "Conformidad con la focalización final"),
    (Kind::Fallback, Action::DeclareFallback, "Rige la focalización del año anterior"),
    (Kind::Report(ReportKind::Gore), Action::ReportAsGore, ReportKind::Gore.label()),
    (
        Kind::Report(ReportKind::RegionalOffice),
        Action::ReportAsRegionalOffice,
        ReportKind::RegionalOffice.label(),
    ),
    (
        Kind::Report(ReportKind::RegionsManagement),
        Action::ReportAsCentre,
        ReportKind::RegionsManagement.label(),
    ),
    (Kind::Report(ReportKind::Survey), Action::ReportAsCentre, ReportKind::Survey.label()),
    (Kind::Closing, Action::Close, "Cierre del ejercicio"),
];

const ACTIVITIES: [Milestone; 7] = [
    Milestone::PriorMeeting,
    Milestone::FirstSession,
    Milestone::ActorForms,
    Milestone::SecondSession,
    Milestone::TerritorialActivities,
    Milestone::ThirdSession,
    Milestone::MissingDocuments,
];

/// The form; nothing where there is nothing that the person may register now.
#[component]
pub fn OtherForm() -> impl IntoView {
    let acts = use_acts();
    let offered = Memo::new(move |_| {
        let may = KINDS.into_iter().enumerate().filter(|(_, (_, action, _))| acts.may(*action));
        may.map(|(number, _)| number).collect::<Vec<_>>()
    });
    let wanted = RwSignal::new(None::<usize>);
    let kind = Memo::new(move |_| {
        let offered = offered.get();
        let wanted = wanted.get().filter(|number| offered.contains(number));
        wanted.or(offered.first().copied()).map(|number| KINDS[number].0)
    });
    let files = RwSignal::new(Vec::<Attachment>::new());
    let read = move || act(kind.get().ok_or("No hay nada que registrar.")?, files.get());
    let registered = move |()| {
        files.set(Vec::new());
        wanted.set(None);
    };
    let options = move || {
        let option = |number: usize| view! { <option value=number>{KINDS[number].2}</option> };
        offered.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || !offered.with(Vec::is_empty)>
            <ActForm id="otro-acto" title="Registrar otro acto" button="Registrar acto" read registered>
                    <div class="field wide">
                        <label for="otro-tipo">"Qué"</label>
                        <select
                            id="otro-tipo"
                            class="input"
                            on:change=move |event| wanted.set(event_target_value(&event).parse().ok())
                        >
                            {options}
                        </select>
                    </div>
                    {move || match kind.get() {
                        Some(Kind::Activity) => view! { <ActivityFields /> }.into_any(),
                        Some(Kind::Ruling) => view! { <RulingFields /> }.into_any(),
                        Some(Kind::Report(_)) => view! {
                            <Field id="otro-fecha" label="Fecha del informe" kind="date" />
                            <FileField id="otro-archivo" label="Archivo" files single=true />
                        }
                        .into_any(),
                        _ => ().into_any(),
                    }}
                    <Show when=move || kind.get().is_some_and(|kind| !matches!(kind, Kind::Report(_)))>
                        <Field id="otro-nota" label="Nota o fundamento" optional=true wide=true />
                    </Show>
            </ActForm>
        </Show>
    }
}

#[component]
fn ActivityFields() -> impl IntoView {
    let options = ACTIVITIES.iter().map(|milestone| milestone.label()).collect();
    view! {
        <Choice id="otro-actividad" label="Cuál" options />
        <Field id="otro-convocada" label="Convocada el (si se sabe)" kind="date" optional=true />
        <Field id="otro-realizada" label="Realizada el (si ya fue)" kind="date" optional=true />
    }
}

/// The deadlines that fall on a rest day, each with the two days that a ruling may name.
#[component]
fn RulingFields() -> impl IntoView {
    let acts = use_acts();
    let days = move || {
        let of = |process: &Process<'_>| {
            let all = process.deadlines.iter().enumerate().flat_map(|(number, deadline)| {
                let label = deadline.milestone.label();
                deadline.rulings().into_iter().map(move |due| (number, label, due))
            });
            all.collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    };
    move || {
        let days = days();
        if days.is_empty() {
            return view! { <p class="wide">"Ningún plazo de este año vence en día inhábil."</p> }
                .into_any();
        }
        let option = |(number, label, due): (usize, &str, chrono::NaiveDate)| {
            let text = format!("{label}: {}", format_long_date(due));
            view! { <option value=format!("{number} {due}")>{text}</option> }
        };
        view! {
            <div class="field wide">
                <label for="otro-plazo">"Plazo, y el día en que se entiende que vence"</label>
                <select id="otro-plazo" class="input">{days.into_iter().map(option).collect_view()}</select>
            </div>
        }
        .into_any()
    }
}

/// What the form says.
fn act(kind: Kind, files: Vec<Attachment>) -> Result<Act, String> {
    let note = value("otro-nota");
    Ok(match kind {
        Kind::Activity => Act::Activity(Activity {
            milestone: chosen_of("otro-actividad", &ACTIVITIES),
            called: day("otro-convocada")?,
            held: day("otro-realizada")?,
            note,
        }),
        Kind::Ruling => {
            let chosen = chosen("otro-plazo");
            let found = chosen.split_once(' ').and_then(|(milestone, due)| {
                let milestone = Milestone::ALL.get(milestone.parse::<usize>().ok()?)?;
                Some((*milestone, due.parse().ok()?))
            });
            let (milestone, due) = found.ok_or("No hay ningún plazo que elegir.")?;
            Act::Ruling(Ruling { milestone, due, reason: note, letter: None })
        }
        Kind::Acceptance => Act::Acceptance(Remark { note, letter: None }),
        Kind::Fallback => Act::Fallback(Remark { note, letter: None }),
        Kind::Report(kind) => Act::Report(ClosingReport {
            kind,
            on: day("otro-fecha")?.ok_or("Falta la fecha del informe.")?,
            attachment: files.into_iter().next(),
        }),
        Kind::Closing => Act::Closing(Remark { note, letter: None }),
    })
}
