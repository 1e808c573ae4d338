//! How a person likes to see a table: which columns, in which order, how wide; how high its rows.
//! It is theirs alone, on this device, and never in the document.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::columns::GridColumn;

/// The narrowest that a column can be made, in CSS pixels where text has its usual size.
pub const NARROWEST: f64 = 60.0;
/// The widest.
pub const WIDEST: f64 = 900.0;

/// How high rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// As high as the longest of their texts, up to a maximum.
    #[default]
    ByText,
    /// All of them the same, three lines.
    Compact,
}

/// A person's arrangement of a table. Columns are named by their fields; what it says of columns
/// that the table does not have is kept and has no effect.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    /// Columns in the order of this person; empty for the order of the table.
    order: Vec<String>,
    hidden: BTreeSet<String>,
    widths: BTreeMap<String, f64>,
    /// How high rows are.
    pub density: Density,
}

impl Arrangement {
    /// These columns of a table as this person sees them. At least one is always shown.
    #[must_use]
    pub fn applied(&self, columns: Vec<GridColumn>) -> Vec<GridColumn> {
        let mut columns = self.ordered(columns);
        for column in &mut columns {
            if let Some(width) = self.widths.get(&*column.field) {
                (column.width, column.sized) = (width.clamp(NARROWEST, WIDEST), true);
            }
        }
        let is_hidden = |column: &GridColumn| self.hidden.contains(&*column.field);
        if !columns.iter().all(is_hidden) {
            columns.retain(|column| !is_hidden(column));
        }
        columns
    }

    /// All columns in the order of this person, hidden ones too. One that was added to the table
    /// since stands behind the column that it follows there.
    fn ordered(&self, columns: Vec<GridColumn>) -> Vec<GridColumn> {
        if self.order.is_empty() {
            return columns;
        }
        let ranks: HashMap<&str, usize> =
            self.order.iter().enumerate().map(|(at, field)| (field.as_str(), at + 1)).collect();
        let mut last = 0;
        let rank = |column: &GridColumn| {
            last = ranks.get(&*column.field).copied().unwrap_or(last);
            last
        };
        let ranks: Vec<usize> = columns.iter().map(rank).collect();
        let mut ranked: Vec<_> = ranks.into_iter().zip(columns).collect();
        // Stable: new columns keep their place behind the one that they follow.
        ranked
            .sort_by_key(|(rank, column)| (*rank, !self.order.contains(&column.field.to_string())));
        ranked.into_iter().map(|(_, column)| column).collect()
    }

    /// Back to the order, widths and columns with which the table comes.
    pub fn reset(&mut self) {
        *self = Self { density: self.density, ..Self::default() };
    }

    /// Makes a column this wide, in CSS pixels where text has its usual size.
    pub fn resize(&mut self, field: &str, width: f64) {
        self.widths.insert(field.into(), width.round().clamp(NARROWEST, WIDEST));
    }

    /// Shows a column, or does not.
    pub fn show(&mut self, field: &str, shown: bool) {
        if shown {
            self.hidden.remove(field);
        } else {
            self.hidden.insert(field.into());
        }
    }

    /// Shows all columns.
    pub fn show_all(&mut self) {
        self.hidden.clear();
    }

    /// Which of these columns are hidden.
    #[must_use]
    pub fn hidden<'a>(&self, columns: &'a [GridColumn]) -> Vec<&'a GridColumn> {
        columns.iter().filter(|column| self.hidden.contains(&*column.field)).collect()
    }

    /// Puts a column where another stands, among all `columns` of the table: before it on its
    /// way to the start, behind it on its way to the end.
    pub fn move_to(&mut self, columns: Vec<GridColumn>, field: &str, target: &str) {
        let mut order: Vec<String> =
            self.ordered(columns).into_iter().map(|column| column.field.to_string()).collect();
        let place = |field: &str| order.iter().position(|known| known == field);
        if let (Some(from), Some(to)) = (place(field), place(target)) {
            let moved = order.remove(from);
            order.insert(to, moved);
            self.order = order;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::template::Kind;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn columns(fields: &str) -> Vec<GridColumn> {
        let column = |field: char| GridColumn {
            field: field.to_string().into(),
            title: field.to_string(),
            kind: Kind::Text,
            required: false,
            regional: false,
            help: String::new(),
            width: 100.0,
            sized: false,
        };
        fields.chars().map(column).collect()
    }

    fn shown(arrangement: &Arrangement, fields: &str) -> String {
        arrangement.applied(columns(fields)).iter().map(|column| column.title.as_str()).collect()
    }

    #[test]
    fn columns_go_where_they_are_put() {
        let mut mine = Arrangement::default();
        mine.move_to(columns("abcd"), "d", "b");
        assert_eq!(shown(&mine, "abcd"), "adbc");
        mine.move_to(columns("abcd"), "a", "c");
        assert_eq!(shown(&mine, "abcd"), "dbca");
        assert_eq!(shown(&mine, "abxcd"), "dbxca", "a new column follows its neighbour");
        assert_eq!(shown(&mine, "yabcd"), "ydbca", "or stands first");
        assert_eq!(shown(&mine, "acd"), "dca", "one that has gone leaves no gap");
        mine.reset();
        assert_eq!(shown(&mine, "abcd"), "abcd");
    }

    #[test]
    fn hidden_columns_come_back_where_they_were() {
        let mut mine = Arrangement::default();
        mine.show("b", false);
        assert_eq!(shown(&mine, "abc"), "ac");
        assert_eq!(mine.hidden(&columns("abc")).len(), 1);
        mine.move_to(columns("abc"), "c", "a");
        assert_eq!(shown(&mine, "abc"), "ca");
        mine.show("b", true);
        assert_eq!(shown(&mine, "abc"), "cab");
        for field in ["a", "b", "c"] {
            mine.show(field, false);
        }
        assert_eq!(shown(&mine, "abc"), "cab", "never an empty table");
    }

    #[test]
    fn widths_stay_within_reason() {
        let mut mine = Arrangement::default();
        mine.resize("a", 3.0);
        mine.resize("b", 222.4);
        let widths: Vec<_> = mine
            .applied(columns("abc"))
            .iter()
            .map(|column| (column.width, column.sized))
            .collect();
        assert_eq!(widths, [(NARROWEST, true), (222.0, true), (100.0, false)]);
    }

    #[test]
    fn what_a_later_version_remembers_does_no_harm() {
        let text = r#"{"order":["b","a"],"later":1}"#;
        let known: Arrangement = serde_json::from_str(text).unwrap();
        assert_eq!(shown(&known, "ab"), "ba");
        let back: Arrangement =
            serde_json::from_slice(&serde_json::to_vec(&known).unwrap()).unwrap();
        assert_eq!(back, known);
    }

    proptest! {
        #[test]
        fn no_column_is_lost_or_doubled(moves in prop::collection::vec((0usize..6, 0usize..6), 0..20)) {
            let mut mine = Arrangement::default();
            for (from, to) in moves {
                let name = |at: usize| "abcdef"[at..=at].to_owned();
                mine.move_to(columns("abcdef"), &name(from), &name(to));
            }
            let mut all: Vec<char> = shown(&mine, "abcdefgh").chars().collect();
            all.sort_unstable();
            prop_assert_eq!(all.into_iter().collect::<String>(), "abcdefgh");
        }
    }
}
