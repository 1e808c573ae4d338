//! How high a row will be, before anybody has drawn it: from the lengths of its texts and the
//! widths of its columns. Drawing corrects it; until then only the scroll bar depends on it.

use std::ops::Range;

use shared::{
    model::{Cell, Row},
    template::Kind,
    value::Value,
};

use super::columns::{GridColumn, Layout};

/// Mean width of a letter of Spanish prose, in rem, at the size of texts in cells.
const LETTER: f64 = 0.41;
/// What a line loses where words break, in rem.
const RAGGED: f64 = 1.2;
/// Of a chip, in rem, with the space behind it; its text is rarely longer than two words.
const CHIP: f64 = 6.5;

/// The height that this row will have in these columns.
#[must_use]
pub fn estimated(row: &Row, columns: &[GridColumn], layout: &Layout) -> f64 {
    match layout.lines() {
        Some(_) => height_of(row, columns, layout, |_| true),
        None => layout.row,
    }
}

/// The height that the columns of this row need that are not drawn: all but the frozen one and
/// these.
#[must_use]
pub fn hidden_height(
    row: &Row,
    columns: &[GridColumn],
    layout: &Layout,
    drawn: &Range<usize>,
) -> f64 {
    height_of(row, columns, layout, |at| at > 0 && !drawn.contains(&at))
}

fn height_of(
    row: &Row,
    columns: &[GridColumn],
    layout: &Layout,
    counts: impl Fn(usize) -> bool,
) -> f64 {
    let places = columns.iter().zip(&layout.columns).enumerate().filter(|(at, _)| counts(*at));
    let lines = places.filter_map(|(_, (column, (_, width)))| {
        Some(lines(column.kind, row.cells.get(&column.field)?, room(*width, layout)))
    });
    layout.height_of(lines.max().unwrap_or(1).min(layout.lines().unwrap_or(3)))
}

/// Whether a text in a column of this width is probably cut, or nearly.
#[must_use]
pub fn may_be_cut(text: &str, width: f64, layout: &Layout) -> bool {
    text_lines(text, room(width, layout)) >= layout.lines().unwrap_or(3)
}

/// The length of a line in rem.
fn room(width: f64, layout: &Layout) -> f64 {
    width / layout.rem - 1.0
}

/// The lines that a cell takes where they are `room` rem long.
fn lines(kind: Kind, cell: &Cell, room: f64) -> usize {
    match cell {
        Cell::Narrative(text) | Cell::Value(Value::Text(text)) => text_lines(text, room),
        Cell::Value(_) => 1,
        Cell::Set(members) => match kind {
            // One row that is named shows its text, several a line each.
            Kind::References(_) if members.len() == 1 => 2,
            Kind::References(_) => members.len(),
            _ => members.len().div_ceil(((room / CHIP) as usize).max(1)),
        },
    }
}

/// Lines of a text: bytes stand for letters, of which Spanish has few that take two.
fn text_lines(text: &str, room: f64) -> usize {
    let letters = ((room - RAGGED) / LETTER).max(1.0);
    let lines = |part: &str| ((part.len() as f64 / letters).ceil() as usize).max(1);
    // Beyond this many letters a text is as high as a row may be anyway.
    if text.len() > 2_000 { lines(text) } else { text.split('\n').map(lines).sum() }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const PROSE: &str = "Que las empresas y cooperativas del eje vendan más dentro y fuera de la \
        región, con más valor agregado y mejores condiciones para quienes trabajan en ellas";

    #[test]
    fn longer_texts_and_narrower_columns_take_more_lines() {
        assert_eq!(text_lines("Feria", 17.0), 1);
        assert_eq!(text_lines("", 17.0), 1);
        let (wide, narrow) = (text_lines(PROSE, 26.0), text_lines(PROSE, 12.0));
        assert!((2..=3).contains(&wide), "{wide}");
        assert!((5..=7).contains(&narrow), "{narrow}");
        assert_eq!(text_lines("uno\ndos\n\ntres", 17.0), 4, "line breaks count");
    }

    #[test]
    fn sets_take_lines_by_what_they_hold() {
        let members = |n: usize| Cell::Set((0..n).map(|n| n.to_string()).collect());
        assert_eq!(lines(Kind::Places, &members(4), 14.0), 2);
        assert_eq!(lines(Kind::Places, &members(1), 2.0), 1);
        assert_eq!(lines(Kind::Integer, &Cell::Value(Value::Integer(3)), 2.0), 1);
    }
}
