//! What each instrument is given in the *Matriz Focalización*, beside what Sercotec announced for
//! it (VAL-13, VAL-14).

use rustc_hash::FxHashMap;

use crate::{
    ids::RowId,
    instruments::{Instrument, in_year},
    model::{
        Exercise, Row,
        totals::{Sum, is_external},
    },
    template::TableId,
};

/// The amounts that Sercotec announces for an instrument, by their field: the exploratory one in
/// June and the preliminary one in December.
pub const AMOUNTS: [&str; 2] = ["exploratory_budget", "preliminary_amount"];

/// An instrument, or a joint entry as one with the instruments that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// The instrument.
    pub entry: &'static Instrument,
    /// Its rows that Sercotec pays, in the order of the matrix.
    pub rows: Vec<&'a Row>,
    /// The sum of their budgets.
    pub budget: Sum,
    /// The amount announced, where it is known as a whole.
    pub announced: Option<Announced>,
}

/// An amount, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announced {
    /// Pesos.
    pub pesos: i64,
    /// The rows of the instruments that it is the sum of.
    pub rows: Vec<RowId>,
}

impl Comparison<'_> {
    /// Whether every row has a budget.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.budget.known as usize == self.rows.len()
    }
}

/// Where an instrument's amount stands, and its pesos where they are known.
pub type Amount = (RowId, Option<i64>);

/// Compares with the amounts of this column.
#[must_use]
pub fn compare<'a>(exercise: &'a Exercise, field: &str) -> Vec<Comparison<'a>> {
    compare_with(exercise, &|instrument| amount(exercise, instrument, field))
}

/// Compares with the amounts that this function gives for an instrument. A joint entry that a row or an
/// amount uses stands for the instruments that it covers.
#[must_use]
pub fn compare_with<'a>(
    exercise: &'a Exercise,
    amount: &dyn Fn(&str) -> Option<Amount>,
) -> Vec<Comparison<'a>> {
    // By instrument, also where others pay all of its rows.
    let mut paid: FxHashMap<&str, Vec<(usize, &Row)>> = FxHashMap::default();
    for (place, row) in exercise.table(TableId::Focus).rows().enumerate() {
        let of_instrument = paid.entry(row.code("instrument")).or_default();
        if !is_external(row) {
            of_instrument.push((place, row));
        }
    }
    let year = i32::from(exercise.id.budget_year);
    let is_used = |entry: &Instrument| {
        paid.contains_key(entry.id) || amount(entry.id).is_some_and(|(_, pesos)| pesos.is_some())
    };
    let joint: Vec<&Instrument> =
        in_year(year).filter(|entry| !entry.covers.is_empty() && is_used(entry)).collect();
    let alone = in_year(year).filter(|entry| {
        entry.is_legal_record() && !joint.iter().any(|joint| joint.covers.contains(&entry.id))
    });
    let compared = |entry: &'static Instrument| {
        let named = std::iter::once(&entry.id).chain(entry.covers);
        let mut rows: Vec<_> = named.filter_map(|id| paid.get(id)).flatten().copied().collect();
        rows.sort_by_key(|(place, _)| *place);
        let mut budget = Sum::default();
        rows.iter().for_each(|(_, row)| budget.add(row.value("budget")));
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        Comparison { entry, rows, budget, announced: announced(entry, amount) }
    };
    alone.chain(joint.iter().copied()).map(compared).collect()
}

/// The amounts of the instruments that an entry stands for, or its own; `None` while one is open.
fn announced(entry: &Instrument, amount: &dyn Fn(&str) -> Option<Amount>) -> Option<Announced> {
    let sum = |ids: &mut dyn Iterator<Item = &'static str>| {
        let mut sum = Announced::default();
        for id in ids {
            let (row, pesos) = amount(id)?;
            sum.pesos = sum.pesos.saturating_add(pesos?);
            sum.rows.push(row);
        }
        Some(sum)
    };
    sum(&mut entry.accounts_for()).or_else(|| sum(&mut std::iter::once(entry.id)))
}

/// The row of an instrument, and its amount where it holds one.
fn amount(exercise: &Exercise, instrument: &str, field: &str) -> Option<Amount> {
    let row = RowId::new(instrument).ok()?;
    let pesos = exercise.row(TableId::Instruments, &row)?.money(field);
    Some((row, pesos))
}
