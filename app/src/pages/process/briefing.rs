//! Two pages for councillors on one exact version: what it comes to, beside what Sercotec informed, and
//! what changed since the version before.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    format::{format_date, format_integer, format_money, format_percentage},
    ids::ExerciseId,
    model::Exercise,
    process::{
        Act, ActNumber, Process,
        version::{RecordedFinding, Version, changes, place, receipt_number},
    },
    views::{Grouping, Groups, Informed, announced, groups},
};

use super::{read_exercise, use_acts};
use crate::{
    api,
    components::{
        change::{Part, change_view, parts},
        views::words::{coverage_in_words, group_name, money_in_words},
    },
    text,
};

/// As many lines of a list fit on two pages; the rest is counted.
const LINES: usize = 8;

/// The version of one's choice, the latest at first.
#[component]
pub fn BriefingView() -> impl IntoView {
    let acts = use_acts();
    let chosen = RwSignal::new(None::<ActNumber>);
    let versions = Memo::new(move |_| {
        let of = |process: &Process<'_>| {
            let name = |(number, version): (ActNumber, &Version)| {
                (
                    number,
                    format!("{} {}", version.kind.label(), receipt_number(acts.exercise, number)),
                )
            };
            process.register.versions().rev().map(name).collect::<Vec<_>>()
        };
        acts.read(of).unwrap_or_default()
    });
    let act = Memo::new(move |_| {
        chosen.get().or_else(|| versions.with(|versions| versions.first().map(|(act, _)| *act)))
    });
    let options = move || {
        let option = |(act, name)| view! { <option value=act>{name}</option> };
        versions.get().into_iter().map(option).collect_view()
    };
    let print = move |_| {
        // Where the browser cannot print there is no button of its own either.
        let _ = window().print();
    };
    move || {
        match act.get() {
        None => view! {
            <p>"Todavía no se ha fijado ninguna versión. La minuta se hace de la que se envía o se lleva al Consejo Regional."</p>
        }
        .into_any(),
        Some(act) => view! {
            <div class="briefing-tools">
                <label for="minuta-version">"Versión"</label>
                <select
                    id="minuta-version"
                    class="input"
                    on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
                    prop:value=act.to_string()
                >
                    {options}
                </select>
                <button type="button" class="button" on:click=print>"Imprimir"</button>
            </div>
            <Briefing act />
        }
        .into_any(),
    }
    }
}

/// What is read for a briefing.
struct Contents {
    exercise: Exercise,
    /// `None` for the first version.
    changes: Option<Changes>,
}

/// What is different.
struct Changes {
    /// The name of the version before.
    since: String,
    /// Where, and how.
    lines: Vec<(String, Vec<Part>)>,
}

#[component]
fn Briefing(act: ActNumber) -> impl IntoView {
    let acts = use_acts();
    let contents = RwSignal::new_local(None::<Result<Contents, String>>);
    let before = untrack(|| {
        acts.read(|process| {
            let before = process.register.versions().rfind(|(number, _)| *number < act);
            before.map(|(number, version)| (number, version.kind.label()))
        })
    });
    spawn_local(async move {
        let read = read_contents(acts.exercise, act, before.flatten()).await;
        // The page may be gone by now.
        let _ = contents.try_set(Some(read));
    });
    move || {
        contents.with(|contents| match contents {
            None => {
                view! { <p class="waiting" role="status">"Preparando la minuta…"</p> }.into_any()
            }
            Some(Err(problem)) => {
                view! { <p class="message danger" role="alert">{problem.clone()}</p> }.into_any()
            }
            Some(Ok(contents)) => acts.read(|process| pages(process, act, contents)).into_any(),
        })
    }
}

