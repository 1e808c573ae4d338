//! The *Matriz Estratégica Integrada* by source, as the norm draws it, or aspect by aspect.

use leptos::prelude::*;
use shared::{
    ids::RowId,
    template::TableId,
    views::{Pivot, Source},
};

use super::{
    RowLink,
    address::Lines,
    follow,
    words::{aspect_name, row_name, source_name},
};
use crate::{
    store::{Store, use_store},
    text,
};

/// As many entries of one source on one aspect are shown at first.
const ENTRIES: usize = 6;

/// The page.
#[component]
pub fn PivotView(lines: Lines) -> impl IntoView {
    let store = use_store();
    let pivot = follow(store, shared::views::pivot);
    move || match lines {
        Lines::Sources => view! { <BySource pivot=pivot.get() /> }.into_any(),
        Lines::Aspects => view! { <ByAspect pivot=pivot.get() /> }.into_any(),
    }
}

/// A table of sources against aspects.
#[component]
fn BySource(pivot: Pivot) -> impl IntoView {
    let store = use_store();
    let heads = pivot.aspects.iter().enumerate().map(|(place, aspect)| {
        view! {
            <th scope="col">
                {aspect_name(aspect)} " "
                <small>{text::count(pivot.of_aspect(place), "entrada", "entradas")}</small>
            </th>
        }
    });
    let lines = pivot.sources.iter().enumerate().map(|(place, source)| {
        let cells = (0..pivot.aspects.len()).map(|aspect| {
            let entries = pivot.entries(place, aspect).to_vec();
            let label = aspect_name(&pivot.aspects[aspect]);
            let class = if entries.is_empty() { "empty" } else { "" };
            view! { <td class=class data-label=label><Entries entries /></td> }
        });
        let source = source.clone();
        view! {
            <tr>
                <th scope="row">
                    {move || name_of(store, source.as_ref())} " "
                    <small>{text::count(pivot.of_source(place), "entrada", "entradas")}</small>
                </th>
                {cells.collect_view()}
            </tr>
        }
    });
    view! {
        <div class="pivot-scroller" tabindex="0" role="region" aria-label="Fuentes y ámbitos">
            <table class="table pivot">
                <thead>
                    <tr>
                        <th scope="col">"Fuente"</th>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Aspect by aspect, what each source says.
#[component]
fn ByAspect(pivot: Pivot) -> impl IntoView {
    let store = use_store();
    let sections = pivot.aspects.iter().enumerate().map(|(aspect, code)| {
        let has_entries = |source: &usize| !pivot.entries(*source, aspect).is_empty();
        let (full, empty): (Vec<usize>, Vec<usize>) = (0..pivot.sources.len()).partition(has_entries);
        let sources = full.into_iter().map(|source| {
            let entries = pivot.entries(source, aspect).to_vec();
            let source = pivot.sources[source].clone();
            let name = move || name_of(store, source.as_ref());
            view! { <div class="aspect-source"><h4>{name}</h4><Entries entries /></div> }
        });
        let empty: Vec<_> = empty.into_iter().map(|source| pivot.sources[source].clone()).collect();
        let is_heard = empty.is_empty();
        let silent = move || {
            let names = empty.iter().map(|source| name_of(store, source.as_ref()));
            names.collect::<Vec<_>>().join(", ")
        };
        view! {
            <section class="aspect">
                <h3>
                    {aspect_name(code)} " "
                    <small>{text::count(pivot.of_aspect(aspect), "entrada", "entradas")}</small>
                </h3>
                <div class="aspect-sources">{sources.collect_view()}</div>
                {(!is_heard).then(|| view! { <p class="view-note">"Sin entradas: " {silent} "."</p> })}
            </section>
        }
    });
    sections.collect_view()
}

/// What a source is called. Reactive.
fn name_of(store: Store, source: Option<&Source>) -> String {
    if let Some(Source::Document(row)) = source {
        store.track_row(TableId::Documents, row);
    }
    store.with(|exercise| source_name(exercise, source))
}

/// Entries, each leading to its row.
#[component]
fn Entries(entries: Vec<RowId>) -> impl IntoView {
    let store = use_store();
    if entries.is_empty() {
        return view! { <span aria-hidden="true">"—"</span><span class="visually-hidden">"Sin entradas"</span> }.into_any();
    }
    let limit = RwSignal::new(ENTRIES);
    let count = entries.len();
    let entry = move |row: RowId| {
        let said = {
            let row = row.clone();
            move || {
                store.track_row(TableId::Strategic, &row);
                store.with(|exercise| {
                    let entry = exercise.row(TableId::Strategic, &row)?;
                    Some(match entry.flag("no_information") {
                        Some(true) if !entry.has("text") => "Sin información".to_owned(),
                        _ => row_name(exercise, TableId::Strategic, &row, "text"),
                    })
                })
            }
        };
        view! { <li><RowLink table=TableId::Strategic row field="text">{said}</RowLink></li> }
    };
    let shown = move || entries.iter().take(limit.get()).cloned().collect::<Vec<_>>();
    view! {
        <ul class="entries"><For each=shown key=Clone::clone let:row>{entry(row)}</For></ul>
        <Show when=move || { limit.get() < count }>
            <button type="button" class="link-button" on:click=move |_| limit.set(usize::MAX)>
                {format!("Mostrar {} más", count - ENTRIES)}
            </button>
        </Show>
    }
    .into_any()
}
