//! What each instrument is given beside what Sercotec announced for it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    ids::RowId,
    model::{
        Exercise,
        announced::{AMOUNTS, compare, compare_with},
        totals::Sum,
    },
    process::{Register, act::AmountBasis},
};

/// Pesos by the id of the instrument, as Sercotec informed them officially, in the order of [`AMOUNTS`];
/// none where it has not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Informed([BTreeMap<String, i64>; 2]);

impl Informed {
    /// What is in force by the register of acts.
    #[must_use]
    pub fn of(register: &Register<'_>) -> Self {
        let bases = [AmountBasis::Exploratory, AmountBasis::Preliminary];
        Self(bases.map(|basis| {
            register.amounts(basis).map(|(_, amounts)| amounts.pesos.clone()).unwrap_or_default()
        }))
    }
}

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

    /// The same in percent of the amount; `None` where that is zero.
    #[must_use]
    pub fn excess_percent(&self) -> Option<Decimal> {
        (Decimal::from(self.excess()) * Decimal::ONE_HUNDRED).checked_div(self.announced.into())
    }
}

/// The instruments for which an amount is known, by id. What was informed officially goes before what
/// the region noted of it among its instruments.
#[must_use]
pub fn announced(exercise: &Exercise, informed: &Informed) -> BTreeMap<&'static str, Against> {
    let mut found = BTreeMap::new();
    // The later amount replaces the earlier one.
    for (field, pesos) in AMOUNTS.into_iter().zip(&informed.0) {
        let of =
            |instrument: &str| Some((RowId::new(instrument).ok()?, pesos.get(instrument).copied()));
        let compared = match pesos.is_empty() {
            true => compare(exercise, field),
            false => compare_with(exercise, &of),
        };
        for compared in compared {
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
        let found = announced(&exercise, &Informed::default());
        let line = |id: &str| {
            let against: &Against = &found[id];
            (against.field, against.announced, against.excess(), against.is_complete)
        };
        assert_eq!(line("crece"), ("preliminary_amount", 90, 5, true));
        assert_eq!(line("juntos"), ("exploratory_budget", 50, -50, false));
        // Half of the preliminary amount is open, so the exploratory one still counts.
        assert_eq!(line("emprende"), ("exploratory_budget", 30, -5, true));
        assert_eq!(found.len(), 3, "{found:?}");
        let percent = found["crece"].excess_percent().map(|percent| percent.round_dp(1));
        assert_eq!(percent, Some(Decimal::new(56, 1)));

        // What Sercotec informed goes before what the region noted, each amount for itself.
        let preliminary = BTreeMap::from([("crece".into(), 80), ("juntos".into(), 0)]);
        let informed = Informed([BTreeMap::new(), preliminary]);
        let found = announced(&exercise, &informed);
        let line = |id: &str| (found[id].field, found[id].announced, found[id].excess());
        assert_eq!(line("crece"), ("preliminary_amount", 80, 15));
        assert_eq!(line("juntos"), ("preliminary_amount", 0, 0));
        assert_eq!(line("emprende"), ("exploratory_budget", 30, -5));
        assert_eq!(found["juntos"].excess_percent(), None, "nothing is no part of nothing");
    }
}
