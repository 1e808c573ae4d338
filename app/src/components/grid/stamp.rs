//! Today's date, and the time, from the keyboard.

use leptos::prelude::*;
use shared::{format::format_date, template::Kind, value::Value};

use super::{editing::selection, keys::Mode, sharing::replace, sheet::Sheet};
use crate::clock;

impl Sheet {
    /// Writes today's date, with the time where a text can hold it.
    pub fn stamp(self, with_time: bool) {
        let Some((key, kind)) = self.current() else { return };
        let Some(textarea) = self.textarea.get_untracked() else { return };
        if !self.store.may_write(&key) {
            return self.announce("Esta celda no se puede editar.");
        }
        let text = moment(with_time && kind != Kind::Date);
        match (self.mode.get_untracked(), kind) {
            (Mode::Browse, Kind::Date) => self.set(key, Some(Value::Date(clock::today()))),
            (Mode::Browse, Kind::Text | Kind::Narrative) => {
                textarea.set_value(&text);
                self.typed_over();
            }
            (Mode::Typing | Mode::Caret, _) => {
                let (start, end) = selection(&textarea);
                replace(&textarea, start, end, &text, "end");
                self.typed();
            }
            (Mode::Browse, _) => self.announce("En esta columna no va una fecha."),
        }
    }
}

fn moment(with_time: bool) -> String {
    let (day, hour, minute) = clock::local_time(clock::now());
    if with_time { format!("{} {hour}:{minute:02}", format_date(day)) } else { format_date(day) }
}
