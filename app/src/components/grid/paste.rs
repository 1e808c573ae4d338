//! The clipboard: copying, cutting, and pasting after a look at what it would do.

mod board;
mod clip;
mod convert;
mod copy;
mod entities;
mod html;
mod labels;
mod plan;
mod preview;
#[cfg(test)]
mod tests;
mod tsv;

use std::sync::Arc;

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use shared::format::format_integer;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::Event;

pub use self::{
    clip::Clip,
    copy::{Copied, words},
    plan::{Choices, Plan, Target},
    preview::PastePopup,
};
use super::{
    keys::Mode,
    moves::Spot,
    selection::{Range, Whole},
    sheet::Sheet,
};
use crate::clock::new_row_id;

/// A paste that waits for the person to look at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pasting {
    clip: Arc<Clip>,
    target: Arc<Target>,
}

impl Sheet {
    /// The selected cells go to the clipboard; with `cut` they are emptied, too.
    pub fn copy(self, event: &Event, cut: bool) {
        let range = self.selected().filter(|_| self.mode.get_untracked() == Mode::Browse);
        let (Some(range), Some(clipboard)) = (range, clipboard(event)) else { return };
        let copied = self.copied(range);
        event.prevent_default();
        let forms = [["text/plain", &copied.text], ["text/html", &copied.html]];
        if forms.iter().any(|form| call(&clipboard, "setData", form).is_none()) {
            return self.announce("El navegador no dejó copiar.");
        }
        self.was_copied(range, cut);
    }

    fn copied(self, range: Range) -> Copied {
        let (rows, columns) = self.rows_and_columns(range);
        self.store.with(|exercise| copy::copied(exercise, self.table, &rows, &columns))
    }

    /// It is on the clipboard; with `cut` the cells are emptied.
    fn was_copied(self, range: Range, cut: bool) {
        if cut {
            self.clear_range(range);
        } else {
            self.announce(format!("Copiado: {}.", cells(range.rows() * range.columns())));
        }
    }

    /// What is on the clipboard comes in.
    pub fn paste(self, event: &Event) {
        if self.mode.get_untracked() != Mode::Browse {
            return;
        }
        let Some(clipboard) = clipboard(event) else { return };
        event.prevent_default();
        let form = |kind| {
            let data = call(&clipboard, "getData", &[kind]);
            data.and_then(|data| data.as_string()).unwrap_or_default()
        };
        self.paste_read(&form("text/html"), &form("text/plain"));
    }

    fn paste_read(self, html: &str, text: &str) {
        match Clip::read(html, text) {
            Some(clip) => self.paste_clip(clip),
            None => self.announce("No hay texto en el portapapeles."),
        }
    }

    /// Pastes at once what is plain to see: one value into one cell, or what was copied here. All
    /// else is looked at first.
    pub fn paste_clip(self, clip: Clip) {
        let target = self.target(&clip);
        let choices = Choices::suggested(&clip, &target);
        let plan = self.plan(&clip, &target, &choices);
        let is_one = target.selected == (1, 1)
            && choices.prepared(&clip, &target).0.single().is_some()
            && !target.rows.is_empty();
        let is_plain = is_one || (clip.is_ours() && plan.added == 0 && !choices.header);
        if is_plain && plan.left.is_empty() {
            self.carry_out(&target, &choices, plan, "Pegaste");
        } else {
            let (clip, target) = (Arc::new(clip), Arc::new(target));
            self.pasting.set(Some(Pasting { clip, target }));
        }
    }

    /// Where something is pasted: from the first selected cell on.
    fn target(self, clip: &Clip) -> Target {
        let range = self.selected().unwrap_or(Range { top: 0, left: 0, bottom: 0, right: 0 });
        let rows = self
            .order
            .with_untracked(|order| order.rows().get(range.top..).unwrap_or_default().to_vec());
        let may_add = self.may_arrange(&new_row_id());
        let lacking = if may_add { clip.rows.len().saturating_sub(rows.len()) } else { 0 };
        Target {
            table: self.table,
            columns: self.columns.get_untracked(),
            column: range.left,
            selected: (range.rows(), range.columns()),
            fresh: (0..lacking).map(|_| new_row_id()).collect(),
            rows,
        }
    }

    /// What pasting would do now.
    pub(super) fn plan(self, clip: &Clip, target: &Target, choices: &Choices) -> Plan {
        self.store.with(|exercise| {
            Plan::new(exercise, clip, target, choices, |key| self.store.may_write(key))
        })
    }

    /// Does what was planned, as one action. `false`, with a notice, where it is refused.
    pub(super) fn carry_out(
        self,
        target: &Target,
        choices: &Choices,
        plan: Plan,
        verb: &str,
    ) -> bool {
        let Plan { edits, fates, written, emptied, added, .. } = plan;
        if edits.is_empty() {
            self.announce("No cambió ninguna celda.");
            return true;
        }
        if !self.apply(edits) {
            return false;
        }
        let mut text = format!("{verb} {}", cells(written));
        if emptied > 0 {
            text += &format!(" y quedaron vacías {}", format_integer(emptied as i64));
        }
        if added > 0 {
            let rows = if added == 1 { "fila nueva" } else { "filas nuevas" };
            text += &format!(", con {} {rows}", format_integer(added as i64));
        }
        self.notice.set(Some(self.way_back(text + ".", true)));
        self.show_pasted(target, choices, fates.len());
        true
    }

    /// Selects what was pasted.
    fn show_pasted(self, target: &Target, choices: &Choices, rows: usize) {
        let first = target.rows.first().or(target.fresh.first());
        let top = first.and_then(|row| self.order.with_untracked(|order| order.place(row)));
        let columns = || choices.mapping.iter().copied().flatten();
        let (Some(top), Some(left), Some(right)) = (top, columns().min(), columns().max()) else {
            return;
        };
        let last = self.extent().rows.saturating_sub(1);
        let bottom = (top + rows.saturating_sub(1)).min(last);
        self.put_cursor(Spot { row: top, column: left });
        self.extend_to(Spot { row: bottom, column: right }, Whole::Neither);
    }
}

fn cells(count: usize) -> String {
    match count {
        1 => "1 celda".into(),
        count => format!("{} celdas", format_integer(count as i64)),
    }
}

/// Browsers copy only where something is selected, unless they are told before that something will
/// be copied all the same.
pub fn allow_copying(sheet: Sheet) {
    Effect::new(move |_| {
        let Some(textarea) = sheet.textarea.get() else { return };
        let allow = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if sheet.mode.get_untracked() == Mode::Browse {
                event.prevent_default();
            }
        });
        for event in ["beforecopy", "beforecut"] {
            // Adding a listener does not fail.
            let _ =
                textarea.add_event_listener_with_callback(event, allow.as_ref().unchecked_ref());
        }
        // As long as the textarea, which goes with its grid.
        let kept = StoredValue::new_local(allow);
        on_cleanup(move || kept.dispose());
    });
}

/// The event's clipboard. The bindings for it would be built for this alone.
fn clipboard(event: &Event) -> Option<JsValue> {
    Reflect::get(event, &"clipboardData".into()).ok().filter(JsValue::is_object)
}

/// Calls a method with texts; `None` where it fails or there is none.
pub(super) fn call(object: &JsValue, method: &str, texts: &[&str]) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: Array = texts.iter().copied().map(JsValue::from).collect();
    method.apply(object, &arguments).ok()
}
