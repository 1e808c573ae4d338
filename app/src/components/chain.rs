//! The way through an exercise: its tables in the order of the process, how full they are and what
//! the rules say of each.

use leptos::prelude::*;
use shared::{ids::ExerciseId, rules::Severity, template::TableId};

use crate::{
    components::views::{Screen, View},
    store::use_store,
    text,
};

/// The tables, and where one is.
#[component]
pub fn Chain(id: ExerciseId, screen: Memo<Option<Screen>>) -> impl IntoView {
    let link = move |target: TableId| view! { <ChainLink id target screen /> };
    view! {
        <nav class="chain" aria-label="Matrices del ejercicio">
            <ol class="chain-steps">{TableId::GRIDS.into_iter().map(link).collect_view()}</ol>
            <ul class="chain-others">
                {[TableId::Instruments, TableId::General, TableId::Columns]
                    .into_iter()
                    .map(link)
                    .collect_view()}
                <TraceLink id screen />
                <li>
                    <a class="chain-link" href=format!("/proceso/{id}")>
                        <span class="chain-name">"Plazos y envíos"</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
}

/// The short name of a table, as people call it.
#[must_use]
pub fn short_name(table: TableId) -> &'static str {
    match table {
        TableId::Documents => "Documentos",
        TableId::Strategic => "Estratégica",
        TableId::Potentials => "Potencialidades",
        TableId::Challenges => "Desafíos y objetivos",
        TableId::Focus => "Focalización",
        TableId::Instruments => "Instrumentos y montos",
        TableId::General => "Antecedentes",
        TableId::Columns => "Columnas propias",
        TableId::Decisions => "Decisiones",
        TableId::Options => "Opciones propias",
    }
}

/// «MTX-1», where the norms give the table a place in the chain.
#[must_use]
pub fn place_in_chain(table: TableId) -> Option<&'static str> {
    match table {
        TableId::Strategic => Some("MTX-1"),
        TableId::Potentials => Some("MTX-2"),
        TableId::Challenges => Some("MTX-3"),
        TableId::Focus => Some("MTX-4"),
        _ => None,
    }
}

/// The view that walks through all of them.
#[component]
fn TraceLink(id: ExerciseId, screen: Memo<Option<Screen>>) -> impl IntoView {
    let trace = Screen::View(View::Trace);
    view! {
        <li>
            <a
                class="chain-link"
                href=format!("/ejercicio/{id}/{}", trace.path())
                aria-current=move || (screen.get() == Some(trace)).then_some("page")
            >
                <span class="chain-name">{View::Trace.title()}</span>
            </a>
        </li>
    }
}

#[component]
fn ChainLink(id: ExerciseId, target: TableId, screen: Memo<Option<Screen>>) -> impl IntoView {
    let store = use_store();
    let rows = move || {
        store.track_table(target);
        store.with(|exercise| exercise.table(target).order().len())
    };
    let is_counted = !matches!(target, TableId::Instruments | TableId::General);
    let findings = Memo::new(move |_| {
        let derived = store.derived();
        let here = derived.findings.iter().filter(|finding| finding.at.table() == Some(target));
        let mut counts = [0_usize; 3];
        for finding in here {
            counts[finding.severity as usize] += 1;
        }
        counts
    });
    let badges = move || {
        let counts = findings.get();
        [Severity::Block, Severity::Warn]
            .into_iter()
            .filter(|severity| counts[*severity as usize] > 0)
            .map(|severity| {
                let count = counts[severity as usize];
                let spoken = text::count(count, "aviso", "avisos");
                view! {
                    <span class=format!("badge {}", severity.as_str()) title=severity.label()>
                        <span aria-hidden="true">{count}</span>
                        <span class="visually-hidden">
                            {format!(", {spoken}: {}", severity.label().to_lowercase())}
                        </span>
                    </span>
                }
            })
            .collect_view()
    };
    let spoken_rows = move || text::count(rows(), "fila", "filas");
    view! {
        <li>
            <a
                class="chain-link"
                href=format!("/ejercicio/{id}/{}", target.as_str())
                aria-current=move || (screen.get()?.table() == Some(target)).then_some("page")
            >
                {place_in_chain(target).map(|place| view! { <span class="chain-place">{place}</span> })}
                <span class="chain-name">{short_name(target)}</span>
                {is_counted.then(|| view! {
                    <span class="chain-count">
                        <span aria-hidden="true">{rows}</span>
                        <span class="visually-hidden">", " {spoken_rows}</span>
                    </span>
                })}
                <span class="chain-badges">{badges}</span>
            </a>
        </li>
    }
}
