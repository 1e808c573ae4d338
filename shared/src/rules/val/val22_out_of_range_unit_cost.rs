use crate::{
    format::{format_hundredths, format_money},
    norms::{INFERRED, PUBLIC_ACCOUNT_2022, REGULATION},
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
};

rule! {
    /// El costo por beneficiario guarda proporción con lo que el instrumento financia.
    ///
    /// # Qué revisa
    /// Que presupuesto dividido por cobertura quede entre 0,3 y 1,6 veces el tope del instrumento
    /// en el año. Solo donde la cobertura cuenta a quienes reciben (beneficiarios, empresas,
    /// personas, proyectos u organizaciones) y hay un tope conocido.
    ///
    /// # Por qué
    /// El tope limita lo que recibe cada uno, no el costo de la acción: los presupuestos incluyen la
    /// operación y por eso suelen superarlo. En los datos conocidos la proporción va de 0,39 a 1,54.
    /// Fuera de la banda, lo más frecuente es un error al escribir. La banda es criterio de
    /// Focaliza, y por eso solo pide una razón.
    ///
    /// # Cómo corregir
    /// Revise presupuesto, cobertura y unidad. Si son correctos, anote la razón.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | budget | coverage | coverage_unit |
    /// |----|------------|--------|--------|----------|---------------|
    /// | a | crece | Crece costa | 523429000 | 74 | beneficiaries |
    /// | b | crece | Crece valle | 52342900 | 74 !VAL-22 | beneficiaries |
    /// | c | juntos | Redes | 310000000 | 5 !VAL-22 | organisations |
    /// | d | juntos | Satélites | 310000000 | 5 | satellites |
    pub static RULE = {
        id: "VAL-22",
        title: "Costo por beneficiario poco plausible",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            INFERRED.at("la banda de 0,3 a 1,6 veces el tope"),
            REGULATION.at("punto 3"),
            PUBLIC_ACCOUNT_2022.at("programas"),
        ],
        conflicts: ["CON-19"],
        check: LegalAction(check),
    }
}

/// Units that count who receives.
const RECIPIENTS: [&str; 5] = ["beneficiaries", "firms", "people", "projects", "organisations"];
/// Tenths of the cap between which a unit cost is plausible: history runs from 0.39 to 1.54.
const PLAUSIBLE: std::ops::RangeInclusive<i128> = 3..=16;

fn check(subject: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    let cap = action.instrument.and_then(|found| found.unit_cap(subject.budget_year()));
    let (Some(cap), Some(budget)) = (cap, action.row.money("budget")) else { return };
    let Some(coverage) = action.row.integer("coverage") else { return };
    let unit = action.row.code("coverage_unit");
    if coverage <= 0 || budget <= 0 || !RECIPIENTS.contains(&unit) {
        return;
    }
    let tenths = i128::from(budget) * 10;
    let tenth = i128::from(cap.amount) * i128::from(coverage);
    if tenths < PLAUSIBLE.start() * tenth || tenths > PLAUSIBLE.end() * tenth {
        let message = implausible(action, budget / coverage, rounded(tenths * 10, tenth));
        report.warn(action.field("coverage"), message).related = vec![action.field("budget")];
    }
}

/// The quotient of two positive numbers, half and more rounded up.
fn rounded(number: i128, divisor: i128) -> i64 {
    i64::try_from((2 * number + divisor) / (2 * divisor)).unwrap_or(i64::MAX)
}

fn implausible(action: &Action<'_>, unit_cost: i64, hundredths: i64) -> String {
    let (cost, times) = (format_money(unit_cost), format_hundredths(hundredths));
    [action.name(), " cuesta ", &cost, " por unidad: ", &times, " veces el tope."].concat()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::*;

    #[test]
    fn the_ends_of_the_band_are_plausible() {
        // The cap of Crece in 2027 is $7.000.000.
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | budget | coverage | coverage_unit |
            | a | crece | 2100000 | 1 | firms |
            | b | crece | 2099999 | 1 !VAL-22 | firms |
            | c | crece | 11200000 | 1 | people |
            | d | crece | 11200001 | 1 !VAL-22 | people |",
        );
    }

    #[test]
    fn nothing_is_said_without_figures_unit_or_cap() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | budget | coverage | coverage_unit |
            | a | crece | 1 | 9 | |
            | b | crece | por definir | 9 | firms |
            | c | crece | 1 | | firms |
            | d | crece | 1 | 0 | firms |
            | e | redes_oportunidades | 1 | 9 | firms |
            | f | formacion | 1 | 9 | firms |",
        );
    }

    #[test]
    fn the_message_tells_cost_and_proportion() {
        let found = findings(
            &super::RULE,
            "## focus
            | id | instrument | action | budget | coverage | coverage_unit |
            | a | juntos | Redes | 310000000 | 5 | projects |",
        );
        assert_eq!(found[0].message, "«Redes» cuesta $62.000.000 por unidad: 2,00 veces el tope.");
    }
}
