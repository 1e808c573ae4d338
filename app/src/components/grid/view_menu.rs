//! The menu of the view: how high rows are, which columns are shown, which rows.

use leptos::prelude::*;
use web_sys::{Element, HtmlInputElement, MouseEvent};

use super::{
    arrangement::{Arrangement, Density},
    popup::Content,
    sheet::Sheet,
};

/// Opens the menu.
#[component]
pub fn ViewButton(sheet: Sheet) -> impl IntoView {
    let open = move |event: MouseEvent| {
        let button = event_target::<Element>(&event).get_bounding_client_rect();
        sheet.open_popup(Content::View, button.left(), button.top());
    };
    let hidden = move || {
        let columns = sheet.all_columns();
        sheet.arrangement.with(|arrangement| arrangement.hidden(&columns).len())
    };
    let label = move || match hidden() {
        0 => "Vista".to_owned(),
        1 => "Vista · 1 columna oculta".to_owned(),
        columns => format!("Vista · {columns} columnas ocultas"),
    };
    view! {
        <button type="button" class="button" aria-haspopup="dialog" on:click=open>{label}</button>
    }
}

/// What can be chosen for the table as a whole. All of it is the person's own.
#[component]
pub fn ViewMenu(sheet: Sheet) -> impl IntoView {
    let density = move |density: Density, label: &'static str| {
        let is_chosen = move || sheet.arrangement.with(|known| known.density == density);
        view! {
            <label>
                <input
                    type="radio"
                    name="density"
                    prop:checked=is_chosen
                    on:change=move |_| sheet.arrangement.update(|known| known.density = density)
                />
                {label}
            </label>
        }
    };
    let (with_finding, mine) = sheet.lens.with_untracked(|lens| (lens.with_finding, lens.mine));
    let columns = sheet.all_columns().into_iter().map(|column| {
        let field = column.field.clone();
        let is_shown =
            move || sheet.columns.with(|columns| columns.iter().any(|known| known.field == field));
        let field = column.field;
        let toggled = move |event: web_sys::Event| {
            let shown = event_target::<HtmlInputElement>(&event).checked();
            sheet.arrangement.update(|arrangement| arrangement.show(&field, shown));
            sheet.stay_near();
        };
        view! {
            <li>
                <label>
                    <input type="checkbox" prop:checked=is_shown on:change=toggled />
                    <span>{column.title}</span>
                </label>
            </li>
        }
    });
    let reset = move |_| {
        sheet.arrangement.update(Arrangement::reset);
        sheet.close_popup();
        sheet.look(|lens| *lens = Default::default());
    };
    let regional = move |event: MouseEvent| {
        let place = event_target::<Element>(&event).get_bounding_client_rect();
        sheet.open_popup(Content::Regional, place.left(), place.top());
    };
    view! {
        <h3>"Vista"</h3>
        <p class="popup-hint">"Solo tú la ves así, en este equipo."</p>
        <fieldset>
            <legend>"Alto de las filas"</legend>
            {density(Density::ByText, "Según el texto")}
            {density(Density::Compact, "Compacto")}
        </fieldset>
        <fieldset>
            <legend>"Filas"</legend>
            <label>
                <input
                    type="checkbox"
                    prop:checked=with_finding
                    on:change=move |event| {
                        let is_on = event_target::<HtmlInputElement>(&event).checked();
                        sheet.look(|lens| lens.with_finding = is_on);
                    }
                />
                "Solo con avisos"
            </label>
            <label>
                <input
                    type="checkbox"
                    prop:checked=mine
                    on:change=move |event| {
                        let is_on = event_target::<HtmlInputElement>(&event).checked();
                        sheet.look(|lens| lens.mine = is_on);
                    }
                />
                "Solo las que yo he escrito"
            </label>
        </fieldset>
        <ul class="popup-values" aria-label="Columnas a la vista">{columns.collect_view()}</ul>
        <button type="button" on:click=move |_| sheet.arrangement.update(Arrangement::show_all)>
            "Mostrar todas las columnas"
        </button>
        <button type="button" on:click=reset>"Restablecer vista"</button>
        <button type="button" on:click=regional>"Columnas de la región…"</button>
    }
}
