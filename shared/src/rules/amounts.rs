//! Budgets per instrument beside the amounts that Sercotec informed (VAL-13, VAL-14).

use super::{At, Report, subject::Subject, subject::quote};
use crate::{format::format_money, model::announced, template::TableId};

/// Warns where the budgets of an instrument are not the amount informed in this column.
///
/// Rows paid by others are left out. While a budget is open nothing can be said, except that what
/// there is already exceeds the amount. A joint entry, in use in a row or an amount, is compared as
/// one with the instruments that it covers.
pub(super) fn compare(subject: &Subject<'_>, report: &mut Report<'_>, field: &str, amount: &str) {
    for compared in announced::compare(subject.exercise, field) {
        let Some(informed) = &compared.announced else { continue };
        let excess = compared.budget.total.saturating_sub(informed.pesos);
        let is_open = excess < 0 && !compared.is_complete();
        if excess == 0 || compared.rows.is_empty() || is_open {
            continue;
        }
        let name = quote(compared.entry.name);
        let difference = format_money(excess.saturating_abs());
        let message = if excess > 0 {
            format!("{name} supera en {difference} el {amount}.")
        } else {
            format!("{name} queda {difference} bajo el {amount}.")
        };
        let mut places =
            informed.rows.iter().map(|row| At::field(TableId::Instruments, row, field));
        if let Some(at) = places.next() {
            let budgets =
                compared.rows.iter().map(|row| At::field(TableId::Focus, &row.id, "budget"));
            report.warn(at, message).related = places.chain(budgets).collect();
        }
    }
}
