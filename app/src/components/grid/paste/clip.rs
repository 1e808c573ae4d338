//! What comes from the clipboard: a table of texts, with what the program it comes from knows of
//! them.

use shared::{
    model::{Cell, Exercise},
    template::Kind,
};

use super::{copy::words, html, tsv};

/// One cell of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    /// As it is shown there.
    pub text: String,
    /// The figure behind it, with a point before decimals, where the program tells it.
    pub number: Option<String>,
    /// That figure is a day, shown as one: days since 30 December 1899.
    pub is_date: bool,
    /// What the cell held in Focaliza, where it was copied there.
    pub exact: Option<Option<Cell>>,
    /// The cell that it is merged into.
    pub covered_by: Option<(usize, usize)>,
}

/// What a cell's column holds, and what the cell does.
type OfColumn = (Kind, Option<Cell>);

/// What comes from the clipboard. All rows are equally long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// Its rows.
    pub rows: Vec<Vec<Piece>>,
    /// Whether it was a table, and not a text of some lines.
    pub is_table: bool,
}

impl Clip {
    /// From both forms that the clipboard has; `None` where it holds no text.
    #[must_use]
    pub fn read(html: &str, text: &str) -> Option<Self> {
        let is_table = text.trim_end_matches(['\r', '\n']).contains('\t');
        let (rows, is_table) = match html::table(html) {
            Some(rows) => (rows, true),
            None if text.is_empty() => return None,
            None => (pieces(text), is_table),
        };
        Some(Self { rows, is_table })
    }

    /// From cells of an exercise, with what their columns hold; `None` for a place beside them.
    #[must_use]
    pub fn of_cells(exercise: &Exercise, rows: Vec<Vec<Option<OfColumn>>>) -> Self {
        let piece = |cell: Option<OfColumn>| {
            let Some((kind, cell)) = cell else { return Piece::default() };
            let text = cell.as_ref().map(|cell| words(exercise, kind, cell)).unwrap_or_default();
            Piece { text, exact: Some(cell), ..Piece::default() }
        };
        let rows = rows.into_iter().map(|row| row.into_iter().map(piece).collect());
        Self { rows: rows.collect(), is_table: true }
    }

    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// Its only cell.
    #[must_use]
    pub fn single(&self) -> Option<&Piece> {
        match self.rows.as_slice() {
            [row] => match row.as_slice() {
                [piece] => Some(piece),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether all of it was copied in Focaliza.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.rows.iter().flatten().all(|piece| piece.exact.is_some())
    }

    /// Whether there are merged cells.
    #[must_use]
    pub fn has_merged(&self) -> bool {
        self.rows.iter().flatten().any(|piece| piece.covered_by.is_some())
    }

    /// The whole as one cell of several lines.
    #[must_use]
    pub fn in_one(&self) -> Self {
        let line = |row: &Vec<Piece>| {
            row.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join("\t")
        };
        let text = self.rows.iter().map(line).collect::<Vec<_>>().join("\n");
        Self { rows: vec![vec![Piece { text, ..Piece::default() }]], is_table: false }
    }

    /// With the value of merged cells in each of the cells that they cover.
    #[must_use]
    pub fn with_merged_repeated(&self) -> Self {
        let mut repeated = self.clone();
        for piece in repeated.rows.iter_mut().flatten() {
            if let Some((row, column)) = piece.covered_by {
                *piece = Piece { covered_by: piece.covered_by, ..self.rows[row][column].clone() };
            }
        }
        repeated
    }
}

fn pieces(text: &str) -> Vec<Vec<Piece>> {
    let rows = tsv::parse(text);
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let piece = |text| Piece { text, ..Piece::default() };
    rows.into_iter()
        .map(|row| {
            let mut row: Vec<Piece> = row.into_iter().map(piece).collect();
            row.resize(width, Piece::default());
            row
        })
        .collect()
}
