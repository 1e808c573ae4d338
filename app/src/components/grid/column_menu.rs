//! The menu of a column: sorting and filtering by it, its width and place.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use shared::fold::fold;
use web_sys::{Element, HtmlInputElement, MouseEvent};

use super::{
    columns::GridColumn,
    lens::{Direction, Filter, values},
    popup::Content,
    sheet::Sheet,
};
use crate::text;

/// Values that are listed at once; typing narrows them down.
const LISTED: usize = 200;

/// What can be done with a column.
#[component]
pub fn ColumnMenu(sheet: Sheet, field: Arc<str>) -> impl IntoView {
    let columns = sheet.columns.get_untracked();
    let place = columns.iter().position(|column| column.field == field);
    let column = place.map(|place| columns[place].clone());
    let (Some(place), Some(column)) = (place, column) else { return ().into_any() };
    let neighbour = |at: Option<usize>| at.and_then(|at| columns.get(at)).map(|c| c.field.clone());
    let (before, behind) = (neighbour(place.checked_sub(1)), neighbour(Some(place + 1)));
    let alone = columns.len() == 1;
    let field = StoredValue::new(field);
    let by = move |direction: Option<Direction>| {
        move |_| {
            sheet.close_popup();
            sheet.look(|lens| lens.sort = direction.map(|way| (field.get_value(), way)));
        }
    };
    let is_sorted = sheet.lens.with_untracked(|lens| {
        lens.sort.as_ref().is_some_and(|(known, _)| *known == field.get_value())
    });
    let step = move |to: Option<Arc<str>>, label: &'static str| {
        let disabled = to.is_none();
        let go = move |_| {
            if let Some(target) = &to {
                sheet.move_column(&field.get_value(), target);
                sheet.close_popup();
                sheet.announce(label);
            }
        };
        view! { <button type="button" disabled=disabled on:click=go>{label}</button> }
    };
    let hide = move |_| {
        sheet.close_popup();
        sheet.arrangement.update(|arrangement| arrangement.show(&field.get_value(), false));
        sheet.stay_near();
        sheet.announce("Columna oculta. Se vuelve a mostrar en Vista.");
    };
    let regional = column.regional;
    let edit = move |event: MouseEvent| {
        let place = event_target::<Element>(&event).get_bounding_client_rect();
        sheet.open_popup(Content::Regional, place.left(), place.top());
    };
    view! {
        <h3>{column.title.clone()}</h3>
        <button type="button" on:click=by(Some(Direction::Ascending))>{ascending(&column)}</button>
        <button type="button" on:click=by(Some(Direction::Descending))>{descending(&column)}</button>
        {is_sorted.then(|| view! {
            <button type="button" on:click=by(None)>"Volver al orden de la tabla"</button>
        })}
        <FilterForm sheet column=column.clone() />
        <WidthForm sheet column=column place />
        {step(before, "Mover a la izquierda")}
        {step(behind, "Mover a la derecha")}
        <button type="button" disabled=alone on:click=hide>"Ocultar columna"</button>
        {if regional {
            view! {
                <button type="button" on:click=edit>"Cambiar o quitar esta columna de la región…"</button>
            }
            .into_any()
        } else {
            view! {
                <p class="popup-hint">
                    "Columna nacional: la fija el Reglamento para todas las regiones, por eso no se \
                     renombra ni se quita."
                </p>
            }
            .into_any()
        }}
    }
    .into_any()
}

fn is_figure(column: &GridColumn) -> bool {
    use shared::template::Kind::{Date, Integer, Money};
    matches!(column.kind, Integer | Money | Date)
}

fn ascending(column: &GridColumn) -> &'static str {
    if is_figure(column) { "Ordenar de menor a mayor" } else { "Ordenar de la A a la Z" }
}

fn descending(column: &GridColumn) -> &'static str {
    if is_figure(column) { "Ordenar de mayor a menor" } else { "Ordenar de la Z a la A" }
}

