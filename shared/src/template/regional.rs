//! Columns that a region adds to a table (FLX-02): rows like any other, in a document that no
//! other region sees.

use super::{Choice, Column, Kind, Need, TableId, choice, column};
use crate::{ids::RowId, model::Exercise};

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
    exercise
        .table(TableId::Columns)
        .rows()
        .filter(|row| row.code("table") == table.as_str())
        .map(|row| RegionalColumn {
            row: row.id.clone(),
            field: format!("{PREFIX}{}", row.id),
            title: row.text("title").into(),
            kind: kind_of(row.code("kind")),
        })
        .collect()
}

/// What a cell of this field holds: of a national column, or of a regional one, deleted or not.
/// `None` for a field that no column describes.
#[must_use]
pub fn kind_of_field(exercise: &Exercise, table: TableId, field: &str) -> Option<Kind> {
    if let Some(column) = table.column(field) {
        return Some(column.kind);
    }
    let row = RowId::new(field.strip_prefix(PREFIX)?).ok()?;
    exercise.row(TableId::Columns, &row).map(|row| kind_of(row.code("kind")))
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
        _ => Kind::Text,
    }
}
