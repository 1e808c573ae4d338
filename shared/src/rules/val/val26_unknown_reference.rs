use crate::{
    ids::RowId,
    model::{Cell, Row},
    norms::{GUIDE_TECHNICAL, INFERRED, REGULATION},
    rules::{
        At, Severity,
        report::Report,
        rule,
        subject::{Subject, name},
    },
    sectors::sector,
    template::{Kind, TableId, Target, options_of, regional_columns},
    territory::place,
    value::Value,
};

rule! {
    /// Todo vínculo apunta a algo que existe.
    ///
    /// # Qué revisa
    /// Que ningún vínculo entre matrices apunte a una fila eliminada, inexistente o de otro tipo, y
    /// que los territorios, los rubros y las opciones de las columnas de la región existan. En las filas de instrumentos que no fueron
    /// transferidos es solo una sugerencia.
    ///
    /// # Por qué
    /// La norma pide que cada acción se relacione con un objetivo y un desafío: si la fila vinculada
    /// se eliminó, la relación se perdió sin que nadie lo decidiera. Cómo avisarlo es criterio de
    /// Focaliza.
    ///
    /// # Cómo corregir
    /// Restaure la fila eliminada, o quite el vínculo y elija otro.
    ///
    /// # Ejemplo
    /// ## challenges
    /// | id | kind | text | deleted |
    /// |----|------|------|---------|
    /// | o1 | objective | Diversificar la oferta turística | |
    /// | o2 | objective | Atraer visitantes | sí |
    /// ## focus
    /// | id | instrument | action | places | objectives |
    /// |----|------------|--------|--------|------------|
    /// | a | crece | Crece costa | 01101 | o1 |
    /// | b | crece | Crece valle | 01999 !VAL-26 | o1, o2 !VAL-26 |
    pub static RULE = {
        id: "VAL-26",
        title: "Vínculo a algo que no existe",
        severity: Warn,
        in_force: REGULATION.in_force,
        sources: &[
            INFERRED.at("un vínculo perdido pide una razón"),
            GUIDE_TECHNICAL.at("Focalización Preliminar"),
        ],
        check: Exercise(check),
    }
}

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    // An option outlives the column that it belongs to: both come back together.
    for table in TableId::ALL.into_iter().filter(|table| *table != TableId::Options) {
        let regional = regional_columns(subject.exercise, table);
        let regional = regional.iter().map(|column| (column.field.as_str(), column.kind));
        let national = table.columns().iter().map(|column| (column.field, column.kind));
        for (field, kind) in national.chain(regional).filter(|(_, kind)| names_something(*kind)) {
            for (row, number) in subject.rows(table).iter().zip(1..) {
                for code in codes(row, field) {
                    let Some(lost) = lost(subject, field, kind, code) else { continue };
                    let message = format!("{} {}.", name(row, number), lost.what);
                    let at = At::field(table, &row.id, field);
                    let severity = severity(subject, table, number);
                    report.add(severity, at, message).related = lost.related;
                }
            }
        }
    }
}

/// What a cell names: one code, or the members of a set.
fn codes<'a>(row: &'a Row, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let (one, several) = match row.cells.get(field) {
        Some(Cell::Value(Value::Code(code))) => (Some(code), None),
        Some(Cell::Set(members)) => (None, Some(members)),
        _ => (None, None),
    };
    one.into_iter().chain(several.into_iter().flatten()).map(String::as_str)
}

fn names_something(kind: Kind) -> bool {
    matches!(kind, Kind::Reference(_) | Kind::References(_) | Kind::Places | Kind::Sectors)
}

/// What a row has, and the row that is gone.
struct Lost {
    what: &'static str,
    related: Vec<At>,
}

fn lost(subject: &Subject<'_>, field: &str, kind: Kind, code: &str) -> Option<Lost> {
    let what = match kind {
        Kind::Reference(target) if target.table == TableId::Options => {
            let mut options = options_of(subject.exercise, field);
            let is_known = options.any(|option| option.id.as_str() == code);
            (!is_known).then_some("tiene una opción que no existe")
        }
        Kind::Places => place(code).is_none().then_some("indica un territorio que no existe"),
        Kind::Sectors => sector(code).is_none().then_some("indica un rubro que no existe"),
        _ => return lost_row(subject, kind.target()?, code),
    };
    what.map(|what| Lost { what, related: Vec::new() })
}

fn lost_row(subject: &Subject<'_>, target: Target, code: &str) -> Option<Lost> {
    if subject.find(target, code).is_some() {
        return None;
    }
    let row = RowId::new(code).ok().and_then(|id| subject.exercise.row(target.table, &id));
    let what = match row {
        None => "tiene un vínculo a una fila que no existe",
        Some(row) if row.deleted => "tiene un vínculo a una fila eliminada",
        Some(_) => "tiene un vínculo a una fila de otro tipo",
    };
    Some(Lost {
        what,
        related: row.map(|row| At::Row(target.table, row.id.clone())).into_iter().collect(),
    })
}

/// Rows outside the transfer owe nothing to anybody.
fn severity(subject: &Subject<'_>, table: TableId, number: usize) -> Severity {
    let outside = table == TableId::Focus && !subject.actions[number - 1].legal;
    if outside { Severity::Tip } else { Severity::Warn }
}

#[cfg(test)]
mod tests {
    use crate::rules::{Severity, tests::example::*};

    #[test]
    fn every_table_with_links_is_checked() {
        assert_tables(
            &super::RULE,
            "## documents
            | id | places |
            | d1 | 99 !VAL-26 |
            ## strategic
            | id | document |
            | e1 | d1 |
            | e2 | d2 !VAL-26 |
            | e3 | |
            ## potentials
            | id | entries |
            | p1 | e1, e9 !VAL-26 |
            ## challenges
            | id | kind | derived_from | objectives |
            | o1 | objective | p1 | |
            | c1 | challenge | p1, p2 !VAL-26 | o1 |
            ## focus
            | id | sectors | objectives | challenges |
            | a | G, zzz !VAL-26 | c1 !VAL-26 | o1, o9 !VAL-26 !VAL-26 |",
        );
    }

    #[test]
    fn an_option_is_one_of_its_own_column() {
        assert_tables(
            &super::RULE,
            "## columns
            | id | table | title | kind |
            | a | focus | Prioridad | choice |
            | b | focus | Zona | choice |
            ## options
            | id | column | label | retired |
            | o1 | a | Alta | |
            | o2 | a | Baja | sí |
            | o3 | b | Costa | |
            ## focus
            | id | x_a |
            | f1 | o1 |
            | f2 | o2 |
            | f3 | o3 !VAL-26 |
            | f4 | o9 !VAL-26 |
            | f5 | |",
        );
    }

    #[test]
    fn the_deleted_row_is_named_and_outside_the_transfer_it_is_a_suggestion() {
        let found = findings(
            &super::RULE,
            "## challenges
            | id | kind | deleted |
            | o1 | objective | sí |
            ## focus
            | id | instrument | action | objectives |
            | a | crece | Feria | o1 |
            | b | gremios | Gremio | o1 |",
        );
        assert_eq!(found[0].message, "«Feria» tiene un vínculo a una fila eliminada.");
        assert_eq!(found[0].related[0].to_string(), "challenges/o1");
        assert_eq!((found[0].severity, found[1].severity), (Severity::Warn, Severity::Tip));
    }
}
