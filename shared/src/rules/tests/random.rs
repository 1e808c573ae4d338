//! Any value in any field: rules answer, and their findings keep their form.

use proptest::prelude::*;

use super::super::{Context, Stage, evaluate, find};
use super::example::assert_finding;
use crate::{
    ids::{ExerciseId, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise},
    norms::date,
    template::TableId,
    value::Value,
};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        "\\PC{0,60}".prop_map(Value::Text),
        any::<i64>().prop_map(Value::Integer),
        any::<i64>().prop_map(Value::Money),
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

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        value().prop_map(Cell::Value),
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

proptest! {
    #[test]
    fn nothing_that_a_cell_holds_breaks_a_rule(
        cells in prop::collection::vec((key(), cell()), 0..200),
        is_final in any::<bool>(),
    ) {
        let mut exercise = Exercise::new(ExerciseId::new("01", 2027).unwrap());
        for (key, content) in cells {
            let order = Key::cell(key.table, &key.row, ORDER);
            exercise.put(&order, Some(Cell::Value(Value::Text(key.row.to_string()))));
            exercise.put(&key, Some(content));
        }
        let day = date(2026, 12, 30);
        let stage = if is_final { Stage::Final } else { Stage::Preliminary };
        let context = Context { today: day, reference_date: day, stage };
        let found = evaluate(&exercise, &context);
        for finding in &found {
            assert_finding(find(finding.rule).unwrap(), finding);
        }
        prop_assert_eq!(found, evaluate(&exercise, &context));
    }
}
