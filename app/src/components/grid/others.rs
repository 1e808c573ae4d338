//! The other people in this table: what they have selected, in their colour and with their name.
//! And the other way round: telling them where this person is.

use leptos::prelude::*;
use shared::{
    doc::Anchor,
    limits,
    protocol::{Place, Spot as Named},
    sync::crowd::Somebody,
};
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    editing::selection,
    entry::written,
    keys::Mode,
    merge::in_bytes,
    sheet::{Cursor, Sheet},
};

/// What the others have selected. Lies over the rows and takes no clicks.
#[component]
pub fn Others(sheet: Sheet) -> impl IntoView {
    tell_moves(sheet);
    follow(sheet);
    let here = Memo::new(move |_| {
        let mut others = sheet.store.people().others();
        others.retain(|one| one.place.table == sheet.table && one.place.cell.is_some());
        // Carets are drawn in the editor and change all the time.
        for one in &mut others {
            one.place.caret = one.place.caret.map(|_| Anchor::Start);
        }
        others
    });
    view! {
        <div class="grid-others" aria-hidden="true">
            {move || here.with(|here| here.iter().filter_map(|one| frame(sheet, one)).collect_view())}
        </div>
    }
}

/// The frame around what somebody has selected; nothing where that is not in this view.
fn frame(sheet: Sheet, one: &Somebody) -> Option<impl IntoView + use<>> {
    let place = &one.place;
    let cell = place.cell.as_ref()?;
    let corner = place.corner.as_ref().unwrap_or(cell);
    let (a, b) = (area(sheet, cell)?, area(sheet, corner)?);
    let (left, right) = (a.left.min(b.left), a.right.max(b.right));
    let (top, bottom) = (a.top.min(b.top), a.bottom.max(b.bottom));
    // What the frozen column covers is not drawn over it.
    let left = if a.is_frozen || b.is_frozen { left } else { left.max(frozen_edge(sheet)) };
    if right <= left {
        return None;
    }
    let px = |length: f64| format!("{length}px");
    let head = sheet.layout.with(|layout| layout.head);
    let is_first = top <= head;
    let name = match &place.draft {
        Some(draft) => format!("{}: {draft}", one.name),
        None if place.caret.is_some() => format!("{} está escribiendo", one.name),
        None => one.name.clone(),
    };
    Some(view! {
        <div
            class=format!("grid-other person-{}", one.colour)
            class:first=is_first
            class:writing=place.draft.is_some() || place.caret.is_some()
            style:left=px(left)
            style:top=px(top)
            style:width=px(right - left)
            style:height=px(bottom - top)
        >
            <span class="grid-other-name">{name}</span>
        </div>
    })
}

struct Area {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    is_frozen: bool,
}

/// Where a cell lies in the canvas.
fn area(sheet: Sheet, at: &Named) -> Option<Area> {
    let row = sheet.order.with(|order| order.place(&at.row))?;
    let column = sheet
        .columns
        .with(|columns| columns.iter().position(|column| *column.field == *at.field))?;
    let layout = sheet.layout.get();
    let (left, width) = layout.columns.get(column).copied()?;
    let is_frozen = column == 0;
    let left = if is_frozen { left + sheet.left.get() } else { left };
    let top = layout.head + row as f64 * layout.row;
    Some(Area { left, right: left + width, top, bottom: top + layout.row, is_frozen })
}

fn frozen_edge(sheet: Sheet) -> f64 {
    sheet.left.get() + sheet.layout.with(|layout| layout.frozen())
}

/// While somebody is followed, the view goes where they go.
fn follow(sheet: Sheet) {
    let theirs = Memo::new(move |_| {
        let place = sheet.store.people().following()?.place;
        place.cell.filter(|_| place.table == sheet.table)
    });
    Effect::new(move |_| {
        // Again once the grid has its size.
        sheet.scroller.track();
        sheet.layout.track();
        if let Some(cell) = theirs.get() {
            let cursor = Cursor { row: cell.row, field: cell.field.as_str().into() };
            if let Some(spot) = sheet.spot_of(&cursor) {
                untrack(|| sheet.reveal(spot));
            }
        }
    });
}

fn tell_moves(sheet: Sheet) {
    Effect::new(move |_| {
        sheet.cursor.track();
        sheet.selection.track();
        sheet.mode.track();
        untrack(|| sheet.tell_place());
    });
    // Where the caret goes is told to the document only.
    let moved = Closure::<dyn FnMut()>::new(move || {
        if sheet.mode.try_get_untracked().is_some_and(|mode| mode != Mode::Browse) {
            sheet.tell_place();
        }
    });
    let document = document();
    let listener = moved.as_ref().unchecked_ref();
    // Fails for no event that has a name.
    let _ = document.add_event_listener_with_callback("selectionchange", listener);
    let kept = StoredValue::new_local((document, moved));
    on_cleanup(move || {
        kept.try_with_value(|(document, moved)| {
            let listener = moved.as_ref().unchecked_ref();
            document.remove_event_listener_with_callback("selectionchange", listener)
        });
    });
}

impl Sheet {
    /// Tells the others where this person is, as far as that changed.
    pub fn tell_place(self) {
        let mut place = Place::at(self.table);
        if let Some(cursor) = self.cursor.get_untracked() {
            place.cell = Some(Named::new(&cursor.row, &cursor.field));
        }
        if let Some(selection) = self.selection.get_untracked() {
            let named = |cursor: &Cursor| Some(Named::new(&cursor.row, &cursor.field));
            place.cell = named(&selection.anchor);
            place.corner = named(&selection.head);
        }
        if let Some((key, is_narrative, base)) = self.session.with_value(|session| {
            let session = session.as_ref()?;
            let base = written(session.base.as_ref());
            Some((session.key.clone(), session.narrative(), base))
        }) && let Some(textarea) = self.textarea.get_untracked()
        {
            let text = textarea.value();
            if is_narrative {
                // What is not sent yet goes with the next sending, and tells this again.
                if text != base {
                    return;
                }
                let (_, end) = selection(&textarea);
                place.caret = self.store.anchor(&key, in_bytes(&text, end));
                if place.caret.is_none() {
                    return;
                }
            } else if text != base {
                let end = text.floor_char_boundary(limits::DRAFT_BYTES);
                place.draft = Some(text[..end].into());
            }
        }
        self.store.people().i_am_at(place);
    }
}
