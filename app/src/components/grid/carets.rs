//! The carets of others in the text that is open here, over the textarea: a copy of the text that
//! cannot be seen breaks its lines as the textarea does, and holds the carets at their places.

use leptos::prelude::*;
use shared::{edit::Splice, sync::crowd::Somebody};

use super::{
    entry::written,
    merge::{at_carets, moved},
    sheet::Sheet,
};

/// Whoever has a caret in the open cell.
#[derive(Clone, PartialEq)]
struct Caret {
    name: String,
    colour: u8,
    /// In bytes of what the textarea holds.
    at: usize,
}

/// The carets of others.
#[component]
pub fn Carets(sheet: Sheet) -> impl IntoView {
    let drawn = move || {
        sheet.mode.track();
        sheet.retyped.track();
        let key = sheet.session.with_value(|session| {
            session
                .as_ref()
                .filter(|session| session.narrative())
                .map(|session| session.key.clone())
        })?;
        sheet.store.track_row(key.table, &key.row);
        let is_here = |one: &Somebody| {
            one.place.caret.is_some()
                && one.place.table == key.table
                && one
                    .place
                    .cell
                    .as_ref()
                    .is_some_and(|cell| cell.row == key.row && cell.field == key.field)
        };
        let mut others = sheet.store.people().others();
        others.retain(is_here);
        if others.is_empty() {
            return None;
        }
        let textarea = sheet.textarea.get_untracked()?;
        let text = textarea.value();
        // Carets are places of the document; what is typed here and not sent yet moves them.
        let typed = Splice::between(&written(sheet.cell(&key).as_ref()), &text);
        let caret = |one: &Somebody| {
            let at = sheet.store.place(&key, one.place.caret?)?;
            let at = typed.as_ref().map_or(at, |typed| moved(at, typed));
            Some(Caret { name: one.name.clone(), colour: one.colour, at })
        };
        let mut carets: Vec<_> = others.iter().filter_map(caret).collect();
        if carets.is_empty() {
            return None;
        }
        carets.sort_by_key(|caret| caret.at);
        let places: Vec<_> = carets.iter().map(|caret| caret.at).collect();
        let (first, parts) = at_carets(&text, &places);
        let marks = carets.into_iter().zip(parts).map(|(caret, part)| {
            view! {
                <span class=format!("caret person-{}", caret.colour)>
                    <span class="caret-name">{caret.name}</span>
                </span>
                {part}
            }
        });
        let (width, top) = (textarea.client_width(), textarea.scroll_top());
        Some(view! {
            <div class="carets-text" style:width=format!("{width}px") style:transform=format!("translateY({}px)", -top)>
                {first}
                {marks.collect_view()}
            </div>
        })
    };
    view! { <div class="carets" aria-hidden="true">{drawn}</div> }
}
