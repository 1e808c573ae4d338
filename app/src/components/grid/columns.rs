//! The columns of a grid, and where they stand on the screen.

use std::{ops::Range, sync::Arc};

use shared::{
    model::Exercise,
    template::{AnyColumn, Kind, Need, TableId, all_columns},
};

use super::arrangement::Density;

/// A column as the grid shows it: of the template, or of the region.
#[derive(Debug, Clone, PartialEq)]
pub struct GridColumn {
    /// Its name in keys.
    pub field: Arc<str>,
    /// Its heading.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether the norm asks for it.
    pub required: bool,
    /// Whether the region added it.
    pub regional: bool,
    /// One sentence for the person who fills it in.
    pub help: String,
    /// CSS pixels where text has its usual size.
    pub width: f64,
    /// Whether the person gave it this width: then it neither grows nor shrinks.
    pub sized: bool,
}

impl GridColumn {
    /// Whether its cells hold texts that gain from room.
    fn is_long(&self) -> bool {
        !self.sized && matches!(self.kind, Kind::Narrative | Kind::References(_))
    }
}

/// Lines of a row that is as high as its text: more are read below the table, or by opening it.
pub const MOST_LINES: usize = 8;
/// Height of a line, in rem.
const LINE: f64 = 1.125;
/// The least height of a row, in rem: what a finger or pointer can hit.
const LEAST: f64 = 2.25;

/// Columns that regions add have no width of their own.
const REGIONAL_WIDTH: f64 = 180.0;

/// The columns of a table: the national ones, then those of the region.
#[must_use]
pub fn columns(exercise: &Exercise, table: TableId) -> Vec<GridColumn> {
    let columns = all_columns(table.columns(), exercise, table).into_iter();
    columns
        .map(|column| match column {
            AnyColumn::National(column) => GridColumn {
                field: column.field.into(),
                title: column.title.into(),
                kind: column.kind,
                required: column.need == Need::Required,
                regional: false,
                help: column.help.into(),
                width: column.width.into(),
                sized: false,
            },
            AnyColumn::Regional(column) => GridColumn {
                field: column.field.into(),
                title: column.title,
                kind: column.kind,
                required: false,
                regional: true,
                help: "Columna de la región.".into(),
                width: REGIONAL_WIDTH,
                sized: false,
            },
        })
        .collect()
}

/// Where everything stands. CSS pixels, at the size that text has on this device.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Pixels of a rem: what text has grown to by the reader's settings.
    pub rem: f64,
    /// Height of the heading.
    pub head: f64,
    /// Height of every row where all have the same; elsewhere that of three lines.
    pub row: f64,
    /// How high rows are.
    pub density: Density,
    /// Width of the column of row numbers.
    pub number: f64,
    /// Left edge and width of each column, from the edge of the sheet.
    pub columns: Vec<(f64, f64)>,
    /// Width of the whole sheet.
    pub width: f64,
}

