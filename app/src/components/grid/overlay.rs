//! What is selected, drawn over the cells: elements of their own, so that no row is drawn anew
//! while the selection grows.

use leptos::{ev, prelude::*};

use super::{
    drag::{self, Dragging},
    handles::RangeHandles,
    keys::Mode,
    place::Rect,
    selection::{Range, Summary},
    sheet::Sheet,
};

/// The frame of the selection.
#[component]
pub fn SelectionOverlay(sheet: Sheet) -> impl IntoView {
    let many = move || sheet.range.get().filter(|range| !range.is_one());
    view! {
        <RangeFrame sheet range=Signal::derive(many) class="grid-selection" />
        <RangeFrame sheet range=sheet.filling class="grid-filling" />
        <Show when=move || sheet.touch.get() fallback=move || view! { <FillHandle sheet /> }>
            <RangeHandles sheet />
        </Show>
    }
}

/// A frame around a range: one piece over the column that stays in view on the left, one over the
/// others, which passes under it.
#[component]
pub fn RangeFrame(
    sheet: Sheet,
    #[prop(into)] range: Signal<Option<Range>>,
    class: &'static str,
) -> impl IntoView {
    let frozen = Memo::new(move |_| {
        let range = range.get().filter(|range| range.left == 0)?;
        sheet.rectangle(Range { right: 0, ..range })
    });
    let rest = Memo::new(move |_| {
        let range = range.get().filter(|range| range.right > 0)?;
        sheet.rectangle(Range { left: range.left.max(1), ..range })
    });
    let covered = move |at: &Rect| {
        let edge = sheet.layout.with(|layout| layout.frozen()) + sheet.left.get();
        (edge - at.left).clamp(0.0, at.width)
    };
    let joined = move || frozen.with(Option::is_some) && rest.with(Option::is_some);
    let px = |length: f64| format!("{length}px");
    view! {
        <Show when=move || rest.with(Option::is_some)>
            <div
                class=class
                class:continued=joined
                aria-hidden="true"
                style:left=move || rest.get().map(|at| px(at.left))
                style:top=move || rest.get().map(|at| px(at.top))
                style:width=move || rest.get().map(|at| px(at.width))
                style:height=move || rest.get().map(|at| px(at.height))
                style:clip-path=move || {
                    rest.get().map(|at| format!("inset(0 0 0 {}px)", covered(&at)))
                }
            ></div>
        </Show>
        <Show when=move || frozen.with(Option::is_some)>
            <div
                class=class
                class:continues=joined
                aria-hidden="true"
                style:left=move || frozen.get().map(|at| px(at.left + sheet.left.get()))
                style:top=move || frozen.get().map(|at| px(at.top))
                style:width=move || frozen.get().map(|at| px(at.width))
                style:height=move || frozen.get().map(|at| px(at.height))
            ></div>
        </Show>
    }
}

/// The corner of the selection that can be dragged to fill other cells.
#[component]
fn FillHandle(sheet: Sheet) -> impl IntoView {
    let corner = Memo::new(move |_| {
        let range = sheet.range.get().filter(|_| sheet.mode.get() == Mode::Browse)?;
        let frozen = range.right == 0;
        let at = sheet.rectangle(range)?;
        let (right, bottom) = (at.left + at.width, at.top + at.height);
        let scrolled = sheet.left.get();
        let edge = sheet.layout.with(|layout| layout.frozen()) + scrolled;
        let right = if frozen { right + scrolled } else { right };
        (frozen || right > edge).then_some((right, bottom))
    });
    let begin = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        drag::begin(sheet, Dragging::Filling, &event);
    };
    view! {
        <Show when=move || corner.with(Option::is_some)>
            <div
                class="grid-handle"
                aria-hidden="true"
                title="Arrastra para rellenar: un valor se copia y varios siguen su serie; con Ctrl, al revés. Con doble clic se rellena hacia abajo."
                style:left=move || corner.get().map(|(right, _)| format!("{right}px"))
                style:top=move || corner.get().map(|(_, bottom)| format!("{bottom}px"))
                on:mousedown=begin
                on:dblclick=move |event| {
                    event.stop_propagation();
                    sheet.fill_beside(event.ctrl_key() || event.meta_key());
                }
            ></div>
        </Show>
    }
}

/// How much is selected and what it sums up to; while one cell is, how to get about.
#[component]
pub fn SelectionLine(sheet: Sheet, hint: String) -> impl IntoView {
    let summary = move || {
        if sheet.fills.get() {
            return Some("Arrastra el cuadrado hasta donde quieras rellenar.".to_owned());
        }
        let range = sheet.range.get().filter(|range| !range.is_one())?;
        // What it sums up to follows changes of cells when typing pauses.
        let _ = sheet.store.derived();
        let (rows, columns) = sheet.rows_and_columns(range);
        let sum = |exercise: &_| Summary::of(exercise, sheet.table, &rows, &columns).text();
        Some(sheet.store.with(sum))
    };
    let is_one = move || sheet.range.with(|range| range.is_none_or(|range| range.is_one()));
    view! {
        <p class="grid-sum" data-selection-sum="">{summary}</p>
        <p id=hint class="grid-hint" class:hidden=move || !is_one() || sheet.fills.get()>
            "Flechas para moverte, Enter para editar, Escape y luego Tab para salir de la tabla. "
            <button type="button" class="link-button" on:click=move |_| sheet.helping.set(true)>
                "Atajos (F1)"
            </button>
        </p>
    }
}
