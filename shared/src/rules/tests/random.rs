//! Any value in any field: rules answer, and their findings keep their form.

use proptest::prelude::*;

use super::super::{Context, Stage, evaluate, find};
use super::example::assert_finding;
use crate::{
    ids::{ExerciseId, RowId},
    key::{DELETED, Key, ORDER},
    limits,
    model::{Cell, Exercise},
    norms::date,
    template::TableId,
    value::Value,
};

/// The figures that a cell may hold.
fn figure() -> BoxedStrategy<i64> {
    prop_oneof![0..3i64, 0..=limits::MONEY].boxed()
}

fn value(figure: BoxedStrategy<i64>) -> impl Strategy<Value = Value> {
    prop_oneof![
        "\\PC{0,60}".prop_map(Value::Text),
        figure.clone().prop_map(Value::Integer),
        figure.prop_map(Value::Money),
        any::<bool>().prop_map(Value::Flag),
        code().prop_map(Value::Code),
        Just(Value::Date(date(2026, 12, 1))),
        Just(Value::ToBeDefined),
        Just(Value::NotApplicable),
        Just(Value::Masked),
    ]
}

const CODES: [&str; 8] =
    ["crece", "emprende", "formacion", "objective", "challenge", "r0", "r1", "01"];

fn code() -> impl Strategy<Value = String> {
    prop_oneof![prop::sample::select(&CODES[..]).prop_map(str::to_owned), "[a-z]{1,4}"]
}

fn cell(figure: BoxedStrategy<i64>) -> impl Strategy<Value = Cell> {
    prop_oneof![
        value(figure).prop_map(Cell::Value),
        prop::collection::btree_set(code(), 0..4).prop_map(Cell::Set),
        "\\PC{0,200}".prop_map(Cell::Narrative),
    ]
}

prop_compose! {
    fn key()(
        table in prop::sample::select(&TableId::ALL[..]),
        row in "r[0-4]|crece|emprende|main",
        column in any::<prop::sample::Index>(),
    ) -> Key {
        let columns = table.columns();
        let extra = [ORDER, DELETED, "x_r1"];
        let place = column.index(columns.len() + extra.len());
        let field = columns.get(place).map_or_else(|| extra[place - columns.len()], |c| c.field);
        Key::cell(table, &RowId::new(&row).unwrap(), field)
    }
}

fn exercise(cells: Vec<(Key, Cell)>) -> Exercise {
    let mut exercise = Exercise::new(ExerciseId::new("01", 2027).unwrap());
    for (key, content) in cells {
        let order = Key::cell(key.table, &key.row, ORDER);
        exercise.put(&order, Some(Cell::Value(Value::Text(key.row.to_string()))));
        exercise.put(&key, Some(content));
    }
    exercise
}

fn context(stage: Stage) -> Context {
    Context { today: date(2026, 11, 20), reference_date: date(2026, 12, 30), stage }
}

proptest! {
    #[test]
    fn findings_keep_their_form(
        cells in prop::collection::vec((key(), cell(figure())), 0..200),
        is_final in any::<bool>(),
    ) {
        let context = context(if is_final { Stage::Final } else { Stage::Preliminary });
        for finding in evaluate(&exercise(cells), &context) {
            assert_finding(find(finding.rule).unwrap(), &finding);
        }
    }

    #[test]
    fn no_figure_breaks_a_rule(
        cells in prop::collection::vec((key(), cell(any::<i64>().boxed())), 0..200),
    ) {
        let exercise = exercise(cells);
        let context = context(Stage::Final);
        prop_assert_eq!(evaluate(&exercise, &context), evaluate(&exercise, &context));
    }
}
