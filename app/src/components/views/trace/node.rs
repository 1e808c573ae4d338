//! What a row of the way is called, what it lacks, and what the chosen one comes to.

use leptos::prelude::*;
use shared::{
    model::totals::Sum,
    template::TableId,
    views::{Level, Linked, Node, NodeId, Source, Trace},
};

use super::{Walk, column::title};
use crate::{
    components::views::{
        RowLink,
        words::{action_name, choice, money_in_words, row_name, source_name},
    },
    store::{Store, use_store},
    text,
};

/// What a node is called. Reactive.
pub fn name(store: Store, id: &NodeId) -> String {
    let NodeId::Row(table, row) = id else {
        let NodeId::Source(code) = id else { return String::new() };
        let source = Source::Named(code.clone());
        return store.with(|exercise| source_name(exercise, Some(&source)));
    };
    store.track_row(*table, row);
    store.with(|exercise| match table {
        TableId::Documents => row_name(exercise, *table, row, "title"),
        TableId::Focus => exercise.row(*table, row).map(action_name).unwrap_or_default(),
        table => {
            let kind = exercise.row(*table, row).map_or("", |row| row.code("kind"));
            let text = row_name(exercise, *table, row, "text");
            match kind {
                // The heading of its column says it.
                "" | "objective" => text,
                kind => format!("{}: {text}", choice(table.column("kind"), kind)),
            }
        }
    })
}

/// What a node lacks, in words.
pub fn gap_in_words(node: &Node) -> Option<&'static str> {
    match (node.lacks_before(), node.lacks_after()) {
        (true, true) => Some("nada antes ni después"),
        (true, false) => Some("nada antes"),
        (false, true) => Some("nada después"),
        (false, false) => None,
    }
}

/// How much is linked with a node on each level, in words.
fn reach_in_words(trace: &Trace, nodes: &[usize]) -> String {
    let of_level = |level: Level| {
        let range = trace.level(level);
        let count = nodes.iter().filter(|node| range.contains(node)).count();
        (count > 0).then(|| format!("{} ({count})", title(level)))
    };
    let levels: Vec<String> = Level::ALL.into_iter().filter_map(of_level).collect();
    if levels.is_empty() { "nada".into() } else { levels.join(", ") }
}

/// What the chosen node comes from and leads to.
#[component]
pub fn Summary(walk: Walk) -> impl IntoView {
    let store = use_store();
    let chosen = move || {
        let linked = walk.linked.get()?;
        walk.trace.with(|trace| {
            let node = trace.nodes().get(linked.node)?;
            let before = reach_in_words(trace, &linked.upstream);
            let after = reach_in_words(trace, &linked.downstream);
            Some((node.id.clone(), before, after, budget(store, trace, &linked)))
        })
    };
    let shown = move || {
        let (id, before, after, budget) = chosen()?;
        let go = match &id {
            NodeId::Row(table, row) => {
                let field = if *table == TableId::Documents { "title" } else { "text" };
                let (table, row) = (*table, row.clone());
                Some(view! { <RowLink table row field>"Ir a la fila"</RowLink> })
            }
            NodeId::Source(_) => None,
        };
        let words = {
            let id = id.clone();
            move || name(store, &id)
        };
        Some(view! {
            <p><strong>{words}</strong></p>
            <p>"Viene de: " {before} "."</p>
            <p>"Llega a: " {after} "." {budget.map(|words| format!(" Presupuesto: {words}."))}</p>
            <p class="view-tools">
                {go}
                <button type="button" class="link-button" on:click=move |_| walk.choose(None)>"Soltar"</button>
            </p>
        })
    };
    view! { <div class="trace-summary" role="status">{shown}</div> }
}

/// What the rows of the *Matriz Focalización* that are reached come to, each once.
fn budget(store: Store, trace: &Trace, linked: &Linked) -> Option<String> {
    let actions = trace.level(Level::Action);
    let reached = linked.downstream.iter().chain([&linked.node]);
    let mut sum = Sum::default();
    let mut rows = 0_usize;
    store.with(|exercise| {
        for node in reached.filter(|node| actions.contains(node)) {
            if let NodeId::Row(table, row) = &trace.nodes()[*node].id
                && let Some(row) = exercise.row(*table, row)
            {
                sum.add(row.value("budget"));
                rows += 1;
            }
        }
    });
    (rows > 0).then(|| format!("{}, {}", money_in_words(sum), text::count(rows, "fila", "filas")))
}
