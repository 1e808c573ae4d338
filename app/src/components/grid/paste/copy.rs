//! What is copied: as people read it, for any program, and as it is, for Focaliza.

use shared::{
    ids::RowId,
    model::{Cell, Exercise},
    template::{Kind, TableId},
    value::Value,
};

use super::{entities::escaped, tsv};
use crate::components::grid::{
    columns::GridColumn,
    display::{in_words, name},
};

/// Cells in the two forms that the clipboard takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Tabs between cells.
    pub text: String,
    /// A table.
    pub html: String,
}

/// Copies the cells of these rows in these columns.
#[must_use]
pub fn copied(
    exercise: &Exercise,
    table: TableId,
    rows: &[RowId],
    columns: &[GridColumn],
) -> Copied {
    let mut texts = Vec::with_capacity(rows.len());
    let mut html = String::from(
        "<meta charset=\"utf-8\"><table xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><tbody>",
    );
    for row in rows {
        let row = exercise.row(table, row);
        html += "<tr>";
        let mut line = Vec::with_capacity(columns.len());
        for column in columns {
            let cell = row.and_then(|row| row.cells.get(&column.field));
            let text = cell.map(|cell| words(exercise, column.kind, cell)).unwrap_or_default();
            html += &cell_as_html(cell, &text);
            line.push(text);
        }
        html += "</tr>";
        texts.push(line);
    }
    html += "</tbody></table>";
    let text = tsv::write(texts.iter().map(|line| line.iter().map(String::as_str)));
    Copied { text, html }
}

fn cell_as_html(cell: Option<&Cell>, text: &str) -> String {
    // Never fails for cells: they are plain data.
    let exact = serde_json::to_string(&cell).unwrap_or_default();
    let number = match cell {
        // For programs that would read the points of Chilean figures in another way.
        Some(Cell::Value(Value::Money(number) | Value::Integer(number))) => {
            format!(" x:num=\"{number}\" sdval=\"{number}\"")
        }
        _ => String::new(),
    };
    let text = escaped(text).replace('\n', "<br>");
    format!("<td data-focaliza=\"{}\"{number}>{text}</td>", escaped(&exact))
}

/// What a cell holds, in full, as people read and write it.
#[must_use]
pub fn words(exercise: &Exercise, kind: Kind, cell: &Cell) -> String {
    match cell {
        Cell::Narrative(text) | Cell::Value(Value::Text(text)) => text.clone(),
        Cell::Value(Value::Masked) => "*".into(),
        Cell::Value(Value::Code(code)) => label(exercise, kind, code),
        Cell::Value(value) => in_words(exercise, kind, Some(value)),
        Cell::Set(members) => {
            let names: Vec<String> =
                members.iter().map(|code| label(exercise, kind, code)).collect();
            names.join("; ")
        }
    }
}

/// The name of something, in full.
fn label(exercise: &Exercise, kind: Kind, code: &str) -> String {
    let text = kind
        .target()
        .and_then(|target| Some(exercise.live(target.table, code)?.text(target.label)))
        .filter(|text| !text.is_empty());
    text.map_or_else(|| name(exercise, kind, code).text, ToOwned::to_owned)
}
