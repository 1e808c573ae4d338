//! One row: its number and its cells. It is drawn anew, in place, when something in it changes.

use leptos::{html, prelude::*};
use shared::{ids::RowId, key::Key, model::Row, template::Kind};
use web_sys::Element;

use super::{
    columns::GridColumn,
    display::{Name, Shown, names_that_fit, shown},
    marks::{Mark, marks},
    sheet::{Sheet, cell_id},
};

/// One row of the table.
#[component]
pub fn GridRow(sheet: Sheet, row: RowId) -> impl IntoView {
    let place = {
        let row = row.clone();
        Memo::new(move |_| sheet.order.with(|order| order.place(&row)).unwrap_or_default())
    };
    let field_at_cursor = {
        let row = row.clone();
        Memo::new(move |_| {
            sheet.cursor.with(|cursor| match cursor {
                Some(cursor) if cursor.row == row => Some(cursor.field.clone()),
                _ => None,
            })
        })
    };
    let selected = Memo::new(move |_| {
        let range = sheet.range.get().filter(|range| !range.is_one())?;
        let at = place.get();
        (range.top..=range.bottom).contains(&at).then_some((range.left, range.right))
    });
    let element = NodeRef::<html::Div>::new();
    // The cells of a row are not drawn anew when the selection reaches them.
    Effect::new(move |before: Option<Option<(usize, usize)>>| {
        let selected = selected.get();
        // At first they were drawn as they are.
        if before.flatten() != selected
            && let Some(element) = element.get_untracked()
        {
            mark_selected(&element, selected);
        }
        selected
    });
    let top = move || {
        let height = sheet.layout.with(|layout| layout.row);
        format!("translateY({}px)", place.get() as f64 * height)
    };
    let cells = {
        let row = row.clone();
        move || cells(sheet, &row, field_at_cursor.get().as_deref(), selected)
    };
    view! {
        <div
            node_ref=element
            role="row"
            class="grid-row"
            class:current=move || field_at_cursor.with(Option::is_some)
            aria-rowindex=move || (place.get() + 2).to_string()
            data-row=row.to_string()
            style:transform=top
        >
            <div role="rowheader" class="grid-number" aria-colindex="1">
                {move || place.get() + 1}
                <button
                    type="button"
                    class="grid-row-menu"
                    tabindex="-1"
                    aria-label=move || format!("Menú de la fila {}", place.get() + 1)
                >
                    "⋮"
                </button>
            </div>
            {cells}
        </div>
    }
}

/// Says of the cells of a row whether they are selected.
fn mark_selected(row: &Element, selected: Option<(usize, usize)>) {
    let cells = row.children();
    // The first is the number of the row.
    for at in 0..cells.length().saturating_sub(1) {
        let Some(cell) = cells.item(at + 1) else { continue };
        let is_selected = match selected {
            Some((from, to)) => (from..=to).contains(&(at as usize)),
            None => cell.class_list().contains("current"),
        };
        // Neither fails for an attribute of a known name.
        let _ = if is_selected {
            cell.set_attribute("aria-selected", "true")
        } else {
            cell.remove_attribute("aria-selected")
        };
    }
}

fn cells(
    sheet: Sheet,
    id: &RowId,
    current: Option<&str>,
    selected: Memo<Option<(usize, usize)>>,
) -> Vec<impl IntoView + use<>> {
    let selected = selected.get_untracked();
    sheet.store.track_row(sheet.table, id);
    let columns = sheet.columns.get();
    let layout = sheet.layout.get();
    sheet.store.with(|exercise| {
        let row = exercise.row(sheet.table, id);
        if let Some(row) = row {
            track_targets(sheet, &columns, row);
        }
        let places = columns.iter().zip(&layout.columns).enumerate();
        places
            .map(|(at, (column, (left, width)))| {
                let shown = row
                    .map_or(Shown::Nothing, |row| shown(exercise, column.kind, row, &column.field));
                let key = Key::cell(sheet.table, id, &column.field);
                let drawing = Drawing {
                    at,
                    left: *left,
                    width: *width,
                    current: current == Some(&*column.field),
                    selected: match selected {
                        Some((from, to)) => (from..=to).contains(&at),
                        None => current == Some(&*column.field),
                    },
                    writable: sheet.store.may_write(&key),
                    marks: marks(sheet.store, exercise, &key, column.kind),
                };
                cell(column, id, shown, drawing)
            })
            .collect()
    })
}

