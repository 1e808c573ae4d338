use crate::{
    norms::{DECREE_246, REGULATION},
    rules::{Stage, amounts, report::Report, rule, subject::Subject},
};

rule! {
    /// En la versión final, cada instrumento considera el monto preliminar que informó Sercotec.
    ///
    /// # Qué revisa
    /// En la final, que los presupuestos de cada instrumento sumen su monto preliminar. No cuenta
    /// lo que tiene financiamiento externo. Si falta algún presupuesto o monto, solo avisa cuando
    /// lo ya escrito supera el monto. Una fila «Emprende» se compara con la suma de Capital Semilla
    /// y Capital Abeja.
    ///
    /// # Por qué
    /// Sercotec informa los montos el primer día hábil de diciembre para que la región los
    /// «considere» en su versión final. La norma no dice «iguale»: una diferencia se explica, no se
    /// prohíbe.
    ///
    /// # Cómo corregir
    /// Ajuste los presupuestos de sus acciones, o deje escrita la razón de la diferencia.
    ///
    /// # Ejemplo
    /// ## final
    /// ## focus
    /// | id | instrument | action | budget |
    /// |----|------------|--------|--------|
    /// | a | crece | Crece costa | 300000000 |
    /// | b | crece | Crece valle | 200000000 |
    /// | c | emprende | Nuevos negocios | 310000000 |
    /// ## instruments
    /// | id | preliminary_amount |
    /// |----|--------------------|
    /// | crece | 480000000 !VAL-13 |
    /// | semilla_emprende | 150000000 |
    /// | abeja_emprende | 160000000 |
    pub static RULE = {
        id: "VAL-13",
        title: "Suma distinta del monto preliminar",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            DECREE_246.at("condiciones de ejercicio, párrafo 5"),
            REGULATION.at("punto 8, párrafo 3"),
        ],
        conflicts: ["CON-01"],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.context.stage == Stage::Final {
        amounts::compare(subject, report, "preliminary_amount", "monto preliminar");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::*;

    #[test]
    fn before_the_final_version_there_is_nothing_to_compare() {
        let tables = "## focus
            | id | instrument | budget |
            | a | crece | 5 |
            ## instruments
            | id | preliminary_amount |
            | crece | 9 |";
        assert_tables(&super::RULE, tables);
    }

    #[test]
    fn an_open_budget_leaves_only_an_excess_to_tell() {
        let tables = |first: &str| {
            format!(
                "## final
                ## focus
                | id | instrument | budget |
                | a | crece | {first} |
                | b | crece | por definir |
                ## instruments
                | id | preliminary_amount |
                | crece | 10 |"
            )
        };
        assert!(findings(&super::RULE, &tables("9")).is_empty());
        let found = findings(&super::RULE, &tables("12"));
        assert_eq!(found[0].message, "«Crece» supera en $2 el monto preliminar.");
        assert_eq!(found[0].related[1].to_string(), "focus/b/budget");
    }

    #[test]
    fn external_funds_open_amounts_and_unused_instruments_are_not_compared() {
        assert_tables(
            &super::RULE,
            "## final
            ## focus
            | id | instrument | budget | funding |
            | a | crece | 10 | sercotec |
            | b | crece | 90 | fndr |
            | c | juntos | 3 | |
            | d | mejora_negocios | 3 | frpd |
            ## instruments
            | id | preliminary_amount |
            | crece | 10 |
            | juntos | por definir |
            | mejora_negocios | 7 |
            | redes_oportunidades | 8 |",
        );
    }
}
