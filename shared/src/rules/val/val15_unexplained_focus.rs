use crate::{
    norms::{INFERRED, REGULATION},
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
};

rule! {
    /// Quien focaliza declara que el foco no es arbitrario y dice por qué lo eligió.
    ///
    /// # Qué revisa
    /// Que toda acción con focalización tenga respondida la pregunta «¿Foco no arbitrario?», con un
    /// sí, y una justificación. Que Capital Abeja se dirija a mujeres no pide explicación: el
    /// instrumento es así. Las filas de instrumentos que no fueron transferidos no se revisan.
    ///
    /// # Por qué
    /// El Reglamento prohíbe las focalizaciones arbitrarias que supongan un trato discriminatorio a
    /// un territorio, sector o perfil. Dejar escrito el fundamento es la mejor defensa de la región
    /// si alguien pregunta; la forma de dejarlo es criterio de Focaliza.
    ///
    /// # Cómo corregir
    /// Justifique el foco con un indicador, un documento, un actor o una sesión, y responda la
    /// pregunta. Si la respuesta es no, cambie el foco.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | is_focused | criteria | gender | justification | not_arbitrary |
    /// |----|------------|--------|------------|----------|--------|---------------|---------------|
    /// | a | crece | Crece costa | sí | territorial | | Menos ventas por empresa que en la capital | sí |
    /// | b | crece | Crece valle | sí | territorial | | !VAL-15 | !VAL-15 |
    /// | c | abeja_emprende | Nuevas empresarias | sí | profile | women | | |
    /// | d | juntos | Redes | no | | | | |
    pub static RULE = {
        id: "VAL-15",
        title: "Foco sin fundamento",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            REGULATION.at("punto 1, párrafo final"),
            INFERRED.at("el fundamento se declara y se escribe en cada acción"),
        ],
        check: LegalAction(check),
    }
}

fn check(_: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    if action.row.flag("is_focused") != Some(true) || is_of_the_instrument(action) {
        return;
    }
    if !action.row.has("justification") {
        report.warn(action.field("justification"), unjustified(action));
    }
    match action.row.flag("not_arbitrary") {
        None => report.warn(action.field("not_arbitrary"), undeclared(action)),
        Some(false) => report.warn(action.field("not_arbitrary"), arbitrary(action)),
        Some(true) => return,
    };
}

/// Whether the focus is none of the region's choice: women, in an instrument for women.
fn is_of_the_instrument(action: &Action<'_>) -> bool {
    action.instrument.is_some_and(|instrument| instrument.women_only)
        && action.row.members("criteria").eq(["profile"])
        && action.row.members("gender").all(|gender| gender == "women")
        && ["ethnicity", "age", "other_profile"].iter().all(|field| !action.row.has(field))
}

fn unjustified(action: &Action<'_>) -> String {
    [action.name(), " no dice por qué se focaliza así."].concat()
}

fn undeclared(action: &Action<'_>) -> String {
    [action.name(), " no declara si su foco es o no arbitrario."].concat()
}

fn arbitrary(action: &Action<'_>) -> String {
    [action.name(), " tiene un foco declarado como arbitrario."].concat()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::example::assert_tables;

    #[test]
    fn a_further_focus_of_an_instrument_for_women_is_the_regions() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | is_focused | criteria | gender | age | justification | not_arbitrary |
            | a | abeja_emprende | sí | profile | | | | |
            | b | abeja_emprende | sí | profile, territorial | women | | !VAL-15 | !VAL-15 |
            | c | abeja_emprende | sí | profile | women | young | !VAL-15 | !VAL-15 |
            | d | semilla_emprende | sí | profile | women | | !VAL-15 | !VAL-15 |",
        );
    }

    #[test]
    fn a_no_asks_for_a_reason_too() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | is_focused | justification | not_arbitrary |
            | a | crece | sí | Indicador de ventas | no !VAL-15 |
            | b | formacion | sí | | |
            | c | crece | | | |",
        );
    }
}
