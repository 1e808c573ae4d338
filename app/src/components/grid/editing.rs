//! Working inside a cell: opening it, keeping what was typed, leaving it as it was.

use leptos::prelude::*;
use shared::{edit::Edit, key::Key, model::Cell, template::Kind, value::Value};
use web_sys::HtmlTextAreaElement;

use super::{
    draft,
    entry::{Editor, caret_in, flag_typed, read, written},
    keys::Mode,
    sharing::{Sending, replace},
    sheet::{Cursor, Picking, Sheet},
};

/// A cell that is open in the textarea.
#[derive(Debug, Clone)]
pub struct Session {
    /// The cell.
    pub key: Key,
    /// What it holds.
    pub kind: Kind,
    /// What the document held when textarea and document last agreed.
    pub base: Option<Cell>,
    /// What Escape goes back to: the text without what was written here.
    pub original: String,
    /// Whether anything was typed.
    pub dirty: bool,
    /// When it is sent.
    pub sending: Sending,
    /// Whether it began by typing over what was there.
    replaces: bool,
}

impl Session {
    /// Whether it is merged by character.
    pub fn narrative(&self) -> bool {
        self.kind == Kind::Narrative
    }
}

impl Sheet {
    /// Opens the cell that the cursor is on with what it holds: to work inside it, or to read a
    /// text that is longer than its cell.
    pub fn open(self) {
        let Some((key, kind)) = self.current() else { return };
        let writable = self.store.may_write(&key);
        match Editor::of(kind) {
            Editor::Toggle if writable => self.toggle(&key),
            Editor::Picker if writable => {
                self.picking.set(Some(Picking { key, kind, typed: String::new() }))
            }
            Editor::Text if writable || kind == Kind::Narrative => {
                let Some(textarea) = self.textarea.get_untracked() else { return };
                let base = self.cell(&key);
                textarea.set_value(&written(base.as_ref()));
                self.begin(key, kind, base, Mode::Caret);
                let end = textarea.value().encode_utf16().count() as u32;
                select(&textarea, end, end);
            }
            _ => self.announce("Esta celda no se puede editar."),
        }
    }

    /// Puts the caret of the open cell where this place of what the cell shows is.
    pub fn put_caret(self, shown: &str, offset: u32) {
        let Some(textarea) = self.textarea.get_untracked() else { return };
        if self.mode.get_untracked() == Mode::Caret
            && let Some(place) = caret_in(&textarea.value(), shown, offset)
        {
            select(&textarea, place, place);
        }
    }

    /// What was typed onto a cell that was not open, now in the textarea.
    pub fn typed_over(self) {
        let Some(textarea) = self.textarea.get_untracked() else { return };
        let Some((key, kind)) = self.current() else { return textarea.set_value("") };
        match Editor::of(kind) {
            Editor::Text => {
                let base = self.cell(&key);
                self.begin(key, kind, base, Mode::Typing);
                self.typed();
            }
            Editor::Toggle => {
                if let Some(flag) = flag_typed(&textarea.value()) {
                    self.set(key, Some(Value::Flag(flag)));
                }
                textarea.set_value("");
            }
            Editor::Picker => {
                let typed = textarea.value();
                textarea.set_value("");
                self.picking.set(Some(Picking { key, kind, typed }));
            }
        }
    }

    /// An accent or input method begins on a cell that is not open: it is seen where it goes.
    pub fn compose_over(self) {
        if let Some((key, kind)) = self.current()
            && Editor::of(kind) == Editor::Text
        {
            let base = self.cell(&key);
            self.begin(key, kind, base, Mode::Typing);
        }
    }

    fn begin(self, key: Key, kind: Kind, base: Option<Cell>, mode: Mode) {
        if self.touch.get_untracked()
            && let Some(textarea) = self.textarea.get_untracked()
        {
            // The on-screen keyboard comes up only for a field that is focused anew.
            let _ = textarea.remove_attribute("inputmode");
            let _ = textarea.blur();
            self.focus_textarea();
        }
        let original = written(base.as_ref());
        self.session.set_value(Some(Session {
            key,
            kind,
            base,
            original,
            dirty: false,
            sending: Sending::default(),
            replaces: mode == Mode::Typing,
        }));
        self.message.set(None);
        self.mode.set(mode);
    }

