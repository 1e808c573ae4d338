//! Filling: what stands in some cells goes into those below or beside them.

use leptos::prelude::*;

use super::{
    moves::{Side, Spot},
    paste::{Choices, Clip, Target},
    selection::Range,
    series::{OfColumn, filled},
    sheet::Sheet,
};

impl Sheet {
    /// Fills the selection from its first row or column; where it has only one, from the cells
    /// before it.
    pub fn fill(self, side: Side) {
        let Some(into) = self.selected() else { return };
        match parts(into, side) {
            Some((from, into)) => self.fill_from(from, into, false),
            None => self.announce("No hay de dónde rellenar."),
        }
    }

    /// The corner was dragged to a cell: fills what lies between. Several values go on as the series
    /// that they begin, one is copied; with Ctrl it is the other way round.
    pub fn fill_to(self, to: Spot, ctrl: bool) {
        if let Some(from) = self.selected()
            && let Some(into) = dragged(from, to)
        {
            let several = if is_down(from, into) { from.rows() } else { from.columns() } > 1;
            self.fill_from(from, into, several != ctrl);
        }
    }

    /// The corner was clicked twice: fills down as far as the column beside has values.
    pub fn fill_beside(self, ctrl: bool) {
        let Some(from) = self.selected() else { return };
        let columns = self.columns.get_untracked();
        let order = self.order.get_untracked();
        let into = self.store.with(|exercise| {
            let holds = |at: Spot| {
                let row = order.rows().get(at.row).and_then(|row| exercise.row(self.table, row));
                row.zip(columns.get(at.column)).is_some_and(|(row, column)| row.has(&column.field))
            };
            beside(from, (order.rows().len(), columns.len()), holds)
        });
        match into {
            Some(into) => self.fill_from(from, into, (from.rows() > 1) != ctrl),
            None => self.announce("La columna de al lado no tiene datos más abajo."),
        }
    }

    /// Fills one range from another, as one action.
    fn fill_from(self, from: Range, into: Range, as_series: bool) {
        let columns = self.columns.get_untracked();
        let order = self.order.get_untracked();
        let (into, clip) = self
            .store
            .with(|exercise| {
                let cell = |spot: Spot| {
                    let row = exercise.row(self.table, order.rows().get(spot.row)?)?;
                    let column = columns.get(spot.column)?;
                    Some((column.kind, row.cells.get(&column.field).cloned()))
                };
                let (down, before) =
                    (is_down(from, into), into.top < from.top || into.left < from.left);
                let count = if down { into.rows() } else { into.columns() };
                let lines = lines(from, down).into_iter().map(|line| {
                    let cells: Option<Vec<OfColumn>> = line.into_iter().map(cell).collect();
                    filled(&cells.unwrap_or_default(), count, before, as_series)
                });
                let lines: Vec<_> = lines.collect();
                // A series may end before the range does.
                let count = lines.iter().map(Vec::len).min().unwrap_or_default();
                let into = nearest(into, count, down, before)?;
                let (rows, columns) = (into.rows(), into.columns());
                let piece = |row: usize, column: usize| {
                    let (line, at) = if down { (column, row) } else { (row, column) };
                    let at = if before { count - 1 - at } else { at };
                    lines.get(line).and_then(|line| line.get(at)).cloned()
                };
                let row = |row: usize| (0..columns).map(|column| piece(row, column)).collect();
                Some((into, Clip::of_cells(exercise, (0..rows).map(row).collect())))
            })
            .unzip();
        let (Some(into), Some(clip)) = (into, clip) else {
            return self.announce("La serie no sigue más allá.");
        };
        let target = Target {
            table: self.table,
            column: into.left,
            rows: order.rows().get(into.top..=into.bottom).unwrap_or_default().to_vec(),
            selected: (into.rows(), into.columns()),
            fresh: Vec::new(),
            columns,
        };
        let choices = Choices::plain(&clip, &target);
        let plan = self.plan(&clip, &target, &choices);
        let left = plan.left.len();
        if self.carry_out(&target, &choices, plan, "Rellenaste") {
            let all = Range::between(corner(from, false), corner(into, true));
            let all = Range { top: all.top.min(into.top), left: all.left.min(into.left), ..all };
            self.select_range(all);
            if left > 0 {
                self.announce(format!(
                    "{left} celdas no admiten ese valor y quedaron como estaban."
                ));
            }
        }
    }
}

fn corner(range: Range, last: bool) -> Spot {
    if last {
        Spot { row: range.bottom, column: range.right }
    } else {
        Spot { row: range.top, column: range.left }
    }
}

/// From where to where a selection is filled towards a side; `None` at the edge of the table.
#[must_use]
pub fn parts(selected: Range, side: Side) -> Option<(Range, Range)> {
    let Range { top, left, .. } = selected;
    Some(match side {
        Side::Down if selected.rows() > 1 => {
            (Range { bottom: top, ..selected }, Range { top: top + 1, ..selected })
        }
        Side::Down => {
            let above = top.checked_sub(1)?;
            (Range { top: above, bottom: above, ..selected }, selected)
        }
        Side::Right if selected.columns() > 1 => {
            (Range { right: left, ..selected }, Range { left: left + 1, ..selected })
        }
        Side::Right => {
            let before = left.checked_sub(1)?;
            (Range { left: before, right: before, ..selected }, selected)
        }
        Side::Up | Side::Left => return None,
    })
}

/// Whether a range is filled along columns: it lies above or below what it is filled from.
fn is_down(from: Range, into: Range) -> bool {
    (into.left, into.right) == (from.left, from.right)
}