/// Rows are drawn anew when a row that they name is given another text.
fn track_targets(sheet: Sheet, columns: &[GridColumn], row: &Row) {
    for column in columns {
        let Some(target) = column.kind.target() else { continue };
        let codes = row.members(&column.field).chain([row.code(&column.field)]);
        for target_row in codes.filter_map(|code| RowId::new(code).ok()) {
            sheet.store.track_row(target.table, &target_row);
        }
    }
}

/// What a cell's look depends on beside what it shows.
struct Drawing {
    at: usize,
    left: f64,
    width: f64,
    current: bool,
    selected: bool,
    writable: bool,
    marks: Vec<Mark>,
}

fn cell(column: &GridColumn, row: &RowId, shown: Shown, drawing: Drawing) -> impl IntoView + use<> {
    let Drawing { at, left, width, current, selected, writable, marks } = drawing;
    let mut class = String::from("grid-cell");
    for (name, holds) in [
        ("frozen", at == 0),
        ("figure", matches!(column.kind, Kind::Integer | Kind::Money | Kind::Date)),
        ("read-only", !writable),
        ("current", current),
    ] {
        if holds {
            class.push(' ');
            class.push_str(name);
        }
    }
    let invalid = marks.iter().any(Mark::is_error).then_some("true");
    let marks = marks.into_iter().map(Mark::view).collect_view();
    view! {
        <div
            role="gridcell"
            id=cell_id(row, &column.field)
            class=class
            aria-colindex=(at + 2).to_string()
            aria-readonly=(!writable).then_some("true")
            aria-selected=selected.then_some("true")
            aria-invalid=invalid
            data-field=column.field.to_string()
            style:left=format!("{left}px")
            style:width=format!("{width}px")
        >
            {pieces(column.kind, shown, width)}
            {marks}
        </div>
    }
}

/// The content of a cell as pieces of text, each with the class that gives it its look.
fn pieces(kind: Kind, shown: Shown, width: f64) -> Vec<impl IntoView + use<>> {
    let pieces = match shown {
        Shown::Nothing => Vec::new(),
        Shown::Text(text) => vec![("grid-text", text)],
        Shown::Figure(figure) => vec![("grid-figure", figure)],
        Shown::State(state) => vec![("tag", state.to_owned())],
        Shown::Names(names) => named(kind, names, width),
    };
    let piece = |(class, text): (&'static str, String)| view! { <span class=class>{text}</span> };
    pieces.into_iter().map(piece).collect()
}

fn named(kind: Kind, names: Vec<Name>, width: f64) -> Vec<(&'static str, String)> {
    let total = names.len();
    let fit = match kind {
        // One line for each row that is named: their texts are long.
        Kind::References(_) if total > 3 => 2,
        Kind::References(_) => total,
        Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument => 1,
        _ => names_that_fit(&names, width - 16.0, 2),
    };
    let class = |dangling| match (kind, dangling) {
        (Kind::References(_), false) if total == 1 => "grid-text link",
        (Kind::References(_), true) if total == 1 => "grid-text link dangling",
        (Kind::References(_), false) => "grid-line link",
        (Kind::References(_), true) => "grid-line link dangling",
        (Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument, false) => "grid-text",
        (Kind::Choice(_) | Kind::Reference(_) | Kind::Instrument, true) => "grid-text dangling",
        (_, false) => "chip",
        (_, true) => "chip dangling",
    };
    let mut pieces: Vec<_> =
        names.into_iter().take(fit).map(|name| (class(name.dangling), name.text)).collect();
    if fit < total {
        pieces.push(("chip more", format!("+{}", total - fit)));
    }
    pieces
}
