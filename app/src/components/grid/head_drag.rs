//! Headings under the pointer: their edges are dragged to make columns wider, and they themselves
//! to put columns elsewhere. A line shows what will be; letting go does it.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    columns::Layout,
    display::{Shown, shown},
    sheet::Sheet,
};

/// So far the pointer may tremble before a heading is dragged.
const TREMBLE: f64 = 6.0;
/// Texts that are measured to find out how wide a column should be: the longest ones.
const CANDIDATES: usize = 8;

/// What the pointer holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    field: String,
    /// Where it was pressed.
    from: f64,
    resizes: bool,
    /// Whether it has moved far enough to mean it.
    drags: bool,
}

/// A button goes down on the headings.
pub fn pressed(sheet: Sheet, event: &ev::PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let Some((field, target)) = heading(event) else { return };
    let resizes = target.closest(".grid-heading-edge").ok().flatten().is_some();
    // A finger scrolls; it moves and sizes columns in their menu.
    let moves =
        event.pointer_type() == "mouse" && target.closest("button").ok().flatten().is_none();
    if resizes || moves {
        let held = Held { field, from: event.client_x().into(), resizes, drags: false };
        sheet.held.set_value(Some(held));
    }
}

/// The pointer moves.
pub fn moved(sheet: Sheet, event: &ev::PointerEvent) {
    let Some(mut held) = sheet.held.get_value() else { return };
    let x = f64::from(event.client_x());
    if !held.drags {
        if (x - held.from).abs() < TREMBLE {
            return;
        }
        held.drags = true;
        let head = event.current_target().and_then(|head| head.dyn_into::<Element>().ok());
        if let Some(head) = head {
            // Refused for a pointer that has gone: then nothing more comes from it.
            let _ = head.set_pointer_capture(event.pointer_id());
        }
        sheet.held.set_value(Some(held.clone()));
    }
    let layout = sheet.layout.get_untracked();
    let guide = if held.resizes {
        width_at(sheet, &layout, &held, x).map(|(left, width)| left + width)
    } else {
        target_at(sheet, &layout, &held, x).map(|(at, after)| {
            let (left, width) = layout.columns[at];
            let scrolled = if at == 0 { sheet.left.get_untracked() } else { 0.0 };
            scrolled + if after { left + width } else { left }
        })
    };
    sheet.guide.set(guide);
}

/// The button is let go.
pub fn let_go(sheet: Sheet, event: &ev::PointerEvent) {
    let held = sheet.held.get_value().filter(|held| held.drags);
    given_up(sheet);
    let Some(held) = held else { return };
    let x = f64::from(event.client_x());
    let layout = sheet.layout.get_untracked();
    if held.resizes {
        if let Some((_, width)) = width_at(sheet, &layout, &held, x) {
            sheet.resize_column(&held.field, width);
        }
    } else if let Some((at, _)) = target_at(sheet, &layout, &held, x) {
        let target = sheet.columns.with_untracked(|columns| columns[at].field.clone());
        sheet.move_column(&held.field, &target);
    }
}

/// What was held is dropped where it was.
pub fn given_up(sheet: Sheet) {
    sheet.held.set_value(None);
    if sheet.guide.with_untracked(Option::is_some) {
        sheet.guide.set(None);
    }
}

/// Two clicks on an edge: the column becomes as wide as what it holds.
pub fn double_clicked(sheet: Sheet, event: &ev::MouseEvent) {
    if let Some((field, target)) = heading(event)
        && target.closest(".grid-heading-edge").ok().flatten().is_some()
    {
        sheet.fit_column(&field);
    }
}

fn heading(event: &web_sys::Event) -> Option<(String, Element)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let heading = target.closest("[data-column]").ok().flatten()?;
    Some((heading.get_attribute("data-column")?, target))
}

/// Left edge on the canvas, and the width that the held column gets with its edge here.
fn width_at(sheet: Sheet, layout: &Layout, held: &Held, x: f64) -> Option<(f64, f64)> {
    let at = sheet
        .columns
        .with_untracked(|columns| columns.iter().position(|column| *column.field == *held.field))?;
    let (left, width) = layout.columns[at];
    let scrolled = if at == 0 { sheet.left.get_untracked() } else { 0.0 };
    Some((left + scrolled, (width + x - held.from).max(2.0 * layout.rem)))
}

/// The column under the pointer, and whether it is over the half further from the held one's
/// start.
fn target_at(sheet: Sheet, layout: &Layout, held: &Held, x: f64) -> Option<(usize, bool)> {
    let scroller = sheet.scroller.get_untracked()?;
    let seen = x - scroller.get_bounding_client_rect().left();
    let at = if seen < layout.frozen() {
        0
    } else {
        let place = seen + sheet.left.get_untracked();
        layout.columns.partition_point(|(left, _)| *left <= place).checked_sub(1)?
    };
    let from = sheet
        .columns
        .with_untracked(|columns| columns.iter().position(|column| *column.field == *held.field))?;
    Some((at, at > from))
}

impl Sheet {
    /// Makes a column so many pixels wide.
    pub fn resize_column(self, field: &str, width: f64) {
        let scale = self.layout.with_untracked(|layout| layout.rem) / 16.0;
        self.arrangement.update(|arrangement| arrangement.resize(field, width / scale));
    }

    /// Puts a column where another stands.
    pub fn move_column(self, field: &str, target: &str) {
        if field != target {
            let columns = self.all_columns();
            self.arrangement.update(|arrangement| arrangement.move_to(columns, field, target));
        }
    }

    /// Makes a column as wide as the longest text that it holds, within reason.
    pub fn fit_column(self, field: &str) {
        let column = self.columns.with_untracked(|columns| {
            columns.iter().find(|column| *column.field == *field).cloned()
        });
        let Some(column) = column else { return };
        let mut texts: Vec<String> = self.store.with(|exercise| {
            let rows = exercise.table(self.table).rows();
            let texts = rows.flat_map(|row| match shown(exercise, column.kind, row, field) {
                Shown::Nothing => Vec::new(),
                Shown::Text(text) => text.lines().map(Into::into).collect(),
                Shown::Figure(text) => vec![text],
                Shown::State(state) => vec![state.into()],
                Shown::Names(names) => names.into_iter().map(|name| name.text).collect(),
            });
            texts.collect()
        });
        texts.sort_by_key(|text| std::cmp::Reverse(text.chars().count()));
        texts.truncate(CANDIDATES);
        texts.push(column.title);
        let rem = self.layout.with_untracked(|layout| layout.rem);
        if let Some(width) = self.widest(&texts) {
            // Space on both sides, the sign of the menu, and the line.
            self.resize_column(field, width + 2.25 * rem);
        }
    }

    /// The width of the widest of these texts in one line, drawn as cells draw them.
    fn widest(self, texts: &[String]) -> Option<f64> {
        let scroller = self.scroller.get_untracked()?;
        let ruler: HtmlElement = document().create_element("div").ok()?.dyn_into().ok()?;
        ruler.set_class_name("grid-ruler");
        for text in texts {
            let line = document().create_element("div").ok()?;
            line.set_text_content(Some(text));
            ruler.append_child(&line).ok()?;
        }
        scroller.append_child(&ruler).ok()?;
        let width = ruler.get_bounding_client_rect().width();
        ruler.remove();
        Some(width)
    }
}
