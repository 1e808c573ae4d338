//! The amounts that Sercotec informs, in June and in December.

use std::collections::BTreeMap;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    access::Action,
    format::{Parsed, format_date, format_money, parse_money},
    instruments::{Instrument, transferred_in},
    process::{
        Act, Process,
        act::{AmountBasis, Amounts},
    },
};

use super::{
    fields::{Field, value},
    new_request, use_acts,
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
    let acts = use_acts();
    let basis = RwSignal::new(0_usize);
    let request = RwSignal::new(new_request());
    let message = RwSignal::new(None::<Result<(), String>>);
    let ids: Vec<&str> = instruments.iter().map(|one| one.id).collect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut pesos = BTreeMap::new();
        for id in &ids {
            let text = value(&field(id));
            match parse_money(&text) {
                Ok(Parsed::Value(amount)) => pesos.insert((*id).to_owned(), amount),
                // An instrument whose amount is not known yet is not among those informed.
                Ok(Parsed::Missing | Parsed::ToBeDefined) => None,
                Ok(_) => {
                    return message.set(Some(Err(format!("«{text}» no es un monto en pesos."))));
                }
                Err(error) => return message.set(Some(Err(format!("«{text}»: {error}")))),
            };
        }
        let (basis, _) = BASES[basis.get_untracked()];
        spawn_local(async move {
            let act = Act::Amounts(Amounts { basis, pesos, letter: None });
            let done = acts.register(request.get_untracked(), act).await.map(|_| ());
            // The page may be gone by now.
            if done.is_ok() {
                let _ = request.try_set(new_request());
            }
            let _ = message.try_set(Some(done));
        });
    };
    let options = BASES.into_iter().enumerate().map(|(number, (_, title))| {
        view! { <option value=number>{title}</option> }
    });
    view! {
        <section class="act-form" aria-labelledby="informar">
            <h2 id="informar">"Informar montos"</h2>
            <p>"En pesos, por instrumento. Lo que se informe toma el lugar de lo anterior, que sigue en el registro."</p>
            <form on:submit=submit>
                <div class="field wide">
                    <label for="montos-base">"Cuáles"</label>
                    <select
                        id="montos-base"
                        class="input"
                        on:change=move |event| basis.set(event_target_value(&event).parse().unwrap_or_default())
                    >
                        {options.collect_view()}
                    </select>
                </div>
                {instruments.into_iter().map(|one| view! {
                    <Field id=field(one.id) label=one.name optional=true />
                }).collect_view()}
                <div role="status" class="wide">
                    {move || message.get().map(|done| match done {
                        Ok(()) => view! { <p class="message success">"Registrado."</p> }.into_any(),
                        Err(text) => view! { <p class="message danger">{text}</p> }.into_any(),
                    })}
                </div>
                <button class="button primary" type="submit">"Registrar montos"</button>
            </form>
        </section>
    }
}

fn field(instrument: &str) -> String {
    format!("monto-{instrument}")
}
