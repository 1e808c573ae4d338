use rustc_hash::FxHashSet;

use crate::{
    ids::RowId,
    instruments::{Instrument, transferred_in},
    norms::{GUIDE_TECHNICAL, REGULATION},
    rules::{At, report::Report, rule, subject::Subject},
    template::TableId,
};

rule! {
    /// La Matriz Focalización se pronuncia sobre cada instrumento transferido del año.
    ///
    /// # Qué revisa
    /// Que cada uno de los ocho instrumentos tenga al menos una acción, o que la región declare que
    /// no lo considera y diga por qué. Una fila «Emprende» responde por Capital Semilla y Capital
    /// Abeja. Avisa también si un instrumento declarado como no considerado tiene acciones. Que el
    /// financiamiento sea externo no importa aquí.
    ///
    /// # Por qué
    /// La focalización preliminar indica sus acciones «para cada instrumento transferido». Ningún
    /// texto dice si una región puede dejar uno fuera; mientras no se aclare, basta con decirlo y
    /// fundarlo.
    ///
    /// # Cómo corregir
    /// Agregue una acción del instrumento, o marque «No se considera» y escriba la razón en la
    /// tabla de instrumentos.
    ///
    /// # Ejemplo
    /// ## focus
    /// | id | instrument | action |
    /// |----|------------|--------|
    /// | a | crece | Crece costa |
    /// | b | emprende | Nuevos negocios |
    /// | c | mejora_negocios | Asesorías |
    /// | d | digitaliza_almacen | Almacenes de barrio |
    /// | e | promocion_canales | Feria regional |
    /// ## instruments
    /// | id | not_considered | not_considered_reason |
    /// |----|----------------|-----------------------|
    /// | redes_oportunidades | !VAL-04 | |
    /// | juntos | sí | No hay grupos constituidos este año |
    pub static RULE = {
        id: "VAL-04",
        title: "Instrumento transferido sin acciones",
        severity: Block,
        in_force: REGULATION.in_force,
        sources: &[
            GUIDE_TECHNICAL.at("Focalización Preliminar"),
            REGULATION.at("puntos 2, 3 y 10"),
        ],
        conflicts: ["CON-03", "CON-04"],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let considered: FxHashSet<&str> = subject
        .actions
        .iter()
        .filter_map(|action| action.instrument)
        .flat_map(Instrument::accounts_for)
        .collect();
    for instrument in transferred_in(subject.budget_year()) {
        let Ok(id) = RowId::new(instrument.id) else { continue };
        let row = subject.exercise.row(TableId::Instruments, &id);
        let at = |field| At::field(TableId::Instruments, &id, field);
        let excluded = row.is_some_and(|row| row.flag("not_considered") == Some(true));
        match (considered.contains(instrument.id), excluded) {
            (true, false) => {}
            (true, true) => {
                report.warn(at("not_considered"), contradictory(instrument)).related =
                    actions_of(subject, instrument);
            }
            (false, false) => {
                report.block(at("not_considered"), absent(instrument)).related =
                    vec![At::Table(TableId::Focus)];
            }
            (false, true) => {
                if row.is_none_or(|row| !row.has("not_considered_reason")) {
                    report.block(at("not_considered_reason"), unexplained(instrument));
                }
            }
        }
    }
}

fn actions_of(subject: &Subject<'_>, instrument: &Instrument) -> Vec<At> {
    let accounts = |found: &Instrument| found.accounts_for().any(|id| id == instrument.id);
    subject
        .actions
        .iter()
        .filter(|action| action.instrument.is_some_and(accounts))
        .map(|action| action.field("instrument"))
        .collect()
}

fn absent(instrument: &Instrument) -> String {
    format!("«{}» no tiene acciones ni se declaró que no se considera.", instrument.name)
}

fn unexplained(instrument: &Instrument) -> String {
    format!("Falta la razón por la que «{}» no se considera.", instrument.name)
}

fn contradictory(instrument: &Instrument) -> String {
    format!("«{}» figura como no considerado, pero tiene acciones.", instrument.name)
}

#[cfg(test)]
mod tests {
    use crate::rules::{
        Severity,
        tests::example::{assert_tables, findings},
    };

    use super::RULE;

    const SEVEN: &str = "## focus
        | id | instrument |
        | a | crece |
        | b | emprende |
        | c | mejora_negocios |
        | d | digitaliza_almacen |
        | e | promocion_canales |
        | f | redes_oportunidades |";

    #[test]
    fn leaving_one_out_needs_a_reason() {
        let tables = "
            ## instruments
            | id | not_considered | not_considered_reason |
            | juntos | sí | !VAL-04 |";
        assert_tables(&RULE, &format!("{SEVEN}{tables}"));
    }

    #[test]
    fn what_is_left_out_has_no_actions() {
        let tables = "
            | g | juntos |
            ## instruments
            | id | not_considered | not_considered_reason |
            | juntos | sí !VAL-04 | Sin grupos |
            | abeja_emprende | sí !VAL-04 | Sin postulantes |";
        let tables = format!("{SEVEN}{tables}");
        assert_tables(&RULE, &tables);
        let found = findings(&RULE, &tables);
        assert!(found.iter().all(|finding| finding.severity == Severity::Warn));
        assert_eq!(found[0].related[0].to_string(), "focus/g/instrument");
        assert_eq!(found[1].related[0].to_string(), "focus/b/instrument");
    }

    #[test]
    fn an_empty_matrix_lacks_eight() {
        assert_eq!(findings(&RULE, "").len(), 8);
    }
}
