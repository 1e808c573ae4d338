//! The rows of one table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::{Row, row::is_shown};
use crate::ids::{BadId, RowId};

/// The rows of one table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "(Vec<Row>, Vec<u32>)")]
pub struct Table {
    /// In the order in which they came; nothing depends on it.
    rows: Vec<Row>,
    /// Where each is in `rows`.
    places: BTreeMap<RowId, u32>,
    /// Rows that are shown, in their order; equal orders by id.
    order: Vec<RowId>,
    /// Where these are in `rows`: reading a table is following numbers, not looking up ids.
    shown: Vec<u32>,
}

/// The same rows, in the same order.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order && self.all().eq(other.all())
    }
}

impl Eq for Table {}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.rows, &self.shown).serialize(serializer)
    }
}

impl TryFrom<(Vec<Row>, Vec<u32>)> for Table {
    type Error = BadId;

    /// The rows, and where those that are shown are among them.
    fn try_from((rows, shown): (Vec<Row>, Vec<u32>)) -> Result<Self, BadId> {
        let places: BTreeMap<_, _> = rows.iter().map(|row| row.id.clone()).zip(0..).collect();
        let id = |at: &u32| Some(rows.get(*at as usize)?.id.clone());
        let order: Option<Vec<_>> = shown.iter().map(id).collect();
        match order {
            Some(order) if places.len() == rows.len() => Ok(Self { rows, places, order, shown }),
            _ => Err(BadId),
        }
    }
}

impl Table {
    /// A table without rows.
    pub(super) const fn new() -> Self {
        Self { rows: Vec::new(), places: BTreeMap::new(), order: Vec::new(), shown: Vec::new() }
    }

    /// The rows that are shown, in their order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> + ExactSizeIterator {
        self.shown.iter().map(|at| &self.rows[*at as usize])
    }

    /// The ids of the rows that are shown, in their order.
    #[must_use]
    pub fn order(&self) -> &[RowId] {
        &self.order
    }

    /// A row, deleted and unplaced ones too.
    #[must_use]
    pub fn row(&self, id: &RowId) -> Option<&Row> {
        Some(&self.rows[*self.places.get(id)? as usize])
    }

    /// Where a row stands among those that are shown.
    #[must_use]
    pub fn place(&self, row: &RowId) -> Option<usize> {
        self.place_of(self.row(row)?).ok()
    }

    /// All rows by id: shown, deleted and unplaced ones.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.places.values().map(|at| &self.rows[*at as usize])
    }

    /// Deleted rows, which can be restored.
    pub fn deleted(&self) -> impl Iterator<Item = &Row> {
        self.all().filter(|row| row.deleted && !row.order.is_empty())
    }

    /// The order text for a row put after the one at this place; `None` puts it first.
    #[must_use]
    pub fn order_after(&self, place: Option<usize>, salt: &RowId) -> String {
        let order_of = |place: usize| Some(self.shown_row(place)?.order.as_str());
        let next = place.map_or(0, |place| place + 1);
        crate::order::between(place.and_then(order_of), order_of(next), salt.as_str())
    }

    /// The order text for a row put last.
    #[must_use]
    pub fn order_last(&self, salt: &RowId) -> String {
        self.order_after(self.shown.len().checked_sub(1), salt)
    }

    /// A row to be written into; it is made where there is none.
    pub(super) fn row_mut(&mut self, id: &RowId) -> &mut Row {
        let at = match self.places.get(id) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(self.rows.len()).expect("tables are far smaller");
                self.places.insert(id.clone(), at);
                self.rows.push(Row::new(id.clone()));
                at
            }
        };
        &mut self.rows[at as usize]
    }

    /// Changes what decides whether and where a row is shown.
    pub(super) fn reorder(&mut self, id: &RowId, change: impl FnOnce(&mut Row)) {
        if let Some(place) = self.row(id).filter(|row| is_shown(row)).map(|row| self.place_of(row))
            && let Ok(place) = place
        {
            self.order.remove(place);
            self.shown.remove(place);
        }
        change(self.row_mut(id));
        if let Some(row) = self.row(id).filter(|row| is_shown(row))
            && let Err(place) = self.place_of(row)
        {
            self.shown.insert(place, self.places[id]);
            self.order.insert(place, id.clone());
        }
    }

    fn shown_row(&self, place: usize) -> Option<&Row> {
        self.shown.get(place).map(|at| &self.rows[*at as usize])
    }

    fn place_of(&self, row: &Row) -> Result<usize, usize> {
        let rank = (row.order.as_str(), &row.id);
        let compare = |at: &u32| {
            let other = &self.rows[*at as usize];
            (other.order.as_str(), &other.id).cmp(&rank)
        };
        // Most rows are added last, and all are while an exercise is opened.
        if self.shown.last().is_none_or(|last| compare(last).is_lt()) {
            return Err(self.shown.len());
        }
        self.shown.binary_search_by(compare)
    }
}
