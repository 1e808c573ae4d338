//! What a person looks at: rows sorted and filtered for them alone. The shared order stays as it
//! is, and nothing of this is in the document.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use chrono::Datelike as _;
use shared::{
    fold::fold,
    ids::RowId,
    model::{Cell, Exercise, Row},
    template::{Kind, TableId},
    value::Value,
};

use super::{
    columns::GridColumn,
    display::{Shown, shown},
};

/// Which way a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From A to Z, from the smallest to the greatest, from the earliest to the latest.
    Ascending,
    /// The other way round.
    Descending,
}

/// Which cells of a column a row must have to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// One of these, as cells show them; an empty text stands for cells that hold nothing.
    Values(BTreeSet<String>),
    /// A text with these words in it, accents or not.
    Contains(String),
    /// Nothing.
    Missing,
}

/// How somebody wants to see a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lens {
    /// The column that gives the order, if not that of the table.
    pub sort: Option<(Arc<str>, Direction)>,
    /// What columns are filtered by.
    pub filters: BTreeMap<Arc<str>, Filter>,
    /// Only rows that something is to be said about.
    pub with_finding: bool,
    /// Only rows in which the person wrote.
    pub mine: bool,
}

/// What is known of a row beside what is in it.
pub trait About {
    /// Whether rules have found something in it.
    fn has_finding(&self, row: &RowId) -> bool;
    /// Whether the person wrote in it.
    fn is_mine(&self, row: &Row) -> bool;
    /// Places of these texts in the order of the language.
    fn collated(&self, texts: BTreeSet<String>) -> HashMap<String, usize>;
}

/// A lens as it was applied at some moment. Rows do not move or vanish while somebody works: what
/// changes afterwards is not looked at until it is applied again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The rows in their order, where they were sorted.
    sorted: Option<Vec<RowId>>,
    /// Rows that were filtered out.
    hidden: HashSet<RowId>,
    /// Rows that there were.
    known: HashSet<RowId>,
}

impl Lens {
    /// Whether it shows everything in the order of the table.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether rows are shown in another order than that of the table.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// Looks at the table as it is now.
    #[must_use]
    pub fn applied(
        &self,
        exercise: &Exercise,
        table: TableId,
        columns: &[GridColumn],
        about: &impl About,
    ) -> Applied {
        let rows: Vec<&Row> = exercise.table(table).rows().collect();
        let column = |field: &str| columns.iter().find(|column| *column.field == *field);
        let filters: Vec<(&GridColumn, &Filter)> = self
            .filters
            .iter()
            .filter_map(|(field, filter)| Some((column(field)?, filter)))
            .collect();
        let passes = |row: &&Row| {
            filters.iter().all(|(column, filter)| {
                filter.passes(&labels(exercise, column.kind, row, &column.field))
            }) && (!self.with_finding || about.has_finding(&row.id))
                && (!self.mine || about.is_mine(row))
        };
        let (shown, hidden): (Vec<&Row>, Vec<&Row>) = rows.iter().copied().partition(passes);
        let sorted = self.sort.as_ref().and_then(|(field, direction)| {
            Some(sorted(exercise, column(field)?, *direction, shown, about))
        });
        Applied {
            sorted,
            hidden: hidden.into_iter().map(|row| row.id.clone()).collect(),
            known: rows.into_iter().map(|row| row.id.clone()).collect(),
        }
    }
}

impl Applied {
    /// The rows to show, out of those that the table has now, in their order. Rows that came since
    /// are shown, behind the row that they follow.
    #[must_use]
    pub fn shown(&self, rows: &[RowId]) -> Vec<RowId> {
        let Some(sorted) = &self.sorted else {
            return rows.iter().filter(|row| !self.hidden.contains(*row)).cloned().collect();
        };
        let present: HashSet<&RowId> = rows.iter().collect();
        let mut followers: HashMap<Option<&RowId>, Vec<&RowId>> = HashMap::new();
        let mut last = None;
        for row in rows {
            if !self.known.contains(row) {
                followers.entry(last).or_default().push(row);
            } else if !self.hidden.contains(row) {
                last = Some(row);
            }
        }
        let known = sorted.iter().filter(|row| present.contains(row)).map(Some);
        let places = std::iter::once(None).chain(known);
        let with_followers = |row: Option<&RowId>| {
            let followers = followers.get(&row).into_iter().flatten().copied();
            row.into_iter().chain(followers).cloned().collect::<Vec<_>>()
        };
        places.flat_map(with_followers).collect()
    }

    /// Shows a row that was filtered out.
    pub fn unhide(&mut self, row: &RowId) {
        if self.hidden.remove(row)
            && let Some(sorted) = &mut self.sorted
        {
            sorted.push(row.clone());
        }
    }

    /// Whether a row is filtered out.
    #[must_use]
    pub fn hides(&self, row: &RowId) -> bool {
        self.hidden.contains(row)
    }

    /// How many of these rows came after it was applied.
    #[must_use]
    pub fn newcomers(&self, rows: &[RowId]) -> usize {
        rows.iter().filter(|row| !self.known.contains(*row)).count()
    }
}

