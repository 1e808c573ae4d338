//! The table itself: headings and rows, what lies on its cells, and the editor.

use leptos::{html, prelude::*};
use shared::template::TableId;

use super::{
    editor::Editor, head::GridHead, measure, others::Others, overlay::SelectionOverlay, row,
    row::GridRow, sheet::Sheet,
};

/// The id of the words that say how to move about in a table.
pub fn hint_id(table: TableId) -> String {
    format!("grid-{}-hint", table.as_str())
}

/// Headings, the rows in view and what lies on them.
#[component]
pub fn Table(sheet: Sheet) -> impl IntoView {
    let id = format!("grid-{}", sheet.table.as_str());
    let drawn = sheet.drawn();
    let rows = move || sheet.order.with(|order| order.rows()[drawn.get()].to_vec());
    let count = move || sheet.order.with(|order| order.rows().len());
    let body = NodeRef::<html::Div>::new();
    measure::follow_heights(sheet, body);
    row::follow_cursor(sheet);
    view! {
        <div
            id=id.clone()
            role="grid"
            aria-label=sheet.table.title()
            aria-multiselectable="true"
            aria-rowcount=move || (count() + 1).to_string()
            aria-colcount=move || (sheet.columns.with(|columns| columns.len()) + 1).to_string()
        >
            <GridHead sheet />
            <div role="rowgroup" class="grid-body" node_ref=body>
                <For each=rows key=Clone::clone let:row>
                    <GridRow sheet row />
                </For>
            </div>
        </div>
        <Others sheet />
        <SelectionOverlay sheet />
        {move || sheet.guide.get().map(|left| {
            view! { <div class="grid-guide" style:left=format!("{left}px")></div> }
        })}
        <Editor sheet described_by=hint_id(sheet.table) grid=id />
    }
}
