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
    let mut ranked: Vec<(Rank, Finding)> = found
        .into_iter()
        .map(|finding| {
            let rank = finding.at.table().map(|table| {
                let places = places.entry(table).or_insert_with(|| Places::of(exercise, table));
                (table, places.rank(&finding.at))
            });
            (rank, finding)
        })
        .collect();
    ranked.sort_by(|(rank, finding), (other_rank, other)| {
        rank.cmp(other_rank)
            .then_with(|| by_name(&finding.at, &other.at))
            .then_with(|| finding.rule.cmp(other.rule))
            .then_with(|| finding.message.cmp(&other.message))
    });
    ranked.into_iter().map(|(_, finding)| finding).collect()
}

/// The exercise, then tables in order; in each the table itself, then its rows by their place,
/// then the cells of a row by their column's.
type Rank = Option<(TableId, Option<(usize, Option<usize>)>)>;

struct Places<'a> {
    rows: FxHashMap<&'a RowId, usize>,
    fields: FxHashMap<String, usize>,
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
    fn rank(&self, at: &At) -> Option<(usize, Option<usize>)> {
        let row = self.rows.get(at.row()?).copied().unwrap_or(usize::MAX);
        let field = match at {
            At::Field(_, _, field) => Some(self.fields.get(field).copied().unwrap_or(usize::MAX)),
            _ => None,
        };
        Some((row, field))
    }
}

/// The order of what has no place: by name.
fn by_name(one: &At, other: &At) -> Ordering {
    one.row().cmp(&other.row()).then_with(|| match (one, other) {
        (At::Field(_, _, field), At::Field(_, _, other)) => field.cmp(other),
        _ => Ordering::Equal,
    })
}
