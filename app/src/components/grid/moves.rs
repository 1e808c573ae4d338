//! Where the cursor goes: places in the table as it is shown, counted from zero.

/// A place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Row, in the order that is shown.
    pub row: usize,
    /// Column, in the order that is shown.
    pub column: usize,
}

/// How far the cursor can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Rows of the table.
    pub rows: usize,
    /// Columns of the table.
    pub columns: usize,
    /// Rows that are in view at once.
    pub page: usize,
}

/// One of the four sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the column before.
    Left,
    /// To the column behind.
    Right,
    /// To the row above.
    Up,
    /// To the row below.
    Down,
}

/// A movement of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// One cell further, no further than the edge.
    Step(Side),
    /// To the end of what is filled on this side, as in spreadsheets.
    Jump(Side),
    /// The next cell, going on in the next row.
    Next,
    /// The cell before, going on in the row before.
    Previous,
    /// First cell of the row.
    RowStart,
    /// Last cell of the row.
    RowEnd,
    /// First cell of the table.
    First,
    /// Last cell of the table.
    Last,
    /// As many rows up as are in view.
    PageUp,
    /// As many rows down as are in view.
    PageDown,
}

/// Where a movement ends. `filled` tells whether a cell holds anything. An empty table has no
/// place, so that the cursor stays.
#[must_use]
pub fn moved(from: Spot, step: Move, extent: Extent, filled: impl Fn(Spot) -> bool) -> Spot {
    let Extent { rows, columns, page } = extent;
    if rows == 0 || columns == 0 {
        return from;
    }
    let (last_row, last_column) = (rows - 1, columns - 1);
    let Spot { row, column } = from;
    match step {
        Move::Step(side) => stepped(from, side, extent).unwrap_or(from),
        Move::Jump(side) => jumped(from, side, extent, filled),
        Move::Next if column < last_column => Spot { row, column: column + 1 },
        Move::Next if row < last_row => Spot { row: row + 1, column: 0 },
        Move::Previous if column > 0 => Spot { row, column: column - 1 },
        Move::Previous if row > 0 => Spot { row: row - 1, column: last_column },
        Move::Next | Move::Previous => from,
        Move::RowStart => Spot { row, column: 0 },
        Move::RowEnd => Spot { row, column: last_column },
        Move::First => Spot { row: 0, column: 0 },
        Move::Last => Spot { row: last_row, column: last_column },
        Move::PageUp => Spot { row: row.saturating_sub(page.max(1)), column },
        Move::PageDown => Spot { row: (row + page.max(1)).min(last_row), column },
    }
}

/// The neighbour on one side; `None` at the edge.
fn stepped(Spot { row, column }: Spot, side: Side, extent: Extent) -> Option<Spot> {
    let to = match side {
        Side::Left => Spot { row, column: column.checked_sub(1)? },
        Side::Right => Spot { row, column: column + 1 },
        Side::Up => Spot { row: row.checked_sub(1)?, column },
        Side::Down => Spot { row: row + 1, column },
    };
    (to.row < extent.rows && to.column < extent.columns).then_some(to)
}

/// Within a run of filled cells to its last one, else to the next filled one, else to the edge.
fn jumped(from: Spot, side: Side, extent: Extent, filled: impl Fn(Spot) -> bool) -> Spot {
    let ahead = || std::iter::successors(Some(from), |at| stepped(*at, side, extent));
    let in_run = filled(from) && stepped(from, side, extent).is_some_and(&filled);
    let found = if in_run {
        ahead().take_while(|at| filled(*at)).last()
    } else {
        ahead().skip(1).find(|at| filled(*at))
    };
    found.or_else(|| ahead().last()).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const EXTENT: Extent = Extent { rows: 20, columns: 4, page: 8 };

    fn go(row: usize, column: usize, step: Move) -> (usize, usize) {
        let to = moved(Spot { row, column }, step, EXTENT, |_| false);
        (to.row, to.column)
    }

    #[test]
    fn steps_stop_at_the_edges() {
        assert_eq!(go(0, 0, Move::Step(Side::Up)), (0, 0));
        assert_eq!(go(0, 0, Move::Step(Side::Left)), (0, 0));
        assert_eq!(go(19, 3, Move::Step(Side::Down)), (19, 3));
        assert_eq!(go(19, 3, Move::Step(Side::Right)), (19, 3));
        assert_eq!(go(4, 1, Move::Step(Side::Right)), (4, 2));
    }

    #[test]
    fn tab_goes_on_in_the_next_row() {
        assert_eq!(go(0, 3, Move::Next), (1, 0));
        assert_eq!(go(1, 0, Move::Previous), (0, 3));
        assert_eq!(go(19, 3, Move::Next), (19, 3));
        assert_eq!(go(0, 0, Move::Previous), (0, 0));
    }

    #[test]
    fn pages_and_ends() {
        assert_eq!(go(3, 2, Move::PageUp), (0, 2));
        assert_eq!(go(3, 2, Move::PageDown), (11, 2));
        assert_eq!(go(15, 2, Move::PageDown), (19, 2));
        assert_eq!(go(3, 2, Move::RowStart), (3, 0));
        assert_eq!(go(3, 2, Move::RowEnd), (3, 3));
        assert_eq!(go(3, 2, Move::First), (0, 0));
        assert_eq!(go(3, 2, Move::Last), (19, 3));
    }

    #[test]
    fn jumps_go_to_the_end_of_what_is_filled() {
        let filled = |at: Spot| matches!(at.row, 2..=5 | 9);
        let down = |row| moved(Spot { row, column: 0 }, Move::Jump(Side::Down), EXTENT, filled).row;
        assert_eq!(down(0), 2, "from an empty cell to the next filled one");
        assert_eq!(down(2), 5, "within a run to its end");
        assert_eq!(down(5), 9, "over a gap");
        assert_eq!(down(9), 19, "nothing more: the edge");
        let up = moved(Spot { row: 9, column: 0 }, Move::Jump(Side::Up), EXTENT, filled).row;
        assert_eq!(up, 5);
    }

    #[test]
    fn an_empty_table_has_nowhere_to_go() {
        let extent = Extent { rows: 0, ..EXTENT };
        let from = Spot { row: 0, column: 0 };
        for step in [Move::Last, Move::PageDown, Move::Jump(Side::Down), Move::Next] {
            assert_eq!(moved(from, step, extent, |_| false), from);
        }
    }
}
