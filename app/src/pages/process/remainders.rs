//! What was left of each instrument's budget after the focus was applied (REM-01): a record from which
//! the next year's exercise takes it.

use leptos::prelude::*;
use shared::{
    access::Action,
    format::{format_date, format_money},
    instruments::{Instrument, transferred_in},
    process::{Act, Process, act::Remainders},
};

use super::{
    act_form::ActForm,
    fields::{Field, PesosFields, day, pesos, value},
    use_acts,
};

/// What was counted last, and recording it.
#[component]
pub fn RemaindersView() -> impl IntoView {
    let acts = use_acts();
    let instruments: Vec<&Instrument> = transferred_in(acts.exercise.budget_year.into()).collect();
    let shown = StoredValue::new(instruments.clone());
    let counted =
        move || acts.read(|process| shown.with_value(|shown| counted(process, shown))).flatten();
    view! {
        {counted}
        <Show when=move || acts.may(Action::RecordRemainders)>
            <RemaindersForm instruments=instruments.clone() />
        </Show>
    }
}

fn counted(process: &Process<'_>, instruments: &[&Instrument]) -> Option<AnyView> {
    let remainders = process.register.remainders()?;
    let row = |name: &str, pesos: i64| {
        view! {
            <tr>
                <th scope="row">{name.to_owned()}</th>
                <td class="number">{format_money(pesos)}</td>
            </tr>
        }
    };
    let known = instruments.iter().filter_map(|one| Some((one, remainders.pesos.get(one.id)?)));
    let rows: Vec<_> = known.map(|(one, pesos)| row(one.name, *pesos)).collect();
    let total = row("Total", remainders.pesos.values().sum());
    let note = (!remainders.note.is_empty()).then(|| view! { <p>{remainders.note.clone()}</p> });
    let heading = format!("Remanentes al {}", format_date(remainders.on));
    Some(
        view! {
            <section class="remainders">
                <h2>{heading}</h2>
                <table class="table amounts">
                    <tbody>{rows} {total}</tbody>
                </table>
                {note}
            </section>
        }
        .into_any(),
    )
}

#[component]
fn RemaindersForm(instruments: Vec<&'static Instrument>) -> impl IntoView {
    let ids = StoredValue::new(instruments.clone());
    let read = move || {
        Ok(Act::Remainders(Remainders {
            pesos: ids.with_value(|ids| pesos("remanente", ids))?,
            on: day("remanente-fecha")?.ok_or("Falta el día en que se contaron.")?,
            note: value("remanente-nota"),
        }))
    };
    view! {
        <ActForm
            id="remanentes"
            title="Registrar remanentes"
            about="Lo que quedó sin ejecutar de cada instrumento, en pesos. Es un registro para el año siguiente, y el último que se anote es el que vale."
            button="Registrar remanentes"
            read
        >
            <Field id="remanente-fecha" label="Contados el" kind="date" />
            <PesosFields prefix="remanente" instruments />
            <Field id="remanente-nota" label="Nota (si hace falta)" optional=true wide=true />
        </ActForm>
    }
}