impl Filter {
    fn passes(&self, labels: &[String]) -> bool {
        match self {
            Self::Values(values) => labels.iter().any(|label| values.contains(label)),
            Self::Contains(words) => {
                let text = fold(&labels.join(" "));
                fold(words).split(' ').all(|word| text.contains(word))
            }
            Self::Missing => labels.iter().all(String::is_empty),
        }
    }
}

/// What a cell shows, as one text for each of its members; one empty text where it holds nothing.
#[must_use]
pub fn labels(exercise: &Exercise, kind: Kind, row: &Row, field: &str) -> Vec<String> {
    match shown(exercise, kind, row, field) {
        Shown::Nothing => vec![String::new()],
        Shown::Text(text) => vec![text.trim().into()],
        Shown::Figure(text) => vec![text],
        Shown::State(state) => vec![state.into()],
        Shown::Names(names) => names.into_iter().map(|name| name.text).collect(),
    }
}

/// What the cells of a column show, each once with the number of rows that show it, in the order
/// of the language; what is missing last.
#[must_use]
pub fn values(
    exercise: &Exercise,
    table: TableId,
    column: &GridColumn,
    about: &impl About,
) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in exercise.table(table).rows() {
        for label in labels(exercise, column.kind, row, &column.field) {
            *counts.entry(label).or_default() += 1;
        }
    }
    let places = about.collated(counts.keys().cloned().collect());
    let mut values: Vec<_> = counts.into_iter().collect();
    values.sort_by_key(|(label, _)| (label.is_empty(), places.get(label).copied()));
    values
}

/// By what a row is sorted. Figures come before texts where a column has both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Figure(i64),
    /// Its place among all texts of the column.
    Text(usize),
    ToBeDefined,
    NotApplicable,
    Masked,
    Missing,
}

impl Key {
    /// Figures and texts; what stands in their place comes after them in either direction.
    fn is_value(&self) -> bool {
        matches!(self, Self::Figure(_) | Self::Text(_))
    }
}

fn sorted(
    exercise: &Exercise,
    column: &GridColumn,
    direction: Direction,
    rows: Vec<&Row>,
    about: &impl About,
) -> Vec<RowId> {
    let text = |row: &Row| labels(exercise, column.kind, row, &column.field).join(", ");
    let texts: Vec<String> = rows.iter().map(|row| text(row)).collect();
    let places = about.collated(texts.iter().cloned().collect());
    let key = |row: &Row, text: &str| match row.cells.get(&column.field) {
        None => Key::Missing,
        Some(Cell::Value(value)) => match value {
            Value::Integer(figure) | Value::Money(figure) => Key::Figure(*figure),
            Value::Date(date) => Key::Figure(date.num_days_from_ce().into()),
            Value::ToBeDefined => Key::ToBeDefined,
            Value::NotApplicable => Key::NotApplicable,
            Value::Masked => Key::Masked,
            Value::Text(_) | Value::Code(_) | Value::Flag(_) => place(&places, text),
        },
        Some(Cell::Set(_) | Cell::Narrative(_)) => place(&places, text),
    };
    let mut keyed: Vec<(Key, &Row)> =
        rows.iter().zip(&texts).map(|(row, text)| (key(row, text), *row)).collect();
    // Stable: equal ones keep the order of the table.
    keyed.sort_by(|(one, _), (other, _)| match direction {
        Direction::Descending if one.is_value() && other.is_value() => other.cmp(one),
        _ => one.cmp(other),
    });
    keyed.into_iter().map(|(_, row)| row.id.clone()).collect()
}

