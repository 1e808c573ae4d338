//! The writer: every change of the open exercise goes through [`Store::apply`], and everything
//! that the screen shows of it is read here.
//!
//! Signals are fine-grained: a row is drawn anew when one of its own cells changed, a table when
//! rows came, went or moved.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    fmt,
    rc::Rc,
};

use leptos::prelude::*;
use shared::{
    access::Grant,
    doc::{Document, EditError},
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    key::{DELETED, Key, ORDER},
    model::Exercise,
    template::TableId,
    value::Value,
};

/// Why edits were not applied. Nothing of them was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The person may not write there.
    Forbidden,
    /// They do not fit.
    Edit(EditError),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("Tu rol no permite escribir aquí."),
            Self::Edit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Rejection {}

/// One of the values of a cell that people wrote without knowing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// Its writer.
    pub peer: Peer,
    /// Whether it was written on this device.
    pub mine: bool,
    /// Who wrote it, as shown to people.
    pub author: String,
    /// The value; `None` where the cell was emptied.
    pub value: Option<Value>,
}

/// Handle of the open exercise, found in the context by [`use_store`].
#[derive(Clone, Copy)]
pub struct Store {
    open: StoredValue<Rc<Open>, LocalStorage>,
}

struct Open {
    document: RefCell<Document>,
    grants: Vec<Grant>,
    tables: RefCell<HashMap<TableId, ArcTrigger>>,
    rows: RefCell<HashMap<(TableId, RowId), ArcTrigger>>,
}

/// The store of the exercise that this component belongs to.
///
/// # Panics
/// Outside of an exercise's page.
#[must_use]
pub fn use_store() -> Store {
    expect_context()
}

impl Store {
    /// Opens a document for a person with these grants.
    #[must_use]
    pub fn new(document: Document, grants: Vec<Grant>) -> Self {
        Self {
            open: StoredValue::new_local(Rc::new(Open {
                document: RefCell::new(document),
                grants,
                tables: RefCell::default(),
                rows: RefCell::default(),
            })),
        }
    }

    /// The exercise that is open.
    #[must_use]
    pub fn exercise_id(&self) -> ExerciseId {
        self.with(|exercise| exercise.id)
    }

    /// Applies edits as one, or none of them.
    pub fn apply(&self, edits: Vec<Edit>) -> Result<(), Rejection> {
        if edits.iter().any(|edit| !self.may_write(&edit.key())) {
            return Err(Rejection::Forbidden);
        }
        let open = self.open.get_value();
        let change = open.document.borrow_mut().apply(&edits).map_err(Rejection::Edit)?;
        open.notify(&change.touched);
        Ok(())
    }

    /// Reads the exercise. Not reactive: see [`Store::track_table`] and [`Store::track_row`].
    pub fn with<R>(&self, read: impl FnOnce(&Exercise) -> R) -> R {
        read(self.open.get_value().document.borrow().exercise())
    }

    /// Makes the caller run again when rows of this table come, go or move.
    pub fn track_table(&self, table: TableId) {
        let trigger = self.open.get_value().tables.borrow_mut().entry(table).or_default().clone();
        trigger.track();
    }

    /// Makes the caller run again when anything that is shown of this row changes: its cells, the
    /// values to decide between, its findings.
    pub fn track_row(&self, table: TableId, row: &RowId) {
        let key = (table, row.clone());
        let trigger = self.open.get_value().rows.borrow_mut().entry(key).or_default().clone();
        trigger.track();
    }

    /// The values of a cell that somebody must decide between; empty for nearly all cells.
    /// Changes are told by [`Store::track_row`].
    #[must_use]
    pub fn undecided(&self, key: &Key) -> Vec<Contender> {
        let open = self.open.get_value();
        let document = open.document.borrow();
        let values = document.exercise().undecided().get(key);
        values
            .into_iter()
            .flatten()
            .map(|(peer, value)| Contender {
                peer: *peer,
                mine: *peer == document.peer(),
                author: String::new(),
                value: value.clone(),
            })
            .collect()
    }

    /// Whether the person may write this cell.
    #[must_use]
    pub fn may_write(&self, key: &Key) -> bool {
        let open = self.open.get_value();
        let exercise = open.document.borrow().exercise().id;
        open.grants.iter().any(|grant| grant.may_write(exercise, key))
    }
}

impl Open {
    /// Tells whoever shows these cells.
    fn notify(&self, touched: &BTreeSet<Key>) {
        let (mut tables, mut rows) = (BTreeSet::new(), BTreeSet::new());
        for key in touched {
            if key.field == ORDER || key.field == DELETED {
                tables.insert(key.table);
            }
            rows.insert((key.table, key.row.clone()));
        }
        // Taken out first: whoever is told may ask to be told again.
        let tables: Vec<_> =
            tables.iter().filter_map(|table| self.tables.borrow().get(table).cloned()).collect();
        let rows: Vec<_> =
            rows.iter().filter_map(|row| self.rows.borrow().get(row).cloned()).collect();
        for trigger in tables.into_iter().chain(rows) {
            trigger.notify();
        }
    }
}
