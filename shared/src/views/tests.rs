//! Exercises to look at: written out, or at random.

use proptest::prelude::*;

use crate::{
    ids::{ExerciseId, RowId},
    key::{DELETED, Key, ORDER},
    model::{Cell, Exercise},
    rules::tests::example::exercise_of,
    template::{Kind, TableId},
    value::Value,
};

/// The exercise 01-2027 that these tables describe, as in the examples of the rules.
pub fn exercise(tables: &str) -> Exercise {
    exercise_of(tables)
}

const TABLES: [(TableId, &[&str]); 5] = [
    (TableId::Documents, &["type"]),
    (TableId::Strategic, &["source", "document", "aspect", "no_information"]),
    (TableId::Potentials, &["kind", "applicability", "entries"]),
    (TableId::Challenges, &["kind", "derived_from", "objectives"]),
    (
        TableId::Focus,
        &[
            "instrument",
            "budget",
            "funding",
            "coverage",
            "coverage_unit",
            "places",
            "objectives",
            "challenges",
        ],
    ),
];
const INSTRUMENTS: [&str; 5] = ["crece", "emprende", "semilla_emprende", "gremios", "unknown"];
const PLACES: [&str; 7] = ["01", "014", "01401", "01405", "01101", "15101", "01999"];
const ROWS: usize = 6;

/// What may stand in a cell, so that links often meet a row that is there.
fn cell(kind: Kind) -> BoxedStrategy<Cell> {
    let row = || (0..ROWS).prop_map(|number| format!("r{number}"));
    let code = |codes: Vec<String>| prop::sample::select(codes).prop_map(Value::Code).boxed();
    let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let set = |members: BoxedStrategy<String>| {
        prop::collection::btree_set(members, 1..4).prop_map(Cell::Set).boxed()
    };
    let figure = |figure: fn(i64) -> Value| {
        prop_oneof![
            4 => (0..1_000i64).prop_map(figure),
            1 => Just(Value::ToBeDefined),
            1 => Just(Value::NotApplicable),
            1 => Just(Value::Masked),
        ]
    };
    match kind {
        Kind::References(_) => return set(row().boxed()),
        Kind::Places => return set(prop::sample::select(owned(&PLACES)).boxed()),
        Kind::Reference(_) => row().prop_map(Value::Code).boxed(),
        Kind::Instrument => code(owned(&INSTRUMENTS)),
        Kind::Choice(choices) => code(choices.iter().map(|c| c.code.to_owned()).collect()),
        Kind::Money => figure(Value::Money).boxed(),
        Kind::Integer => figure(Value::Integer).boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        kind => panic!("no random cells of {kind:?}"),
    }
    .prop_map(Cell::Value)
    .boxed()
}

/// Cells of a row, by field.
type Cells = Vec<(&'static str, Option<Cell>)>;

fn row() -> impl Strategy<Value = (TableId, usize, bool, Cells)> {
    let table = prop::sample::select(&TABLES[..]);
    (table, 0..ROWS, prop::bool::weighted(0.1)).prop_flat_map(|((table, fields), id, deleted)| {
        let cells: Vec<_> = fields
            .iter()
            .map(|field| {
                let column = table.column(field).unwrap();
                (Just(*field), prop::option::weighted(0.8, cell(column.kind)))
            })
            .collect();
        (Just(table), Just(id), Just(deleted), cells)
    })
}

/// Any exercise of a few rows that name each other, deleted ones, and ones that do not exist.
pub fn random_exercise() -> impl Strategy<Value = Exercise> {
    prop::collection::vec(row(), 0..24).prop_map(|rows| {
        let mut exercise = Exercise::new(ExerciseId::new("01", 2027).unwrap());
        for (table, number, deleted, cells) in rows {
            let id = RowId::new(&format!("r{number}")).unwrap();
            let mut write = |key: &Key, value| exercise.put(key, Some(Cell::Value(value)));
            write(&Key::cell(table, &id, ORDER), Value::Text(format!("{number}")));
            write(&Key::cell(table, &id, DELETED), Value::Flag(deleted));
            for (field, cell) in cells {
                match cell {
                    Some(Cell::Set(members)) => {
                        for member in members {
                            let key = Key::member(table, &id, field, &member);
                            exercise.put(&key, Some(Cell::Value(Value::Flag(true))));
                        }
                    }
                    cell => exercise.put(&Key::cell(table, &id, field), cell),
                }
            }
        }
        exercise
    })
}
