//! Totals of the Matriz Focalización, always computed, with what they lack in sight.

use leptos::prelude::*;
use shared::{
    format::{format_integer, format_money},
    instruments,
    model::totals::Sum,
    template::{Kind, TableId},
};

use crate::{store::use_store, text};

/// The totals, under the table.
#[component]
pub fn Totals() -> impl IntoView {
    let store = use_store();
    let derived = move || store.derived();
    let money = |sum: Sum| view! { <Figure figure=format_money(sum.total) sum /> };
    let by_unit = move || {
        let derived = derived();
        let units = &derived.totals.coverage_by_unit;
        let lines = units.iter().map(|(unit, sum)| {
            let name = unit_name(unit).to_owned();
            view! { <Line name figure=format_integer(sum.total) sum=*sum /> }
        });
        lines.collect_view()
    };
    let by_instrument = move || {
        let derived = derived();
        let instruments = &derived.totals.by_instrument;
        let lines = instruments.iter().map(|(id, sum)| {
            let name = instruments::instrument(id).map_or("Sin instrumento", |found| found.name);
            view! { <Line name=name.to_owned() figure=format_money(sum.total) sum=*sum /> }
        });
        lines.collect_view()
    };
    view! {
        <section class="totals" aria-label="Totales">
            <dl class="totals-line">
                <dt>"Presupuesto"</dt>
                <dd>{move || money(derived().totals.budget)}</dd>
                <dt>"Instrumentos traspasados"</dt>
                <dd>{move || money(derived().totals.transferred)}</dd>
                <dt>"Otros financiamientos"</dt>
                <dd>{move || money(derived().totals.external)}</dd>
                <dt>"Cobertura"</dt>
                <dd>
                    {move || {
                        let sum = derived().totals.coverage;
                        view! { <Figure figure=format_integer(sum.total) sum /> }
                    }}
                </dd>
            </dl>
            <details class="totals-more">
                <summary>"Por instrumento y por unidad"</summary>
                <div class="totals-tables">
                    <table class="table">
                        <caption>"Presupuesto por instrumento"</caption>
                        <tbody>{by_instrument}</tbody>
                    </table>
                    <table class="table">
                        <caption>"Cobertura por unidad: unidades distintas no se suman"</caption>
                        <tbody>{by_unit}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

#[component]
fn Line(name: String, figure: String, sum: Sum) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number"><Figure figure sum /></td>
        </tr>
    }
}

/// A sum, and the cells that it does not hold.
#[component]
fn Figure(figure: String, sum: Sum) -> impl IntoView {
    let lacking = lacking(sum);
    // Before the rules were asked, the exercise may not have arrived: that is not a sum of nothing.
    let is_unknown = sum.known == 0 && (!lacking.is_empty() || !use_store().derived().is_evaluated);
    let figure = if is_unknown { "—".to_owned() } else { figure };
    view! {
        <strong>{figure}</strong>
        {(!lacking.is_empty()).then(|| view! { " " <span class="lacking">"(" {lacking} ")"</span> })}
    }
}

/// «3 datos faltantes, 1 por definir».
pub fn lacking(sum: Sum) -> String {
    let parts = [
        (sum.missing, ["dato faltante", "datos faltantes"]),
        (sum.to_be_defined, ["por definir"; 2]),
        (sum.masked, ["reservado", "reservados"]),
        (sum.not_applicable, ["no aplica"; 2]),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(n, [one, many])| text::count(n as usize, one, many)).collect::<Vec<_>>().join(", ")
}

/// What a unit of coverage is called.
pub fn unit_name(code: &str) -> &'static str {
    let column = TableId::Focus.column("coverage_unit");
    let choices = column.map_or(&[][..], |column| match column.kind {
        Kind::Choice(choices) => choices,
        _ => &[],
    });
    choices.iter().find(|choice| choice.code == code).map_or("Sin unidad", |choice| choice.label)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_a_sum_lacks_is_said_by_its_kind() {
        let sum = Sum { total: 947, known: 15, missing: 3, to_be_defined: 1, ..Sum::default() };
        assert_eq!(lacking(sum), "3 datos faltantes, 1 por definir");
        assert_eq!(lacking(Sum { known: 2, ..Sum::default() }), "");
    }
}
