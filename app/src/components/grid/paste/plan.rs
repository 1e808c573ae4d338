//! What pasting would do, before it does anything: texts and choices in, edits out. What does not
//! fit is listed with its reason.

use std::{collections::BTreeSet, sync::Arc};

use shared::{
    edit::Edit,
    fold::fold,
    format::format_integer,
    ids::RowId,
    key::Key,
    limits,
    model::{Cell, Exercise},
    order,
    template::{Kind, TableId},
};

use super::{
    clip::{Clip, Piece},
    convert::{Converted, Figures, convert},
    labels::Labels,
};
use crate::components::grid::{columns::GridColumn, select::emptied};

/// Where it goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// The table.
    pub table: TableId,
    /// All columns, as they are shown.
    pub columns: Arc<Vec<GridColumn>>,
    /// The rows from the first one on, as they are shown.
    pub rows: Vec<RowId>,
    /// The first column.
    pub column: usize,
    /// Rows and columns that are selected.
    pub selected: (usize, usize),
    /// Names for rows to add; none where the person may add none.
    pub fresh: Vec<RowId>,
}

impl PartialEq for Target {
    /// Each is another.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What the person decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// The first row holds titles.
    pub header: bool,
    /// The column that each pasted column goes into.
    pub mapping: Vec<Option<usize>>,
    /// How figures are written.
    pub figures: Figures,
    /// Rows are added where there are not enough.
    pub add_rows: bool,
    /// Merged cells stand for each of their places.
    pub repeat_merged: bool,
    /// What comes empty empties nothing.
    pub skip_empty: bool,
    /// All of it goes into one cell.
    pub in_one: bool,
}

/// What becomes of one pasted cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is written; `None` empties the cell.
    Written(Option<Cell>),
    /// The cell holds the same already, or is left as it is.
    Same,
    /// It stays out, or part of it; the reason.
    Left(String),
}

/// What stays out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The row of what was pasted, from one.
    pub row: usize,
    /// The heading of its column.
    pub column: String,
    /// The text.
    pub text: String,
    /// Why.
    pub why: String,
}

/// What pasting would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to write, as one action.
    pub edits: Vec<Edit>,
    /// What becomes of each cell; of whatever is pasted, without the row of titles.
    pub fates: Vec<Vec<Fate>>,
    /// Cells that get a value.
    pub written: usize,
    /// Cells that are emptied.
    pub emptied: usize,
    /// Cells that hold the same already, or are left as they are.
    pub same: usize,
    /// Rows that are added.
    pub added: usize,
    /// Rows for which there is no place.
    pub rows_without_place: usize,
    /// What stays out.
    pub left: Vec<Left>,
}

impl Choices {
    /// What is most probably meant.
    #[must_use]
    pub fn suggested(clip: &Clip, target: &Target) -> Self {
        let kind = target.columns.get(target.column).map(|column| column.kind);
        let mut choices = Self {
            header: false,
            mapping: Vec::new(),
            figures: Figures::default(),
            add_rows: !target.fresh.is_empty(),
            repeat_merged: true,
            skip_empty: false,
            in_one: !clip.is_table && clip.rows.len() > 1 && kind == Some(Kind::Narrative),
        };
        let titles = by_titles(clip, &target.columns);
        let named = titles.iter().flatten().count();
        let texts =
            clip.rows.first().into_iter().flatten().filter(|it| !it.text.is_empty()).count();
        choices.header = clip.rows.len() > 1 && named > 0 && named * 2 >= texts;
        choices.mapping = if choices.header { titles } else { choices.by_position(clip, target) };
        choices
    }

    /// As it lies, without looking for titles.
    #[must_use]
    pub fn plain(clip: &Clip, target: &Target) -> Self {
        let mut choices = Self {
            header: false,
            mapping: Vec::new(),
            figures: Figures::default(),
            add_rows: false,
            repeat_merged: false,
            skip_empty: false,
            in_one: false,
        };
        choices.mapping = choices.by_position(clip, target);
        choices
    }

    /// One column after the other, from the first one of the target on.
    #[must_use]
    pub fn by_position(&self, clip: &Clip, target: &Target) -> Vec<Option<usize>> {
        let width = self.prepared(clip, target).0.width();
        (target.column..)
            .take(width)
            .map(|column| (column < target.columns.len()).then_some(column))
            .collect()
    }

