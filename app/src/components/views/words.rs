//! What views say in words.

use shared::{
    format::{format_integer, format_money},
    ids::RowId,
    instruments,
    model::{Exercise, Row, totals::Sum},
    template::{Column, Kind, TableId},
    territory::{self, PlaceKind},
    views::{Figures, Grouping, Source, Standing, standing},
};

use crate::components::{
    grid::display::{self, label},
    totals::{lacking, unit_name},
};

/// A sum in words: «$25.200.000 (1 por definir)». Where there is no figure there is no zero.
fn sum_in_words(sum: Sum, format: impl FnOnce(i64) -> String) -> String {
    let lacking = lacking(sum);
    match (sum.known, lacking.is_empty()) {
        (0, true) => "—".into(),
        (0, false) => lacking,
        (_, true) => format(sum.total),
        (_, false) => format!("{} ({lacking})", format(sum.total)),
    }
}

/// Budgets in words.
pub fn money_in_words(sum: Sum) -> String {
    sum_in_words(sum, format_money)
}

/// Coverage in words, unit by unit: «947 beneficiarios, 5 proyectos».
pub fn coverage_in_words(figures: &Figures) -> String {
    let units = figures.coverage.iter().map(|(unit, sum)| count_in_words(*sum, unit));
    units.collect::<Vec<_>>().join(", ")
}

/// «709 beneficiarios (2 datos faltantes)».
pub fn count_in_words(sum: Sum, unit: &str) -> String {
    let unit = unit_name(unit).to_lowercase();
    sum_in_words(sum, |figure| format!("{} {unit}", format_integer(figure)))
}

/// What a group is called.
pub fn group_name(exercise: &Exercise, by: Grouping, code: &str) -> String {
    match (by, code) {
        (Grouping::Instrument, "") => "Sin instrumento".into(),
        (Grouping::Objective, "") => "Sin objetivo".into(),
        (Grouping::Territory, "") => "Sin territorio".into(),
        (Grouping::Instrument, code) => named(exercise, "instrument", code),
        (Grouping::Objective, code) => named(exercise, "objectives", code),
        (Grouping::Territory, code) => place_name(exercise, code),
    }
}

fn named(exercise: &Exercise, field: &str, code: &str) -> String {
    let kind = TableId::Focus.column(field).map_or(Kind::Text, |column| column.kind);
    display::name(exercise, kind, code).text
}

fn place_name(exercise: &Exercise, code: &str) -> String {
    match territory::place(code) {
        Some(place) if place.kind == PlaceKind::Region => format!("Región de {}", place.name),
        Some(place) if place.kind == PlaceKind::Province => format!("Provincia de {}", place.name),
        _ => named(exercise, "places", code),
    }
}

/// What a row of the *Matriz Focalización* is called: its action, or its instrument.
pub fn action_name(row: &Row) -> String {
    match (row.text("action"), instruments::instrument(row.code("instrument"))) {
        ("", Some(instrument)) => instrument.name.into(),
        ("", None) => "(sin nombre)".into(),
        (action, _) => action.into(),
    }
}

/// Why a row is not in the legal total.
pub fn standing_in_words(row: &Row) -> Option<&'static str> {
    match standing(row) {
        Standing::Legal => None,
        Standing::External => Some("otro financiamiento: fuera del total legal"),
        Standing::Outside if row.code("instrument").is_empty() => {
            Some("sin instrumento: fuera del total legal")
        }
        Standing::Outside => Some("no traspasado: fuera del total legal"),
    }
}

/// What a source is called.
pub fn source_name(exercise: &Exercise, source: Option<&Source>) -> String {
    match source {
        Some(Source::Document(row)) => row_name(exercise, TableId::Documents, row, "title"),
        Some(Source::Named(code)) => choice(TableId::Strategic.column("source"), code),
        None => "Sin fuente".into(),
    }
}

/// What an aspect is called.
pub fn aspect_name(code: &str) -> String {
    match code {
        "" => "Sin ámbito".into(),
        code => choice(TableId::Strategic.column("aspect"), code),
    }
}

/// The label of one of a column's choices.
pub fn choice(column: Option<&Column>, code: &str) -> String {
    let choices = column.map_or(&[][..], |column| column.kind.choices());
    let found = choices.iter().find(|choice| choice.code == code);
    found.map_or_else(|| code.to_owned(), |choice| choice.label.to_owned())
}

/// The text that labels a row.
pub fn row_name(exercise: &Exercise, table: TableId, row: &RowId, field: &'static str) -> String {
    let target = shared::template::Target { table, label: field, kinds: &[] };
    exercise.row(table, row).map_or_else(String::new, |row| label(row, target))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_is_not_known_is_never_a_zero() {
        let sum = |total, known, missing, to_be_defined| Sum {
            total,
            known,
            missing,
            to_be_defined,
            ..Sum::default()
        };
        assert_eq!(money_in_words(sum(0, 0, 0, 0)), "—");
        assert_eq!(money_in_words(sum(0, 0, 0, 2)), "2 por definir");
        assert_eq!(money_in_words(sum(0, 1, 0, 0)), "$0");
        assert_eq!(money_in_words(sum(1_500, 2, 1, 0)), "$1.500 (1 dato faltante)");
    }

    #[test]
    fn unlike_units_are_not_added() {
        let mut figures = Figures::default();
        let sum = |total| Sum { total, known: 1, ..Sum::default() };
        figures.coverage.insert("projects".into(), sum(5));
        figures.coverage.insert("beneficiaries".into(), sum(947));
        figures.coverage.insert(String::new(), Sum { missing: 3, ..Sum::default() });
        assert_eq!(
            coverage_in_words(&figures),
            "3 datos faltantes, 947 beneficiarios, 5 proyectos"
        );
    }
}
