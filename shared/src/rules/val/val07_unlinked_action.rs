use crate::{
    norms::{GUIDE_TECHNICAL, REGULATION},
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
    template::{CHALLENGES, OBJECTIVES, Target},
};

rule! {
    /// Toda acción se vincula a un objetivo estratégico y a un desafío u oportunidad.
    ///
    /// # Qué revisa
    /// Que cada fila de la Matriz Focalización nombre al menos un objetivo estratégico y al menos
    /// un desafío u oportunidad de la matriz anterior. Un vínculo a una fila eliminada no cuenta.
    /// Las filas de instrumentos que no fueron transferidos no se revisan.
    ///
    /// # Por qué
    /// La focalización preliminar indica, para cada acción, el objetivo estratégico y el desafío u
    /// oportunidad con que se relaciona: así se sabe a qué responde cada peso.
    ///
    /// # Cómo corregir
    /// Elija el objetivo y el desafío u oportunidad en las dos últimas columnas. Si ninguno calza,
    /// agréguelo a la Matriz de Desafíos, Oportunidades y Objetivos Estratégicos.
    ///
    /// # Ejemplo
    /// ## challenges
    /// | id | kind | text |
    /// |----|------|------|
    /// | o1 | objective | Diversificar la oferta turística |
    /// | d1 | challenge | Llegar a la costa rural |
    /// ## focus
    /// | id | instrument | action | objectives | challenges |
    /// |----|------------|--------|------------|------------|
    /// | a | crece | Feria Norte | o1 | d1 |
    /// | b | crece | Feria Sur | !VAL-07 | d1 |
    /// | c | juntos | Red de la costa | o1 | !VAL-07 |
    pub static RULE = {
        id: "VAL-07",
        title: "Acción sin vínculo estratégico",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Focalización Preliminar"),
            REGULATION.at("requerimientos técnicos, letra b.2"),
        ],
        check: LegalAction(check),
    }
}

const LINKS: [(&str, Target, &str); 2] = [
    ("objectives", OBJECTIVES, "un objetivo estratégico"),
    ("challenges", CHALLENGES, "un desafío u oportunidad"),
];

fn check(subject: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    for (field, target, what) in LINKS {
        if !action.row.members(field).any(|id| subject.find(target, id).is_some()) {
            report.block(action.field(field), unlinked(action, what));
        }
    }
}

fn unlinked(action: &Action<'_>, what: &str) -> String {
    [action.name(), " no está vinculada a ", what, " vigente."].concat()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::assert_tables;

    #[test]
    fn only_what_is_shown_and_of_the_right_kind_counts() {
        assert_tables(
            &super::RULE,
            "## challenges
            | id | kind | deleted |
            | o1 | objective | |
            | o2 | objective | sí |
            | d1 | challenge | |
            | p1 | opportunity | |
            ## focus
            | id | instrument | objectives | challenges |
            | a | crece | o1, o2 | p1 |
            | b | crece | o2 !VAL-07 | d1, p1 |
            | c | crece | d1 !VAL-07 | o1 !VAL-07 |
            | d | crece | otro !VAL-07 | d1 |",
        );
    }

    #[test]
    fn rows_outside_the_transfer_are_free_and_rows_without_instrument_are_not() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | objectives | challenges |
            | a | formacion | | |
            | b | | !VAL-07 | !VAL-07 |",
        );
    }
}
