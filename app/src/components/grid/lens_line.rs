//! The line that says that the table is not shown as it is.

use leptos::prelude::*;
use shared::format::format_integer;

use super::{
    lens::{Direction, Filter, Lens},
    sheet::Sheet,
};
use crate::text;

/// «Vista ordenada por Presupuesto · 12 de 340 filas · Quitar», where a lens is in use.
#[component]
pub fn LensLine(sheet: Sheet) -> impl IntoView {
    let is_used = Memo::new(move |_| sheet.applied.with(Option::is_some));
    let described = move || {
        let columns = sheet.all_columns();
        let title = |field: &str| {
            let column = columns.iter().find(|column| *column.field == *field);
            column.map_or_else(|| field.to_owned(), |column| column.title.clone())
        };
        sheet.lens.with(|lens| describe(lens, title))
    };
    let counted = move || {
        let (shown, all) = sheet.counts();
        format!("{} de {} filas", format_integer(shown as i64), format_integer(all as i64))
    };
    let newcomers = move || {
        let order = sheet.order.get();
        let applied = sheet.applied.get()?;
        match applied.newcomers(order.rows()) {
            0 => None,
            rows => Some(format!(
                " · {} desde entonces",
                text::count(rows, "fila nueva", "filas nuevas")
            )),
        }
    };
    let remove = move |_| {
        sheet.look(|lens| *lens = Lens::default());
        sheet.focus_textarea();
    };
    let again = move |_| {
        sheet.look_again();
        sheet.focus_textarea();
    };
    view! {
        <Show when=move || is_used.get()>
            <div class="grid-lens" role="status">
                <span>{described} " · " {counted} {newcomers}</span>
                <button type="button" class="link-button" on:click=again>"Volver a aplicar"</button>
                <button type="button" class="link-button" on:click=remove>"Quitar"</button>
            </div>
        </Show>
    }
}

/// What a lens does, in words.
fn describe(lens: &Lens, title: impl Fn(&str) -> String) -> String {
    let mut parts = Vec::new();
    if let Some((field, direction)) = &lens.sort {
        let way = match direction {
            Direction::Ascending => "",
            Direction::Descending => ", al revés",
        };
        parts.push(format!("ordenada por {}{way}", title(field)));
    }
    let mut filters: Vec<String> = lens
        .filters
        .iter()
        .map(|(field, filter)| match filter {
            Filter::Contains(words) => format!("{} contiene «{words}»", title(field)),
            Filter::Missing => format!("{} sin dato", title(field)),
            Filter::Values(_) => title(field),
        })
        .collect();
    if lens.with_finding {
        filters.push("con avisos".into());
    }
    if lens.mine {
        filters.push("escritas por ti".into());
    }
    if !filters.is_empty() {
        parts.push(format!("filtrada por {}", filters.join(", ")));
    }
    format!("Vista {}", parts.join(" y "))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_view_is_described_in_words() {
        let title = |field: &str| field.to_uppercase();
        let sort = Some(("budget".into(), Direction::Descending));
        let mut lens = Lens { sort, ..Lens::default() };
        assert_eq!(describe(&lens, title), "Vista ordenada por BUDGET, al revés");
        lens.filters.insert("action".into(), Filter::Contains("feria".into()));
        lens.mine = true;
        let text = "Vista ordenada por BUDGET, al revés y filtrada por ACTION contiene «feria», escritas por ti";
        assert_eq!(describe(&lens, title), text);
    }
}
