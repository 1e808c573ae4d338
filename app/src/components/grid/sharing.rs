//! An open cell that others may be writing too: what is typed is sent while it grows, and what
//! they write is taken in without moving the caret away from its text.

use std::time::Duration;

use leptos::prelude::*;
use shared::{
    edit::{Edit, Splice},
    merge::rebased,
    model::Cell,
};
use web_sys::HtmlTextAreaElement;

use super::{display::in_words, entry::written, merge::in_utf16, sheet::Sheet};

/// How often an open text is sent at most, so that others see it grow.
const SEND_EVERY: Duration = Duration::from_millis(150);

impl Sheet {
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
        self.retyped.notify();
        self.tell_place();
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
