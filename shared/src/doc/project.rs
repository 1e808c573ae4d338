//! Reading the CRDT: registers, digest and plain exercise follow what its events name.

use std::{collections::BTreeSet, sync::Arc};

use smallvec::SmallVec;
use yrs::{Any, GetString, Map, Observable, Out, Text, Transact};

use super::{Document, EMPTY, Entry, MergeError, NARRATIVE, lock, units_of};
use crate::{
    ids::Peer,
    key::{Key, ORDER},
    model::Cell,
    value::Value,
};

impl Document {
    /// Brings registers, digest and exercise after what the CRDT's events named. Where all of it
    /// comes from one writer, each changed cell must hold an entry of that writer's, and no other
    /// writer's may be new.
    pub(super) fn follow(
        &mut self,
        mut texts: BTreeSet<Arc<str>>,
        writer: Option<Peer>,
    ) -> Result<BTreeSet<Key>, MergeError> {
        let seen = std::mem::take(&mut *lock(&self.seen));
        if seen.foreign {
            return Err(MergeError::Foreign);
        }
        let mut changed: BTreeSet<Arc<str>> = BTreeSet::new();
        for (name, content) in seen.entries {
            let (key, peer) = Key::split_entry(&name).map_err(|_| MergeError::Foreign)?;
            let key: Arc<str> = key.into();
            let entries = self.registers.entry(key.clone()).or_default();
            if let Some(place) = entries.iter().position(|entry| entry.peer == peer) {
                let old = entries.remove(place);
                self.digest.remove(&name, &old.content);
            }
            if let Some(content) = content {
                if writer.is_some_and(|writer| writer != peer) {
                    return Err(MergeError::Foreign);
                }
                self.digest.add(&name, &content);
                entries.push(Entry { peer, content });
                // The greatest writer's value is shown until people decide: the same on all
                // devices, and no clock of anybody's has a say in it.
                entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.peer));
            }
            changed.insert(key);
        }
        texts.extend(seen.texts);
        let mut touched = BTreeSet::new();
        for name in changed {
            let key = Key::parse(&name).map_err(|_| MergeError::Foreign)?;
            let entries = self.registers.get(&name).cloned().unwrap_or_default();
            if writer.is_some_and(|writer| entries.iter().all(|entry| entry.peer != writer)) {
                return Err(MergeError::Foreign);
            }
            if self.project(&key, &entries)? {
                texts.insert(key.text_name().into());
            }
            touched.insert(key);
        }
        for name in texts {
            touched.insert(self.project_text(name)?);
        }
        Ok(touched)
    }

    /// Reads the whole document, as [`Document::follow`] reads what changed.
    pub(super) fn read_all(&mut self) -> Result<(), MergeError> {
        let mut texts = Vec::new();
        {
            let txn = self.doc.transact();
            // Growing step by step would leave the browser with the memory of the last two sizes.
            self.registers.reserve(self.cells.len(&txn) as usize);
            for (name, out) in self.cells.iter(&txn) {
                let Out::Any(Any::String(content)) = out else { return Err(MergeError::Foreign) };
                let (key, peer) = Key::split_entry(name).map_err(|_| MergeError::Foreign)?;
                self.digest.add(name, &content);
                let entry = Entry { peer, content };
                match self.registers.get_mut(key) {
                    Some(register) => {
                        register.push(entry);
                        register.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.peer));
                    }
                    None => {
                        self.registers.insert(key.into(), SmallVec::from_buf([entry]));
                    }
                }
            }
        }
        let registers = std::mem::take(&mut self.registers);
        // Rows come last and in their order: each is put at the end then.
        let mut orders = Vec::new();
        for (name, entries) in &registers {
            let key = Key::parse(name).map_err(|_| MergeError::Foreign)?;
            if key.field == ORDER {
                orders.push((key, entries));
            } else if self.project(&key, entries)? {
                texts.push(key.text_name());
            }
        }
        orders.sort_unstable_by_key(|(_, entries)| entries.first().map(|entry| &entry.content));
        for (key, entries) in orders {
            self.project(&key, entries)?;
        }
        self.registers = registers;
        for name in texts {
            self.project_text(name.into())?;
        }
        Ok(())
    }

    /// Projects one cell. `true` where it is narrative and its text must be read.
    fn project(&mut self, key: &Key, entries: &[Entry]) -> Result<bool, MergeError> {
        if entries.iter().any(|entry| &*entry.content == NARRATIVE) {
            return Ok(true);
        }
        let values: SmallVec<[(Peer, Option<Value>); 1]> = entries
            .iter()
            .map(|entry| match &*entry.content {
                EMPTY => Ok((entry.peer, None)),
                content => Ok((entry.peer, Some(Value::decode(content)?))),
            })
            .collect::<Result<_, crate::value::BadValue>>()
            .map_err(|_| MergeError::Foreign)?;
        if key.member.is_some() {
            // Adding wins over taking out: losing a link silently is worse than keeping one.
            let present = values.iter().find_map(|(_, value)| value.clone());
            self.exercise.put(key, present.map(Cell::Value));
            return Ok(false);
        }
        let undecided =
            !key.field.starts_with('_') && values.iter().any(|(_, value)| *value != values[0].1);
        let shown = values.first().and_then(|(_, value)| value.clone());
        self.exercise.put(key, shown.map(Cell::Value));
        self.exercise.put_undecided(key.clone(), undecided.then(|| values.into_vec()));
        Ok(false)
    }

    fn project_text(&mut self, name: Arc<str>) -> Result<Key, MergeError> {
        let key = Key::from_text_name(&name).map_err(|_| MergeError::Foreign)?;
        let new = !self.texts.contains_key(&name);
        let text = self.doc.get_or_insert_text(name.clone());
        if new {
            let (observer, watched) = (Arc::clone(&self.seen), name.clone());
            text.observe("text", move |_, _| lock(&observer).texts.push(watched.clone()));
        }
        let (content, length) = {
            let txn = self.doc.transact();
            (text.get_string(&txn), text.len(&txn))
        };
        if length != units_of(&content) {
            // Something else than characters, which would shift every later splice.
            return Err(MergeError::Foreign);
        }
        if let Some(old) = self.texts.insert(name.clone(), content.clone()) {
            self.digest.remove(&name, &old);
        }
        self.digest.add(&name, &content);
        let cell = (!content.is_empty()).then_some(Cell::Narrative(content));
        self.exercise.put(&key, cell);
        Ok(key)
    }
}
