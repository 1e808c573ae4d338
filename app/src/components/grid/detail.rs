//! The line below the grid that tells about the cell of the cursor: what is asked for in it, what
//! its marks say, and the rules.

use leptos::prelude::*;
use shared::key::Key;

use super::{estimate::may_be_cut, marks::marks, sheet::Sheet};

/// About the cell of the cursor.
#[component]
pub fn Detail(sheet: Sheet) -> impl IntoView {
    let beside = Memo::new(move |_| beside(sheet));
    let about = move || {
        let cursor = sheet.cursor.get()?;
        let columns = sheet.columns.get();
        let column = columns.iter().find(|column| column.field == cursor.field)?;
        sheet.store.track_row(sheet.table, &cursor.row);
        let key = Key::cell(sheet.table, &cursor.row, &cursor.field);
        let text = whole_text(sheet, &key);
        let marks = sheet.store.with(|exercise| marks(sheet.store, exercise, &key, column.kind));
        let marks = marks.into_iter().map(|mark| {
            let (text, action) = (mark.text.clone(), mark.action());
            // With the mouse the keyboard stays in the grid, and comes back there.
            let stay = |event: web_sys::MouseEvent| event.prevent_default();
            view! {
                <li>
                    {mark.view()}
                    " "
                    <span aria-hidden="true">{text}</span>
                    " "
                    <button type="button" class="link-button" on:mousedown=stay on:click=move |_| sheet.review()>
                        {action}
                    </button>
                </li>
            }
        });
        let findings = sheet.store.findings_at(sheet.table, &cursor.row, &cursor.field);
        let findings = findings.into_iter().map(|finding| {
            let class = format!("severity {}", finding.severity.as_str());
            view! { <li><span class=class>{finding.severity.label()}</span> " " {finding.message}</li> }
        });
        Some(view! {
            <p id=format!("grid-{}-about", sheet.table.as_str())>
                <strong>{column.title.clone()}</strong>
                " "
                {column.help.clone()}
            </p>
            {text.map(|text| view! { <p class="grid-detail-text">{text}</p> })}
            <ul>
                {marks.collect_view()}
                {findings.collect_view()}
                {beside.get().into_iter().map(|name| view! { <li>{format!("{name} está en esta celda.")}</li> }).collect_view()}
            </ul>
        })
    };
    let nothing = || view! { <p>"Elige una celda para ver qué se pide en ella."</p> };
    view! {
        <div class="grid-detail">
            {move || about().map_or_else(|| nothing().into_any(), IntoAny::into_any)}
        </div>
    }
}

/// Who else is in the cell of the cursor.
fn beside(sheet: Sheet) -> Vec<String> {
    let Some(cursor) = sheet.cursor.get() else { return Vec::new() };
    let mut others = sheet.store.people().others();
    others.retain(|one| {
        let cell = one.place.cell.as_ref().filter(|_| one.place.table == sheet.table);
        cell.is_some_and(|cell| cell.row == cursor.row && *cell.field == *cursor.field)
    });
    others.into_iter().map(|one| one.name).collect()
}

/// The text of a cell that may show only its beginning.
fn whole_text(sheet: Sheet, key: &Key) -> Option<String> {
    let layout = sheet.layout.get();
    let at = sheet
        .columns
        .with(|columns| columns.iter().position(|column| *column.field == *key.field))?;
    let (_, width) = *layout.columns.get(at)?;
    sheet.store.with(|exercise| {
        let text = exercise.row(key.table, &key.row)?.text(&key.field);
        may_be_cut(text, width, &layout).then(|| text.to_owned())
    })
}
