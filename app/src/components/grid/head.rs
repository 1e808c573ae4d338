//! The headings of the columns.

use leptos::prelude::*;

use super::sheet::Sheet;

/// The row of headings, which stays in view.
#[component]
pub fn GridHead(sheet: Sheet) -> impl IntoView {
    let headings = move || {
        let layout = sheet.layout.get();
        let columns = sheet.columns.get();
        columns
            .iter()
            .zip(&layout.columns)
            .enumerate()
            .map(|(at, (column, (left, width)))| {
                let class = if at == 0 { "grid-heading frozen" } else { "grid-heading" };
                let required = column.required.then(|| {
                    view! {
                        <span class="required" title="Obligatorio" aria-hidden="true">"*"</span>
                        <span class="visually-hidden">"(obligatorio)"</span>
                    }
                });
                view! {
                    <div
                        role="columnheader"
                        class=class
                        aria-colindex=(at + 2).to_string()
                        title=column.help.clone()
                        style:left=format!("{left}px")
                        style:width=format!("{width}px")
                    >
                        <span class="grid-heading-text">{column.title.clone()} {required}</span>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div role="rowgroup" class="grid-head">
            <div role="row" class="grid-head-row" aria-rowindex="1">
                <div role="columnheader" class="grid-corner" aria-colindex="1">
                    <span class="visually-hidden">"Fila"</span>
                </div>
                {headings}
            </div>
        </div>
    }
}