fn place(places: &HashMap<String, usize>, text: &str) -> Key {
    if text.is_empty() {
        Key::Missing
    } else {
        Key::Text(places.get(text).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        doc::Document,
        edit::Edit,
        ids::{ExerciseId, Peer},
        key,
    };
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::components::grid::columns::columns;

    struct Plain;

    impl About for Plain {
        fn has_finding(&self, row: &RowId) -> bool {
            row.as_str() == "b"
        }

        fn is_mine(&self, row: &Row) -> bool {
            row.id.as_str() == "c"
        }

        fn collated(&self, texts: BTreeSet<String>) -> HashMap<String, usize> {
            let mut texts: Vec<String> = texts.into_iter().collect();
            texts.sort_by_key(|text| fold(text));
            texts.into_iter().enumerate().map(|(at, text)| (text, at)).collect()
        }
    }

    fn document() -> Document {
        let mut document =
            Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(2).unwrap());
        let mut edits = Vec::new();
        for (id, budget, action) in [
            ("a", Some(Value::Money(9_000)), "Zanja"),
            ("b", None, "Ñandú"),
            ("c", Some(Value::Money(10_000)), "Ámbar"),
            ("d", Some(Value::ToBeDefined), "Nortino"),
            ("e", Some(Value::Money(0)), ""),
            ("f", Some(Value::NotApplicable), "ámbar"),
        ] {
            let row = RowId::new(id).unwrap();
            let key = |field| key::Key::cell(TableId::Focus, &row, field);
            edits.push(Edit::SetCell { key: key("budget"), value: budget });
            let action = (!action.is_empty()).then(|| Value::Text(action.into()));
            edits.push(Edit::SetCell { key: key("action"), value: action });
            edits.push(Edit::PlaceRow { table: TableId::Focus, row, order: format!("{id}V") });
        }
        document.apply(&edits).unwrap();
        document
    }

    fn names(rows: &[RowId]) -> String {
        rows.iter().map(RowId::as_str).collect()
    }

    fn seen(document: &Document, lens: &Lens) -> (Applied, String) {
        let exercise = document.exercise();
        let applied =
            lens.applied(exercise, TableId::Focus, &columns(exercise, TableId::Focus), &Plain);
        let shown = names(&applied.shown(exercise.table(TableId::Focus).order()));
        (applied, shown)
    }

    fn by(field: &str, direction: Direction) -> Lens {
        Lens { sort: Some((field.into(), direction)), ..Lens::default() }
    }

    #[test]
    fn figures_sort_by_number_and_states_come_last_in_either_direction() {
        let document = document();
        assert_eq!(seen(&document, &by("budget", Direction::Ascending)).1, "eacdfb");
        assert_eq!(seen(&document, &by("budget", Direction::Descending)).1, "caedfb");
        assert_eq!(seen(&document, &by("action", Direction::Ascending)).1, "cfbdae");
        assert_eq!(seen(&document, &by("action", Direction::Descending)).1, "adbfce");
        assert_eq!(seen(&document, &by("unknown", Direction::Ascending)).1, "abcdef");
    }

    #[test]
    fn filters_take_what_cells_show() {
        let document = document();
        let only = |field: &str, filter| Lens {
            filters: [(field.into(), filter)].into(),
            ..Lens::default()
        };
        let values =
            |texts: &[&str]| Filter::Values(texts.iter().map(|text| (*text).into()).collect());
        assert_eq!(seen(&document, &only("action", Filter::Contains("AMB".into()))).1, "cf");
        assert_eq!(seen(&document, &only("action", Filter::Missing)).1, "e");
        assert_eq!(seen(&document, &only("budget", values(&["$0", "Por definir", ""]))).1, "bde");
        assert_eq!(seen(&document, &Lens { with_finding: true, ..Lens::default() }).1, "b");
        assert_eq!(seen(&document, &Lens { mine: true, ..Lens::default() }).1, "c");
        let both = Lens { mine: true, with_finding: true, ..Lens::default() };
        assert_eq!(seen(&document, &both).1, "");
    }

    #[test]
    fn nothing_moves_until_it_is_applied_again() {
        let mut document = document();
        let (applied, shown) = seen(&document, &by("budget", Direction::Ascending));
        assert_eq!(shown, "eacdfb");
        let row = |id: &str| RowId::new(id).unwrap();
        let table = TableId::Focus;
        let key = key::Key::cell(table, &row("e"), "budget");
        document
            .apply(&[
                Edit::SetCell { key, value: Some(Value::Money(99_000)) },
                Edit::PlaceRow { table, row: row("n"), order: "aX".into() },
                Edit::PlaceRow { table, row: row("o"), order: "aY".into() },
                Edit::PlaceRow { table, row: row("0"), order: "0V".into() },
                Edit::DeleteRow { table, row: row("c"), deleted: true },
            ])
            .unwrap();
        let order = document.exercise().table(table).order();
        assert_eq!(names(order), "0anobdef");
        assert_eq!(names(&applied.shown(order)), "0eanodfb");
        assert_eq!(applied.newcomers(order), 3);
    }

    #[test]
    fn a_row_added_to_a_filtered_view_stays_visible() {
        let mut document = document();
        let lens = Lens { mine: true, ..Lens::default() };
        let (mut applied, _) = seen(&document, &lens);
        let row = RowId::new("n").unwrap();
        document
            .apply(&[Edit::PlaceRow { table: TableId::Focus, row, order: "cX".into() }])
            .unwrap();
        let order = document.exercise().table(TableId::Focus).order().to_vec();
        assert_eq!(names(&applied.shown(&order)), "cn");
        assert!(applied.hides(&order[0]));
        applied.unhide(&order[0]);
        assert_eq!(names(&applied.shown(&order)), "acn");
        assert_eq!(seen(&document, &lens).1, "c", "until it is applied again");
    }

    #[test]
    fn lists_of_values_count_rows_and_end_with_what_is_missing() {
        let document = document();
        let exercise = document.exercise();
        let columns = columns(exercise, TableId::Focus);
        let column = columns.iter().find(|column| &*column.field == "action").unwrap();
        let values = values(exercise, TableId::Focus, column, &Plain);
        let labels: Vec<&str> = values.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(labels.last(), Some(&""));
        assert_eq!(values.len(), 6);
        assert!(values.iter().all(|(_, rows)| *rows == 1));
    }
}
