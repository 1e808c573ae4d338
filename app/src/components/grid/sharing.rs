//! An open cell that others may be writing too: what is typed is sent while it grows, and what
//! they write is taken in without moving the caret away from its text.

use std::time::Duration;

use leptos::prelude::*;
use shared::{
    edit::{Edit, Splice},
    ids::RowId,
    key::Key,
    merge::rebased,
    model::Cell,
};
use web_sys::HtmlTextAreaElement;

use crate::clock;

use super::{display::in_words, editing::Session, entry::written, merge::in_utf16, sheet::Sheet};

/// How often an open text is sent at most, so that others see it grow.
const SEND_EVERY_MS: i64 = 150;
/// What was typed last is sent this long after, when nothing more is typed.
const PAUSE: Duration = Duration::from_millis(200);

/// When an open text is sent: right after a character was painted, when the next one is still to
/// come, and after a pause. A timer of its own would keep every other key waiting.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sending {
    /// When it was last sent, in milliseconds since 1970.
    last: i64,
    /// When something was last typed.
    typed: i64,
    /// It is sent after the next frame.
    with_frame: bool,
    /// The end of typing is waited for.
    after_pause: bool,
    /// What was typed is not drawn in the cell below the editor.
    is_undrawn: bool,
}

impl Session {
    /// The cell, if it is to be drawn anew: once.
    pub fn take_undrawn(&mut self) -> Option<Key> {
        std::mem::take(&mut self.sending.is_undrawn).then(|| self.key.clone())
    }
}

impl Sheet {
    /// Something was typed into the open cell. Narrative cells are sent while they grow.
    pub fn typed(self) {
        let now = clock::now();
        let plan = self.session.try_update_value(|session| {
            let session = session.as_mut()?;
            session.dirty = true;
            if !session.narrative() {
                return None;
            }
            let sending = &mut session.sending;
            sending.typed = now;
            let is_time = now - sending.last >= SEND_EVERY_MS;
            let with_frame = is_time && !std::mem::replace(&mut sending.with_frame, true);
            let after_pause = !std::mem::replace(&mut sending.after_pause, true);
            Some((with_frame, after_pause))
        });
        let plan = plan.flatten();
        if plan.is_some() {
            self.store.note_growth();
        }
        let (with_frame, after_pause) = plan.unwrap_or_default();
        if with_frame {
            request_animation_frame(move || set_timeout(move || self.send_now(), Duration::ZERO));
        }
        if after_pause {
            set_timeout(move || self.send_after_pause(), PAUSE);
        }
        self.retyped.notify();
        self.tell_place();
    }

    fn send_after_pause(self) {
        // The grid may have gone from the screen meanwhile.
        let is_typing = self.session.try_update_value(|session| {
            let sending = &mut session.as_mut()?.sending;
            let is_typing = clock::now() - sending.typed < SEND_EVERY_MS;
            sending.after_pause = is_typing;
            Some(is_typing)
        });
        match is_typing.flatten() {
            Some(true) => set_timeout(move || self.send_after_pause(), PAUSE),
            Some(false) => {
                self.send_now();
                self.draw_below_editor();
            }
            None => {}
        }
    }

    /// Whether a row need not be drawn anew for what is being typed: nothing is different but the
    /// cell of this column, which the editor covers. Drawing it would be a second frame for each
    /// that shows a key. [`Sheet::draw_below_editor`] has it drawn when nothing more is typed.
    pub fn is_below_editor(self, row: &RowId, is_all: impl FnOnce(usize) -> bool) -> bool {
        let field = self.session.with_value(|session| {
            let session = session.as_ref()?;
            let is_typing = session.sending.after_pause && session.key.row == *row;
            is_typing.then(|| session.key.field.clone())
        });
        let column = field.and_then(|field| {
            self.columns.with_untracked(|columns| columns.iter().position(|at| *at.field == *field))
        });
        let is_covered = column.is_some_and(is_all);
        if is_covered {
            self.session.update_value(|session| {
                if let Some(session) = session {
                    session.sending.is_undrawn = true;
                }
            });
        }
        is_covered
    }

    /// Has the row of the open cell drawn as it is by now.
    pub fn draw_below_editor(self) {
        let key = self.session.try_update_value(|session| session.as_mut()?.take_undrawn());
        if let Some(key) = key.flatten() {
            self.store.touch_row(key.table, &key.row);
        }
    }

    fn send_now(self) {
        let open = self.session.try_update_value(|session| {
            let sending = &mut session.as_mut()?.sending;
            (sending.with_frame, sending.last) = (false, clock::now());
            Some(())
        });
        if open.flatten().is_some()
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
        // What others wrote is told with the next frame, and may be there already.
        self.take_over();
        let Some(session) = self.session.get_value() else { return Ok(()) };
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
        self.tell_place();
        Ok(())
    }

    /// Takes in what others wrote into the open cell.
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
        } else if !session.dirty {
            textarea.set_value(&written(now.as_ref()));
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
        self.retyped.notify();
    }
}

fn narrative(text: String) -> Option<Cell> {
    (!text.is_empty()).then_some(Cell::Narrative(text))
}

/// Replaces a part of the text; `mode` says what becomes of the selection. Fails for input types
/// without one, which a textarea is not.
pub fn replace(textarea: &HtmlTextAreaElement, start: u32, end: u32, with: &str, mode: &str) {
    let _ = textarea.set_range_text_with_start_and_end_and_mode(with, start, end, mode);
}
