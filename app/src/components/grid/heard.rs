//! What the rules say of the cells that somebody works in, read aloud: who does not see the list
//! beside the table is told when a finding appears or goes.

use leptos::prelude::*;
use shared::{
    ids::RowId,
    rules::{At, Finding},
};

use super::sheet::{Cursor, Sheet};
use crate::text;

/// Tells of findings: those of the cell that the cursor comes to, and those that appear in or go
/// from the rows where it was since the rules last looked.
pub fn follow_findings(sheet: Sheet) {
    let visited = StoredValue::new(Vec::<RowId>::new());
    Effect::new(move |_| {
        let Some(Cursor { row, field }) = sheet.cursor.get() else { return };
        let here = untrack(|| sheet.store.findings_at(sheet.table, &row, &field));
        if let Some(first) = here.first() {
            sheet.announce(said("Aviso", first, here.len() - 1));
        }
        visited.update_value(|rows| {
            rows.retain(|other| *other != row);
            rows.push(row);
        });
    });
    Effect::new(move |last: Option<Vec<Finding>>| {
        let derived = sheet.store.derived();
        let of_table = |finding: &&Finding| finding.at.table() == Some(sheet.table);
        let now: Vec<Finding> = derived.findings.iter().filter(of_table).cloned().collect();
        let rows = visited.get_value();
        if let Some(last) = last {
            let (here, before) = (of_rows(&now, &rows), of_rows(&last, &rows));
            if let Some(text) = change(&before, &here) {
                sheet.announce(text);
            }
        }
        let current =
            sheet.cursor.with_untracked(|cursor| cursor.as_ref().map(|at| at.row.clone()));
        visited.set_value(current.into_iter().collect());
        now
    });
}

fn of_rows<'a>(findings: &'a [Finding], rows: &[RowId]) -> Vec<&'a Finding> {
    findings.iter().filter(|it| it.at.row().is_some_and(|row| rows.contains(row))).collect()
}

/// What became of findings, in words; `None` where nothing did.
fn change(before: &[&Finding], now: &[&Finding]) -> Option<String> {
    let name = |finding: &Finding| -> (&'static str, At) { (finding.rule, finding.at.clone()) };
    let known: Vec<_> = before.iter().map(|finding| name(finding)).collect();
    let mut new = now.iter().filter(|finding| !known.contains(&name(finding)));
    if let Some(first) = new.next() {
        return Some(said("Aviso nuevo", first, new.count()));
    }
    match before.len().checked_sub(now.len()) {
        None | Some(0) => None,
        Some(gone) => Some(match now.len() {
            0 => "Sin avisos en esta fila.".into(),
            left => format!(
                "{} menos; en esta fila queda{} {left}.",
                text::count(gone, "aviso", "avisos"),
                if left == 1 { "" } else { "n" }
            ),
        }),
    }
}

fn said(what: &str, first: &Finding, more: usize) -> String {
    let message = &first.message;
    match more {
        0 => format!("{what}: {message}"),
        more => format!("{what}: {message} Y {more} más."),
    }
}

#[cfg(test)]
mod tests {
    use shared::{rules::Severity, template::TableId};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn finding(rule: &'static str, field: &str) -> Finding {
        let at = At::field(TableId::Focus, &RowId::new("r1").unwrap(), field);
        let message = format!("Falta {field}.");
        Finding { rule, severity: Severity::Warn, at, related: Vec::new(), message, fix: None }
    }

    #[test]
    fn what_appears_is_told_before_what_goes() {
        let (one, other) = (finding("VAL-24", "budget"), finding("VAL-07", "objectives"));
        assert_eq!(change(&[], &[]), None);
        assert_eq!(change(&[&one], &[&one]), None);
        assert_eq!(change(&[&one], &[&other]).as_deref(), Some("Aviso nuevo: Falta objectives."));
        let both = change(&[], &[&one, &other]);
        assert_eq!(both.as_deref(), Some("Aviso nuevo: Falta budget. Y 1 más."));
        let fewer = change(&[&one, &other], &[&one]);
        assert_eq!(fewer.as_deref(), Some("1 aviso menos; en esta fila queda 1."));
        assert_eq!(change(&[&one], &[]).as_deref(), Some("Sin avisos en esta fila."));
    }
}
