//! Working inside a cell: opening, keeping, leaving; and what others write there meanwhile.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use shared::{
    edit::{Edit, Splice},
    key::Key,
    model::Cell,
    template::Kind,
    value::Value,
};
use web_sys::HtmlTextAreaElement;

use super::{
    display::in_words,
    draft,
    entry::{Editor, flag_typed, read, toggled, written},
    keys::Mode,
    merge::{in_utf16, rebased},
    notice::Notice,
    sheet::{Cursor, Picking, Sheet},
};

/// How often an open text is sent at most, so that others see it grow.
const SEND_EVERY: Duration = Duration::from_millis(150);

/// A cell that is open in the textarea.
#[derive(Debug, Clone)]
pub struct Session {
    /// The cell.
    pub key: Key,
    /// What it holds.
    pub kind: Kind,
    /// What the document held when textarea and document last agreed.
    base: Option<Cell>,
    /// What Escape goes back to: the text without what was written here.
    original: String,
    /// Whether anything was typed.
    dirty: bool,
    /// Whether sending is already on its way.
    sending: bool,
    /// Whether it began by typing over what was there.
    replaces: bool,
}

impl Session {
    fn narrative(&self) -> bool {
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
            Editor::Picker if writable => self.pick(key, String::new()),
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
                self.pick(key, typed);
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
        if self.hand.with_value(|hand| hand.touch)
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
            sending: false,
            replaces: mode == Mode::Typing,
        }));
        self.message.set(None);
        self.mode.set(mode);
    }

    /// Something was typed into the open cell. Narrative cells are sent while they grow.
    pub fn typed(self) {
        let send = self.session.try_update_value(|session| {
            let session = session.as_mut()?;
            session.dirty = true;
            (session.narrative() && !std::mem::replace(&mut session.sending, true)).then_some(())
        });
        if send.flatten().is_some() {
            set_timeout(move || self.send_now(), SEND_EVERY);
        }
    }

    fn send_now(self) {
        // The grid may have gone from the screen meanwhile.
        let open = self.session.try_update_value(|session| {
            session.as_mut().map(|session| session.sending = false).is_some()
        });
        if open == Some(true)
            && let Err(message) = self.send()
        {
            self.message.set(Some(message));
        }
    }

    /// Sends what was typed into an open narrative cell and not sent yet. The error tells the
    /// person what keeps it from being kept; the text stays in the textarea.
    pub fn send(self) -> Result<(), String> {
        let Some(session) = self.session.get_value() else { return Ok(()) };
        let Some(textarea) = self.textarea.get_untracked() else { return Ok(()) };
        if !session.narrative() || !session.dirty {
            return Ok(());
        }
        let text = textarea.value();
        let Some(edit) = Edit::splice(session.key, &written(session.base.as_ref()), &text) else {
            return Ok(());
        };
        self.store.apply(vec![edit]).map_err(|rejection| rejection.to_string())?;
        self.session.update_value(|session| {
            if let Some(session) = session {
                session.base = narrative(text);
            }
        });
        Ok(())
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
        if let Some(session) = self.session.get_value() {
            draft::forget(self.store.exercise_id(), &session.key);
        }
        self.session.set_value(None);
        self.message.set(None);
        self.mode.set(Mode::Browse);
        if let Some(textarea) = self.textarea.get_untracked() {
            textarea.set_value("");
        }
    }

    /// Opens a cell with a text that could not be kept before.
    pub fn reopen(self, key: &Key, text: &str) {
        let cursor = Cursor { row: key.row.clone(), field: key.field.as_str().into() };
        let Some(spot) = self.spot_of(&cursor) else { return };
        self.put_cursor(spot);
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

    /// Takes over what others wrote into the open cell.
    pub fn take_over(self) {
        let Some(session) = self.session.get_value() else { return };
        let Some(textarea) = self.textarea.get_untracked() else { return };
        let now = self.cell(&session.key);
        if now == session.base {
            return;
        }
        let mut original = session.original.clone();
        if session.narrative() {
            let (base, theirs) = (written(session.base.as_ref()), written(now.as_ref()));
            let ours = textarea.value();
            let Some(there) = Splice::between(&base, &theirs) else { return };
            let mut merged = theirs;
            if let Some(here) = Splice::between(&base, &ours) {
                rebased(&here, &there).iter().for_each(|splice| splice.apply(&mut merged));
            }
            match Splice::between(&base, &original) {
                Some(undone) => {
                    let theirs_alone = rebased(&there, &undone);
                    theirs_alone.iter().for_each(|splice| splice.apply(&mut original));
                }
                None => there.apply(&mut original),
            }
            if let Some(splice) = Splice::between(&ours, &merged) {
                let (start, end) = in_utf16(&ours, &splice);
                replace(&textarea, start, end, &splice.insert, "preserve");
            }
        } else {
            let value = match &now {
                Some(Cell::Value(value)) => Some(value),
                _ => None,
            };
            let theirs = self.store.with(|exercise| in_words(exercise, session.kind, value));
            self.message.set(Some(format!(
                "Mientras editabas, la celda cambió a «{theirs}». Enter deja lo tuyo; Escape, eso."
            )));
        }
        self.session.update_value(|session| {
            if let Some(session) = session {
                session.base = now;
                session.original = original;
            }
        });
    }

    /// Empties the cell that the cursor is on, with a way back.
    pub fn clear(self) {
        let Some((key, kind)) = self.current() else { return };
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

    fn toggle(self, key: &Key) {
        let flag = match self.cell(key) {
            Some(Cell::Value(Value::Flag(flag))) => Some(flag),
            _ => None,
        };
        self.set(key.clone(), toggled(flag).map(Value::Flag));
    }

    fn pick(self, key: Key, typed: String) {
        self.picking.set(Some(Picking { key, typed }));
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

    fn offer_text(self, text: &str, key: Key, back: String) {
        let back: Arc<str> = back.into();
        self.notice.set(Some(Notice::with_way_back(text, move || self.set_text(&key, &back))));
    }

    fn set_text(self, key: &Key, text: &str) {
        let present = written(self.cell(key).as_ref());
        if let Some(edit) = Edit::splice(key.clone(), &present, text) {
            self.apply(vec![edit]);
        }
    }

    /// What the document holds.
    fn cell(self, key: &Key) -> Option<Cell> {
        self.store.with(|exercise| {
            exercise.row(key.table, &key.row)?.cells.get(key.field.as_str()).cloned()
        })
    }
}

fn narrative(text: String) -> Option<Cell> {
    (!text.is_empty()).then_some(Cell::Narrative(text))
}

/// These calls fail for input types without a text selection, which a textarea is not.
fn select(textarea: &HtmlTextAreaElement, start: u32, end: u32) {
    let _ = textarea.set_selection_range(start, end);
}

fn selection(textarea: &HtmlTextAreaElement) -> (u32, u32) {
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default();
    (place(textarea.selection_start()), place(textarea.selection_end()))
}

fn replace(textarea: &HtmlTextAreaElement, start: u32, end: u32, with: &str, mode: &str) {
    let _ = textarea.set_range_text_with_start_and_end_and_mode(with, start, end, mode);
}
