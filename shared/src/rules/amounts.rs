//! Budgets per instrument beside the amounts that Sercotec informed (VAL-13, VAL-14).

use super::{At, Report, subject::Subject, subject::quote};
use crate::{
    format::format_money,
    ids::RowId,
    instruments::{Instrument, in_year},
    model::totals::is_external,
    template::TableId,
};

/// Warns where the budgets of an instrument are not the amount informed in this column.
///
/// Rows paid by others are left out. While a budget is open nothing can be said, except that what
/// there is already exceeds the amount. A joint entry, in use in a row or an amount, is compared as
/// one with the instruments that it covers.
pub(super) fn compare(subject: &Subject<'_>, report: &mut Report<'_>, field: &str, amount: &str) {
    let joint: Vec<&Instrument> = in_year(subject.budget_year())
        .filter(|entry| !entry.covers.is_empty() && is_used(subject, entry, field))
        .collect();
    let alone = in_year(subject.budget_year()).filter(|entry| {
        entry.is_legal_record() && !joint.iter().any(|joint| joint.covers.contains(&entry.id))
    });
    for entry in alone.chain(joint.iter().copied()) {
        let Some(informed) = informed(subject, entry, field) else { continue };
        let budget = budget(subject, entry);
        let excess = budget.sum.saturating_sub(informed.sum);
        if excess == 0 || budget.rows.is_empty() || (excess < 0 && !budget.complete) {
            continue;
        }
        let (difference, name) = (format_money(excess.saturating_abs()), quote(entry.name));
        let message = if excess > 0 {
            format!("{name} supera en {difference} el {amount}.")
        } else {
            format!("{name} queda {difference} bajo el {amount}.")
        };
        let mut places = informed.rows.into_iter();
        if let Some(at) = places.next() {
            report.warn(at, message).related = places.chain(budget.rows).collect();
        }
    }
}

/// A sum with the cells that it comes from.
#[derive(Default)]
struct Sum {
    sum: i64,
    rows: Vec<At>,
    complete: bool,
}

impl Sum {
    fn add(&mut self, at: At, pesos: Option<i64>) {
        self.sum = self.sum.saturating_add(pesos.unwrap_or(0));
        self.complete &= pesos.is_some();
        self.rows.push(at);
    }
}

/// The amounts of the instruments that an entry stands for, or its own; `None` while one is open.
fn informed(subject: &Subject<'_>, entry: &Instrument, field: &str) -> Option<Sum> {
    let sum = |ids: &mut dyn Iterator<Item = &'static str>| {
        let mut sum = Sum { complete: true, ..Sum::default() };
        for id in ids {
            let row = RowId::new(id).ok()?;
            let pesos = subject.exercise.row(TableId::Instruments, &row)?.money(field);
            sum.add(At::field(TableId::Instruments, &row, field), pesos);
        }
        sum.complete.then_some(sum)
    };
    sum(&mut entry.accounts_for()).or_else(|| sum(&mut std::iter::once(entry.id)))
}

fn budget(subject: &Subject<'_>, entry: &Instrument) -> Sum {
    let mut sum = Sum { complete: true, ..Sum::default() };
    for action in &subject.actions {
        let counts = action
            .instrument
            .is_some_and(|named| named.id == entry.id || entry.covers.contains(&named.id));
        if counts && !is_external(action.row) {
            sum.add(action.field("budget"), action.row.money("budget"));
        }
    }
    sum
}

fn is_used(subject: &Subject<'_>, entry: &Instrument, field: &str) -> bool {
    let named = |named: &Instrument| named.id == entry.id;
    subject.actions.iter().any(|action| action.instrument.is_some_and(named))
        || RowId::new(entry.id)
            .ok()
            .and_then(|id| subject.exercise.row(TableId::Instruments, &id))
            .is_some_and(|row| row.money(field).is_some())
}
