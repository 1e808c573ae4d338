//! Read views of an exercise, each at an address of its own.
//!
//! What they show is computed in `shared::views`, anew a moment after each change. All of it is
//! reached through [`view_page`] alone, a file of its own; only the addresses and the tabs belong to
//! every page.

pub mod address;
mod bars;
mod groups;
mod informed;
mod map;
mod pivot;
mod switch;
mod trace;
pub mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{
    ids::RowId,
    model::Exercise,
    rules::At,
    template::TableId,
    views::{Grouping, Groups},
};

pub use self::{
    address::{Screen, View},
    switch::ViewSwitch,
};
use self::{groups::GroupsView, map::MapView, pivot::PivotView, trace::TraceView};
use crate::{
    components::{findings::go_to, grid::Jump},
    lazy::lazy_view,
    store::{Store, use_store},
};

lazy_view!(pub view_page in beside, ViewPage);

/// The view that the page of the exercise is at.
#[component]
fn ViewPage() -> impl IntoView {
    let screen = expect_context::<Memo<Option<Screen>>>();
    move || match screen.get()? {
        Screen::View(view) => Some(view! { <OneView view /> }),
        Screen::Table(_) => None,
    }
}

/// A view, with the tabs of its table.
#[component]
fn OneView(view: View) -> impl IntoView {
    let title = view.table().map_or("Trazabilidad", TableId::title);
    let content = match view {
        View::Groups(by) => view! { <GroupsView by /> }.into_any(),
        View::Map => view! { <MapView /> }.into_any(),
        View::Pivot(lines) => view! { <PivotView lines /> }.into_any(),
        View::Trace => view! { <TraceView /> }.into_any(),
    };
    view! {
        <div class="table-head">
            <h2>{title}</h2>
            {view.table().map(|table| view! { <ViewSwitch table current=view /> })}
        </div>
        <div class="view">{content}</div>
    }
}

/// Something computed from the exercise, anew when typing pauses.
fn follow<T>(store: Store, compute: impl Fn(&Exercise) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| {
        store.track_pauses();
        store.with(&compute)
    })
}

fn follow_groups(store: Store, by: Grouping) -> Memo<Groups> {
    follow(store, move |exercise| shared::views::groups(exercise, by))
}

/// A button that leads to a row in the grid.
#[component]
fn RowLink(
    table: TableId,
    row: RowId,
    /// The field whose cell is shown.
    field: &'static str,
    children: Children,
) -> impl IntoView {
    let (store, jump) = (use_store(), expect_context::<Jump>());
    let navigate = use_navigate();
    let at = At::field(table, &row, field);
    let go = move |_| go_to(store, jump, &at, &|path| navigate(path, Default::default()));
    view! { <button type="button" class="row-link" data-row=row.to_string() on:click=go>{children()}</button> }
}

/// How many lines of a long list are shown at first, and with each «mostrar más».
const AT_ONCE: usize = 50;

/// Shows more of a list.
#[component]
fn More(
    /// How many are left.
    #[prop(into)]
    rest: Signal<usize>,
    on_more: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Show when=move || { rest.get() > 0 }>
            <button type="button" class="link-button" on:click=move |_| on_more()>
                {move || {
                    let rest = rest.get();
                    format!("Mostrar {} de {rest} más", rest.min(AT_ONCE))
                }}
            </button>
        </Show>
    }
}
