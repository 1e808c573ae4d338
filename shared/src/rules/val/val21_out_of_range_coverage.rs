use rustc_hash::FxHashMap;

use crate::{
    norms::{INFERRED, PILOT_2019, PUBLIC_ACCOUNT_2022, REGULATION},
    rules::{
        Severity,
        report::Report,
        rule,
        subject::{Action, Subject, quote},
    },
};

rule! {
    /// La cobertura es un número mayor que cero y dice qué cuenta.
    ///
    /// # Qué revisa
    /// Que la cobertura no sea cero y que tenga unidad. Si las acciones de un instrumento cuentan
    /// unidades distintas, sugiere revisarlas, porque no se suman. En las filas de instrumentos que
    /// no fueron transferidos todo es sugerencia.
    ///
    /// # Por qué
    /// La norma pide la cobertura estimada sin decir en qué se mide. En los pilotos aparecen
    /// beneficiarios, comunas y proyectos, y la cuenta pública publica tres cifras distintas para lo
    /// mismo. Sin unidad, la cifra no se puede comparar ni sumar; pedirla es criterio de Focaliza.
    ///
    /// # Cómo corregir
    /// Elija la unidad. Si aún no se conoce la cobertura, use «por definir» en vez de cero.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | coverage | coverage_unit |
    /// |----|------------|--------|----------|---------------|
    /// | a | crece | Crece costa | 30 | beneficiaries |
    /// | b | juntos | Redes | 4 | !VAL-21 |
    /// | c | mejora_negocios | Asesorías | 0 !VAL-21 | firms |
    /// | d | crece | Crece valle | 5 | comunas !VAL-21 |
    pub static RULE = {
        id: "VAL-21",
        title: "Cobertura en cero o sin unidad",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            INFERRED.at("toda cobertura es mayor que cero y tiene unidad"),
            PILOT_2019.at("matriz de O'Higgins"),
            PUBLIC_ACCOUNT_2022.at("programas"),
        ],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut first: FxHashMap<&str, (&str, &Action<'_>)> = FxHashMap::default();
    for action in &subject.actions {
        let Some(coverage) = action.row.integer("coverage") else { continue };
        let severity = if action.legal { Severity::Warn } else { Severity::Tip };
        if coverage <= 0 {
            report.add(severity, action.field("coverage"), zero(action));
        }
        let (unit, instrument) = (action.row.code("coverage_unit"), action.row.code("instrument"));
        if unit.is_empty() {
            report.add(severity, action.field("coverage_unit"), without_unit(action));
        } else if !instrument.is_empty() {
            let (other_unit, other) = *first.entry(instrument).or_insert((unit, action));
            if other_unit != unit {
                let related = vec![other.field("coverage_unit")];
                report.tip(action.field("coverage_unit"), mixed(action)).related = related;
            }
        }
    }
}

fn zero(action: &Action<'_>) -> String {
    format!("{} tiene cobertura 0; si no se conoce, es «por definir».", action.name())
}

fn without_unit(action: &Action<'_>) -> String {
    format!("{} no dice en qué unidad cuenta su cobertura.", action.name())
}

fn mixed(action: &Action<'_>) -> String {
    let instrument = action.instrument.map_or("el instrumento", |instrument| instrument.name);
    format!("{} usa varias unidades de cobertura, que no se suman.", quote(instrument))
}

#[cfg(test)]
mod tests {
    use crate::rules::{Severity, tests::example::*};

    #[test]
    fn what_is_open_is_neither_zero_nor_without_unit() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | coverage | coverage_unit |
            | a | crece | | |
            | b | crece | por definir | |
            | c | crece | * | |",
        );
    }

    #[test]
    fn outside_the_transfer_it_is_a_suggestion() {
        let found = findings(
            &super::RULE,
            "## focus
            | id | instrument | coverage |
            | a | ferias_libres | 0 |
            | b | crece | 0 |",
        );
        let of = |severity| found.iter().filter(|finding| finding.severity == severity).count();
        assert_eq!((of(Severity::Tip), of(Severity::Warn)), (2, 2));
    }
}
