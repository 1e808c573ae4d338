//! One step of the way.

use leptos::{html, prelude::*};
use shared::views::{Level, Linked, NodeId};

use super::{
    Walk,
    node::{gap_in_words, name},
};
use crate::{store::use_store, text};

/// As many nodes are shown at first, and more with each «mostrar más».
pub const AT_ONCE: usize = 100;

/// The heading of a level.
pub fn title(level: Level) -> &'static str {
    match level {
        Level::Source => "Fuentes",
        Level::Entry => "Matriz Estratégica",
        Level::Potential => "Potencialidades y problemáticas",
        Level::Challenge => "Desafíos y oportunidades",
        Level::Objective => "Objetivos estratégicos",
        Level::Action => "Focalización",
    }
}

/// A level with its nodes.
#[component]
pub fn Column(walk: Walk, level: Level) -> impl IntoView {
    let place = level as usize;
    let nodes = Memo::new(move |_| walk.column(level));
    let ids = move || {
        let limit = walk.limits.with(|limits| limits[place]);
        walk.trace.with(|trace| {
            let known = |node: &usize| trace.nodes().get(*node).map(|node| node.id.clone());
            nodes.with(|nodes| nodes.iter().filter_map(known).take(limit).collect::<Vec<_>>())
        })
    };
    let rest =
        move || nodes.with(Vec::len).saturating_sub(walk.limits.with(|limits| limits[place]));
    let counts = move || {
        let count = walk.trace.with(|trace| trace.count(level));
        let mut parts = vec![text::count(count.nodes, "fila", "filas")];
        if count.without_before > 0 {
            parts.push(format!("{} sin nada antes", count.without_before));
        }
        if count.without_after > 0 {
            parts.push(format!("{} sin nada después", count.without_after));
        }
        parts.join(" · ")
    };
    let list = NodeRef::<html::Ul>::new();
    // What is linked comes first: it must be in sight too.
    Effect::new(move |_| {
        let own = walk.linked.with(|linked| {
            let node = linked.as_ref()?.node;
            walk.trace.with_untracked(|trace| trace.nodes().get(node).map(|node| node.level))
        });
        if own.is_some_and(|own| own != level)
            && let Some(list) = list.get_untracked()
        {
            list.set_scroll_top(0);
        }
    });
    let id = format!("trace-{place}");
    view! {
        <section class="trace-column" aria-labelledby=id>
            <h3 id=id.clone()>{title(level)}</h3>
            <p class="view-note">{counts}</p>
            <ul node_ref=list>
                <For each=ids key=Clone::clone let:id>
                    <NodeItem walk id level />
                </For>
            </ul>
            <Show when=move || { nodes.with(Vec::is_empty) }>
                <p class="view-note">{move || if walk.only_orphans.get() { "Ninguna huérfana." } else { "Aún no hay filas." }}</p>
            </Show>
            <Show when=move || { rest() > 0 }>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| walk.limits.update(|limits| limits[place] += AT_ONCE)
                >
                    {move || format!("Mostrar {} de {} más", rest().min(AT_ONCE), rest())}
                </button>
            </Show>
        </section>
    }
}

/// How a node stands to the chosen one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Chosen,
    Before,
    After,
}

fn link(linked: &Linked, node: usize) -> Link {
    if linked.node == node {
        Link::Chosen
    } else if linked.upstream.binary_search(&node).is_ok() {
        Link::Before
    } else if linked.downstream.binary_search(&node).is_ok() {
        Link::After
    } else {
        Link::None
    }
}

#[component]
fn NodeItem(walk: Walk, id: NodeId, level: Level) -> impl IntoView {
    let store = use_store();
    let written = id.to_string();
    let id = StoredValue::new(id);
    let node = Memo::new(move |_| {
        walk.trace.with(|trace| {
            let place = id.with_value(|id| trace.find(id))?;
            Some((place, trace.nodes()[place].clone()))
        })
    });
    let link = Memo::new(move |_| {
        let place = node.with(|node| node.as_ref().map(|(place, _)| *place));
        let link = |linked: &Option<Linked>| Some(link(linked.as_ref()?, place?));
        walk.linked.with(link).unwrap_or(Link::None)
    });
    let gap = move || node.with(|node| node.as_ref().and_then(|(_, node)| gap_in_words(node)));
    let link_in_words = move || match link.get() {
        Link::None => "",
        Link::Chosen => "elegida",
        Link::Before => "conectada, antes",
        Link::After => "conectada, después",
    };
    let class = move || match link.get() {
        Link::None => "node",
        Link::Chosen => "node chosen",
        Link::Before | Link::After => "node linked",
    };
    let is_current = move || {
        let is_it = |current: &Option<NodeId>| id.with_value(|id| current.as_ref() == Some(id));
        walk.current.with(is_it)
    };
    // Until the keyboard is somewhere, the first node of all is its stop.
    let is_first = move || {
        walk.current.with(Option::is_none)
            && walk.trace.with(|trace| {
                trace.nodes().first().is_some_and(|first| id.with_value(|id| first.id == *id))
            })
    };
    let choose = move |_| {
        let chosen = link.get_untracked() == Link::Chosen;
        id.with_value(|id| {
            walk.current.set(Some(id.clone()));
            walk.choose((!chosen).then_some(id));
        });
    };
    view! {
        <li>
            <button
                type="button"
                class=class
                class:orphan=move || gap().is_some()
                data-node=written
                data-level=(level as usize).to_string()
                aria-pressed=move || (link.get() == Link::Chosen).to_string()
                tabindex=move || if is_current() || is_first() { "0" } else { "-1" }
                on:click=choose
                on:focus=move |_| id.with_value(|id| walk.current.set(Some(id.clone())))
            >
                <span class="node-name">{move || id.with_value(|id| name(store, id))}</span>
                <span class="visually-hidden">{link_in_words}</span>
                {move || gap().map(|words| view! { <span class="node-gap">{words}</span> })}
            </button>
        </li>
    }
}
