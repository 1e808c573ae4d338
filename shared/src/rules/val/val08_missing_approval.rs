use crate::{
    norms::REGULATION,
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
};

rule! {
    /// Un territorio especial lleva la referencia del acto que lo aprobó.
    ///
    /// # Qué revisa
    /// Que toda acción con un territorio especial indique la aprobación previa del Gobierno
    /// Regional. Las filas de instrumentos que no fueron transferidos no se revisan.
    ///
    /// # Por qué
    /// El criterio territorial sigue la división político administrativa o un modelo de gestión
    /// definido y previamente aprobado por el Gobierno Regional. La Guía habla solo de territorios
    /// que la región define; prevalece el Reglamento.
    ///
    /// # Cómo corregir
    /// Anote el acto que lo aprobó, con su número y fecha. Si no existe, use comunas o provincias.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | special_territory | special_approval |
    /// |----|------------|--------|-------------------|------------------|
    /// | a | crece | Crece costa | Borde costero norte | Acuerdo CORE 123 de 2025 |
    /// | b | crece | Crece valle | Valle rural | !VAL-08 |
    /// | c | juntos | Redes | | |
    pub static RULE = {
        id: "VAL-08",
        title: "Territorio especial sin aprobación",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[REGULATION.at("punto 1, criterio territorial")],
        conflicts: ["CON-10"],
        check: LegalAction(check),
    }
}

fn check(_: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    if action.row.has("special_territory") && !action.row.has("special_approval") {
        report.block(action.field("special_approval"), unapproved(action));
    }
}

fn unapproved(action: &Action<'_>) -> String {
    format!("{} usa un territorio especial sin citar su aprobación.", action.name())
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::assert_tables;

    #[test]
    fn blanks_approve_nothing_and_rows_outside_the_transfer_are_free() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | special_territory | special_approval |
            | a | | Caleta | !VAL-08 |
            | b | gremios | Caleta | |
            | c | crece | | Acuerdo 9 |",
        );
    }
}
