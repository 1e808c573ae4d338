//! The way from the sources to the budget, column by column: what is chosen, everything that it
//! comes from and that comes from it, and where the way breaks off.

mod column;
mod keys;
mod node;

use leptos::{html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use shared::views::{Level, Linked, NodeId, Trace};

use self::{column::Column, node::Summary};
use super::follow;
use crate::store::use_store;

/// What the columns share.
#[derive(Clone, Copy)]
struct Walk {
    trace: Memo<Trace>,
    /// The node that is chosen, with what it is linked with.
    linked: Memo<Option<Linked>>,
    /// Only nodes where the way breaks off.
    only_orphans: Memo<bool>,
    /// The node that the keyboard is at: the one stop of the tab key.
    current: RwSignal<Option<NodeId>>,
    /// How many nodes of each column are shown at most.
    limits: RwSignal<[usize; 6]>,
    columns: NodeRef<html::Div>,
    address: StoredValue<Address, LocalStorage>,
}

/// Writes the address anew.
type Address = Box<dyn Fn(Option<&NodeId>, bool)>;

impl Walk {
    /// Chooses a node, or none: the address says which, so that it can be linked and the way back
    /// leads through what was chosen before.
    fn choose(self, node: Option<&NodeId>) {
        let only_orphans = self.only_orphans.get_untracked();
        self.address.with_value(|write| write(node, only_orphans));
    }

    fn show_orphans(self, only_orphans: bool) {
        let chosen = self.chosen_untracked();
        self.address.with_value(|write| write(chosen.as_ref(), only_orphans));
    }

    fn chosen_untracked(self) -> Option<NodeId> {
        let node = self.linked.with_untracked(|linked| linked.as_ref().map(|linked| linked.node));
        node.map(|node| self.trace.with_untracked(|trace| trace.nodes()[node].id.clone()))
    }

    /// The nodes of a column, as they are shown. Reactive.
    fn column(self, level: Level) -> Vec<usize> {
        let only_orphans = self.only_orphans.get();
        self.trace.with(|trace| {
            self.linked.with(|linked| {
                // Both follow the exercise, one after the other.
                let linked = linked.as_ref().filter(|linked| linked.node < trace.nodes().len());
                trace.column(level, linked, only_orphans)
            })
        })
    }
}

/// The page.
#[component]
pub fn TraceView() -> impl IntoView {
    let store = use_store();
    let trace = follow(store, Trace::of);
    let query = use_query_map();
    let linked = Memo::new(move |_| {
        let written = query.read().get("fila")?;
        trace.with(|trace| trace.find_written(&written).map(|node| trace.linked(node)))
    });
    let only_orphans = Memo::new(move |_| query.read().get("ver").as_deref() == Some("huerfanos"));
    let navigate = use_navigate();
    let path = format!("/ejercicio/{}/trazabilidad", store.exercise_id());
    let address: Address = Box::new(move |node, only_orphans| {
        let node = node.map(|node| format!("fila={node}"));
        let only = only_orphans.then(|| "ver=huerfanos".to_owned());
        let query = node.into_iter().chain(only).collect::<Vec<_>>().join("&");
        let address = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let walk = Walk {
        trace,
        linked,
        only_orphans,
        current: RwSignal::new(None),
        limits: RwSignal::new([column::AT_ONCE; 6]),
        columns: NodeRef::new(),
        address: StoredValue::new_local(address),
    };
    // Where its column is put in another order, a row loses the keyboard.
    Effect::new(move |_| {
        linked.track();
        request_animation_frame(move || keys::keep_focus(walk));
    });
    let orphans = move || {
        trace.with(|trace| {
            Level::ALL.into_iter().map(|level| trace.count(level).orphans).sum::<usize>()
        })
    };
    view! {
        <div class="trace-view">
        <div class="view-tools">
            <label class="check">
                <input
                    type="checkbox"
                    id="only-orphans"
                    prop:checked=move || only_orphans.get()
                    on:change=move |event| walk.show_orphans(event_target_checked(&event))
                />
                " Solo filas huérfanas (" {orphans} ")"
            </label>
            <p class="view-note" id="trace-hint">
                "Elige una fila para ver de dónde viene y adónde llega. Flechas para moverte, Enter para elegir, Escape para soltar."
            </p>
        </div>
        <Summary walk />
        <div
            class="trace"
            class:choosing=move || linked.with(Option::is_some)
            node_ref=walk.columns
            on:keydown=move |event| keys::key_down(walk, &event)
        >
            {Level::ALL.into_iter().map(|level| view! { <Column walk level /> }).collect_view()}
        </div>
        </div>
    }
}
