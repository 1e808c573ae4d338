//! The headings of the columns.

use leptos::prelude::*;
use shared::{key::Key, template::TableId};
use web_sys::{Element, MouseEvent};

use super::{columns::GridColumn, head_drag, lens::Direction, popup::Content, sheet::Sheet};
use crate::clock::new_row_id;

/// The row of headings, which stays in view.
#[component]
pub fn GridHead(sheet: Sheet) -> impl IntoView {
    let headings = move || {
        let layout = sheet.layout.get();
        let columns = sheet.columns.get();
        let drawn = sheet.columns_drawn.get();
        let widths: Vec<f64> = layout.widths_of(&drawn).collect();
        let [frozen, gap, widths @ ..] = widths.as_slice() else { return None };
        let first = columns.first().map(|column| heading(sheet, column, 0, *frozen));
        let is_end = drawn.end == columns.len();
        let headings = drawn.zip(widths).filter_map(|(at, width)| {
            columns.get(at).map(|column| heading(sheet, column, at, *width))
        });
        Some(view! {
            {first}
            <div class="grid-gap" role="presentation" style:width=format!("{gap}px")></div>
            {headings.collect_view()}
            {is_end.then(|| view! { <AddColumn sheet /> })}
        })
    };
    view! {
        <div
            role="rowgroup"
            class="grid-head"
            on:pointerdown=move |event| head_drag::pressed(sheet, &event)
            on:pointermove=move |event| head_drag::moved(sheet, &event)
            on:pointerup=move |event| head_drag::let_go(sheet, &event)
            on:pointercancel=move |_| head_drag::given_up(sheet)
            on:dblclick=move |event| head_drag::double_clicked(sheet, &event)
        >
            <div role="row" class="grid-head-row" aria-rowindex="1">
                <div role="columnheader" class="grid-corner" aria-colindex="1">
                    <span class="visually-hidden">"Fila"</span>
                </div>
                {headings}
            </div>
        </div>
    }
}

/// What «+ Columna regional» takes behind the last column, in rem. The table keeps it while that is
/// not drawn: a table that grew narrower would scroll back just before its end.
#[must_use]
pub fn room_beside(sheet: Sheet) -> f64 {
    if may_add(sheet) { 9.5 } else { 0.0 }
}

fn may_add(sheet: Sheet) -> bool {
    sheet.store.may_write(&Key::cell(TableId::Columns, &new_row_id(), "title"))
}

/// Behind the last heading: where one looks for another column.
#[component]
fn AddColumn(sheet: Sheet) -> impl IntoView {
    let open = move |event: MouseEvent| {
        let button = event_target::<Element>(&event).get_bounding_client_rect();
        sheet.open_popup(Content::Regional, button.left(), button.bottom());
    };
    may_add(sheet).then(|| {
        view! {
            // A row of headings holds nothing else; the menu of the view leads there, too.
            <div aria-hidden="true" class="grid-add">
                <button type="button" class="link-button" tabindex="-1" on:click=open>
                    "+ Columna regional"
                </button>
            </div>
        }
    })
}

fn heading(sheet: Sheet, column: &GridColumn, at: usize, width: f64) -> impl IntoView + use<> {
    let class = if at == 0 { "grid-heading frozen" } else { "grid-heading" };
    let required = column.required.then(|| {
        view! {
            <span class="required" title="Obligatorio" aria-hidden="true">"*"</span>
            <span class="visually-hidden">"(obligatorio)"</span>
        }
    });
    let (sort, filtered) = sheet.lens.with(|lens| {
        let sort = lens.sort.as_ref().filter(|(field, _)| *field == column.field);
        (sort.map(|(_, direction)| *direction), lens.filters.contains_key(&column.field))
    });
    let (sorted, sign) = match sort {
        Some(Direction::Ascending) => (Some("ascending"), "↑"),
        Some(Direction::Descending) => (Some("descending"), "↓"),
        None if filtered => (None, "▿"),
        None => (None, "⋮"),
    };
    let field = column.field.clone();
    let open = move |event: MouseEvent| {
        let button = event_target::<Element>(&event).get_bounding_client_rect();
        sheet.open_popup(Content::Column(field.clone()), button.left(), button.bottom());
    };
    view! {
        <div
            role="columnheader"
            class=class
            aria-colindex=(at + 2).to_string()
            aria-sort=sorted
            title=column.help.clone()
            data-column=column.field.to_string()
            style:width=format!("{width}px")
        >
            <span class="grid-heading-text">{column.title.clone()} {required}</span>
            <button
                type="button"
                class="grid-heading-menu"
                class:active=sort.is_some() || filtered
                tabindex="-1"
                aria-label=format!("Menú de la columna {}", column.title)
                on:click=open
            >
                {sign}
            </button>
            <span class="grid-heading-edge" aria-hidden="true"></span>
        </div>
    }
}
