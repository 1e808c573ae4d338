//! Who is in an exercise and where. Passed on, never stored, and no part of the document.
//!
//! Only sent to those who said that they understand it: see [`super::understands`].

use serde::{Deserialize, Serialize};

use crate::{
    doc::Anchor,
    ids::{RowId, is_name},
    limits,
    template::TableId,
};

/// Where somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The table on the screen.
    pub table: TableId,
    /// The cell of the cursor.
    pub cell: Option<Spot>,
    /// The opposite corner of a selection of several cells.
    pub corner: Option<Spot>,
    /// Where the caret is in the narrative cell that is open.
    pub caret: Option<Anchor>,
    /// What is being typed into a cell of another kind.
    pub draft: Option<String>,
}

/// A cell of the table on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The row.
    pub row: RowId,
    /// The column's field.
    pub field: String,
}

/// Somebody in an exercise, in one tab, as the server vouches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Names the tab for as long as it is connected.
    pub tab: u64,
    /// Number of the account: several tabs of a person are one person.
    pub user: i64,
    /// The person's name as registered.
    pub name: String,
    /// The person's role, as [`crate::access::Role::title`] says it.
    pub role: String,
    /// Where.
    pub place: Place,
}

impl Place {
    /// Somebody who looks at a table and has touched nothing in it yet.
    #[must_use]
    pub fn at(table: TableId) -> Self {
        Self { table, cell: None, corner: None, caret: None, draft: None }
    }

    /// Whether it is what an honest device says.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let spots = self.cell.iter().chain(&self.corner);
        spots.into_iter().all(|spot| is_name(&spot.field, 40))
            && self.draft.as_ref().is_none_or(|draft| draft.len() <= limits::DRAFT_BYTES)
    }
}

impl Spot {
    /// A cell.
    #[must_use]
    pub fn new(row: &RowId, field: &str) -> Self {
        Self { row: row.clone(), field: field.into() }
    }
}
