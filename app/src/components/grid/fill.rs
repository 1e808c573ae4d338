//! Filling: what stands in some cells goes into those below or beside them.

use leptos::prelude::*;

use super::{
    moves::{Side, Spot},
    paste::{Choices, Clip, Target},
    selection::Range,
    sheet::Sheet,
};

impl Sheet {
    /// Fills the selection from its first row or column; where it has only one, from the cells
    /// before it.
    pub fn fill(self, side: Side) {
        let Some(into) = self.selected() else { return };
        match parts(into, side) {
            Some((from, into)) => self.fill_from(from, into),
            None => self.announce("No hay de dónde rellenar."),
        }
    }

    /// Fills one range from another, as one action.
    pub fn fill_from(self, from: Range, into: Range) {
        let columns = self.columns.get_untracked();
        let order = self.order.get_untracked();
        let clip = self.store.with(|exercise| {
            let piece = |spot: Spot| {
                let row = exercise.row(self.table, order.rows().get(spot.row)?)?;
                let column = columns.get(spot.column)?;
                Some((column.kind, row.cells.get(&column.field).cloned()))
            };
            let row = |at: usize| {
                let row = from.top + (at % from.rows());
                let spots = (0..into.columns())
                    .map(move |column| Spot { row, column: from.left + (column % from.columns()) });
                spots.map(piece).collect()
            };
            Clip::of_cells(exercise, (0..into.rows()).map(row).collect())
        });
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
}
