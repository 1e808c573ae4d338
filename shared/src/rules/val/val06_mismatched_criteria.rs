use crate::{
    norms::{GUIDE_TECHNICAL, INFERRED, REGULATION},
    rules::{
        report::Report,
        rule,
        subject::{Action, Subject},
    },
};

rule! {
    /// Lo que una acción dice focalizar calza con sus criterios, y cada criterio, con sus valores.
    ///
    /// # Qué revisa
    /// Si la acción considera focalización, que marque al menos un criterio, y que cada criterio
    /// marcado diga cuál territorio, rubro o perfil. Si no la considera, que no tenga criterios ni
    /// valores. Si tiene valores de un criterio sin marcar, pide una razón. Anotar solo la región
    /// del ejercicio como territorio no es focalizar. Las filas de instrumentos que no fueron
    /// transferidos no se revisan.
    ///
    /// # Por qué
    /// La norma pide decir si se considera o no focalización y a qué perfil, territorio y rubro se
    /// enfoca, según tres criterios que pueden combinarse. «Solo territorial» sin territorio no se
    /// puede ejecutar. Que los valores sin criterio pidan una razón es criterio de Focaliza.
    ///
    /// # Cómo corregir
    /// Marque el criterio que falta o complete sus valores. Si la acción es para toda la región,
    /// responda que no considera focalización y quite criterios y valores.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action | is_focused | criteria | gender | places | sectors |
    /// |----|------------|--------|------------|----------|--------|--------|---------|
    /// | a | crece | Crece costa | sí | territorial | | 01107 | |
    /// | b | crece | Crece mujeres | sí | profile | !VAL-06 | | |
    /// | c | juntos | Redes | sí | !VAL-06 | | | |
    /// | d | juntos | Asociados | no | sectoral !VAL-06 | | | |
    /// | e | mejora_negocios | Asesorías | no | | | 01 | |
    pub static RULE = {
        id: "VAL-06",
        title: "Foco que no calza con sus criterios",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Focalización Preliminar"),
            REGULATION.at("punto 1, criterios"),
            INFERRED.at("los valores de un criterio sin marcar piden una razón"),
        ],
        conflicts: ["CON-09"],
        check: LegalAction(check),
    }
}

/// A criterion, what it is called, and the columns that say which; the first is where a value is
/// missed.
struct Criterion {
    code: &'static str,
    name: &'static str,
    fields: &'static [&'static str],
}

const CRITERIA: [Criterion; 3] = [
    Criterion { code: "territorial", name: "territorio", fields: &["places", "special_territory"] },
    Criterion { code: "sectoral", name: "rubro", fields: &["sectors"] },
    Criterion {
        code: "profile",
        name: "perfil",
        fields: &["gender", "ethnicity", "age", "other_profile"],
    },
];

fn check(subject: &Subject<'_>, action: &Action<'_>, report: &mut Report<'_>) {
    let is_focused = action.row.flag("is_focused");
    let any = action.row.has("criteria");
    if is_focused == Some(true) && !any {
        report.block(action.field("criteria"), without_criterion(action));
    }
    if is_focused == Some(false) && any {
        report.block(action.field("criteria"), unexpected(action));
    }
    for criterion in &CRITERIA {
        let marked = any && action.row.members("criteria").any(|code| code == criterion.code);
        let value = criterion.fields.iter().find(|field| says(subject, action, field));
        match (is_focused, marked, value) {
            (Some(true) | None, true, None) => {
                let at = action.field(criterion.fields[0]);
                report.block(at, without_value(action, criterion));
            }
            (Some(true), false, Some(field)) => {
                report.warn(action.field(field), unmarked(action, criterion));
            }
            (Some(false), false, Some(field)) => {
                report.block(action.field(field), unfocused(action, criterion));
            }
            _ => {}
        }
    }
}

/// Whether a cell names a focus: the whole region is none.
fn says(subject: &Subject<'_>, action: &Action<'_>, field: &str) -> bool {
    let whole = |code: &str| code == subject.exercise.id.region();
    action.row.has(field) && !(field == "places" && action.row.members(field).all(whole))
}

fn without_criterion(action: &Action<'_>) -> String {
    format!("{} considera focalización, pero no marca ningún criterio.", action.name())
}

fn unexpected(action: &Action<'_>) -> String {
    format!("{} no considera focalización, pero marca criterios.", action.name())
}

fn without_value(action: &Action<'_>, criterion: &Criterion) -> String {
    format!("{} se focaliza por {}, pero no dice cuál.", action.name(), criterion.name)
}

fn unmarked(action: &Action<'_>, criterion: &Criterion) -> String {
    format!("{} indica {}, pero ese criterio no está marcado.", action.name(), criterion.name)
}

fn unfocused(action: &Action<'_>, criterion: &Criterion) -> String {
    format!("{} no considera focalización, pero indica {}.", action.name(), criterion.name)
}

#[cfg(test)]
mod tests {
    use crate::rules::{Severity, tests::example::*};

    #[test]
    fn each_criterion_has_its_columns() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | is_focused | criteria | gender | age | other_profile | places | special_territory | sectors |
            | a | sí | territorial, sectoral, profile | !VAL-06 | | | !VAL-06 | | !VAL-06 |
            | b | sí | territorial, sectoral, profile | !VAL-06 | | | | Borde costero | G |",
        );
    }

    #[test]
    fn several_criteria_may_be_combined() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | is_focused | criteria | age | other_profile | places | sectors |
            | a | sí | territorial, sectoral | | | 011, 01401 | I |
            | b | sí | profile | young | | | |
            | c | sí | profile | | cooperativas | | |",
        );
    }

    #[test]
    fn values_without_a_criterion() {
        let tables = "## focus
            | id | is_focused | criteria | gender | places | sectors |
            | a | sí | profile | women | 01101 !VAL-06 | |
            | b | no | | women !VAL-06 | 01 | G !VAL-06 |
            | c | | | women | 01101 | G |
            | d | | sectoral | | | !VAL-06 |";
        assert_tables(&super::RULE, tables);
        let found = findings(&super::RULE, tables);
        assert_eq!(found[0].severity, Severity::Warn);
        assert!(found[1..].iter().all(|finding| finding.severity == Severity::Block));
    }

    #[test]
    fn the_whole_region_is_no_territorial_focus() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | is_focused | criteria | places |
            | a | sí | territorial | 01 !VAL-06 |
            | b | sí | territorial | 01, 01101 |
            | c | no | | 01 |
            | d | no | | 02 !VAL-06 |",
        );
    }

    #[test]
    fn rows_outside_the_transfer_are_free() {
        assert_tables(
            &super::RULE,
            "## focus
            | id | instrument | is_focused | criteria |
            | a | ferias_libres | sí | |
            | b | ferias_libres | no | sectoral |",
        );
    }
}
