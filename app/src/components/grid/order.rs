//! The rows of a table in the order that is shown, and where each of them stands.

use std::collections::HashMap;

use shared::ids::RowId;

/// Rows in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    rows: Vec<RowId>,
    places: HashMap<RowId, usize>,
}

impl Order {
    /// From the rows in their order.
    #[must_use]
    pub fn new(rows: Vec<RowId>) -> Self {
        let places = rows.iter().enumerate().map(|(at, row)| (row.clone(), at)).collect();
        Self { rows, places }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// Where a row stands, from zero; `None` if it is not shown.
    #[must_use]
    pub fn place(&self, row: &RowId) -> Option<usize> {
        self.places.get(row).copied()
    }
}
