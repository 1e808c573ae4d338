//! The rows as a list, for screens that have no room for a table. Of the rows only those in view
//! are in the page; all are of one height.

use std::ops::Range;

use leptos::{ev, html, prelude::*};
use shared::{ids::RowId, model::Exercise};

use super::{focus_id, item_id};
use crate::components::grid::{
    columns::GridColumn,
    paste::words,
    sheet::{RowMenu, Sheet},
};

/// The height of a row, in rem.
const HEIGHT: f64 = 5.5;
/// As many rows beyond those in view are drawn.
const BEYOND: usize = 4;
/// As many cells of a row are shown below its first.
const SHOWN: usize = 4;

/// The list.
#[component]
pub fn RowList() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let scroller = NodeRef::<html::Div>::new();
    let top = RwSignal::new(0.0_f64);
    let height = move || sheet.layout.with(|layout| HEIGHT * layout.rem);
    let count = move || sheet.order.with(|order| order.rows().len());
    let drawn = Memo::new(move |_| {
        let view = sheet.view.with(|view| view.height);
        drawn(top.get(), view, height(), count())
    });
    let rows = move || sheet.order.with(|order| order.rows()[drawn.get()].to_vec());
    // The row of the cursor is in view, and has the keyboard where the list had it.
    Effect::new(move |last: Option<bool>| {
        let row = sheet.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.row.clone()));
        let (Some(scroller), Some(row)) = (scroller.get(), row) else { return last.is_some() };
        let place = sheet.order.with_untracked(|order| order.place(&row));
        if let Some(place) = place {
            let (from, view) =
                (place as f64 * untrack(height), f64::from(scroller.client_height()));
            let to = from + untrack(height);
            let scrolled = f64::from(scroller.scroll_top());
            if from < scrolled || to > scrolled + view {
                scroller.set_scroll_top((from - view / 3.0).max(0.0) as i32);
                top.set(f64::from(scroller.scroll_top()));
            }
        }
        if last.is_none() {
            request_animation_frame(move || {
                focus_id(&item_id(&row));
            });
        }
        true
    });
    let keys = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        go(sheet, step);
    };
    view! {
        <div
            class="row-list"
            node_ref=scroller
            on:scroll=move |_| {
                if let Some(scroller) = scroller.get_untracked() {
                    top.set(f64::from(scroller.scroll_top()));
                }
            }
            on:keydown=keys
        >
            <ul aria-label=sheet.table.title() style:height=move || format!("{}px", height() * count() as f64)>
                <For each=rows key=Clone::clone let:row>
                    <Item sheet row />
                </For>
            </ul>
            <Show when=move || count() == 0>
                <p class="grid-empty">"Aún no hay filas. Agrega la primera con el botón de abajo."</p>
            </Show>
        </div>
    }
}

/// To the row below or above; it may have to be drawn first.
fn go(sheet: Sheet, step: isize) {
    let last = sheet.order.with_untracked(|order| order.rows().len()).saturating_sub(1);
    let row = sheet.spot().map_or(0, |spot| spot.row.saturating_add_signed(step).min(last));
    let column = sheet.spot().map_or(0, |spot| spot.column);
    sheet.put_cursor(crate::components::grid::moves::Spot { row, column });
    request_animation_frame(move || sheet.focus_cover());
}

#[component]
fn Item(sheet: Sheet, row: RowId) -> impl IntoView {
    let id = item_id(&row);
    let row = StoredValue::new(row);
    let place = Memo::new(move |_| {
        row.with_value(|row| sheet.order.with(|order| order.place(row))).unwrap_or_default()
    });
    let height = move || sheet.layout.with(|layout| HEIGHT * layout.rem);
    let texts = move || {
        row.with_value(|row| {
            sheet.store.track_row(sheet.table, row);
            let columns = sheet.columns.get();
            sheet.store.with(|exercise| texts(exercise, sheet, row, &columns))
        })
    };
    let title = move || match texts().into_iter().next() {
        Some(text) => text,
        None => "Fila sin texto".into(),
    };
    let rest = move || texts().into_iter().skip(1).collect::<Vec<_>>().join(" · ");
    let has_finding = move || {
        row.with_value(|row| {
            let _ = sheet.store.derived();
            sheet.store.has_finding(sheet.table, row)
        })
    };
    let is_undecided = move || {
        row.with_value(|row| {
            sheet.store.track_row(sheet.table, row);
            sheet.store.with(|exercise| {
                exercise.undecided().keys().any(|key| key.table == sheet.table && key.row == *row)
            })
        })
    };
    let is_merged = move || {
        let review = sheet.store.review();
        row.with_value(|row| {
            review.with(|review| {
                review.texts().any(|(key, _)| key.table == sheet.table && key.row == *row)
            })
        })
    };
    let is_current = move || {
        sheet.cursor.with(|at| at.as_ref().is_some_and(|at| row.with_value(|row| at.row == *row)))
    };
    let menu = move |event: ev::MouseEvent| {
        event.prevent_default();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        sheet.menu.set(Some(RowMenu { row: row.get_value(), x, y }));
    };
    view! {
        <li
            style:top=move || format!("{}px", height() * place.get() as f64)
            style:height=move || format!("{}px", height())
            aria-posinset=move || (place.get() + 1).to_string()
            aria-setsize=move || sheet.order.with(|order| order.rows().len().to_string())
        >
            <button
                type="button"
                id=id
                class="row-item"
                class:current=is_current
                aria-current=move || is_current().then_some("true")
                on:click=move |_| row.with_value(|row| sheet.open_card_of(row))
                on:contextmenu=menu
            >
                <span class="row-item-number">{move || place.get() + 1}</span>
                <span class="row-item-texts">
                    <strong>{title}</strong>
                    <span>{rest}</span>
                </span>
                <span class="row-item-marks">
                    <Show when=is_undecided><span class="tag danger">"⇄ Por decidir"</span></Show>
                    <Show when=is_merged><span class="tag">"¶ Por revisar"</span></Show>
                    <Show when=has_finding><span class="tag">"Avisos"</span></Show>
                </span>
            </button>
        </li>
    }
}

/// What stands for a row: its first cells that hold something.
fn texts(exercise: &Exercise, sheet: Sheet, row: &RowId, columns: &[GridColumn]) -> Vec<String> {
    let Some(row) = exercise.row(sheet.table, row) else { return Vec::new() };
    let cells = columns.iter().filter_map(|column| {
        let text = words(exercise, column.kind, row.cells.get(&column.field)?);
        let text: String = text.chars().take(160).collect();
        (!text.trim().is_empty()).then_some(text)
    });
    cells.take(1 + SHOWN).collect()
}

/// The rows to draw of a list that is scrolled down by `top`.
fn drawn(top: f64, view: f64, height: f64, count: usize) -> Range<usize> {
    let at = |y: f64| (y / height).floor().max(0.0) as usize;
    let from = at(top).saturating_sub(BEYOND).min(count);
    from..(at(top + view) + 1 + BEYOND).min(count)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn rows_in_view_are_drawn_with_some_beyond() {
        assert_eq!(drawn(0.0, 400.0, 80.0, 5_000), 0..10);
        assert_eq!(drawn(8_000.0, 400.0, 80.0, 5_000), 96..110);
        assert_eq!(drawn(8_000.0, 400.0, 80.0, 3), 3..3);
        assert_eq!(drawn(0.0, 0.0, 80.0, 0), 0..0);
    }
}
