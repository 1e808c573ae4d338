//! Applying edits: first whether they fit, then what they do to the CRDT.

use std::{collections::BTreeMap, sync::Arc};

use smallvec::SmallVec;
use yrs::{Any, Map, Out, Text, TransactionMut, WriteTxn};

use super::{Document, EMPTY, EditError, NARRATIVE, entry_name, units_of};
use crate::{
    edit::Edit,
    key::Key,
    limits,
    template::{self, Misfit, TableId},
    value::Value,
};

impl Document {
    /// Whether these edits could be applied as one.
    pub fn check(&self, edits: &[Edit]) -> Result<(), EditError> {
        let fits = |key: &Key, value: Option<&Value>| {
            template::fits(&self.exercise, key, value).map_err(EditError::Misfit)
        };
        // Splices follow each other, and rows are counted as they would be.
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut rows: BTreeMap<TableId, usize> = BTreeMap::new();
        for edit in edits {
            let key = edit.key();
            match edit {
                Edit::PlaceRow { table, row, order } => {
                    fits(&key, Some(&Value::Text(order.clone())))?;
                    let known = self.exercise.row(*table, row).is_some();
                    let rows = rows
                        .entry(*table)
                        .or_insert_with(|| self.exercise.table(*table).all().len());
                    *rows += usize::from(!known);
                    if *rows > limits::ROWS {
                        return Err(EditError::TooMuch);
                    }
                }
                Edit::DeleteRow { .. } => {}
                Edit::SetCell { key, value } => fits(key, value.as_ref())?,
                Edit::SetMember { key, present } => {
                    if key.member.is_none() {
                        return Err(EditError::Misfit(Misfit::WrongType));
                    }
                    fits(key, present.then_some(&Value::Flag(true)))?;
                }
                Edit::SpliceText { key, at, delete, insert } => {
                    if !template::is_narrative(&self.exercise, key.table, &key.field) {
                        return Err(EditError::Misfit(Misfit::WrongType));
                    }
                    let name = key.text_name();
                    let text = texts.entry(name).or_insert_with_key(|name| {
                        self.texts.get(name.as_str()).cloned().unwrap_or_default()
                    });
                    let end = at.checked_add(*delete).ok_or(EditError::TextMoved)?;
                    if text.get(*at..end).is_none() {
                        return Err(EditError::TextMoved);
                    }
                    text.replace_range(*at..end, insert);
                    if text.len() > limits::NARRATIVE_BYTES {
                        return Err(EditError::TooMuch);
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn write(
        &self,
        txn: &mut TransactionMut<'_>,
        edit: &Edit,
        texts: &mut BTreeMap<Arc<str>, String>,
    ) {
        let key = edit.key();
        match edit {
            Edit::PlaceRow { order, .. } => {
                self.put(txn, &key, &Value::Text(order.clone()).encode());
            }
            Edit::DeleteRow { deleted, .. } => {
                self.put(txn, &key, &Value::Flag(*deleted).encode());
            }
            Edit::SetCell { value, .. } => {
                self.put(txn, &key, &value.as_ref().map_or(EMPTY.into(), Value::encode));
            }
            Edit::SetMember { present, .. } => {
                let content = if *present { Value::Flag(true).encode() } else { EMPTY.into() };
                self.put(txn, &key, &content);
            }
            Edit::SpliceText { at, delete, insert, .. } => {
                let name = key.text_name();
                if self.registers.get(key.to_string().as_str()).is_none_or(SmallVec::is_empty) {
                    self.put(txn, &key, NARRATIVE);
                }
                let present = texts
                    .entry(name.as_str().into())
                    .or_insert_with(|| self.texts.get(name.as_str()).cloned().unwrap_or_default());
                // Offsets were checked.
                let (from, end) = (units_of(&present[..*at]), at + delete);
                let gone = units_of(&present[*at..end]);
                present.replace_range(*at..end, insert);
                let text = txn.get_or_insert_text(name.as_str());
                if gone > 0 {
                    text.remove_range(txn, from, gone);
                }
                if !insert.is_empty() {
                    text.insert(txn, from, insert);
                }
            }
        }
    }

    /// Writes this writer's entry of a cell and removes the entries that it replaces.
    fn put(&self, txn: &mut TransactionMut<'_>, key: &Key, content: &str) {
        let key = key.to_string();
        let entries = self.registers.get(key.as_str()).map_or(&[][..], SmallVec::as_slice);
        let unchanged = match entries {
            [] => content == EMPTY,
            [only] => &*only.content == content,
            _ => false,
        };
        if unchanged
            && self
                .cells
                .get(txn, &entry_name(&key, self.peer))
                .is_none_or(|out| matches!(out, Out::Any(Any::String(text)) if &*text == content))
        {
            return;
        }
        for entry in entries.iter().filter(|entry| entry.peer != self.peer) {
            self.cells.remove(txn, &entry_name(&key, entry.peer));
        }
        self.cells.insert(txn, entry_name(&key, self.peer), content);
    }
}