async fn read_contents(
    exercise: ExerciseId,
    act: ActNumber,
    before: Option<(ActNumber, &'static str)>,
) -> Result<Contents, String> {
    let read = async |act| {
        let file = api::process::version(exercise, act).await;
        read_exercise(&file.map_err(|trouble| text::trouble(&trouble))?)
    };
    let now = read(act).await?;
    let changes = match before {
        None => None,
        Some((before, name)) => {
            let was = read(before).await?;
            let told = changes(&was, &now).into_iter().map(|difference| {
                let parts = parts(
                    &now,
                    &difference.key,
                    difference.before.as_ref(),
                    difference.after.as_ref(),
                );
                (place(&now, &difference.key).to_string(), parts)
            });
            let since = format!("{name} {}", receipt_number(exercise, before));
            Some(Changes { since, lines: told.collect() })
        }
    };
    Ok(Contents { exercise: now, changes })
}

fn pages(process: &Process<'_>, act: ActNumber, contents: &Contents) -> Option<AnyView> {
    let record = process.register.records().iter().find(|record| record.number == act)?;
    let Act::Version(version) = &record.act else { return None };
    let exercise = &contents.exercise;
    let by = |by| groups(exercise, by);
    let instruments = by(Grouping::Instrument);
    let about = format!(
        "{} {} · {}",
        version.kind.label(),
        receipt_number(exercise.id, act),
        format_date(process.register.registered_on(record)),
    );
    let title = format!(
        "Focalización {} de {}",
        exercise.id.budget_year,
        text::region(exercise.id.region()),
    );
    Some(
        view! {
            <article class="briefing">
                <header>
                    <h2>{title}</h2>
                    <p>{about}</p>
                </header>
                {figures(&instruments)}
                {by_instrument(process, exercise, &instruments)}
                {ranked(exercise, Grouping::Objective, &by(Grouping::Objective), "Qué se quiere lograr")}
                {ranked(exercise, Grouping::Territory, &by(Grouping::Territory), "Dónde")}
                {contents.changes.as_ref().map(changed)}
                {open_points(version)}
                <p class="receipt-print">
                    "El acuerdo vale para esta versión y ninguna otra. Huella: "
                    <code>{version.fingerprint.to_string()}</code>
                </p>
            </article>
        }
        .into_any(),
    )
}

fn figures(all: &Groups) -> AnyView {
    let facts = [
        ("Acciones y proyectos", format_integer(all.total.rows as i64)),
        ("Presupuesto", money_in_words(all.total.budget)),
        ("Cobertura", coverage_in_words(&all.total)),
    ];
    let fact = |(name, figure)| view! { <div><dt>{name}</dt><dd>{figure}</dd></div> };
    view! {
        <section>
            <h3>"En cifras"</h3>
            <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// Each instrument beside what Sercotec informed for it.
fn by_instrument(process: &Process<'_>, exercise: &Exercise, all: &Groups) -> AnyView {
    let against = announced(exercise, &Informed::of(&process.register));
    let used = all.groups.iter().filter(|group| group.figures.rows > 0);
    let rows = used.map(|group| {
        let against = against.get(group.code.as_str());
        let informed = against.map_or_else(|| "—".into(), |against| format_money(against.announced));
        let difference = against.filter(|against| against.is_complete).map(|against| {
            let percent = against.excess_percent().map(|percent| format_percentage(percent, 1));
            let percent = percent.map(|percent| format!(" ({percent})")).unwrap_or_default();
            format!("{}{percent}", format_money(against.excess()))
        });
        view! {
            <tr>
                <th scope="row">{group_name(exercise, Grouping::Instrument, &group.code)}</th>
                <td class="number" data-label="Acciones">{format_integer(group.figures.rows as i64)}</td>
                <td class="number" data-label="Presupuesto">{money_in_words(group.figures.budget)}</td>
                <td class="number" data-label="Informado por Sercotec">{informed}</td>
                <td class="number" data-label="Diferencia">{difference.unwrap_or_else(|| "—".into())}</td>
            </tr>
        }
    });
    view! {
        <section>
            <h3>"Con qué instrumentos"</h3>
            <table class="table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Instrumento"</th>
                        <th scope="col" class="number">"Acciones"</th>
                        <th scope="col" class="number">"Presupuesto"</th>
                        <th scope="col" class="number">"Informado por Sercotec"</th>
                        <th scope="col" class="number">"Diferencia"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The groups with the largest budgets.
fn ranked(exercise: &Exercise, by: Grouping, all: &Groups, title: &'static str) -> AnyView {
    let mut found: Vec<_> = all.groups.iter().filter(|group| group.figures.rows > 0).collect();
    found.sort_by_key(|group| std::cmp::Reverse(group.figures.budget.total));
    let more = found.len().saturating_sub(LINES);
    let rows = found.into_iter().take(LINES).map(|group| {
        view! {
            <tr>
                <th scope="row">{group_name(exercise, by, &group.code)}</th>
                <td class="number" data-label="Acciones">{format_integer(group.figures.rows as i64)}</td>
                <td class="number" data-label="Presupuesto">{money_in_words(group.figures.budget)}</td>
            </tr>
        }
    });
    view! {
        <section>
            <h3>{title}</h3>
            <table class="table stacked">
                <thead>
                    <tr>
                        <th scope="col">{if by == Grouping::Objective { "Objetivo" } else { "Territorio" }}</th>
                        <th scope="col" class="number">"Acciones"</th>
                        <th scope="col" class="number">"Presupuesto"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {(more > 0).then(|| view! { <p>{text::count(more, "línea más", "líneas más")} ", de menor monto."</p> })}
            {(all.repeated > 0).then(|| view! {
                <p>"Una acción puede estar en varias líneas: no suman el total."</p>
            })}
        </section>
    }
    .into_any()
}

fn changed(Changes { since, lines }: &Changes) -> AnyView {
    let more = lines.len().saturating_sub(LINES);
    let row = |(place, parts): &(String, Vec<Part>)| {
        view! { <tr><th scope="row">{place.clone()}</th><td>{change_view(parts.clone())}</td></tr> }
    };
    let rows: Vec<_> = lines.iter().take(LINES).map(row).collect();
    view! {
        <section>
            <h3>{format!("Qué cambió desde la versión anterior ({since})")}</h3>
            {match rows.is_empty() {
                true => view! { <p>"Nada: dicen lo mismo."</p> }.into_any(),
                false => view! { <table class="table"><tbody>{rows}</tbody></table> }.into_any(),
            }}
            {(more > 0).then(|| view! { <p>{text::count(more, "cambio más", "cambios más")} "."</p> })}
        </section>
    }
    .into_any()
}

/// What keeps the version from being complete, with the reason that was given.
fn open_points(version: &Version) -> Option<AnyView> {
    let blocking: Vec<_> =
        version.findings.iter().filter(|finding| finding.is_blocking()).collect();
    if blocking.is_empty() {
        return None;
    }
    let more = blocking.len().saturating_sub(LINES);
    let item = |finding: &&RecordedFinding| {
        let reason = (!finding.reason.is_empty()).then(|| format!(" Razón: {}", finding.reason));
        view! { <li>{finding.message.clone()} {reason}</li> }
    };
    let items: Vec<_> = blocking.iter().take(LINES).map(item).collect();
    Some(
        view! {
            <section>
                <h3>"Qué falta"</h3>
                <ul>{items}</ul>
                {(more > 0).then(|| view! { <p>{text::count(more, "aviso más", "avisos más")} "."</p> })}
            </section>
        }
        .into_any(),
    )
}
