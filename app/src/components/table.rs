//! One table on its page: the grid, or a form where its rows are fixed; for the Matriz
//! Focalización its totals.

use leptos::prelude::*;
use shared::template::TableId;

use crate::{
    components::{
        chain::place_in_chain,
        forms::{general_form, instruments_form},
        grid::{Grid, Jump},
        totals::Totals,
        views::ViewSwitch,
    },
    lazy::Lazy,
};

/// A table with its heading.
#[component]
pub fn TableView(table: TableId) -> impl IntoView {
    let jump = expect_context::<Jump>();
    let content = match table {
        TableId::Instruments => view! { <Lazy part=instruments_form /> }.into_any(),
        TableId::General => view! { <Lazy part=general_form /> }.into_any(),
        _ => view! { <Grid table jump /> }.into_any(),
    };
    view! {
        <div class="table-head">
            <h2>
                {place_in_chain(table).map(|place| view! { <span class="chain-place">{place}</span> " " })}
                {table.title()}
            </h2>
            <ViewSwitch table />
        </div>
        {content}
        {(table == TableId::Focus).then(|| view! { <Totals /> })}
    }
}
