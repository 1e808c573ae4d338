//! The amounts that Sercotec informs, in June and in December, and what was left of them.

use leptos::prelude::*;
use shared::{
    access::Action,
    format::{format_date, format_money},
    instruments::{Instrument, transferred_in},
    process::{
        Act, Process,
        act::{AmountBasis, Amounts},
    },
};

use super::{
    act_form::ActForm,
    fields::{PesosFields, chosen_of, pesos},
    remainders::RemaindersView,
    use_acts,
};

const BASES: [(AmountBasis, &str); 2] = [
    (AmountBasis::Exploratory, "Presupuesto exploratorio"),
    (AmountBasis::Preliminary, "Montos preliminares"),
];

/// What is in force of each, side by side, and informing others.
#[component]
pub fn AmountsView() -> impl IntoView {
    let acts = use_acts();
    let instruments: Vec<&Instrument> = transferred_in(acts.exercise.budget_year.into()).collect();
    let shown = StoredValue::new(instruments.clone());
    let body = move || acts.read(|process| shown.with_value(|shown| table(process, shown)));
    view! {
        <table class="table amounts">
            <thead>
                <tr>
                    <th scope="col">"Instrumento"</th>
                    {BASES.map(|(_, title)| view! { <th scope="col" class="number">{title}</th> })}
                    <th scope="col" class="number">"Diferencia"</th>
                </tr>
            </thead>
            {body}
        </table>
        <Show when=move || acts.may(Action::InformAmounts)>
            <AmountsForm instruments=instruments.clone() />
        </Show>
        <RemaindersView />
    }
}

fn table(process: &Process<'_>, instruments: &[&Instrument]) -> AnyView {
    let found = BASES.map(|(basis, _)| process.register.amounts(basis));
    let pesos =
        |id: &str| found.map(|found| found.and_then(|(_, amounts)| amounts.pesos.get(id).copied()));
    let sums = found.map(|found| found.map(|(_, amounts)| amounts.pesos.values().sum::<i64>()));
    let money = |pesos: Option<i64>| pesos.map_or_else(|| "—".into(), format_money);
    let difference = |[before, after]: [Option<i64>; 2]| match (before, after) {
        (Some(before), Some(after)) => format_money(after - before),
        _ => "—".into(),
    };
    let row = |name: &str, amounts: [Option<i64>; 2]| {
        view! {
            <tr>
                <th scope="row">{name.to_owned()}</th>
                {amounts.map(|pesos| view! { <td class="number">{money(pesos)}</td> })}
                <td class="number">{difference(amounts)}</td>
            </tr>
        }
    };
    let days = found.map(|found| {
        let record = found.and_then(|(number, _)| {
            process.register.records().iter().find(|record| record.number == number)
        });
        record.map(|record| format_date(process.register.registered_on(record)))
    });
    let days = days.map(|day| view! { <td class="number"><small>{day}</small></td> });
    let rows: Vec<_> = instruments.iter().map(|one| row(one.name, pesos(one.id))).collect();
    view! {
        <tbody>
            {rows} {row("Total", sums)}
            <tr>
                <th scope="row"><small>"Informado el"</small></th>
                {days}
                <td></td>
            </tr>
        </tbody>
    }
    .into_any()
}

#[component]
fn AmountsForm(instruments: Vec<&'static Instrument>) -> impl IntoView {
    let ids = StoredValue::new(instruments.clone());
    let read = move || {
        let (basis, _) = chosen_of("montos-base", &BASES);
        let pesos = ids.with_value(|ids| pesos("monto", ids))?;
        Ok(Act::Amounts(Amounts { basis, pesos, letter: None }))
    };
    let options = BASES.into_iter().enumerate().map(|(number, (_, title))| {
        view! { <option value=number>{title}</option> }
    });
    view! {
        <ActForm
            id="informar"
            title="Informar montos"
            about="En pesos, por instrumento. Lo que se informe toma el lugar de lo anterior, que sigue en el registro."
            button="Registrar montos"
            read
        >
            <div class="field wide">
                <label for="montos-base">"Cuáles"</label>
                <select id="montos-base" class="input">{options.collect_view()}</select>
            </div>
            <PesosFields prefix="monto" instruments />
        </ActForm>
    }
}
