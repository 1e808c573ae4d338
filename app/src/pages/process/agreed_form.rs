//! The calendar that region and *Dirección Regional* agree, beside the legal one.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::process::{Act, Milestone, Process, act::AgreedCalendar};

use super::{
    act_form::ActForm,
    fields::{Field, day, value},
    use_acts,
};

/// The form, with what was agreed before.
#[component]
pub fn AgreedForm() -> impl IntoView {
    let acts = use_acts();
    let known = move |process: &Process<'_>| {
        let agreed = process.register.agreed_calendar();
        agreed.map(|agreed| agreed.days.clone()).unwrap_or_default()
    };
    let known: BTreeMap<_, _> = untrack(|| acts.read(known)).unwrap_or_default();
    let field = move |milestone: Milestone| {
        let initial = known.get(&milestone).map(ToString::to_string).unwrap_or_default();
        view! { <Field id=id(milestone) label=milestone.label() kind="date" optional=true initial /> }
    };
    let read = || {
        let mut days = BTreeMap::new();
        for milestone in Milestone::ALL {
            if let Some(day) = day(&id(milestone))? {
                days.insert(milestone, day);
            }
        }
        let on = day("acordado-fecha")?.ok_or("Falta el día en que se acordó.")?;
        Ok(Act::AgreedCalendar(AgreedCalendar { on, days, note: value("acordado-nota") }))
    };
    view! {
        <ActForm
            id="acordar"
            title="Registrar el calendario acordado"
            about="Las fechas que acuerdan el Gobierno Regional y la Dirección Regional. Se muestran junto a los plazos legales y no los cambian; las que dejes vacías no tienen fecha acordada."
            button="Registrar calendario"
            stays=true
            read
        >
            <Field id="acordado-fecha" label="Acordado el" kind="date" />
            {Milestone::ALL.into_iter().map(field).collect_view()}
            <Field id="acordado-nota" label="Nota (si hace falta)" optional=true wide=true />
        </ActForm>
    }
}

fn id(milestone: Milestone) -> String {
    format!("acordado-{}", milestone.id())
}
