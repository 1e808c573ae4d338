//! The exercise and its tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ExerciseId, Peer, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Row, Table, row::is_shown},
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

static NO_ROWS: Table = Table::new();

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
        self.table(table).row(row)
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
            (field, Some(member)) => {
                table.row_mut(&key.row).cells.put_member(field, member, cell.is_some());
            }
            (field, None) => table.row_mut(&key.row).cells.put(field, cell),
        }
    }

    pub(crate) fn put_undecided(&mut self, key: Key, values: Option<Undecided>) {
        match values {
            Some(values) => self.undecided.insert(key, values),
            None => self.undecided.remove(&key),
        };
    }
}
