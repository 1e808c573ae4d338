//! What follows from the exercise: findings and totals. Computed when typing pauses, never while
//! a key is pressed.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    ids::RowId,
    instruments,
    model::{
        Exercise,
        totals::{Totals, totals},
    },
    rules::{self, At, Context, Finding},
    template::TableId,
};

use crate::clock;

/// The findings of an exercise, by place, and its totals.
#[derive(Debug, Default)]
pub struct Derived {
    /// All findings, as the rules sort them; none before the rules were evaluated.
    pub findings: Vec<Finding>,
    /// Whether the rules were evaluated.
    pub is_evaluated: bool,
    /// Sums of the Matriz Focalización.
    pub totals: Totals,
    by_row: BTreeMap<(TableId, RowId), Vec<usize>>,
}

impl Derived {
    /// What is known at once: rules take several times as long as totals.
    pub fn before_rules(exercise: &Exercise) -> Self {
        let transferred =
            |id: &str| instruments::instrument(id).is_some_and(|found| found.transferred());
        Self { totals: totals(exercise, transferred), ..Self::default() }
    }

    /// Evaluates rules and totals.
    pub fn of(exercise: &Exercise) -> Self {
        let context = Context::of(exercise.id, clock::today());
        let findings = clock::measured("rules", || rules::evaluate(exercise, &context));
        let mut by_row: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, finding) in findings.iter().enumerate() {
            if let (Some(table), Some(row)) = (finding.at.table(), finding.at.row()) {
                by_row.entry((table, row.clone())).or_default().push(place);
            }
        }
        Self { findings, is_evaluated: true, by_row, ..Self::before_rules(exercise) }
    }

    /// The findings of a cell.
    pub fn at(&self, table: TableId, row: &RowId, field: &str) -> Vec<Finding> {
        let here = |at: &At| matches!(at, At::Field(_, _, found) if found == field);
        self.of_row(table, row).filter(|finding| here(&finding.at)).cloned().collect()
    }

    /// Whether anything is said about a row.
    pub fn has_finding(&self, table: TableId, row: &RowId) -> bool {
        self.of_row(table, row).next().is_some()
    }

    /// The rows whose findings differ.
    pub fn differences(&self, other: &Self) -> BTreeSet<(TableId, RowId)> {
        let differs = |(table, row): &&(TableId, RowId)| {
            !self.of_row(*table, row).eq(other.of_row(*table, row))
        };
        self.by_row.keys().chain(other.by_row.keys()).filter(differs).cloned().collect()
    }

    fn of_row(&self, table: TableId, row: &RowId) -> impl Iterator<Item = &Finding> {
        let places = self.by_row.get(&(table, row.clone()));
        places.into_iter().flatten().map(|place| &self.findings[*place])
    }
}
