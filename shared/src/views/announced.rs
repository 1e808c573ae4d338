//! What each instrument is given beside what Sercotec announced for it.

use std::collections::BTreeMap;

use crate::model::{
    Exercise,
    announced::{AMOUNTS, compare},
    totals::Sum,
};

/// An instrument beside its announced amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The amount's column: the preliminary one where it is known, else the exploratory one.
    pub field: &'static str,
    /// Pesos announced.
    pub announced: i64,
    /// The budgets of the rows that Sercotec pays; of a joint entry with those that it covers.
    pub budget: Sum,
    /// Whether every such row has a budget.
    pub is_complete: bool,
}

impl Against {
    /// By how much the budgets exceed the amount; below zero, how much is left.
    #[must_use]
    pub fn excess(&self) -> i64 {
        self.budget.total.saturating_sub(self.announced)
    }
}

/// The instruments for which an amount is known, by id.
#[must_use]
pub fn announced(exercise: &Exercise) -> BTreeMap<&'static str, Against> {
    let mut found = BTreeMap::new();
    // The later amount replaces the earlier one.
    for field in AMOUNTS {
        for compared in compare(exercise, field) {
            let is_complete = compared.is_complete();
            let Some(announced) = compared.announced else { continue };
            let budget = compared.budget;
            let against = Against { field, announced: announced.pesos, budget, is_complete };
            found.insert(compared.entry.id, against);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::tests::exercise;

    #[test]
    fn the_preliminary_amount_counts_where_it_is_known() {
        let exercise = exercise(
            "## instruments
            | id | exploratory_budget | preliminary_amount |
            | crece | 100 | 90 |
            | juntos | 50 | |
            | mejora_negocios | por definir | |
            | semilla_emprende | 10 | 11 |
            | abeja_emprende | 20 | |
            ## focus
            | id | instrument | budget | funding |
            | a | crece | 95 | |
            | b | crece | 1000 | fndr |
            | c | juntos | | |
            | d | emprende | 25 | |",
        );
        let found = announced(&exercise);
        let line = |id: &str| {
            let against: &Against = &found[id];
            (against.field, against.announced, against.excess(), against.is_complete)
        };
        assert_eq!(line("crece"), ("preliminary_amount", 90, 5, true));
        assert_eq!(line("juntos"), ("exploratory_budget", 50, -50, false));
        // Half of the preliminary amount is open, so the exploratory one still counts.
        assert_eq!(line("emprende"), ("exploratory_budget", 30, -5, true));
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
