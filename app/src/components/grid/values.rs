//! Changing cells without opening them: emptying, toggling, setting.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{edit::Edit, key::Key, model::Cell, template::Kind, value::Value};

use super::{
    display::in_words,
    entry::{toggled, written},
    notice::Notice,
    sheet::Sheet,
};

impl Sheet {
    /// Empties what is selected.
    pub fn clear(self) {
        match self.selected_many() {
            Some(range) => self.clear_range(range),
            None => {
                if let Some((key, kind)) = self.current() {
                    self.clear_cell(key, kind);
                }
            }
        }
    }

    /// Empties a cell, with a way back.
    pub fn clear_cell(self, key: Key, kind: Kind) {
        let Some(cell) = self.cell(&key) else { return };
        let (edits, back) = match &cell {
            Cell::Narrative(text) => {
                self.set_text(&key, "");
                return self.offer_text("Vaciaste la celda.", key, text.clone());
            }
            Cell::Value(value) => {
                let set = |value| vec![Edit::SetCell { key: key.clone(), value }];
                (set(None), set(Some(value.clone())))
            }
            Cell::Set(members) => {
                let set = |present| {
                    let edit = |code: &String| Edit::SetMember {
                        key: Key::member(self.table, &key.row, &key.field, code),
                        present,
                    };
                    members.iter().map(edit).collect::<Vec<_>>()
                };
                (set(false), set(true))
            }
        };
        // A yes or no is one key away; what was written or chosen with care is offered back.
        if self.apply(edits) && kind != Kind::Flag {
            self.notice.set(Some(Notice::with_way_back("Vaciaste la celda.", move || {
                self.apply(back.clone());
            })));
        }
    }

    /// Space on a cell: goes through yes, no and nothing, or begins a text.
    pub fn space(self) -> bool {
        match self.current() {
            Some((key, Kind::Flag)) => {
                self.toggle(&key);
                true
            }
            _ => false,
        }
    }

    /// Goes on through yes, no and nothing.
    pub fn toggle(self, key: &Key) {
        let flag = match self.cell(key) {
            Some(Cell::Value(Value::Flag(flag))) => Some(flag),
            _ => None,
        };
        self.set(key.clone(), toggled(flag).map(Value::Flag));
    }

    /// Writes a value at once and says aloud what it is.
    pub fn set(self, key: Key, value: Option<Value>) {
        let kind = self.current().map_or(Kind::Text, |(_, kind)| kind);
        let words = self.store.with(|exercise| in_words(exercise, kind, value.as_ref()));
        if self.apply(vec![Edit::SetCell { key, value }]) {
            self.announce(words);
        }
    }

    /// Applies edits; `false`, with a notice, where they are refused.
    pub fn apply(self, edits: Vec<Edit>) -> bool {
        match self.store.apply(edits) {
            Ok(()) => true,
            Err(rejection) => {
                self.notice.set(Some(Notice::plain(rejection.to_string())));
                false
            }
        }
    }

    /// Says what happened to a text, and offers it back.
    pub fn offer_text(self, text: &str, key: Key, back: String) {
        let back: Arc<str> = back.into();
        self.notice.set(Some(Notice::with_way_back(text, move || self.set_text(&key, &back))));
    }

    fn set_text(self, key: &Key, text: &str) {
        let present = written(self.cell(key).as_ref());
        if let Some(edit) = Edit::splice(key.clone(), &present, text) {
            self.apply(vec![edit]);
        }
    }
}