impl Layout {
    /// The layout of these columns, where a rem has `rem` pixels, in a view of this width. Where
    /// it has room to spare, columns with long texts take it; where it is small, the frozen column
    /// does not fill it.
    #[must_use]
    pub fn new(columns: &[GridColumn], density: Density, rem: f64, view: f64) -> Self {
        let scale = rem / 16.0;
        let number = 3.5 * rem;
        let narrow = view < 44.0 * rem;
        let width = |at: usize, column: &GridColumn| {
            scale
                * if at == 0 && narrow && !column.sized {
                    column.width.min(150.0)
                } else {
                    column.width
                }
        };
        let (mut fixed, mut long) = (number, 0.0);
        for (at, column) in columns.iter().enumerate() {
            *if column.is_long() { &mut long } else { &mut fixed } += width(at, column);
        }
        let stretch = if long > 0.0 { ((view - fixed) / long).max(1.0) } else { 1.0 };
        let mut left = number;
        let columns = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let stretch = if column.is_long() { stretch } else { 1.0 };
                let place = (left, (width(at, column) * stretch).floor());
                left += place.1;
                place
            })
            .collect();
        Self { rem, head: 2.75 * rem, row: 4.0 * rem, density, number, columns, width: left }
    }

    /// The widths of what is drawn of a row, behind its number: the frozen column, the gap that
    /// columns out of view leave, and these columns.
    pub fn widths_of(&self, drawn: &Range<usize>) -> impl Iterator<Item = f64> {
        let frozen = self.columns.first().map_or(0.0, |(_, width)| *width);
        let gap = self.columns.get(drawn.start).map_or(0.0, |(left, _)| left - self.frozen());
        let drawn = self.columns.get(drawn.clone()).unwrap_or_default();
        [frozen, gap].into_iter().chain(drawn.iter().map(|(_, width)| *width))
    }

    /// The lines that the longest text of a row may take; `None` where all rows have one height.
    #[must_use]
    pub fn lines(&self) -> Option<usize> {
        match self.density {
            Density::ByText => Some(MOST_LINES),
            Density::Compact => None,
        }
    }

    /// The height of a row whose longest text takes so many lines, as `grid.css` draws it.
    #[must_use]
    pub fn height_of(&self, lines: usize) -> f64 {
        // Space around the text, and the line below it.
        (lines as f64 * LINE * self.rem + 0.5 * self.rem + 1.0).max(LEAST * self.rem)
    }

    /// The column at a place of the view, where the sheet is scrolled to the right by `scrolled`;
    /// the nearest one, beside the columns. `None` where there are none.
    #[must_use]
    pub fn column_at(&self, x: f64, scrolled: f64) -> Option<usize> {
        if x < self.frozen() {
            return (!self.columns.is_empty()).then_some(0);
        }
        let x = x + scrolled;
        let behind = self.columns.iter().position(|(left, width)| x < left + width);
        behind.or(self.columns.len().checked_sub(1))
    }

    /// What stays in view on the left: row numbers and the first column.
    #[must_use]
    pub fn frozen(&self) -> f64 {
        self.columns.first().map_or(self.number, |(left, width)| left + width)
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn columns_stand_side_by_side() {
        let exercise = Exercise::new("01-2027".parse().unwrap());
        let columns = columns(&exercise, TableId::Focus);
        let layout = Layout::new(&columns, Density::ByText, 16.0, 1_000.0);
        assert_eq!(layout.columns[0], (56.0, 180.0));
        assert_eq!(layout.columns[1].0, layout.frozen());
        let total: f64 = columns.iter().map(|column| column.width).sum();
        assert_eq!(layout.width, 56.0 + total);
        let larger = Layout::new(&columns, Density::ByText, 32.0, 2_000.0);
        assert_eq!(larger.width, 2.0 * layout.width, "text at twice its size takes twice the room");
        assert_eq!(
            layout.column_at(10.0, 300.0),
            Some(0),
            "row numbers stand for the first column"
        );
        assert_eq!(layout.column_at(100.0, 300.0), Some(0), "it stays in view");
        assert_eq!(layout.column_at(layout.frozen(), 0.0), Some(1));
        assert_eq!(layout.column_at(layout.frozen(), layout.columns[1].1), Some(2));
        assert_eq!(layout.column_at(1e6, 0.0), Some(columns.len() - 1));
        assert_eq!(Layout::new(&columns, Density::ByText, 16.0, 400.0).frozen(), 56.0 + 150.0);
    }

    #[test]
    fn long_texts_take_the_room_to_spare() {
        let exercise = Exercise::new("01-2027".parse().unwrap());
        let columns = columns(&exercise, TableId::Challenges);
        let layout = Layout::new(&columns, Density::ByText, 16.0, 1_600.0);
        assert!((1_596.0..=1_600.0).contains(&layout.width), "{}", layout.width);
        assert_eq!(layout.columns[0].1, 150.0, "a short column stays as it is");
        let narrow = Layout::new(&columns, Density::ByText, 16.0, 800.0);
        assert_eq!(narrow.columns[1].1, 420.0, "nothing is squeezed");
        let mut columns = columns;
        columns[1].sized = true;
        let layout = Layout::new(&columns, Density::Compact, 16.0, 1_600.0);
        assert_eq!(layout.columns[1].1, 420.0, "a width that somebody chose stays");
    }
}
