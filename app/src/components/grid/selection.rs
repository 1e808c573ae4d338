//! What is selected: a rectangle between two cells, and what it sums up to. The cells are named
//! by row and field, so that the selection stays on them while others add and move rows.

use shared::{
    format::{format_integer, format_money},
    ids::RowId,
    model::Exercise,
    template::{Kind, TableId},
    value::Value,
};

use super::{
    columns::GridColumn,
    moves::{Extent, Spot},
    sheet::Cursor,
};

/// What a selection takes in beyond its two corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whole {
    /// Nothing.
    #[default]
    Neither,
    /// All cells of its rows.
    Rows,
    /// All cells of its columns.
    Columns,
    /// Everything.
    All,
}

/// More than the cell of the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The corner where it began.
    pub anchor: Cursor,
    /// The corner that moves.
    pub head: Cursor,
    /// What it takes in beyond them.
    pub whole: Whole,
}

/// A rectangle of cells as they are shown, its corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

impl Range {
    /// The one between two corners.
    #[must_use]
    pub fn between(one: Spot, other: Spot) -> Self {
        Self {
            top: one.row.min(other.row),
            left: one.column.min(other.column),
            bottom: one.row.max(other.row),
            right: one.column.max(other.column),
        }
    }

    /// With what a selection takes in beyond its corners.
    #[must_use]
    pub fn taking_in(self, whole: Whole, extent: Extent) -> Self {
        let (last_row, last_column) =
            (extent.rows.saturating_sub(1), extent.columns.saturating_sub(1));
        let rows = Self { left: 0, right: last_column, ..self };
        let columns = |range| Self { top: 0, bottom: last_row, ..range };
        match whole {
            Whole::Neither => self,
            Whole::Rows => rows,
            Whole::Columns => columns(self),
            Whole::All => columns(rows),
        }
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.bottom - self.top + 1
    }

    /// How many columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.right - self.left + 1
    }

    /// Whether it is one cell.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.rows() == 1 && self.columns() == 1
    }

    /// Whether a cell lies in it.
    #[must_use]
    pub fn contains(&self, at: Spot) -> bool {
        (self.top..=self.bottom).contains(&at.row) && (self.left..=self.right).contains(&at.column)
    }

    /// The next cell in it, or the one before: along its rows, or down its columns; around at its
    /// end.
    #[must_use]
    pub fn next(&self, at: Spot, along_rows: bool, backward: bool) -> Spot {
        let (rows, columns) = (self.rows(), self.columns());
        let (row, column) = (at.row.saturating_sub(self.top), at.column.saturating_sub(self.left));
        let place = if along_rows { row * columns + column } else { column * rows + row };
        let cells = rows * columns;
        let place = (place + if backward { cells - 1 } else { 1 }) % cells;
        let (row, column) = if along_rows {
            (place / columns, place % columns)
        } else {
            (place % rows, place / rows)
        };
        Spot { row: self.top + row, column: self.left + column }
    }
}

/// What the cells of a selection hold. What is missing or to be defined is no zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// All cells.
    pub cells: usize,
    /// Those that hold anything.
    pub filled: usize,
    /// How many amounts.
    pub amounts: usize,
    /// Their sum, in pesos.
    pub pesos: i128,
    /// How many counts.
    pub counts: usize,
    /// Their sum.
    pub count: i128,
    /// "Por definir".
    pub to_be_defined: usize,
    /// Cells of columns with figures that hold nothing.
    pub missing: usize,
}

impl Summary {
    /// Sums up the cells of these rows in these columns.
    #[must_use]
    pub fn of(exercise: &Exercise, table: TableId, rows: &[RowId], columns: &[GridColumn]) -> Self {
        let mut summary = Self { cells: rows.len() * columns.len(), ..Self::default() };
        for row in rows.iter().filter_map(|row| exercise.row(table, row)) {
            for column in columns {
                let has = row.has(&column.field);
                summary.filled += usize::from(has);
                match row.value(&column.field) {
                    Some(Value::Money(pesos)) => {
                        summary.amounts += 1;
                        summary.pesos += i128::from(*pesos);
                    }
                    Some(Value::Integer(count)) => {
                        summary.counts += 1;
                        summary.count += i128::from(*count);
                    }
                    Some(Value::ToBeDefined) => summary.to_be_defined += 1,
                    _ if !has && matches!(column.kind, Kind::Money | Kind::Integer) => {
                        summary.missing += 1;
                    }
                    _ => {}
                }
            }
        }
        summary
    }

