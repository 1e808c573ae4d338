use crate::{
    format::format_money,
    instruments::instrument,
    norms::{INFERRED, PUBLIC_ACCOUNT_2022, REGULATION},
    rules::{
        At, Severity,
        report::Report,
        rule,
        subject::{Subject, quote},
    },
    template::TableId,
};

rule! {
    /// Todos los montos están en pesos, no en miles ni en millones.
    ///
    /// # Qué revisa
    /// Que ningún presupuesto ni monto informado sea mayor que cero y menor que $1.000.000: así se
    /// ve una cifra escrita en miles (M$) o en millones (MM$).
    ///
    /// # Por qué
    /// Las fuentes mezclan las tres unidades, incluso dentro de una misma tabla, y un total que las
    /// suma no vale nada. Ninguna acción conocida cuesta tan poco: la menor del piloto fue de
    /// $14.710.000. El umbral es criterio de Focaliza.
    ///
    /// # Cómo corregir
    /// Escriba la cifra en pesos, o con su unidad al escribirla: «14.710 M$» se convierte sola. Si
    /// la acción de verdad cuesta eso, anote la razón.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | budget |
    /// |----|------------|--------|--------|
    /// | a | crece | Crece costa | 523429000 |
    /// | b | juntos | Redes | 84389 !VAL-23 |
    /// ## instruments
    /// | id | exploratory_budget | preliminary_amount |
    /// |----|--------------------|--------------------|
    /// | crece | 523 !VAL-23 | 523429000 |
    pub static RULE = {
        id: "VAL-23",
        title: "Monto que no parece estar en pesos",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            INFERRED.at("menos de $1.000.000 no parece estar en pesos"),
            PUBLIC_ACCOUNT_2022.at("programas"),
        ],
        check: Exercise(check),
    }
}

/// Below it an amount seems to be in thousands or millions: 523.429 (M$) and 523 (MM$) are, and no
/// known action costs less.
const LEAST: i64 = 1_000_000;

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let small = |pesos: Option<i64>| pesos.filter(|pesos| (1..LEAST).contains(pesos));
    for action in &subject.actions {
        if let Some(pesos) = small(action.row.money("budget")) {
            let severity = if action.legal { Severity::Warn } else { Severity::Tip };
            report.add(severity, action.field("budget"), too_small(action.name(), pesos));
        }
    }
    for row in subject.exercise.table(TableId::Instruments).all() {
        for field in ["exploratory_budget", "preliminary_amount"] {
            if let Some(pesos) = small(row.money(field)) {
                let name = instrument(row.id.as_str()).map_or(row.id.as_str(), |found| found.name);
                let at = At::field(TableId::Instruments, &row.id, field);
                report.warn(at, too_small(&quote(name), pesos));
            }
        }
    }
}

fn too_small(name: &str, pesos: i64) -> String {
    format!("{name} tiene {}: parece estar en miles o millones de pesos.", format_money(pesos))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::assert_tables;

    #[test]
    fn zero_is_no_matter_of_units() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | budget |
            | a | 0 |
            | b | 1 !VAL-23 |
            | c | 999999 !VAL-23 |
            | d | 1000000 |
            | e | por definir |",
        );
    }
}
