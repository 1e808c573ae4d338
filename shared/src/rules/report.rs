//! Where checks put what they find, and the order in which it is read.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::{At, Finding, Severity};
use crate::{
    ids::RowId,
    model::Exercise,
    template::{TableId, regional_columns},
};

/// Collects the findings of one rule.
pub(super) struct Report<'a> {
    rule: &'static str,
    found: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(rule: &'static str, found: &'a mut Vec<Finding>) -> Self {
        Self { rule, found }
    }

    pub(super) fn block(&mut self, at: At, message: String) -> &mut Finding {
        self.add(Severity::Block, at, message)
    }

    pub(super) fn warn(&mut self, at: At, message: String) -> &mut Finding {
        self.add(Severity::Warn, at, message)
    }

    pub(super) fn tip(&mut self, at: At, message: String) -> &mut Finding {
        self.add(Severity::Tip, at, message)
    }

    pub(super) fn add(&mut self, severity: Severity, at: At, message: String) -> &mut Finding {
        let rule = self.rule;
        self.found.push(Finding { rule, severity, at, related: Vec::new(), message, fix: None });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

/// Puts findings in the order of tables, rows and columns, then of rules.
pub(super) fn sort(exercise: &Exercise, found: Vec<Finding>) -> Vec<Finding> {
    let mut places: FxHashMap<TableId, Places> = FxHashMap::default();
    let rank = |(finding, at): (&Finding, usize)| {
        let rank = finding.at.table().map_or(Rank::default(), |table| {
            let places = places.entry(table).or_insert_with(|| Places::of(exercise, table));
            places.rank(table, &finding.at)
        });
        (rank, at)
    };
    // Findings are large: they are moved once, to where their ranks have been sorted to.
    let mut order: Vec<(Rank, usize)> = found.iter().zip(0..).map(rank).collect();
    order.sort_by(|(rank, at), (other_rank, other_at)| {
        rank.cmp(other_rank).then_with(|| {
            let (finding, other) = (&found[*at], &found[*other_at]);
            by_name(&finding.at, &other.at)
                .then_with(|| finding.rule.cmp(other.rule))
                .then_with(|| finding.message.cmp(&other.message))
        })
    });
    let mut found: Vec<Option<Finding>> = found.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, at)| found[at].take()).collect()
}

/// The exercise, then tables in order; in each the table itself, then its rows by their place,
/// then the cells of a row by their column's. One number, because it is compared so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Rank(u64);

impl Rank {
    /// Of a table, and of a row and a field in it. What is not given comes first.
    fn new(table: TableId, row: Option<u32>, field: Option<u16>) -> Self {
        let row = row.map_or(0, |row| u64::from(row.saturating_add(1)));
        let field = field.map_or(0, |field| u64::from(field.saturating_add(1)));
        Self((table as u64 + 1) << 48 | row << 16 | field)
    }
}

struct Places<'a> {
    rows: FxHashMap<&'a RowId, u32>,
    fields: FxHashMap<String, u16>,
}

impl<'a> Places<'a> {
    fn of(exercise: &'a Exercise, table: TableId) -> Self {
        let national = table.columns().iter().map(|column| column.field.to_owned());
        let regional = regional_columns(exercise, table).into_iter().map(|column| column.field);
        Self {
            rows: exercise.table(table).order().iter().zip(0..).collect(),
            fields: national.chain(regional).zip(0..).collect(),
        }
    }

    /// Rows and fields that are not shown come last.
    fn rank(&self, table: TableId, at: &At) -> Rank {
        let row = at.row().map(|row| self.rows.get(row).copied().unwrap_or(u32::MAX));
        let field = match at {
            At::Field(_, _, field) => Some(self.fields.get(field).copied().unwrap_or(u16::MAX)),
            _ => None,
        };
        Rank::new(table, row, field)
    }
}

/// The order of what has no place: by name.
fn by_name(one: &At, other: &At) -> Ordering {
    one.row().cmp(&other.row()).then_with(|| match (one, other) {
        (At::Field(_, _, field), At::Field(_, _, other)) => field.cmp(other),
        _ => Ordering::Equal,
    })
}