    /// In one line: «12 celdas, 9 con datos · Suma de 3 montos: $1.500 · 1 por definir».
    #[must_use]
    pub fn text(&self) -> String {
        let many = |count: usize, one: &str, more: &str| {
            let noun = if count == 1 { one } else { more };
            format!("{} {noun}", format_integer(count as i64))
        };
        let sum = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
        let mut text = format!(
            "{}, {} con datos",
            many(self.cells, "celda", "celdas"),
            format_integer(self.filled as i64)
        );
        if self.amounts > 0 {
            let pesos = format_money(sum(self.pesos));
            text += &format!(" · Suma de {}: {pesos}", many(self.amounts, "monto", "montos"));
        }
        if self.counts > 0 {
            let count = format_integer(sum(self.count));
            text += &format!(" · Suma de {}: {count}", many(self.counts, "cantidad", "cantidades"));
        }
        if self.to_be_defined > 0 {
            text += &format!(" · {} por definir", format_integer(self.to_be_defined as i64));
        }
        if self.missing > 0 {
            text += &format!(" · {}", many(self.missing, "dato faltante", "datos faltantes"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        doc::Document,
        edit::Edit,
        ids::{ExerciseId, Peer},
        key::Key,
    };
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::components::grid::columns::columns;

    fn spot(row: usize, column: usize) -> Spot {
        Spot { row, column }
    }

    #[test]
    fn a_range_lies_between_its_corners_whichever_way() {
        let range = Range::between(spot(7, 1), spot(3, 4));
        assert_eq!(range, Range { top: 3, left: 1, bottom: 7, right: 4 });
        assert_eq!((range.rows(), range.columns()), (5, 4));
        assert!(range.contains(spot(3, 1)) && range.contains(spot(7, 4)));
        assert!(!range.contains(spot(2, 1)) && !range.contains(spot(3, 5)));
        assert!(Range::between(spot(2, 2), spot(2, 2)).is_one());
    }

    #[test]
    fn whole_rows_columns_and_all() {
        let extent = Extent { rows: 9, columns: 5, page: 4 };
        let range = Range::between(spot(2, 1), spot(3, 2));
        let whole = |whole| range.taking_in(whole, extent);
        assert_eq!(whole(Whole::Neither), range);
        assert_eq!(whole(Whole::Rows), Range { top: 2, left: 0, bottom: 3, right: 4 });
        assert_eq!(whole(Whole::Columns), Range { top: 0, left: 1, bottom: 8, right: 2 });
        assert_eq!(whole(Whole::All), Range { top: 0, left: 0, bottom: 8, right: 4 });
    }

    #[test]
    fn tab_and_enter_go_round_inside() {
        let range = Range::between(spot(2, 1), spot(3, 2));
        let mut at = spot(2, 1);
        let mut seen = Vec::new();
        for _ in 0..4 {
            at = range.next(at, true, false);
            seen.push((at.row, at.column));
        }
        assert_eq!(seen, [(2, 2), (3, 1), (3, 2), (2, 1)]);
        assert_eq!(range.next(spot(3, 1), false, false), spot(2, 2), "down, then the next column");
        assert_eq!(range.next(spot(2, 1), false, true), spot(3, 2), "backward, around the start");
    }

    #[test]
    fn sums_know_missing_from_zero() {
        let id = ExerciseId::new("01", 2027).unwrap();
        let mut document = Document::new(id, Peer::new(2).unwrap());
        let rows: Vec<RowId> = ["a", "b", "c", "d"].map(|id| RowId::new(id).unwrap()).into();
        let budget =
            [Some(Value::Money(0)), Some(Value::Money(1_500_000)), Some(Value::ToBeDefined), None];
        let mut edits = Vec::new();
        for (row, value) in rows.iter().zip(budget) {
            let (table, row) = (TableId::Focus, row.clone());
            let key = |field| Key::cell(table, &row, field);
            edits.push(Edit::SetCell { key: key("budget"), value });
            edits.push(Edit::SetCell { key: key("coverage"), value: Some(Value::Integer(7)) });
            edits.push(Edit::PlaceRow { table, order: "V".into(), row: row.clone() });
        }
        document.apply(&edits).unwrap();
        let exercise = document.exercise();
        let columns = columns(exercise, TableId::Focus);
        let figures: Vec<GridColumn> =
            columns.into_iter().filter(|c| matches!(&*c.field, "budget" | "coverage")).collect();
        let summary = Summary::of(exercise, TableId::Focus, &rows, &figures);
        assert_eq!(
            summary.text(),
            "8 celdas, 7 con datos · Suma de 2 montos: $1.500.000 · Suma de 4 cantidades: 28 · \
             1 por definir · 1 dato faltante"
        );
    }
}
