//! The exercise and its tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ExerciseId, Peer, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Row},
    template::TableId,
    value::Value,
};

/// Values written to one cell by people who did not know of each other; the first is shown until
/// somebody decides.
pub type Undecided = Vec<(Peer, Option<Value>)>;

/// Everything of one region and budget year, as the document says it at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// Region and budget year.
    pub id: ExerciseId,
    tables: BTreeMap<TableId, Table>,
    undecided: BTreeMap<Key, Undecided>,
}

/// The rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    rows: BTreeMap<RowId, Row>,
    /// Rows that are shown, in their order; equal orders by id.
    shown: Vec<RowId>,
}

static NO_ROWS: Table = Table { rows: BTreeMap::new(), shown: Vec::new() };

impl Exercise {
    /// An exercise that holds nothing yet.
    #[must_use]
    pub fn new(id: ExerciseId) -> Self {
        Self { id, tables: BTreeMap::new(), undecided: BTreeMap::new() }
    }

    /// A table; without rows where nobody wrote into it.
    #[must_use]
    pub fn table(&self, table: TableId) -> &Table {
        self.tables.get(&table).unwrap_or(&NO_ROWS)
    }

    /// A row, deleted ones too.
    #[must_use]
    pub fn row(&self, table: TableId, row: &RowId) -> Option<&Row> {
        self.table(table).rows.get(row)
    }

    /// A row that is neither deleted nor unplaced, by the text of its id.
    #[must_use]
    pub fn live(&self, table: TableId, row: &str) -> Option<&Row> {
        self.row(table, &RowId::new(row).ok()?).filter(|row| is_shown(row))
    }

    /// Cells with several values to decide between.
    #[must_use]
    pub fn undecided(&self) -> &BTreeMap<Key, Undecided> {
        &self.undecided
    }

    /// Writes what the document says of one key. Only the document does this.
    pub(crate) fn put(&mut self, key: &Key, cell: Option<Cell>) {
        let table = self.tables.entry(key.table).or_default();
        let row = table.rows.entry(key.row.clone()).or_insert_with(|| Row::new(key.row.clone()));
        match (key.field.as_str(), &key.member) {
            (ORDER, _) => {
                let order = match cell {
                    Some(Cell::Value(Value::Text(order))) => order,
                    _ => String::new(),
                };
                table.reorder(&key.row, |row| row.order = order);
            }
            (DELETED, _) => {
                let deleted = cell == Some(Cell::Value(Value::Flag(true)));
                table.reorder(&key.row, |row| row.deleted = deleted);
            }
            (field, Some(member)) => row.cells.put_member(field, member, cell.is_some()),
            (field, None) => row.cells.put(field, cell),
        }
    }

    /// Whether each row that is said to be shown is there.
    pub(super) fn is_whole(&self) -> bool {
        self.tables.values().all(|table| table.shown.iter().all(|row| table.rows.contains_key(row)))
    }

    pub(crate) fn put_undecided(&mut self, key: Key, values: Option<Undecided>) {
        match values {
            Some(values) => self.undecided.insert(key, values),
            None => self.undecided.remove(&key),
        };
    }
}

impl Table {
    /// The rows that are shown, in their order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> + ExactSizeIterator {
        self.shown.iter().map(|id| &self.rows[id])
    }

    /// The ids of the rows that are shown, in their order.
    #[must_use]
    pub fn order(&self) -> &[RowId] {
        &self.shown
    }

    /// Where a row stands among those that are shown.
    #[must_use]
    pub fn place(&self, row: &RowId) -> Option<usize> {
        self.place_of(self.rows.get(row)?).ok()
    }

    /// All rows by id: shown, deleted and unplaced ones.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<RowId, Row> {
        &self.rows
    }

    /// Deleted rows, which can be restored.
    pub fn deleted(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().filter(|row| row.deleted && !row.order.is_empty())
    }

    /// The order text for a row put after the one at this place; `None` puts it first.
    #[must_use]
    pub fn order_after(&self, place: Option<usize>, salt: &RowId) -> String {
        let order_of = |place: usize| Some(self.rows[self.shown.get(place)?].order.as_str());
        let next = place.map_or(0, |place| place + 1);
        crate::order::between(place.and_then(order_of), order_of(next), salt.as_str())
    }

    /// The order text for a row put last.
    #[must_use]
    pub fn order_last(&self, salt: &RowId) -> String {
        self.order_after(self.shown.len().checked_sub(1), salt)
    }

    fn reorder(&mut self, id: &RowId, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.rows.get(id).filter(|row| is_shown(row))
            && let Ok(place) = self.place_of(row)
        {
            self.shown.remove(place);
        }
        if let Some(row) = self.rows.get_mut(id) {
            change(row);
        }
        if let Some(row) = self.rows.get(id).filter(|row| is_shown(row))
            && let Err(place) = self.place_of(row)
        {
            self.shown.insert(place, id.clone());
        }
    }

    fn place_of(&self, row: &Row) -> Result<usize, usize> {
        let rank = (row.order.as_str(), &row.id);
        let compare = |id: &RowId| (self.rows[id].order.as_str(), id).cmp(&rank);
        // Most rows are added last, and all are while an exercise is opened.
        if self.shown.last().is_none_or(|last| compare(last).is_lt()) {
            return Err(self.shown.len());
        }
        self.shown.binary_search_by(compare)
    }
}

fn is_shown(row: &Row) -> bool {
    !row.deleted && !row.order.is_empty()
}
