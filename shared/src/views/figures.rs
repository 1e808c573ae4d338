//! What some rows of the *Matriz Focalización* come to.

use std::collections::BTreeMap;

use crate::{
    instruments::{Instrument, instrument},
    model::{
        Row,
        totals::{Sum, is_external},
    },
};

/// Whether a row counts in the legal total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// A transferred instrument, paid by Sercotec.
    Legal,
    /// Paid by others (FNDR and the like).
    External,
    /// An instrument that was not transferred, or none yet.
    Outside,
}

/// How a row stands to the legal total, as [`crate::model::totals::totals`] counts it.
#[must_use]
pub fn standing(row: &Row) -> Standing {
    if is_external(row) {
        Standing::External
    } else if instrument(row.code("instrument")).is_some_and(Instrument::transferred) {
        Standing::Legal
    } else {
        Standing::Outside
    }
}

/// Rows, budget and coverage, with what they lack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// How many rows.
    pub rows: usize,
    /// The budgets of all of them.
    pub budget: Sum,
    /// Of these, what is in the legal total.
    pub legal: Sum,
    /// Of these, what others pay.
    pub external: Sum,
    /// Of these, what belongs to no transferred instrument.
    pub outside: Sum,
    /// Coverage by unit, for unlike units are not added; rows that name none are under `""`.
    pub coverage: BTreeMap<String, Sum>,
}

impl Figures {
    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        let budget = row.value("budget");
        self.rows += 1;
        self.budget.add(budget);
        match standing(row) {
            Standing::Legal => self.legal.add(budget),
            Standing::External => self.external.add(budget),
            Standing::Outside => self.outside.add(budget),
        }
        let unit = row.code("coverage_unit");
        match self.coverage.get_mut(unit) {
            Some(sum) => sum.add(row.value("coverage")),
            None => self.coverage.entry(unit.to_owned()).or_default().add(row.value("coverage")),
        }
    }

    /// Pesos per unit of coverage, where every row has both and all count the same.
    #[must_use]
    pub fn unit_cost(&self) -> Option<i64> {
        let mut units = self.coverage.values();
        let (Some(coverage), None) = (units.next(), units.next()) else { return None };
        let complete = |sum: &Sum| sum.known as usize == self.rows;
        let known = complete(coverage) && complete(&self.budget) && coverage.total > 0;
        known.then(|| self.budget.total / coverage.total)
    }
}
