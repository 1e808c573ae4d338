use crate::{
    ids::RowId,
    norms::{LAW_19175, REGULATION},
    rules::{At, report::Report, rule, subject::Subject},
    template::TableId,
};

rule! {
    /// La región declara que su focalización es coherente con la política nacional y con la ERD.
    ///
    /// # Qué revisa
    /// Que las dos preguntas de coherencia del ejercicio estén respondidas, y con un sí.
    ///
    /// # Por qué
    /// La ley pide que el Gobierno Regional ejerza sus funciones sin contradecir las políticas
    /// públicas nacionales, y que sus planes sean coherentes con la estrategia regional de
    /// desarrollo.
    ///
    /// # Cómo corregir
    /// Revise el ejercicio contra ambas y responda en los antecedentes generales. Conviene anotar
    /// con qué políticas y objetivos es coherente.
    ///
    /// # Ejemplo
    /// ## general
    /// | id | national_coherence | erd_coherence |
    /// |----|--------------------|---------------|
    /// | main | sí | !VAL-16 |
    pub static RULE = {
        id: "VAL-16",
        title: "Coherencia sin declarar",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            LAW_19175.at("art. 20 bis"),
            LAW_19175.at("art. 16"),
            REGULATION.at("considerandos 7 y 8"),
        ],
        check: Exercise(check),
    }
}

const QUESTIONS: [(&str, &str); 2] = [
    ("national_coherence", "las políticas nacionales"),
    ("erd_coherence", "la Estrategia Regional de Desarrollo"),
];

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let Ok(main) = RowId::new("main") else { return };
    let row = subject.exercise.row(TableId::General, &main);
    for (field, policy) in QUESTIONS {
        let message = match row.and_then(|row| row.flag(field)) {
            Some(true) => continue,
            Some(false) => denied(policy),
            None => undeclared(policy),
        };
        report.warn(At::field(TableId::General, &main, field), message);
    }
}

fn undeclared(policy: &str) -> String {
    format!("Falta declarar si el ejercicio es coherente con {policy}.")
}

fn denied(policy: &str) -> String {
    format!("Se declara que el ejercicio no es coherente con {policy}.")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::{assert_tables, findings};

    #[test]
    fn an_exercise_without_answers_lacks_both() {
        assert_eq!(findings(&super::RULE, "").len(), 2);
    }

    #[test]
    fn a_no_asks_for_a_reason() {
        assert_tables(
            &super::RULE,
            "## general
            | id | national_coherence | erd_coherence |
            | main | no !VAL-16 | sí |",
        );
    }
}
