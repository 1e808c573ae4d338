use crate::{
    norms::{GUIDE_TECHNICAL, REGULATION},
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
};

rule! {
    /// Cada acción lleva los elementos que la norma pide a la focalización.
    ///
    /// # Qué revisa
    /// Que cada fila de la Matriz Focalización indique instrumento del año, acción, descripción,
    /// orientación estratégica, si considera focalización, presupuesto, cobertura, si responde a un
    /// compromiso de gobierno y, si responde, a cuál. «Por definir» cuenta como respuesta. Perfil,
    /// territorio y rubro los revisa VAL-06, y los vínculos con objetivos y desafíos, VAL-07. Las
    /// filas de instrumentos que no fueron transferidos no se revisan; las que tienen
    /// financiamiento externo, sí.
    ///
    /// # Por qué
    /// El requisito técnico enumera trece elementos para cada instrumento transferido. Las etapas
    /// siguientes (plan de ejecución, bases de la convocatoria) se escriben con ellos.
    ///
    /// # Cómo corregir
    /// Complete la celda señalada. Si el presupuesto aún no se conoce, elija «por definir» en vez
    /// de dejarlo vacío o en cero.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | description | orientation | is_focused | budget | coverage | is_commitment | commitment |
    /// |----|------------|--------|-------------|-------------|------------|--------|----------|---------------|------------|
    /// | a | crece | Feria Norte | Stands y difusión | Turismo | no | por definir | 30 | no | |
    /// | b | crece | Feria Sur | !VAL-05 | Turismo | no | 9000000 | !VAL-05 | sí | !VAL-05 |
    /// | c | formacion | Cursos | | | | | | | |
    pub static RULE = {
        id: "VAL-05",
        title: "Acción sin un elemento exigido",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Focalización Preliminar"),
            REGULATION.at("requerimientos técnicos, letra b.2"),
        ],
        conflicts: ["CON-11"],
        check: LegalAction(check),
    }
}

/// Columns with what a sentence calls them.
const ELEMENTS: [(&str, &str); 8] = [
    ("instrument", "el instrumento"),
    ("action", "el nombre de la acción"),
    ("description", "la descripción"),
    ("orientation", "la orientación estratégica"),
    ("is_focused", "si considera focalización"),
    ("budget", "el presupuesto"),
    ("coverage", "la cobertura"),
    ("is_commitment", "si es compromiso de gobierno"),
];

fn check(subject: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    for (field, what) in ELEMENTS {
        if !action.row.has(field) {
            report.block(action.field(field), missing(action, what));
        }
    }
    if action.row.flag("is_commitment") == Some(true) && !action.row.has("commitment") {
        report.block(action.field("commitment"), missing(action, "cuál es el compromiso"));
    }
    if action.row.has("instrument") && !is_of_year(subject, action) {
        report.block(action.field("instrument"), unknown(subject, action));
    }
}

fn is_of_year(subject: &Subject<'_>, action: &Action<'_>) -> bool {
    action.instrument.is_some_and(|instrument| instrument.years.contains(subject.budget_year()))
}

fn missing(action: &Action<'_>, what: &str) -> String {
    [action.name(), " no indica ", what, "."].concat()
}

fn unknown(subject: &Subject<'_>, action: &Action<'_>) -> String {
    format!("{} nombra un instrumento que no existe en {}.", action.name(), subject.budget_year())
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::*;

    #[test]
    fn blanks_are_no_answer_and_states_are() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | action | description | orientation | is_focused | budget | coverage | is_commitment |
            | a | crece | a | b | c | sí | no aplica | * | no |
            | b | !VAL-05 | !VAL-05 | !VAL-05 | !VAL-05 | !VAL-05 | !VAL-05 | !VAL-05 | !VAL-05 |",
        );
    }

    #[test]
    fn an_instrument_that_does_not_exist_is_none() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | action | description | orientation | is_focused | budget | coverage | is_commitment |
            | a | inventado !VAL-05 | a | b | c | no | 0 | 0 | no |",
        );
    }

    #[test]
    fn several_rows_of_one_instrument_are_fine() {
        let row = "crece | a | b | c | no | 1 | 1 | no |";
        let tables = format!(
            "## focus
            | id | instrument | action | description | orientation | is_focused | budget | coverage | is_commitment |
            | a | {row}
            | b | {row}"
        );
        assert_tables(&super::RULE, &tables);
    }

    #[test]
    fn an_unnamed_row_is_told_by_its_place() {
        let found = findings(&super::RULE, "## focus\n| id |\n| a |\n| b |");
        assert_eq!(
            found.last().unwrap().message,
            "La fila 2 no indica si es compromiso de gobierno."
        );
    }
}