    /// Has a pasted column go into another column of the grid, from which it takes the place of
    /// whatever went there.
    pub fn map(&mut self, pasted: usize, column: Option<usize>) {
        for place in self.mapping.iter_mut().filter(|place| column.is_some() && **place == column) {
            *place = None;
        }
        if let Some(place) = self.mapping.get_mut(pasted) {
            *place = column;
        }
    }

    /// What is pasted after these choices, and how many rows of titles were taken off.
    #[must_use]
    pub fn prepared(&self, clip: &Clip, target: &Target) -> (Clip, usize) {
        let mut clip = if self.in_one { clip.in_one() } else { clip.clone() };
        if self.repeat_merged {
            clip = clip.with_merged_repeated();
        }
        if self.header {
            clip.rows.remove(0);
            return (clip, 1);
        }
        (repeated(clip, target.selected), 0)
    }
}

/// The column whose title each cell of the first row is.
#[must_use]
pub fn by_titles(clip: &Clip, columns: &[GridColumn]) -> Vec<Option<usize>> {
    let mut taken = BTreeSet::new();
    let titles: Vec<String> = columns.iter().map(|column| fold(&column.title)).collect();
    let first = clip.rows.first().map_or(&[][..], Vec::as_slice);
    first
        .iter()
        .map(|piece| {
            let title = fold(&piece.text);
            let found = titles.iter().position(|known| *known == title && !title.is_empty());
            found.filter(|column| taken.insert(*column))
        })
        .collect()
}

/// As often as it fits a selection that is some times as large.
fn repeated(clip: Clip, (rows, columns): (usize, usize)) -> Clip {
    let (height, width) = (clip.rows.len(), clip.width());
    let fits = height > 0 && width > 0 && rows % height == 0 && columns % width == 0;
    if !fits || (rows, columns) == (height, width) {
        return clip;
    }
    let row = |at: usize| {
        let row = &clip.rows[at % height];
        (0..columns).map(|column| row[column % width].clone()).collect()
    };
    Clip { rows: (0..rows).map(row).collect(), ..clip }
}

impl Plan {
    /// What pasting would do to the exercise as it is now.
    #[must_use]
    pub fn new(
        exercise: &Exercise,
        clip: &Clip,
        target: &Target,
        choices: &Choices,
        may_write: impl Fn(&Key) -> bool,
    ) -> Self {
        let (clip, titles) = choices.prepared(clip, target);
        let kinds: Vec<Option<&GridColumn>> = (0..clip.width())
            .map(|at| choices.mapping.get(at).copied().flatten())
            .map(|column| target.columns.get(column?))
            .collect();
        let labels: Vec<Option<Labels>> = kinds
            .iter()
            .map(|column| column.map(|column| Labels::new(exercise, &column.field, column.kind)))
            .collect();
        let mut plan = Self::default();
        let known = exercise.table(target.table);
        let mut last = known.rows().next_back().map(|row| row.order.clone());
        let mut room = limits::ROWS.saturating_sub(known.all().len());
        for (at, pieces) in clip.rows.iter().enumerate() {
            let number = at + titles + 1;
            let row = match target.rows.get(at) {
                Some(row) => Ok(row.clone()),
                None => plan.add_row(target, choices, at, &mut last, &mut room),
            };
            let is_gone = |row: &RowId| {
                at < target.rows.len() && exercise.live(target.table, row.as_str()).is_none()
            };
            let row = row.and_then(|row| {
                let gone = "Otra persona borró la fila mientras tanto.";
                if is_gone(&row) { Err(gone.to_owned()) } else { Ok(row) }
            });
            let mut fates = Vec::with_capacity(pieces.len());
            for (column, piece) in pieces.iter().enumerate() {
                let fate = match (&row, kinds[column], &labels[column]) {
                    (_, None, _) | (_, _, None) => out(piece, "No hay columna para esto."),
                    (Err(why), ..) => out(piece, why),
                    (Ok(row), Some(grid), Some(labels)) => {
                        let key = Key::cell(target.table, row, &grid.field);
                        let converted = convert(grid.kind, labels, piece, choices.figures);
                        let present = exercise
                            .row(target.table, row)
                            .and_then(|row| row.cells.get(&grid.field));
                        plan.cell(&key, present, converted, piece, choices, &may_write)
                    }
                };
                if let Fate::Left(why) = &fate {
                    let title = kinds[column].map(|grid| grid.title.clone());
                    plan.left.push(Left {
                        row: number,
                        column: title.unwrap_or_else(|| format!("Columna {}", column + 1)),
                        text: piece.text.clone(),
                        why: why.clone(),
                    });
                }
                plan.same += usize::from(fate == Fate::Same);
                fates.push(fate);
            }
            plan.fates.push(fates);
        }
        plan
    }