    /// Keeps what was typed and closes the cell. `false` where it cannot be kept: then the cell
    /// stays open with the reason, and nothing is dropped.
    pub fn commit(self) -> bool {
        let Some(session) = self.session.get_value() else { return true };
        let Some(textarea) = self.textarea.get_untracked() else { return true };
        let text = textarea.value();
        let kept = if session.narrative() {
            self.send()
        } else if session.dirty && text != written(session.base.as_ref()) {
            read(session.kind, &text).and_then(|value| {
                let edit = Edit::SetCell { key: session.key.clone(), value };
                self.store.apply(vec![edit]).map_err(|rejection| rejection.to_string())
            })
        } else {
            Ok(())
        };
        if let Err(message) = kept {
            draft::keep(self.store.exercise_id(), &session.key, &text);
            self.message.set(Some(message));
            return false;
        }
        if session.narrative() && session.replaces && !session.original.is_empty() {
            self.offer_text("Reemplazaste el texto que había.", session.key, session.original);
        }
        self.close();
        true
    }

    /// Keeps what was typed, then moves the cursor.
    pub fn commit_and(self, step: impl FnOnce(Self)) {
        if self.commit() {
            step(self);
        }
    }

    /// Leaves the open cell as it was before.
    pub fn cancel(self) {
        let Some(session) = self.session.get_value() else { return };
        if session.narrative() && session.dirty {
            let discarded = self.textarea.get_untracked().map(|textarea| textarea.value());
            let present = written(self.cell(&session.key).as_ref());
            if let Some(edit) = Edit::splice(session.key.clone(), &present, &session.original)
                && let Err(rejection) = self.store.apply(vec![edit])
            {
                return self.message.set(Some(rejection.to_string()));
            }
            if let Some(text) = discarded.filter(|text| *text != session.original) {
                self.offer_text("Descartaste lo que escribiste.", session.key, text);
            }
        }
        self.close();
    }

    fn close(self) {
        self.store.end_action();
        if let Some(session) = self.session.get_value() {
            draft::forget(self.store.exercise_id(), &session.key);
        }
        let closed = self.session.try_update_value(Option::take).flatten();
        if let Some(key) = closed.and_then(|mut session| session.take_undrawn()) {
            self.store.touch_row(key.table, &key.row);
        }
        self.message.set(None);
        self.mode.set(Mode::Browse);
        if let Some(textarea) = self.textarea.get_untracked() {
            textarea.set_value("");
        }
        // What an input method still says of it belongs to no cell.
        self.hand.update_value(|hand| hand.composing = false);
        if self.touch.get_untracked() {
            self.rest_keyboard();
        }
    }

    /// Opens a cell with a text that could not be kept before.
    pub fn reopen(self, key: &Key, text: &str) {
        let cursor = Cursor { row: key.row.clone(), field: key.field.as_str().into() };
        let Some(spot) = self.spot_of(&cursor) else { return };
        self.put_cursor(spot);
        if untrack(|| self.is_list()) {
            // The card has it in its field.
            return self.open_card();
        }
        self.focus_textarea();
        self.open();
        if let Some(textarea) = self.textarea.get_untracked()
            && self.session.with_value(Option::is_some)
        {
            textarea.set_value(text);
            self.typed();
            self.commit();
        }
    }

    /// A line break where the caret is; only long texts have lines.
    pub fn line_break(self) {
        let narrative =
            self.session.with_value(|session| session.as_ref().is_some_and(Session::narrative));
        if narrative && let Some(textarea) = self.textarea.get_untracked() {
            let (start, end) = selection(&textarea);
            replace(&textarea, start, end, "\n", "end");
            self.typed();
        }
    }

    /// What the document holds.
    pub fn cell(self, key: &Key) -> Option<Cell> {
        self.store.with(|exercise| {
            exercise.row(key.table, &key.row)?.cells.get(key.field.as_str()).cloned()
        })
    }
}

/// These calls fail for input types without a text selection, which a textarea is not.
fn select(textarea: &HtmlTextAreaElement, start: u32, end: u32) {
    let _ = textarea.set_selection_range(start, end);
}

/// From and to of what is selected in the textarea.
pub fn selection(textarea: &HtmlTextAreaElement) -> (u32, u32) {
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default();
    (place(textarea.selection_start()), place(textarea.selection_end()))
}
