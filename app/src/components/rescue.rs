//! The rescue file as a page: what is not on the server, in words, then the whole exercise as this
//! device has it, then the same for another device to read. It needs no application and no network.

use std::fmt::Write as _;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    edit::Edit,
    format::format_date,
    model::{Cell, Exercise},
    rescue::{FORMAT, Rescue},
    template::{Kind, TableId, kind_of_field},
};

use super::{
    aside::in_words,
    chain::short_name,
    grid::{columns::columns, display},
    save::save,
};
use crate::{
    clock,
    store::{Store, use_store},
    text,
};

const HTML: &str = "text/html;charset=utf-8";
/// The page stands alone: nothing of the application's style reaches it.
const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:70rem;\
padding:0 1rem;color:#1b1b1f}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}\
th,td{border:1px solid #8a8a94;padding:.3rem .45rem;text-align:left;vertical-align:top;\
white-space:pre-wrap}th{background:#eef1f6}";

/// Saves what is on this device and not on the server as a file.
pub fn save_rescue(store: Store) {
    spawn_local(async move {
        let rescue = store.rescue().await;
        save_page(&store.with(|exercise| page(exercise, &rescue)), &rescue);
    });
}

/// Saves a page that [`page`] wrote.
pub fn save_page(page: &str, rescue: &Rescue) {
    let (day, hour, minute) = clock::local_time(rescue.made_at);
    let name = format!("focaliza-respaldo-{}-{day}-{hour:02}{minute:02}.html", rescue.exercise);
    save(&name, HTML, page);
}

/// The button that saves it.
#[component]
pub fn RescueButton() -> impl IntoView {
    let store = use_store();
    view! { <button class="button" on:click=move |_| save_rescue(store)>"Descargar respaldo"</button> }
}

/// The page.
#[must_use]
pub fn page(exercise: &Exercise, rescue: &Rescue) -> String {
    let title = format!("Respaldo de Focaliza · {}", text::exercise(rescue.exercise));
    let (day, hour, minute) = clock::local_time(rescue.made_at);
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html><html lang=\"es-CL\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"description\" content=\"{FORMAT}\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><h1>{title}</h1>\
         <p>Lo hizo el equipo de <strong>{}</strong> el {} a las {hour}:{minute:02}. Para llevar \
         estos cambios al servidor, abre Focaliza en cualquier equipo, entra al ejercicio y elige \
         este archivo en «Archivos» → «Traer desde un archivo». Traerlo varias veces no repite \
         nada.</p>",
        escaped(&rescue.author),
        format_date(day),
    );
    let unsent: Vec<&Edit> =
        rescue.unsent.iter().flat_map(|(_, _, outgoing)| &outgoing.edits).collect();
    list(&mut page, exercise, "Cambios que no están en el servidor", &unsent);
    let refused: Vec<&Edit> = rescue.refused.iter().flat_map(|refused| &refused.edits).collect();
    if !refused.is_empty() {
        list(&mut page, exercise, "Cambios que el servidor no aceptó", &refused);
    }
    page.push_str("<h2>El ejercicio como estaba en este equipo</h2>");
    for id in TableId::GRIDS.into_iter().chain([TableId::Instruments, TableId::General]) {
        table(&mut page, exercise, id);
    }
    page.push_str(&rescue.to_script());
    page.push_str("</body></html>\n");
    page
}

fn list(page: &mut String, exercise: &Exercise, title: &str, edits: &[&Edit]) {
    let _ = write!(page, "<h2>{title}</h2>");
    if edits.is_empty() {
        page.push_str("<p>Ninguno.</p>");
        return;
    }
    page.push_str("<ol>");
    for edit in edits {
        let _ = write!(page, "<li>{}</li>", escaped(&told(exercise, edit)));
    }
    page.push_str("</ol>");
}

/// What somebody did, with the value that they wrote.
fn told(exercise: &Exercise, edit: &Edit) -> String {
    let words = in_words(edit);
    match edit {
        Edit::SetCell { key, value: Some(value) } => {
            let kind = kind_of_field(exercise, key.table, &key.field).unwrap_or(Kind::Text);
            format!("{words}: {}", display::in_words(exercise, kind, Some(value)))
        }
        _ => words,
    }
}

fn table(page: &mut String, exercise: &Exercise, id: TableId) {
    let _ = write!(page, "<h3>{}</h3>", escaped(short_name(id)));
    let columns = columns(exercise, id);
    if exercise.table(id).rows().next().is_none() {
        page.push_str("<p>Sin filas.</p>");
        return;
    }
    page.push_str("<table><thead><tr><th scope=\"col\">Fila</th>");
    for column in &columns {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escaped(&column.title));
    }
    page.push_str("</tr></thead><tbody>");
    for (place, row) in exercise.table(id).rows().enumerate() {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", place + 1);
        for column in &columns {
            // Whole: the grid shows the beginning of long texts.
            let words = match row.cells.get(&column.field) {
                Some(Cell::Narrative(text)) => text.clone(),
                _ => display::shown(exercise, column.kind, row, &column.field).into_words(),
            };
            let _ = write!(page, "<td>{}</td>", escaped(&words));
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use shared::{
        doc::Document,
        ids::{Peer, RowId},
        key::Key,
        sync::journal::Outgoing,
        value::Value,
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn people_read_what_other_devices_read() {
        let (id, peer) = ("01-2027".parse().unwrap(), Peer::new(7).unwrap());
        let mut document = Document::new(id, peer);
        let row = RowId::new("r1").unwrap();
        let cell = |field| Key::cell(TableId::Focus, &row, field);
        let long = "Ñandú & <b>\n".repeat(200);
        let edits = vec![
            Edit::PlaceRow { table: TableId::Focus, row: row.clone(), order: "V".into() },
            Edit::SetCell { key: cell("budget"), value: Some(Value::Money(1_234_567)) },
            Edit::splice(cell("description"), "", &long).unwrap(),
        ];
        let update = document.apply(&edits).unwrap().update;
        let outgoing = Outgoing { update, edits, clock: document.clock(peer), generation: 0 };
        let rescue = Rescue {
            exercise: id,
            made_at: 1_800_000_000_000,
            author: "Ana \"<".into(),
            unsent: vec![(peer, 1, outgoing)],
            refused: vec![],
        };
        let page = page(document.exercise(), &rescue);
        assert!(page.contains("equipo de <strong>Ana &quot;&lt;</strong>"), "{page}");
        assert!(page.contains("valor escrito: $1.234.567</li>"), "{page}");
        assert!(page.contains(&escaped(&long)), "the whole text");
        assert_eq!(Rescue::read(&page), Ok(rescue));
    }
}
