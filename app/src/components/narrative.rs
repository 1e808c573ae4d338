//! A long text outside of the grid: what is typed is sent as it grows, and what others write in the
//! same text meanwhile appears in it.

use gloo_timers::callback::Timeout;
use leptos::{ev, html, prelude::*};
use shared::{
    edit::{Edit, Splice},
    key::Key,
    merge::rebased,
    model::Cell,
};

use crate::{components::grid::merge::in_utf16, store::use_store};

/// What is typed is sent this long after.
const PAUSE_MS: u32 = 150;

/// The text of a narrative cell.
#[component]
pub fn Narrative(
    id: String,
    key: Key,
    /// The id of what is said about it.
    described_by: String,
) -> impl IntoView {
    let store = use_store();
    let may_write = store.may_write(&key);
    let key = StoredValue::new(key);
    let area = NodeRef::<html::Textarea>::new();
    let message = RwSignal::new(None::<String>);
    // The text that area and document last had in common.
    let common = StoredValue::new(String::new());
    let pending = StoredValue::new_local(None::<Timeout>);

    let present = move || {
        key.with_value(|key| {
            store.with(|exercise| {
                match exercise.row(key.table, &key.row).and_then(|row| row.cells.get(&key.field)) {
                    Some(Cell::Narrative(text)) => text.clone(),
                    _ => String::new(),
                }
            })
        })
    };
    // Sends what was typed, then takes what arrived.
    let meet = move || {
        let _ = pending.try_update_value(Option::take);
        let Some(area) = area.get_untracked() else { return };
        let (typed, arrived, base) = (area.value(), present(), common.get_value());
        let here = Splice::between(&base, &typed);
        let there = Splice::between(&base, &arrived);
        let splices = match (here, &there) {
            (None, _) => Vec::new(),
            (Some(here), None) => vec![here],
            (Some(here), Some(there)) => rebased(&here, there),
        };
        if !splices.is_empty() {
            let splice = |Splice { at, delete, insert }| Edit::SpliceText {
                key: key.get_value(),
                at,
                delete,
                insert,
            };
            let sent = store.apply(splices.into_iter().map(splice).collect());
            message.set(sent.err().map(|rejection| rejection.to_string()));
            if sent.is_err() {
                return;
            }
        }
        let now = present();
        if let Some(change) = Splice::between(&typed, &now) {
            let (from, to) = in_utf16(&typed, &change);
            // The cursor stays where it is in the text.
            let _ = area.set_range_text_with_start_and_end_and_mode(
                &change.insert,
                from,
                to,
                "preserve",
            );
        }
        common.set_value(now);
    };
    Effect::new(move |_| {
        area.track();
        key.with_value(|key| store.track_row(key.table, &key.row));
        meet();
    });
    let typed = move |_| pending.set_value(Some(Timeout::new(PAUSE_MS, meet)));
    let leaving = window_event_listener(ev::pagehide, move |_| meet());
    on_cleanup(move || {
        leaving.remove();
        // What was typed last may not be sent yet.
        meet();
    });

    view! {
        <textarea
            id=id
            class="input"
            rows="6"
            node_ref=area
            readonly=!may_write
            aria-describedby=described_by
            on:input=typed
            on:blur=move |_| {
                meet();
                store.end_action();
            }
        ></textarea>
        <span role="alert">
            {move || message.get().map(|text| view! { <span class="error">{text}</span> })}
        </span>
    }
}
