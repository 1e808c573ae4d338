//! Columns that a region adds to a table (FLX-02): rows like any other, in a document that no
//! other region sees.

use super::{Choice, Column, Kind, Need, TableId, choice, column, options::OPTION};
use crate::{
    edit::Edit,
    ids::RowId,
    key::Key,
    model::{Exercise, Row},
    value::Value,
};

const TABLES: &[Choice] = &[
    choice("documents", "Documentos fuente"),
    choice("strategic", "Matriz Estratégica Integrada"),
    choice("potentials", "Potencialidades y Problemáticas"),
    choice("challenges", "Desafíos, Oportunidades y Objetivos"),
    choice("focus", "Matriz Focalización"),
];

const KINDS: &[Choice] = &[
    choice("text", "Texto breve"),
    choice("narrative", "Texto largo"),
    choice("integer", "Número"),
    choice("money", "Pesos"),
    choice("flag", "Sí o no"),
    choice("date", "Fecha"),
    choice("choice", "Opción de una lista"),
];

/// The columns of the table of columns.
pub const COLUMNS: &[Column] = &[
    column(
        "table",
        "Matriz",
        Kind::Choice(TABLES),
        Need::Required,
        "Guía L1224–1229",
        "Matriz a la que se agrega.",
        200,
    ),
    column(
        "title",
        "Título",
        Kind::Text,
        Need::Required,
        "Guía L1224–1229",
        "Encabezado de la columna.",
        200,
    ),
    column(
        "kind",
        "Tipo",
        Kind::Choice(KINDS),
        Need::Required,
        "Guía L1224–1229",
        "Qué contiene.",
        120,
    ),
];

/// The field name in cells of the column that this row describes.
const PREFIX: &str = "x_";

/// A column that the region added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalColumn {
    /// The row that describes it.
    pub row: RowId,
    /// Its field name in cells.
    pub field: String,
    /// Its heading.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
}

/// The columns that the region added to a table, in their order.
#[must_use]
pub fn regional_columns(exercise: &Exercise, table: TableId) -> Vec<RegionalColumn> {
    exercise.table(TableId::Columns).rows().filter(|row| is_of(table, row)).map(described).collect()
}

/// The columns that the region removed from a table. What was written in them is still there.
#[must_use]
pub fn removed_columns(exercise: &Exercise, table: TableId) -> Vec<RegionalColumn> {
    let removed = exercise.table(TableId::Columns).deleted();
    removed.filter(|row| is_of(table, row)).map(described).collect()
}

fn is_of(table: TableId, row: &Row) -> bool {
    row.code("table") == table.as_str()
}

fn described(row: &Row) -> RegionalColumn {
    RegionalColumn {
        row: row.id.clone(),
        field: format!("{PREFIX}{}", row.id),
        title: row.text("title").into(),
        kind: kind_of(row.code("kind")),
    }
}

/// Any column of a table: of the nation, or of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyColumn {
    /// Of the template: the same for all.
    National(&'static Column),
    /// Of this region alone.
    Regional(RegionalColumn),
}

impl AnyColumn {
    /// Its name in keys.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::National(column) => column.field,
            Self::Regional(column) => &column.field,
        }
    }
}

/// The columns of a table: the national ones that are in force, then those of the region.
#[must_use]
pub fn all_columns(
    national: &'static [Column],
    exercise: &Exercise,
    table: TableId,
) -> Vec<AnyColumn> {
    let regional = regional_columns(exercise, table).into_iter().map(AnyColumn::Regional);
    national.iter().map(AnyColumn::National).chain(regional).collect()
}

/// Adds a column behind the others that the region has. `kind` is one of the types that the table
/// of columns offers.
#[must_use]
pub fn new_column(
    exercise: &Exercise,
    row: &RowId,
    table: TableId,
    title: &str,
    kind: &str,
) -> Vec<Edit> {
    let set = |field: &str, value| Edit::SetCell {
        key: Key::cell(TableId::Columns, row, field),
        value: Some(value),
    };
    let order = exercise.table(TableId::Columns).order_last(row);
    vec![
        Edit::PlaceRow { table: TableId::Columns, row: row.clone(), order },
        set("table", Value::Code(table.as_str().into())),
        set("title", Value::Text(title.into())),
        set("kind", Value::Code(kind.into())),
    ]
}

/// Moves a column of the region by one place among those of its table; `None` at the edge.
#[must_use]
pub fn moved_column(
    exercise: &Exercise,
    table: TableId,
    row: &RowId,
    to_start: bool,
) -> Option<Edit> {
    let columns = regional_columns(exercise, table);
    let at = columns.iter().position(|column| column.row == *row)?;
    let neighbour = columns.get(if to_start { at.checked_sub(1)? } else { at + 1 })?;
    let all = exercise.table(TableId::Columns);
    let past = all.place(&neighbour.row)?;
    let after = if to_start { past.checked_sub(1) } else { Some(past) };
    let order = all.order_after(after, row);
    Some(Edit::PlaceRow { table: TableId::Columns, row: row.clone(), order })
}

/// Whether any row, deleted ones too, holds something in this column. Its type can then no longer
/// be changed: what is there would not fit.
#[must_use]
pub fn holds_data(exercise: &Exercise, table: TableId, column: &RegionalColumn) -> bool {
    exercise.table(table).all().any(|row| row.has(&column.field))
}

