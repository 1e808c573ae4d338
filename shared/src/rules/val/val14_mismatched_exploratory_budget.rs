use crate::{
    norms::DECREE_246,
    rules::{Stage, amounts, report::Report, rule, subject::Subject},
};

rule! {
    /// La versión preliminar se apoya en el presupuesto exploratorio de cada instrumento.
    ///
    /// # Qué revisa
    /// En la preliminar, que los presupuestos de cada instrumento sumen su presupuesto exploratorio.
    /// No cuenta lo que tiene financiamiento externo. Si falta algún presupuesto o monto, solo avisa
    /// cuando lo ya escrito supera el monto. Una fila «Emprende» se compara con la suma de Capital
    /// Semilla y Capital Abeja.
    ///
    /// # Por qué
    /// En junio, Sercotec informa el presupuesto exploratorio para que la región haga el ejercicio
    /// «en base a esta información». Apartarse de ella es posible, y conviene decir por qué.
    ///
    /// # Cómo corregir
    /// Ajuste los presupuestos de sus acciones, o deje escrita la razón de la diferencia.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | budget |
    /// |----|------------|--------|--------|
    /// | a | crece | Crece costa | 300000000 |
    /// | b | juntos | Redes | 80000000 |
    /// ## instruments
    /// | id | exploratory_budget |
    /// |----|--------------------|
    /// | crece | 300000000 |
    /// | juntos | 93000000 !VAL-14 |
    pub static RULE = {
        id: "VAL-14",
        title: "Suma distinta del presupuesto exploratorio",
        severity: Warn,
        in_force: DECREE_246.in_force,
        sources: &[DECREE_246.at("condiciones de ejercicio, párrafo 2")],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.context.stage == Stage::Preliminary {
        amounts::compare(subject, report, "exploratory_budget", "monto exploratorio");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::*;

    #[test]
    fn the_final_version_answers_to_other_amounts() {
        let tables = "## final
            ## focus
            | id | instrument | budget |
            | a | crece | 5 |
            ## instruments
            | id | exploratory_budget |
            | crece | 9 |";
        assert_tables(&super::RULE, tables);
    }

    #[test]
    fn a_joint_amount_is_compared_with_the_rows_of_what_it_covers() {
        let found = findings(
            &super::RULE,
            "## focus
            | id | instrument | budget |
            | a | semilla_emprende | 60 |
            | b | abeja_emprende | 30 |
            ## instruments
            | id | exploratory_budget |
            | emprende | 100 |",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at.to_string(), "instruments/emprende/exploratory_budget");
        assert_eq!(found[0].message, "«Emprende» queda $10 bajo el monto exploratorio.");
    }

    #[test]
    fn a_joint_row_and_single_rows_are_one_sum() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | budget |
            | a | emprende | 60 |
            | b | abeja_emprende | 30 |
            ## instruments
            | id | exploratory_budget |
            | semilla_emprende | 50 |
            | abeja_emprende | 40 |",
        );
    }
}
