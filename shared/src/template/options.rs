//! The options of a region's own columns of choice: rows like any other. An option is never
//! deleted but retired, so that the cells that hold it keep its name.

use super::{Column, Kind, Need, TableId, Target, column, regional::column_of};
use crate::{
    edit::Edit,
    ids::RowId,
    key::Key,
    model::{Exercise, Row},
    value::Value,
};

/// What a cell of such a column names.
pub(super) const OPTION: Target = Target { table: TableId::Options, label: "label", kinds: &[] };

/// The columns of the table of options.
pub const COLUMNS: &[Column] = &[
    column(
        "column",
        "Columna",
        Kind::Reference(Target { table: TableId::Columns, label: "title", kinds: &[] }),
        Need::Required,
        "Guía L1224–1229",
        "Columna de la región que la ofrece.",
        200,
    ),
    column("label", "Opción", Kind::Text, Need::Required, "Guía L1224–1229", "Cómo se lee.", 200),
    column(
        "retired",
        "Retirada",
        Kind::Flag,
        Need::Optional,
        "Guía L1224–1229",
        "Ya no se ofrece; las celdas que la tienen la conservan.",
        120,
    ),
];

/// The options of the column with this field in their order, retired ones among them.
pub fn options_of<'a>(exercise: &'a Exercise, field: &str) -> impl Iterator<Item = &'a Row> {
    let column = column_of(field).map(ToOwned::to_owned);
    let rows = exercise.table(TableId::Options).rows();
    rows.filter(move |row| column.as_deref() == Some(row.code("column")))
}

/// Whether an option can be picked.
#[must_use]
pub fn is_offered(option: &Row) -> bool {
    option.flag("retired") != Some(true)
}

/// Adds an option behind the others.
#[must_use]
pub fn new_option(exercise: &Exercise, row: &RowId, column: &RowId, label: &str) -> Vec<Edit> {
    let set = |field: &str, value| Edit::SetCell {
        key: Key::cell(TableId::Options, row, field),
        value: Some(value),
    };
    let order = exercise.table(TableId::Options).order_last(row);
    vec![
        Edit::PlaceRow { table: TableId::Options, row: row.clone(), order },
        set("column", Value::Code(column.as_str().into())),
        set("label", Value::Text(label.into())),
    ]
}

/// Moves an option by one place among those of its column; `None` at the edge.
#[must_use]
pub fn moved_option(exercise: &Exercise, field: &str, row: &RowId, to_start: bool) -> Option<Edit> {
    let options: Vec<&Row> = options_of(exercise, field).collect();
    let at = options.iter().position(|option| option.id == *row)?;
    let neighbour = options.get(if to_start { at.checked_sub(1)? } else { at + 1 })?;
    let all = exercise.table(TableId::Options);
    let past = all.place(&neighbour.id)?;
    let after = if to_start { past.checked_sub(1) } else { Some(past) };
    let order = all.order_after(after, row);
    Some(Edit::PlaceRow { table: TableId::Options, row: row.clone(), order })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doc::Document,
        ids::{ExerciseId, Peer},
        template::{fits, kind_of_field, new_column},
    };

    fn id(text: &str) -> RowId {
        RowId::new(text).unwrap()
    }

    /// A column `a` of choice with the options `o1` to `o3`, and a column `b` with `p1`.
    fn document() -> Document {
        let mut document =
            Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(2).unwrap());
        for column in ["a", "b"] {
            let edits =
                new_column(document.exercise(), &id(column), TableId::Focus, column, "choice");
            document.apply(&edits).unwrap();
        }
        for (row, column, label) in
            [("o1", "a", "Alta"), ("p1", "b", "Costa"), ("o2", "a", "Media"), ("o3", "a", "Baja")]
        {
            let edits = new_option(document.exercise(), &id(row), &id(column), label);
            document.apply(&edits).unwrap();
        }
        document
    }

    fn labels(document: &Document, field: &str) -> Vec<String> {
        let options = options_of(document.exercise(), field);
        options.map(|option| option.text("label").to_owned()).collect()
    }

    #[test]
    fn each_column_has_its_own_options_in_their_order() {
        let mut document = document();
        assert_eq!(labels(&document, "x_a"), ["Alta", "Media", "Baja"]);
        assert_eq!(labels(&document, "x_b"), ["Costa"]);
        assert!(labels(&document, "action").is_empty());
        assert_eq!(moved_option(document.exercise(), "x_a", &id("o1"), true), None);
        let edit = moved_option(document.exercise(), "x_a", &id("o3"), true).unwrap();
        document.apply(&[edit]).unwrap();
        assert_eq!(labels(&document, "x_a"), ["Alta", "Baja", "Media"]);
        let edit = moved_option(document.exercise(), "x_a", &id("o1"), false).unwrap();
        document.apply(&[edit]).unwrap();
        assert_eq!(labels(&document, "x_a"), ["Baja", "Alta", "Media"]);
        assert_eq!(labels(&document, "x_b"), ["Costa"]);
    }

    #[test]
    fn a_retired_option_keeps_its_name_and_its_cells() {
        let mut document = document();
        let cell = Key::cell(TableId::Focus, &id("r1"), "x_a");
        assert_eq!(
            kind_of_field(document.exercise(), TableId::Focus, "x_a"),
            Some(Kind::Reference(OPTION))
        );
        let value = Value::Code("o2".into());
        assert_eq!(fits(document.exercise(), &cell, Some(&value)), Ok(()));
        let retired = Key::cell(TableId::Options, &id("o2"), "retired");
        document
            .apply(&[
                Edit::PlaceRow { table: TableId::Focus, row: id("r1"), order: "V".into() },
                Edit::SetCell { key: cell, value: Some(value) },
                Edit::SetCell { key: retired, value: Some(Value::Flag(true)) },
            ])
            .unwrap();
        let exercise = document.exercise();
        assert_eq!(exercise.row(TableId::Focus, &id("r1")).unwrap().code("x_a"), "o2");
        let offered = options_of(exercise, "x_a").filter(|option| is_offered(option));
        assert_eq!(offered.map(|option| option.id.as_str()).collect::<Vec<_>>(), ["o1", "o3"]);
    }
}
