//! Real exercises with the findings that they are expected to have, checked natively and in the
//! browser's engine: the same input gives the same findings on both.

use std::fmt::Write;

use shared::{
    exchange,
    instruments::{Instrument, instrument},
    model::{
        Exercise,
        totals::{Totals, totals},
    },
    rules::{Context, evaluate},
};

/// One exercise of the corpus.
pub struct Case {
    /// The name of its files.
    pub name: &'static str,
    /// The exercise in the exchange format.
    pub file: &'static str,
    /// Its findings as [`findings`] writes them.
    pub findings: &'static str,
}

/// All cases.
pub const CASES: [Case; 1] = [Case {
    name: "tarapaca_2019",
    file: include_str!("../corpus/tarapaca_2019.json"),
    findings: include_str!("../corpus/tarapaca_2019.findings"),
}];

/// The exercise that a file holds.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
pub fn read(file: &str) -> Exercise {
    let import = exchange::import(file).unwrap_or_else(|error| panic!("{error}"));
    import.build().expect("what was read fits").document.exercise().clone()
}

/// The findings of an exercise in its preliminary stage, one on each line.
#[must_use]
pub fn findings(exercise: &Exercise) -> String {
    let first_day = chrono::NaiveDate::from_ymd_opt(exercise.id.budget_year.into(), 1, 1);
    let opening = first_day.and_then(|day| day.checked_sub_months(chrono::Months::new(10)));
    let context = Context::of(exercise.id, opening.expect("years are four digits"));
    let mut text = String::new();
    for finding in evaluate(exercise, &context) {
        let (rule, severity, at) = (finding.rule, finding.severity.label(), finding.at);
        let _ = writeln!(text, "{rule} {severity} [{at}] {}", finding.message);
    }
    text
}

/// The totals of an exercise.
#[must_use]
pub fn totals_of(exercise: &Exercise) -> Totals {
    totals(exercise, |id| instrument(id).is_some_and(Instrument::transferred))
}

/// Compares every case with what is expected of it.
///
/// # Panics
/// Where a finding or a total differs.
pub fn check() {
    for case in CASES {
        assert_eq!(findings(&read(case.file)), case.findings, "{}", case.name);
    }
    let pilot = totals_of(&read(CASES[0].file));
    assert_eq!((pilot.budget.total, pilot.budget.known), (1_252_784_000, 10));
    assert_eq!((pilot.transferred.total, pilot.transferred.known), (1_051_444_000, 7));
    assert_eq!((pilot.coverage.total, pilot.coverage.known, pilot.coverage.missing), (947, 7, 3));
}
