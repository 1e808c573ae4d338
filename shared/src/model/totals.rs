//! Totals of the *Matriz Focalización*. They are computed, never typed (VAL-20).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    model::{Exercise, Row},
    template::TableId,
    value::Value,
};

/// A sum that does not hide what it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// The sum of the figures that there are.
    pub total: i64,
    /// Cells with a figure.
    pub known: u32,
    /// Cells left empty.
    pub missing: u32,
    /// Cells that say "por definir".
    pub to_be_defined: u32,
    /// Cells that say "no aplica".
    pub not_applicable: u32,
    /// Cells withheld by their source.
    pub masked: u32,
}

impl Sum {
    /// Adds a cell.
    pub fn add(&mut self, value: Option<&Value>) {
        match value {
            Some(Value::Money(figure) | Value::Integer(figure)) => {
                self.total = self.total.saturating_add(*figure);
                self.known += 1;
            }
            Some(Value::ToBeDefined) => self.to_be_defined += 1,
            Some(Value::NotApplicable) => self.not_applicable += 1,
            Some(Value::Masked) => self.masked += 1,
            _ => self.missing += 1,
        }
    }
}

/// The sums of the *Matriz Focalización*.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// All rows.
    pub budget: Sum,
    /// Rows of transferred instruments, the legal total; external funds are not in it.
    pub transferred: Sum,
    /// Rows paid by others than Sercotec (FNDR and the like).
    pub external: Sum,
    /// Coverage over all rows, whatever the unit: shown only where the units agree.
    pub coverage: Sum,
    /// Coverage by unit; rows that name none are under `""`.
    pub coverage_by_unit: BTreeMap<String, Sum>,
    /// Budget by instrument id; rows that name none are under `""`.
    pub by_instrument: BTreeMap<String, Sum>,
    /// Budget by objective; a row with several counts in each of them. Rows without are under `""`.
    pub by_objective: BTreeMap<String, Sum>,
    /// Budget by place, likewise.
    pub by_place: BTreeMap<String, Sum>,
}

/// Computes the totals. `transferred` tells whether an instrument belongs to the transferred
/// competences.
#[must_use]
pub fn totals(exercise: &Exercise, transferred: impl Fn(&str) -> bool) -> Totals {
    let mut totals = Totals::default();
    let (mut by_unit, mut by_instrument) = (Sums::default(), Sums::default());
    let (mut by_objective, mut by_place) = (Sums::default(), Sums::default());
    for row in exercise.table(TableId::Focus).rows() {
        let (budget, coverage) = (row.value("budget"), row.value("coverage"));
        let instrument = row.code("instrument");
        totals.budget.add(budget);
        if is_external(row) {
            totals.external.add(budget);
        } else if transferred(instrument) {
            totals.transferred.add(budget);
        }
        totals.coverage.add(coverage);
        by_unit.entry(row.code("coverage_unit")).or_default().add(coverage);
        by_instrument.entry(instrument).or_default().add(budget);
        add_to_each(&mut by_objective, row.members("objectives"), budget);
        add_to_each(&mut by_place, row.members("places"), budget);
    }
    Totals {
        coverage_by_unit: written(by_unit),
        by_instrument: written(by_instrument),
        by_objective: written(by_objective),
        by_place: written(by_place),
        ..totals
    }
}

/// Sums while rows are read: a name is written out once, and not for each of thousands.
type Sums<'a> = FxHashMap<&'a str, Sum>;

fn written(sums: Sums<'_>) -> BTreeMap<String, Sum> {
    sums.into_iter().map(|(name, sum)| (name.to_owned(), sum)).collect()
}

/// Whether a row is paid by others than Sercotec.
#[must_use]
pub fn is_external(row: &Row) -> bool {
    !matches!(row.code("funding"), "" | "sercotec")
}

fn add_to_each<'a>(
    sums: &mut Sums<'a>,
    members: impl Iterator<Item = &'a str>,
    value: Option<&Value>,
) {
    let mut members = members.peekable();
    if members.peek().is_none() {
        sums.entry("").or_default().add(value);
    }
    for member in members {
        sums.entry(member).or_default().add(value);
    }
}
