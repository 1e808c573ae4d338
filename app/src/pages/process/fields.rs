//! Fields of the forms with which acts are registered.

use std::{collections::BTreeMap, str::FromStr as _};

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::{
    format::{Parsed, parse_money},
    instruments::Instrument,
};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// A labelled field. What it holds is read by its id when the form is sent.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional)] wide: bool,
    #[prop(optional, into)] initial: String,
) -> impl IntoView {
    view! {
        <div class="field" class:wide=wide>
            <label for=id.clone()>{label}</label>
            <input id=id class="input" type=kind value=initial required=!optional autocomplete="off" />
        </div>
    }
}

/// A labelled list to choose from. Which one is chosen is read by its id ([`chosen`]), as its place.
#[component]
pub fn Choice(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    options: Vec<&'static str>,
    /// The place of the one that is chosen at first.
    #[prop(optional)]
    initial: usize,
) -> impl IntoView {
    let option = |(place, name)| {
        view! { <option value=place selected=place == initial>{name}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="input">
                {options.into_iter().enumerate().map(option).collect_view()}
            </select>
        </div>
    }
}

/// What a field holds, without blanks around it.
pub fn value(id: &str) -> String {
    let input = document().get_element_by_id(id);
    let input = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value().trim().to_owned()).unwrap_or_default()
}

/// Which option of a list is chosen.
pub fn chosen(id: &str) -> String {
    let list = document().get_element_by_id(id);
    let list = list.and_then(|list| list.dyn_into::<HtmlSelectElement>().ok());
    list.map(|list| list.value()).unwrap_or_default()
}

/// The one of these that is chosen in a list of them ([`Choice`]).
pub fn chosen_of<T: Copy>(id: &str, all: &[T]) -> T {
    let place: usize = chosen(id).parse().unwrap_or_default();
    all[place.min(all.len() - 1)]
}

/// The day in a field; `None` where it is empty.
pub fn day(id: &str) -> Result<Option<NaiveDate>, String> {
    match value(id).as_str() {
        "" => Ok(None),
        text => NaiveDate::from_str(text).map(Some).map_err(|_| "Una fecha no se entiende.".into()),
    }
}

/// The whole number in a field.
pub fn number(id: &str, what: &str) -> Result<u16, String> {
    value(id).parse().map_err(|_| format!("Escribe {what} como un número."))
}

/// A field for the pesos of each instrument.
#[component]
pub fn PesosFields(
    /// Of their ids.
    prefix: &'static str,
    instruments: Vec<&'static Instrument>,
) -> impl IntoView {
    let field = |one: &'static Instrument| {
        view! { <Field id=format!("{prefix}-{}", one.id) label=one.name optional=true /> }
    };
    instruments.into_iter().map(field).collect_view()
}

/// What [`PesosFields`] hold, by instrument. One that is empty or open is not among them: its amount is
/// not known, which is not zero.
pub fn pesos(
    prefix: &str,
    instruments: &[&'static Instrument],
) -> Result<BTreeMap<String, i64>, String> {
    let mut pesos = BTreeMap::new();
    for one in instruments {
        let text = value(&format!("{prefix}-{}", one.id));
        match parse_money(&text) {
            Ok(Parsed::Value(amount)) => {
                pesos.insert(one.id.to_owned(), amount);
            }
            Ok(Parsed::Missing | Parsed::ToBeDefined) => {}
            Ok(_) => return Err(format!("«{text}» no es un monto en pesos.")),
            Err(error) => return Err(format!("«{text}»: {error}")),
        }
    }
    Ok(pesos)
}
