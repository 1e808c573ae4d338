//! The writer: every change of the open exercise goes through [`Store::apply`], and everything
//! that the screen shows of it is read here.
//!
//! Signals are fine-grained: a row is drawn anew when one of its own cells changed, a table when
//! rows came, went or moved.

mod apart;
mod findings;
mod full;
mod history;
mod keeper;
mod neighbours;
mod open;
mod people;
mod preview;
mod refresh;
mod reopen;
mod rescue;
mod screen;
mod undo;

use std::{fmt, rc::Rc, sync::Arc};

use leptos::prelude::*;
use shared::{
    doc::{Anchor, EditError},
    edit::Edit,
    history::Step,
    ids::{ExerciseId, Peer, RowId},
    key::{Key, ORDER},
    model::{Cell, Exercise, Row},
    protocol::EntryNo,
    rescue::Rescue,
    rules::Finding,
    sync::{journal::Refused, replica::Status},
    template::TableId,
    value::Value,
};

pub use findings::Derived;
pub use keeper::{Keeper, TabCopy, TabMemory};
pub use open::{Notice, Open};
pub use people::People;
pub use refresh::{Hindrance, refresh};
pub use rescue::rescue_apart;
pub use undo::{Outcome, Way};

use crate::{clock, storage::Failure};

/// Why edits were not applied. Nothing of them was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The person may not write there.
    Forbidden,
    /// The exercise is being opened anew; a moment later it can be written to.
    Reopening,
    /// The person was away from the server for too long.
    Lapsed,
    /// They do not fit.
    Edit(EditError),
    /// They build on what this device has not got from the server yet.
    Behind,
    /// Another tab of this device has some of them, and sends them.
    OtherTab,
    /// They are not what a device writes.
    Foreign,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("Tu rol no permite escribir aquí."),
            Self::Reopening => f.write_str(
                "El ejercicio se está volviendo a abrir. Intenta de nuevo en un momento.",
            ),
            Self::Lapsed => f.write_str(
                "Este equipo lleva demasiado tiempo sin encontrarse con el servidor: conéctalo para \
                 volver a escribir.",
            ),
            Self::Edit(error) => error.fmt(f),
            Self::Behind => f.write_str(
                "El respaldo sigue a cambios que este equipo todavía no recibe. Conéctalo y tráelo \
                 de nuevo.",
            ),
            Self::OtherTab => f.write_str(
                "Otra pestaña de Focaliza en este equipo ya tiene cambios de este respaldo y los envía. \
                 Ciérrala y tráelo de nuevo.",
            ),
            Self::Foreign => f.write_str("El respaldo no es lo que Focaliza escribe."),
        }
    }
}

impl std::error::Error for Rejection {}

/// One of the values of a cell that people wrote without knowing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// Its writer.
    pub peer: Peer,
    /// Whether it was written by this person on this device.
    pub mine: bool,
    /// Who wrote it, with their role: «Ana Rojas (Profesional GORE)».
    pub author: String,
    /// Who wrote it, by name alone.
    pub name: String,
    /// The value; `None` where the cell was emptied.
    pub value: Option<Value>,
}

/// Handle of the open exercise, found in the context by [`use_store`].
#[derive(Clone, Copy)]
pub struct Store {
    open: StoredValue<Rc<Open>, LocalStorage>,
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
    /// The handle of an exercise that was opened.
    #[must_use]
    pub fn new(open: Rc<Open>) -> Self {
        Self { open: StoredValue::new_local(open) }
    }

    /// The exercise that is open.
    #[must_use]
    pub fn exercise_id(&self) -> ExerciseId {
        self.open.get_value().exercise()
    }

    /// Applies edits as one, or none of them.
    pub fn apply(&self, edits: Vec<Edit>) -> Result<(), Rejection> {
        if edits.iter().any(|edit| !self.may_write(&edit.key())) {
            return Err(Rejection::Forbidden);
        }
        self.open.get_value().edit(edits)
    }

