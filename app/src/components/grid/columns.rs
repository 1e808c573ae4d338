//! The columns of a grid, and where they stand on the screen.

use std::sync::Arc;

use shared::{
    model::Exercise,
    template::{Kind, Need, TableId, regional_columns},
};

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
    /// One sentence for the person who fills it in.
    pub help: String,
    /// CSS pixels where text has its usual size.
    pub width: f64,
}

impl GridColumn {
    /// Whether its cells hold texts that gain from room.
    fn is_long(&self) -> bool {
        matches!(self.kind, Kind::Narrative | Kind::References(_))
    }
}

/// Columns that regions add have no width of their own.
const REGIONAL_WIDTH: f64 = 180.0;

/// The columns of a table: the national ones, then those of the region.
#[must_use]
pub fn columns(exercise: &Exercise, table: TableId) -> Vec<GridColumn> {
    let national = table.columns().iter().map(|column| GridColumn {
        field: column.field.into(),
        title: column.title.into(),
        kind: column.kind,
        required: column.need == Need::Required,
        help: column.help.into(),
        width: column.width.into(),
    });
    let regional = regional_columns(exercise, table).into_iter().map(|column| GridColumn {
        field: column.field.into(),
        title: column.title,
        kind: column.kind,
        required: false,
        help: "Columna de la región.".into(),
        width: REGIONAL_WIDTH,
    });
    national.chain(regional).collect()
}

/// Where everything stands. CSS pixels, at the size that text has on this device.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Height of the heading.
    pub head: f64,
    /// Height of every row.
    pub row: f64,
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
    pub fn new(columns: &[GridColumn], rem: f64, view: f64) -> Self {
        let scale = rem / 16.0;
        let number = 3.5 * rem;
        let narrow = view < 44.0 * rem;
        let width = |at: usize, column: &GridColumn| {
            scale * if at == 0 && narrow { column.width.min(150.0) } else { column.width }
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
        Self { head: 2.75 * rem, row: 4.0 * rem, number, columns, width: left }
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
    use super::*;

    #[test]
    fn columns_stand_side_by_side() {
        let exercise = Exercise::new("01-2027".parse().unwrap());
        let columns = columns(&exercise, TableId::Focus);
        let layout = Layout::new(&columns, 16.0, 1_000.0);
        assert_eq!(layout.columns[0], (56.0, 180.0));
        assert_eq!(layout.columns[1].0, layout.frozen());
        let total: f64 = columns.iter().map(|column| column.width).sum();
        assert_eq!(layout.width, 56.0 + total);
        let larger = Layout::new(&columns, 32.0, 2_000.0);
        assert_eq!(larger.width, 2.0 * layout.width, "text at twice its size takes twice the room");
        assert_eq!(Layout::new(&columns, 16.0, 400.0).frozen(), 56.0 + 150.0);
        assert_eq!(
            layout.column_at(10.0, 300.0),
            Some(0),
            "row numbers stand for the first column"
        );
        assert_eq!(layout.column_at(100.0, 300.0), Some(0), "it stays in view");
        assert_eq!(layout.column_at(layout.frozen(), 0.0), Some(1));
        assert_eq!(layout.column_at(layout.frozen(), layout.columns[1].1), Some(2));
        assert_eq!(layout.column_at(1e6, 0.0), Some(columns.len() - 1));
    }

    #[test]
    fn long_texts_take_the_room_to_spare() {
        let exercise = Exercise::new("01-2027".parse().unwrap());
        let columns = columns(&exercise, TableId::Challenges);
        let layout = Layout::new(&columns, 16.0, 1_600.0);
        assert!((1_596.0..=1_600.0).contains(&layout.width), "{}", layout.width);
        assert_eq!(layout.columns[0].1, 150.0, "a short column stays as it is");
        let narrow = Layout::new(&columns, 16.0, 800.0);
        assert_eq!(narrow.columns[1].1, 420.0, "nothing is squeezed");
    }
}