/// What a cell of this field holds: of a national column, or of a regional one, deleted or not.
/// `None` for a field that no column describes.
#[must_use]
pub fn kind_of_field(exercise: &Exercise, table: TableId, field: &str) -> Option<Kind> {
    if let Some(column) = table.column(field) {
        return Some(column.kind);
    }
    let row = RowId::new(column_of(field)?).ok()?;
    exercise.row(TableId::Columns, &row).map(|row| kind_of(row.code("kind")))
}

/// The row that describes the column with this field; `None` for a national one.
pub(super) fn column_of(field: &str) -> Option<&str> {
    field.strip_prefix(PREFIX)
}

/// All kinds that a regional column can have.
pub(super) fn regional_kinds() -> impl Iterator<Item = Kind> {
    KINDS.iter().map(|choice| kind_of(choice.code))
}

fn kind_of(code: &str) -> Kind {
    match code {
        "narrative" => Kind::Narrative,
        "integer" => Kind::Integer,
        "money" => Kind::Money,
        "flag" => Kind::Flag,
        "date" => Kind::Date,
        "choice" => Kind::Reference(OPTION),
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doc::Document,
        ids::{ExerciseId, Peer},
    };

    fn id(text: &str) -> RowId {
        RowId::new(text).unwrap()
    }

    /// An exercise with columns `a` (text) and `b` (money) in the focus matrix and `c` elsewhere.
    fn document(region: &str) -> Document {
        let mut document =
            Document::new(ExerciseId::new(region, 2027).unwrap(), Peer::new(2).unwrap());
        for (row, table, title, kind) in [
            ("a", TableId::Focus, "Provincia que lidera", "text"),
            ("c", TableId::Challenges, "Comentario", "narrative"),
            ("b", TableId::Focus, "Aporte municipal", "money"),
        ] {
            let edits = new_column(document.exercise(), &id(row), table, title, kind);
            document.apply(&edits).unwrap();
        }
        let row = id("r1");
        let key = |field| Key::cell(TableId::Focus, &row, field);
        document
            .apply(&[
                Edit::PlaceRow { table: TableId::Focus, row: row.clone(), order: "V".into() },
                Edit::SetCell { key: key("x_a"), value: Some(Value::Text(region.into())) },
                Edit::SetCell { key: key("x_b"), value: Some(Value::Money(5_000)) },
                Edit::SetCell { key: key("action"), value: Some(Value::Text("Feria".into())) },
            ])
            .unwrap();
        document
    }

    fn fields(document: &Document, national: &'static [Column]) -> Vec<String> {
        let columns = all_columns(national, document.exercise(), TableId::Focus);
        columns.iter().map(|column| column.field().to_owned()).collect()
    }

    #[test]
    fn a_national_change_reaches_every_region_and_leaves_their_columns_alone() {
        // The template of next year: a column more, one less, another order, another title.
        const NEXT_YEAR: &[Column] = &[
            column("plan", "Plan", Kind::Text, Need::Required, "", "", 100),
            column("budget", "Monto", Kind::Money, Need::Required, "", "", 100),
            column("instrument", "Programa", Kind::Instrument, Need::Required, "", "", 100),
        ];
        for region in ["01", "05", "12"] {
            let document = document(region);
            let before = document.exercise().clone();
            let present = fields(&document, TableId::Focus.columns());
            assert_eq!(present.len(), TableId::Focus.columns().len() + 2);
            assert_eq!(
                fields(&document, NEXT_YEAR),
                ["plan", "budget", "instrument", "x_a", "x_b"]
            );
            let row = document.exercise().row(TableId::Focus, &id("r1")).unwrap();
            assert_eq!((row.text("x_a"), row.money("x_b")), (region, Some(5_000)));
            assert_eq!(row.text("action"), "Feria", "what a lost column held is still there");
            assert_eq!(*document.exercise(), before);
        }
    }

    #[test]
    fn columns_move_among_those_of_their_table() {
        let mut document = document("01");
        let exercise = document.exercise();
        assert_eq!(moved_column(exercise, TableId::Focus, &id("a"), true), None);
        assert_eq!(moved_column(exercise, TableId::Focus, &id("b"), false), None);
        let edit = moved_column(exercise, TableId::Focus, &id("b"), true).unwrap();
        document.apply(&[edit]).unwrap();
        let titles = |document: &Document| {
            let columns = regional_columns(document.exercise(), TableId::Focus);
            columns.into_iter().map(|column| column.field).collect::<Vec<_>>()
        };
        assert_eq!(titles(&document), ["x_b", "x_a"]);
        let edit = moved_column(document.exercise(), TableId::Focus, &id("b"), false).unwrap();
        document.apply(&[edit]).unwrap();
        assert_eq!(titles(&document), ["x_a", "x_b"]);
        assert_eq!(regional_columns(document.exercise(), TableId::Challenges).len(), 1);
    }

    #[test]
    fn a_removed_column_comes_back_with_what_was_in_it() {
        let mut document = document("01");
        let remove = |deleted| Edit::DeleteRow { table: TableId::Columns, row: id("b"), deleted };
        document.apply(&[remove(true)]).unwrap();
        assert_eq!(regional_columns(document.exercise(), TableId::Focus).len(), 1);
        let removed = removed_columns(document.exercise(), TableId::Focus);
        assert_eq!(removed.len(), 1);
        assert!(holds_data(document.exercise(), TableId::Focus, &removed[0]));
        document.apply(&[remove(false)]).unwrap();
        assert!(removed_columns(document.exercise(), TableId::Focus).is_empty());
        let row = document.exercise().row(TableId::Focus, &id("r1")).unwrap();
        assert_eq!(row.money("x_b"), Some(5_000));
    }
}