    /// A row below the last one, or why there is none.
    fn add_row(
        &mut self,
        target: &Target,
        choices: &Choices,
        at: usize,
        last: &mut Option<String>,
        room: &mut usize,
    ) -> Result<RowId, String> {
        let fresh = target.fresh.get(at - target.rows.len());
        let Some(row) = fresh.filter(|_| choices.add_rows) else {
            self.rows_without_place += 1;
            return Err("No hay fila para esto.".into());
        };
        if *room == 0 {
            self.rows_without_place += 1;
            let limit = format_integer(limits::ROWS as i64);
            return Err(format!("La tabla llegó a su máximo de {limit} filas."));
        }
        *room -= 1;
        self.added += 1;
        let order = order::between(last.as_deref(), None, row.as_str());
        *last = Some(order.clone());
        self.edits.push(Edit::PlaceRow { table: target.table, row: row.clone(), order });
        Ok(row.clone())
    }

    fn cell(
        &mut self,
        key: &Key,
        present: Option<&Cell>,
        converted: Converted,
        piece: &Piece,
        choices: &Choices,
        may_write: impl Fn(&Key) -> bool,
    ) -> Fate {
        let (new, why) = match converted {
            Converted::Cell(new) => (new, None),
            Converted::Part(new, rest, why) => (Some(new), Some((rest, why))),
            Converted::Misfit(why) => return Fate::Left(why),
        };
        if new.as_ref() == present || (new.is_none() && choices.skip_empty) {
            return Fate::Same;
        }
        if !may_write(key) {
            return out(piece, "No puedes editar esta celda.");
        }
        self.edits.extend(written(key, present, new.as_ref()));
        *if new.is_some() { &mut self.written } else { &mut self.emptied } += 1;
        match why {
            Some((rest, why)) => {
                // The rest stays out; what was understood is written all the same.
                Fate::Left(format!("Se pega sin «{rest}». {why}"))
            }
            None => Fate::Written(new),
        }
    }

    /// What stays out, as a text that a spreadsheet takes.
    #[must_use]
    pub fn left_as_text(&self) -> String {
        let titles = ["Fila", "Columna", "Texto", "Motivo"].map(str::to_owned);
        let rows = self.left.iter().map(|left| {
            [left.row.to_string(), left.column.clone(), left.text.clone(), left.why.clone()]
        });
        let rows: Vec<[String; 4]> = std::iter::once(titles).chain(rows).collect();
        super::tsv::write(rows.iter().map(|row| row.iter().map(String::as_str)))
    }
}

/// What has no place stays out; nothing has no need of one.
fn out(piece: &Piece, why: &str) -> Fate {
    if piece.text.trim().is_empty() { Fate::Same } else { Fate::Left(why.to_owned()) }
}

/// The edits that make of a cell what is to be in it.
#[must_use]
pub fn written(key: &Key, present: Option<&Cell>, new: Option<&Cell>) -> Vec<Edit> {
    match new {
        None => present.map(|present| emptied(key, present)).unwrap_or_default(),
        Some(Cell::Value(value)) => {
            vec![Edit::SetCell { key: key.clone(), value: Some(value.clone()) }]
        }
        Some(Cell::Narrative(text)) => {
            let before = match present {
                Some(Cell::Narrative(before)) => before.as_str(),
                _ => "",
            };
            Edit::splice(key.clone(), before, text).into_iter().collect()
        }
        Some(Cell::Set(members)) => {
            let none = BTreeSet::new();
            let before = match present {
                Some(Cell::Set(before)) => before,
                _ => &none,
            };
            let edit = |code: &String, present| {
                let key = Key::member(key.table, &key.row, &key.field, code);
                Edit::SetMember { key, present }
            };
            let gone = before.difference(members).map(|code| edit(code, false));
            let new = members.difference(before).map(|code| edit(code, true));
            gone.chain(new).collect()
        }
    }
}
