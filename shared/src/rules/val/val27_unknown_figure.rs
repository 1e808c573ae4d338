use crate::{
    model::Cell,
    norms::TAX_CODE,
    rules::{
        At,
        report::Report,
        rule,
        subject::{Subject, name},
    },
    template::TableId,
    value::Value,
};

rule! {
    /// Una cifra reservada (*) falta: no es cero.
    ///
    /// # Qué revisa
    /// Señala toda cifra marcada como reservada por su fuente, también en columnas de la región.
    ///
    /// # Por qué
    /// El SII no publica cifras de grupos de pocos informantes, para guardar el secreto tributario.
    /// Un asterisco no dice que no haya ventas ni empresas; dice que no se pueden mostrar. Por eso
    /// no se suma ni se promedia.
    ///
    /// # Cómo corregir
    /// No hace falta corregirla. Si necesita la cifra, use una unidad mayor: la provincia en vez de
    /// la comuna, o varios años juntos.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | coverage |
    /// |----|------------|--------|----------|
    /// | a | crece | Crece costa | * !VAL-27 |
    /// | b | crece | Crece valle | 0 |
    /// | c | juntos | Redes | |
    pub static RULE = {
        id: "VAL-27",
        title: "Cifra reservada",
        severity: Tip,
        in_force: crate::norms::REGULATION.in_force,
        sources: &[TAX_CODE.at("art. 35")],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for table in TableId::ALL {
        for (row, number) in subject.rows(table).iter().zip(1..) {
            for (field, cell) in row.cells.iter() {
                if matches!(cell, Cell::Value(Value::Masked)) {
                    let message =
                        format!("{} tiene una cifra reservada: no es cero.", name(row, number));
                    report.tip(At::field(table, &row.id, field), message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::findings;

    #[test]
    fn the_message_names_the_row() {
        let found =
            findings(&super::RULE, "## instruments\n| id | exploratory_budget |\n| crece | * |");
        assert_eq!(found[0].message, "La fila 1 tiene una cifra reservada: no es cero.");
    }
}
