use crate::{
    norms::{DECREE_246, INFERRED, PILOT_2019},
    rules::{
        Stage,
        report::Report,
        rule,
        subject::{Action, Subject},
    },
    value::Value,
};

rule! {
    /// «Por definir» se acepta en la focalización preliminar y se resuelve en la final.
    ///
    /// # Qué revisa
    /// En la final, que ningún presupuesto ni cobertura siga «por definir». En toda etapa, sugiere
    /// revisar los presupuestos de $0, que suelen ser cifras que aún no se conocen. Las filas de
    /// instrumentos que no fueron transferidos no se revisan.
    ///
    /// # Por qué
    /// Los montos preliminares llegan en diciembre para que la región los considere en la versión
    /// final; hasta entonces nadie puede saber la cifra, y después ya no hay por qué callarla. Cero
    /// y «por definir» son datos distintos: el primero se suma y el segundo no. Que falte la cifra
    /// en la final pide una razón según criterio de Focaliza; ningún texto lo dice.
    ///
    /// # Cómo corregir
    /// Escriba el monto o la cobertura que corresponda. Si el presupuesto en cero aún no se conoce,
    /// elija «por definir».
    ///
    /// # Ejemplo
    /// ## final
    /// ## focus
    /// | id | instrument | action | budget | coverage |
    /// |----|------------|--------|--------|----------|
    /// | a | crece | Feria Norte | por definir !VAL-24 | 20 |
    /// | b | crece | Feria Sur | 14000000 | por definir !VAL-24 |
    /// | c | juntos | Red de la costa | 0 !VAL-24 | 3 |
    /// | d | juntos | Red del altiplano | 62000000 | 2 |
    pub static RULE = {
        id: "VAL-24",
        title: "Cifra por definir",
        severity: Warn,
        in_force: DECREE_246.in_force,
        sources: &[
            DECREE_246.at("condiciones de ejercicio, párrafo 5"),
            PILOT_2019.at("matriz de O'Higgins"),
            INFERRED.at("una cifra sin resolver en la versión final pide una razón"),
        ],
        check: LegalAction(check),
    }
}

const FIGURES: [(&str, &str); 2] = [("budget", "el presupuesto"), ("coverage", "la cobertura")];

fn check(subject: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    if subject.context.stage == Stage::Final {
        for (field, figure) in FIGURES {
            if action.row.value(field) == Some(&Value::ToBeDefined) {
                report.warn(action.field(field), unresolved(action, figure));
            }
        }
    }
    if action.row.money("budget") == Some(0) {
        report.tip(action.field("budget"), zero(action));
    }
}

fn unresolved(action: &Action<'_>, figure: &str) -> String {
    format!("{} tiene {figure} por definir en la versión final.", action.name())
}

fn zero(action: &Action<'_>) -> String {
    format!("{} tiene presupuesto $0: si no se conoce, es «por definir».", action.name())
}

#[cfg(test)]
mod tests {
    use crate::rules::{Severity, tests::example::*};

    #[test]
    fn the_preliminary_version_may_leave_figures_open() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | budget | coverage |
            | a | crece | por definir | por definir |
            | b | crece | | |
            | c | crece | 0 !VAL-24 | 0 |
            | d | formacion | 0 | 0 |",
        );
    }

    #[test]
    fn an_open_figure_asks_for_a_reason_and_a_zero_is_a_suggestion() {
        let tables = "## final
            ## focus
            | id | budget |
            | a | por definir |
            | b | 0 |";
        let severities: Vec<_> =
            findings(&super::RULE, tables).iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Warn, Severity::Tip]);
    }
}