/// Which rows are shown, by what this column holds.
#[component]
fn FilterForm(sheet: Sheet, column: GridColumn) -> impl IntoView {
    let field = StoredValue::new(column.field.clone());
    let present = sheet.lens.with_untracked(|lens| lens.filters.get(&column.field).cloned());
    let is_filtered = present.is_some();
    let all = StoredValue::new(
        sheet.store.with(|exercise| values(exercise, sheet.table, &column, &sheet.known())),
    );
    let words = RwSignal::new(match &present {
        Some(Filter::Contains(words)) => words.clone(),
        _ => String::new(),
    });
    let chosen = RwSignal::new(match present {
        Some(Filter::Values(values)) => values,
        Some(Filter::Missing) => BTreeSet::from([String::new()]),
        _ => BTreeSet::new(),
    });
    let apply = move |filter: Option<Filter>| {
        sheet.close_popup();
        sheet.look(|lens| {
            match filter {
                Some(filter) => lens.filters.insert(field.get_value(), filter),
                None => lens.filters.remove(&field.get_value()),
            };
        });
    };
    let submitted = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (words, chosen) = (words.get_untracked(), chosen.get_untracked());
        apply(if !chosen.is_empty() {
            Some(if chosen.iter().all(String::is_empty) {
                Filter::Missing
            } else {
                Filter::Values(chosen)
            })
        } else if fold(&words).is_empty() {
            None
        } else {
            Some(Filter::Contains(words))
        });
    };
    let list = move || {
        let words = fold(&words.get());
        all.with_value(|all| {
            let found = all.iter().filter(|(label, _)| {
                words.is_empty() || fold(label).contains(&words)
            });
            let listed: Vec<_> = found.clone().take(LISTED).cloned().collect();
            let more = found.count().saturating_sub(LISTED);
            let more = (more > 0).then(|| view! { <li class="popup-more">{format!("y {more} más: escribe para encontrarlos")}</li> });
            let options = listed.into_iter().map(|(label, rows)| {
                let is_chosen = chosen.with_untracked(|chosen| chosen.contains(&label));
                let shown = if label.is_empty() { "(sin dato)".to_owned() } else { label.clone() };
                let toggled = move |event: web_sys::Event| {
                    let is_on = event_target::<HtmlInputElement>(&event).checked();
                    chosen.update(|chosen| {
                        if is_on {
                            chosen.insert(label.clone());
                        } else {
                            chosen.remove(&label);
                        }
                    });
                };
                view! {
                    <li>
                        <label>
                            <input type="checkbox" prop:checked=is_chosen on:change=toggled />
                            <span>{shown}</span>
                            <small>{rows}</small>
                        </label>
                    </li>
                }
            });
            view! { {options.collect_view()} {more} }
        })
    };
    let apply_label = move || match chosen.with(BTreeSet::len) {
        0 => "Filtrar por este texto".to_owned(),
        values => format!("Filtrar por {}", text::count(values, "valor", "valores")),
    };
    view! {
        <form class="popup-filter" on:submit=submitted>
            <input
                type="search"
                class="input"
                aria-label="Filtrar: texto que contiene"
                placeholder="Filtrar: contiene…"
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
            />
            <ul class="popup-values" aria-label="Valores de la columna">{list}</ul>
            <button type="submit">{apply_label}</button>
            {is_filtered.then(|| view! {
                <button type="button" on:click=move |_| apply(None)>"Quitar este filtro"</button>
            })}
        </form>
    }
}

/// How wide the column is.
#[component]
fn WidthForm(sheet: Sheet, column: GridColumn, place: usize) -> impl IntoView {
    let field = StoredValue::new(column.field);
    let width = sheet.layout.with_untracked(|layout| layout.columns[place].1);
    let submitted = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let input = document().get_element_by_id("column-width");
        let typed = input.map(|input| {
            use wasm_bindgen::JsCast as _;
            input.unchecked_into::<HtmlInputElement>().value_as_number()
        });
        if let Some(width) = typed.filter(|width| width.is_finite()) {
            sheet.resize_column(&field.get_value(), width);
            sheet.close_popup();
        }
    };
    let fit = move |_| {
        sheet.fit_column(&field.get_value());
        sheet.close_popup();
    };
    view! {
        <form class="popup-width" on:submit=submitted>
            <label>
                "Ancho"
                <input
                    id="column-width"
                    type="number"
                    class="input"
                    min="60"
                    max="900"
                    step="10"
                    prop:value=width.to_string()
                />
            </label>
            <button type="submit">"Cambiar"</button>
        </form>
        <button type="button" on:click=fit>"Ajustar ancho al contenido"</button>
    }
}
