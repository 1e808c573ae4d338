//! Turns the tables of an example into an exercise, and compares what rules find in it with the
//! marks.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::{Check, Context, Example, Finding, Report, Rule, Subject, evaluate, report};
use crate::{
    ids::{ExerciseId, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise},
    norms::date,
    template::{Kind, TableId, fits, kind_of_field},
    value::Value,
};

/// Asserts that a rule finds in these tables exactly what their marks say.
pub fn assert_tables(rule: &Rule, tables: &str) {
    assert_example(rule, &Example::parse(tables.lines().map(str::trim)));
}

/// What a rule finds in these tables.
pub fn findings(rule: &Rule, tables: &str) -> Vec<Finding> {
    find(rule, &Example::parse(tables.lines().map(str::trim)))
}

pub fn assert_example(rule: &Rule, example: &Example<'_>) {
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let mut expect = |at: String, findings: usize| {
        if findings > 0 {
            expected.insert(at, findings);
        }
    };
    for table in &example.tables {
        let name = table.table.as_str();
        expect(name.into(), table.findings);
        for row in &table.rows {
            for (field, cell) in table.fields.iter().zip(row) {
                let at = match *field {
                    "id" => format!("{name}/{}", row[0].text),
                    field => format!("{name}/{}/{field}", row[0].text),
                };
                expect(at, cell.findings);
            }
        }
    }
    let found = find(rule, example);
    let mut actual: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &found {
        *actual.entry(finding.at.to_string()).or_default() += 1;
        assert_finding(rule, finding);
    }
    assert_eq!(actual, expected, "{}: {found:#?}", rule.id);
}

/// What holds for every finding of every rule.
pub fn assert_finding(rule: &Rule, finding: &Finding) {
    assert!(finding.severity >= rule.severity, "{finding:?} is graver than its rule");
    let length = finding.message.chars().count();
    assert!(length <= 100, "{length} characters: {}", finding.message);
    assert!(finding.message.ends_with('.'), "{}", finding.message);
    assert!(!finding.message.contains(rule.id), "{}", finding.message);
}

fn find(rule: &Rule, example: &Example<'_>) -> Vec<Finding> {
    let exercise = exercise(example);
    let context = context(example, date(2026, 12, 30));
    let mut found = Vec::new();
    let (subject, mut report) =
        (Subject::new(&exercise, context), Report::new(rule.id, &mut found));
    match rule.check {
        Check::Exercise(check) => check(&subject, &mut report),
        Check::LegalAction(check) => {
            subject.legal_actions().for_each(|action| check(&subject, action, &mut report));
        }
    }
    report::sort(&exercise, found)
}

pub fn evaluate_example(example: &Example<'_>, day: NaiveDate) -> Vec<Finding> {
    evaluate(&exercise(example), &context(example, day))
}

fn context(example: &Example<'_>, reference_date: NaiveDate) -> Context {
    Context { today: date(2026, 11, 20), reference_date, stage: example.stage }
}

/// The exercise 01-2027 that these tables describe.
pub fn exercise_of(tables: &str) -> Exercise {
    exercise(&Example::parse(tables.lines().map(str::trim)))
}

/// The exercise 01-2027 that an example describes.
pub fn exercise(example: &Example<'_>) -> Exercise {
    let mut exercise = Exercise::new(ExerciseId::new("01", 2027).unwrap());
    for table in &example.tables {
        for (row, place) in table.rows.iter().zip(0..) {
            assert_eq!(row.len(), table.fields.len(), "{row:?}");
            let id = RowId::new(row[0].text).unwrap();
            let order = Cell::Value(Value::Text(format!("{place:04}")));
            exercise.put(&Key::cell(table.table, &id, ORDER), Some(order));
            for (field, cell) in table.fields.iter().zip(row).skip(1) {
                if !cell.text.is_empty() {
                    put(&mut exercise, table.table, &id, field, cell.text);
                }
            }
        }
    }
    exercise
}

fn put(exercise: &mut Exercise, table: TableId, row: &RowId, field: &str, text: &str) {
    if field == "deleted" {
        let deleted = Cell::Value(Value::Flag(text == "sí"));
        return exercise.put(&Key::cell(table, row, DELETED), Some(deleted));
    }
    let kind = kind_of_field(exercise, table, field);
    let kind = kind.unwrap_or_else(|| panic!("{field} is no column"));
    let key = Key::cell(table, row, field);
    if kind.is_set() {
        for member in text.split(',') {
            let key = Key::member(table, row, field, member.trim());
            assert_eq!(fits(exercise, &key, Some(&Value::Flag(true))), Ok(()), "{key}");
            exercise.put(&key, Some(Cell::Value(Value::Flag(true))));
        }
        return;
    }
    if kind == Kind::Narrative {
        return exercise.put(&key, Some(Cell::Narrative(text.into())));
    }
    let value = match (text, kind) {
        ("por definir", _) => Value::ToBeDefined,
        ("no aplica", _) => Value::NotApplicable,
        ("*", _) => Value::Masked,
        ("sí", Kind::Flag) => Value::Flag(true),
        ("no", Kind::Flag) => Value::Flag(false),
        (_, Kind::Integer) => Value::Integer(text.parse().unwrap()),
        (_, Kind::Money) => Value::Money(text.parse().unwrap()),
        (_, Kind::Date) => Value::Date(text.parse().unwrap()),
        (_, Kind::Text) => Value::Text(text.into()),
        _ => Value::Code(text.into()),
    };
    assert_eq!(fits(exercise, &key, Some(&value)), Ok(()), "{key}: {text}");
    exercise.put(&key, Some(Cell::Value(value)));
}