    /// Reads the exercise. Not reactive: see [`Store::track_table`] and [`Store::track_row`].
    pub fn with<R>(&self, read: impl FnOnce(&Exercise) -> R) -> R {
        read(self.open.get_value().replica().document().exercise())
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

    /// Has everything that shows this row run again, although nothing changed.
    pub fn touch_row(&self, table: TableId, row: &RowId) {
        self.open.get_value().tell_rows(&[(table, row.clone())].into());
    }

    /// Makes the caller run again when any cell changes. For short lists, never for a grid.
    pub fn track_any(&self) {
        self.open.get_value().any.track();
    }

    /// The values of a cell that somebody must decide between; empty for nearly all cells.
    /// Changes are told by [`Store::track_row`].
    #[must_use]
    pub fn undecided(&self, key: &Key) -> Vec<Contender> {
        let open = self.open.get_value();
        let values = self.with(|exercise| exercise.undecided().get(key).cloned());
        let contender = |(peer, value)| {
            let mine = open.is_own(peer);
            let (author, name) = match open.writer(peer) {
                _ if mine => ("ti".to_owned(), "ti".to_owned()),
                Some(writer) => (format!("{} ({})", writer.name, writer.role), writer.name),
                None => ("otra persona".to_owned(), "otra persona".to_owned()),
            };
            Contender { peer, mine, author, name, value }
        };
        values.into_iter().flatten().map(contender).collect()
    }

    /// The cells that somebody must decide about. Reactive.
    #[must_use]
    pub fn undecided_keys(&self) -> Vec<Key> {
        self.track_any();
        self.with(|exercise| exercise.undecided().keys().cloned().collect())
    }

    /// Whether the person may write at all.
    #[must_use]
    pub fn may_edit(&self) -> bool {
        let open = self.open.get_value();
        open.grant().may_edit(open.exercise())
    }

    /// Whether the person may write this cell.
    #[must_use]
    pub fn may_write(&self, key: &Key) -> bool {
        let open = self.open.get_value();
        open.status.with_untracked(|status| status.may_edit)
            && open.grant().may_write(open.exercise(), key)
    }

    /// The findings of a cell. Changes are told by [`Store::track_row`].
    #[must_use]
    pub fn findings_at(&self, table: TableId, row: &RowId, field: &str) -> Vec<Finding> {
        self.open.get_value().derived.with_untracked(|derived| derived.at(table, row, field))
    }

    /// Whether the rules say anything about a row. Not reactive.
    #[must_use]
    pub fn has_finding(&self, table: TableId, row: &RowId) -> bool {
        self.open.get_value().derived.with_untracked(|derived| derived.has_finding(table, row))
    }

    /// Whether something that stands in a row was written by this person, here or elsewhere.
    #[must_use]
    pub fn wrote_in(&self, table: TableId, row: &Row) -> bool {
        let open = self.open.get_value();
        let replica = open.replica();
        let is_mine =
            |key: Key| replica.document().writers(&key).any(|peer| open.is_by_person(peer));
        is_mine(Key::cell(table, &row.id, ORDER))
            || row.cells.iter().any(|(field, cell)| match cell {
                Cell::Set(members) => {
                    members.iter().any(|member| is_mine(Key::member(table, &row.id, field, member)))
                }
                Cell::Value(_) | Cell::Narrative(_) => is_mine(Key::cell(table, &row.id, field)),
            })
    }

    /// A key was pressed, wherever: what takes long waits for a pause.
    pub fn note_key(&self) {
        self.open.get_value().note_key();
    }

    /// A text that is sent while it grows was typed into.
    pub fn note_growth(&self) {
        self.open.get_value().growth.set(clock::now());
    }

    /// Whether one was within so many milliseconds.
    #[must_use]
    pub fn is_growing(&self, milliseconds: u32) -> bool {
        let since = clock::now() - self.open.get_value().growth.get();
        (0..i64::from(milliseconds)).contains(&since)
    }

    /// Findings and totals. Reactive; they follow changes after a pause.
    #[must_use]
    pub fn derived(&self) -> Arc<Derived> {
        self.open.get_value().derived.get()
    }

    /// Who else is in the exercise.
    #[must_use]
    pub fn people(&self) -> Rc<People> {
        Rc::clone(self.open.get_value().people())
    }

    /// The anchor of a place in a narrative cell, which is given in bytes.
    #[must_use]
    pub fn anchor(&self, key: &Key, at: usize) -> Option<Anchor> {
        self.open.get_value().replica().document().anchor(key, at)
    }

    /// Where an anchor is in the present text; `None` where its character did not arrive yet.
    #[must_use]
    pub fn place(&self, key: &Key, anchor: Anchor) -> Option<usize> {
        self.open.get_value().replica().document().place(key, anchor)
    }

    /// Makes the caller run again when changes pause, whatever changed. For views of a whole table.
    pub fn track_pauses(&self) {
        self.open.get_value().derived.track();
    }

    /// How things stand between device and server. Reactive.
    #[must_use]
    pub fn status(&self) -> Status {
        self.open.get_value().status.get()
    }

    /// When everything was last known to be on the server. Reactive.
    #[must_use]
    pub fn agreed(&self) -> Option<i64> {
        self.open.get_value().agreed.get()
    }

    /// Whether what is written outlives this tab. Reactive.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.open.get_value().is_lasting.get()
    }

    /// What the person must know. Reactive.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.open.get_value().notices.get()
    }

    /// The person has read it.
    pub fn dismiss(&self, notice: Notice) {
        self.open.get_value().notices.update(|notices| notices.retain(|known| *known != notice));
    }

    /// What the server refused.
    pub async fn quarantine(self) -> Result<Vec<Refused>, Failure> {
        self.open.get_value().keeper().quarantine().await
    }

    /// Forgets refused entries: they were applied anew, or given up.
    pub async fn release(self, entries: Vec<(Peer, EntryNo)>) -> Result<(), Failure> {
        self.open.get_value().release(&entries).await
    }

    /// The history of a cell as far as this device has it: since its base.
    pub async fn history_here(self, key: Key) -> Result<Vec<Step>, Failure> {
        self.open.get_value().history_here(&key).await
    }

    /// What this device has not sent.
    pub async fn rescue(self) -> Rescue {
        self.open.get_value().rescue().await
    }

    /// How many of the changes in a rescue file are not here yet.
    #[must_use]
    pub fn lacks(&self, rescue: &Rescue) -> usize {
        self.open.get_value().lacks(rescue)
    }

    /// Takes over what a rescue file holds and is not here yet.
    pub async fn carry(self, rescue: Rescue) -> Result<(), Rejection> {
        self.open.get_value().carry(rescue).await
    }

    /// What was done on this device and the server has not confirmed, in its order. Reactive.
    #[must_use]
    pub fn unsent(&self) -> Vec<Vec<Edit>> {
        self.open.get_value().status.track();
        self.open.get_value().unsent()
    }
}