/// The cells of each column, or of each row.
fn lines(from: Range, down: bool) -> Vec<Vec<Spot>> {
    let (rows, columns) = (from.top..=from.bottom, from.left..=from.right);
    if down {
        let line = |column| rows.clone().map(move |row| Spot { row, column }).collect();
        columns.map(line).collect()
    } else {
        let line = |row| columns.clone().map(move |column| Spot { row, column }).collect();
        rows.map(line).collect()
    }
}

/// So many rows or columns of a range, on the side where filling begins; `None` for none.
fn nearest(into: Range, count: usize, down: bool, before: bool) -> Option<Range> {
    let more = count.checked_sub(1)?;
    Some(match (down, before) {
        (true, false) => Range { bottom: into.top + more, ..into },
        (true, true) => Range { top: into.bottom - more, ..into },
        (false, false) => Range { right: into.left + more, ..into },
        (false, true) => Range { left: into.right - more, ..into },
    })
}

/// What lies below a selection as far as the column before it has values without a gap; where that
/// has none, the column behind it.
#[must_use]
pub fn beside(
    selected: Range,
    (rows, columns): (usize, usize),
    holds: impl Fn(Spot) -> bool,
) -> Option<Range> {
    let top = selected.bottom + 1;
    let run =
        |column: usize| (top..rows).take_while(|row| holds(Spot { row: *row, column })).count();
    let behind = Some(selected.right + 1).filter(|column| *column < columns);
    let sides = [selected.left.checked_sub(1), behind];
    let count = sides.into_iter().flatten().map(run).find(|count| *count > 0)?;
    Some(Range { top, bottom: selected.bottom + count, ..selected })
}

/// What is filled when the corner of a selection is dragged to a cell: rows or columns, whichever
/// it was dragged further by. `None` inside the selection.
#[must_use]
pub fn dragged(selected: Range, to: Spot) -> Option<Range> {
    let Range { top, left, bottom, right } = selected;
    let beyond =
        |at: usize, from: usize, to: usize| (from.saturating_sub(at), at.saturating_sub(to));
    let (up, down) = beyond(to.row, top, bottom);
    let (before, behind) = beyond(to.column, left, right);
    let by_rows = up.max(down);
    if by_rows == 0 && before.max(behind) == 0 {
        return None;
    }
    Some(if by_rows >= before.max(behind) {
        if down > 0 {
            Range { top: bottom + 1, bottom: to.row, ..selected }
        } else {
            Range { top: to.row, bottom: top - 1, ..selected }
        }
    } else if behind > 0 {
        Range { left: right + 1, right: to.column, ..selected }
    } else {
        Range { left: to.column, right: left - 1, ..selected }
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const SELECTED: Range = Range { top: 3, left: 2, bottom: 5, right: 4 };

    #[test]
    fn the_first_row_fills_the_rest() {
        let (from, into) = parts(SELECTED, Side::Down).unwrap();
        assert_eq!((from.top, from.bottom, into.top, into.bottom), (3, 3, 4, 5));
        let (from, into) = parts(SELECTED, Side::Right).unwrap();
        assert_eq!((from.left, from.right, into.left, into.right), (2, 2, 3, 4));
    }

    #[test]
    fn one_cell_is_filled_from_the_one_before() {
        let one = Range { top: 3, left: 2, bottom: 3, right: 2 };
        let (from, into) = parts(one, Side::Down).unwrap();
        assert_eq!((from.top, into), (2, one));
        let (from, into) = parts(one, Side::Right).unwrap();
        assert_eq!((from.left, into), (1, one));
        assert_eq!(parts(Range { top: 0, bottom: 0, ..one }, Side::Down), None);
    }

    #[test]
    fn the_corner_is_dragged_to_one_of_four_sides() {
        let to = |row, column| dragged(SELECTED, Spot { row, column });
        assert_eq!(to(4, 3), None);
        assert_eq!(to(8, 4), Some(Range { top: 6, bottom: 8, ..SELECTED }));
        assert_eq!(to(1, 3), Some(Range { top: 1, bottom: 2, ..SELECTED }));
        assert_eq!(to(6, 9), Some(Range { left: 5, right: 9, ..SELECTED }));
        assert_eq!(to(3, 0), Some(Range { left: 0, right: 1, ..SELECTED }));
    }

    #[test]
    fn a_series_that_ends_leaves_the_farther_cells_alone() {
        let into = Range { top: 6, left: 2, bottom: 9, right: 4 };
        assert!(is_down(SELECTED, into));
        assert_eq!(nearest(into, 2, true, false), Some(Range { bottom: 7, ..into }));
        assert_eq!(nearest(into, 2, true, true), Some(Range { top: 8, ..into }));
        assert_eq!(nearest(into, 1, false, true), Some(Range { left: 4, ..into }));
        assert_eq!(nearest(into, 0, true, false), None);
    }

    #[test]
    fn two_clicks_reach_as_far_as_the_column_beside() {
        let extent = (20, 8);
        let below = |bottom| Some(Range { top: 6, bottom, ..SELECTED });
        let filled = |column: usize, last: usize| {
            move |at: Spot| at.column == column && at.row <= last && at.row != 12
        };
        assert_eq!(beside(SELECTED, extent, filled(1, 9)), below(9));
        assert_eq!(beside(SELECTED, extent, filled(5, 8)), below(8), "the one behind");
        assert_eq!(beside(SELECTED, extent, filled(1, 19)), below(11), "up to a gap");
        assert_eq!(beside(SELECTED, extent, filled(3, 19)), None);
        let all = Range { left: 0, right: 7, ..SELECTED };
        assert_eq!(beside(all, extent, |_| true), None, "nothing is beside");
    }
}
