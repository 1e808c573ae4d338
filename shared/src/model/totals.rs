//! Totals of the *Matriz Focalización*. They are computed, never typed (VAL-20).

use std::collections::BTreeMap;

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
    for row in exercise.table(TableId::Focus).rows() {
        let budget = row.value("budget");
        let instrument = row.code("instrument");
        totals.budget.add(budget);
        if is_external(row) {
            totals.external.add(budget);
        } else if transferred(instrument) {
            totals.transferred.add(budget);
        }
        totals.coverage.add(row.value("coverage"));
        let unit = row.code("coverage_unit").to_owned();
        totals.coverage_by_unit.entry(unit).or_default().add(row.value("coverage"));
        totals.by_instrument.entry(instrument.to_owned()).or_default().add(budget);
        add_to_each(&mut totals.by_objective, row, "objectives");
        add_to_each(&mut totals.by_place, row, "places");
    }
    totals
}

/// Whether a row is paid by others than Sercotec.
#[must_use]
pub fn is_external(row: &Row) -> bool {
    !matches!(row.code("funding"), "" | "sercotec")
}

fn add_to_each(sums: &mut BTreeMap<String, Sum>, row: &Row, field: &str) {
    let mut members = row.members(field).peekable();
    if members.peek().is_none() {
        sums.entry(String::new()).or_default().add(row.value("budget"));
    }
    for member in members {
        sums.entry(member.to_owned()).or_default().add(row.value("budget"));
    }
}
