use proptest::prelude::*;

use super::*;
use crate::template::{Choice, Kind};

fn id() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn doc(peer: u64) -> Document {
    Document::new(id(), Peer::new(peer).unwrap())
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn cell(text: &str, value: Value) -> Edit {
    Edit::SetCell { key: key(text), value: Some(value) }
}

fn file(tables: &str) -> String {
    format!(
        r#"{{"format":"focaliza.exercise","version":1,"region":"01","budget_year":2027,"tables":{tables}}}"#
    )
}

fn message(text: &str) -> String {
    import(text).expect_err("refused").to_string()
}

fn again(exercise: &Exercise) -> Exercise {
    let built = import(&export(exercise)).unwrap().build().unwrap();
    // The log makes the same document as the one at hand.
    let mut loaded = Document::new(exercise.id, Peer::new(9).unwrap());
    for (_, update) in &built.updates {
        loaded.merge(update).unwrap();
    }
    assert_eq!(loaded.exercise(), built.document.exercise());
    built.document.exercise().clone()
}

#[test]
fn the_format_is_pinned() {
    let mut document = doc(2);
    let row = RowId::new("r1").unwrap();
    document
        .apply(&[
            Edit::PlaceRow { table: TableId::Focus, row, order: "V".into() },
            cell("focus/r1/budget", Value::Money(5)),
            cell("focus/r1/coverage", Value::ToBeDefined),
            Edit::SetMember { key: key("focus/r1/places/01101"), present: true },
            Edit::splice(key("focus/r1/description"), "", "Señal").unwrap(),
        ])
        .unwrap();
    let tables = r#"{"focus":[{"id":"r1","order":"V","cells":{"budget":{"value":{"money":5}},"coverage":{"value":"to_be_defined"},"description":{"narrative":"Señal"},"places":{"set":["01101"]}}}]}"#;
    let pinned: serde_json::Value = serde_json::from_str(&file(tables)).unwrap();
    let exported: serde_json::Value = serde_json::from_str(&export(document.exercise())).unwrap();
    assert_eq!(exported, pinned);
}

#[test]
fn a_file_by_hand_needs_neither_order_nor_cells() {
    let built = import(&file(r#"{"focus":[{"id":"b"},{"id":"a","cells":{}}]}"#)).unwrap();
    let document = built.build().unwrap().document;
    let order: Vec<&str> =
        document.exercise().table(TableId::Focus).order().iter().map(RowId::as_str).collect();
    assert_eq!(order, ["b", "a"]);
}

#[test]
fn undecided_cells_stay_undecided() {
    let (mut a, mut b, mut c) = (doc(2), doc(3), doc(4));
    let shared = a.apply(&[cell("focus/r1/budget", Value::Money(1))]).unwrap().update;
    b.merge(&shared).unwrap();
    c.merge(&shared).unwrap();
    a.apply(&[cell("focus/r1/budget", Value::Money(2))]).unwrap();
    let empty = Edit::SetCell { key: key("focus/r1/budget"), value: None };
    let other = cell("focus/r1/coverage", Value::Integer(7));
    b.apply(&[empty, other]).unwrap();
    c.apply(&[
        cell("focus/r1/budget", Value::ToBeDefined),
        cell("focus/r1/coverage", Value::Integer(8)),
    ])
    .unwrap();
    a.merge_all(&[&b.snapshot(), &c.snapshot()]).unwrap();
    let exercise = a.exercise();
    assert_eq!(exercise.undecided().len(), 2);
    let values = |exercise: &Exercise| -> Vec<(Key, Vec<Option<Value>>)> {
        let of = |(key, values): (&Key, &crate::model::Undecided)| {
            (key.clone(), values.iter().map(|(_, value)| value.clone()).collect())
        };
        exercise.undecided().iter().map(of).collect()
    };
    let copy = again(exercise);
    assert_eq!(values(&copy), values(exercise));
    assert_eq!(export(&copy), export(exercise));
}

#[test]
fn regional_columns_travel_with_their_cells() {
    let mut document = doc(2);
    let row = RowId::new("c1").unwrap();
    document
        .apply(&[
            Edit::PlaceRow { table: TableId::Columns, row, order: "V".into() },
            cell("columns/c1/table", Value::Code("focus".into())),
            cell("columns/c1/kind", Value::Code("narrative".into())),
        ])
        .unwrap();
    let text = Edit::splice(key("focus/r1/x_c1"), "", "Borde costero").unwrap();
    document.apply(&[text]).unwrap();
    assert_eq!(again(document.exercise()), *document.exercise());
}

#[test]
fn large_files_come_in_batches_that_fit_an_update() {
    let text = "a".repeat(crate::limits::NARRATIVE_BYTES);
    let rows: Vec<String> = (0..40)
        .map(|n| format!(r#"{{"id":"r{n}","cells":{{"description":{{"narrative":"{text}"}}}}}}"#))
        .collect();
    let read = import(&file(&format!(r#"{{"focus":[{}]}}"#, rows.join(",")))).unwrap();
    assert!(read.batches.len() > 10);
    for (_, update) in read.build().unwrap().updates {
        assert!(update.len() <= crate::limits::UPDATE_BYTES, "{}", update.len());
    }
}

#[test]
fn what_cannot_be_read_says_where_and_why() {
    for (text, expected) in [
        ("", "línea 1"),
        ("{\"format\":", "línea 1"),
        ("[]", "no es un ejercicio"),
        (r#"{"format":"otro"}"#, "no es un ejercicio"),
        (r#"{"format":"focaliza.exercise","version":2}"#, "versión 2 del formato"),
        (r#"{"format":"focaliza.exercise","version":"1"}"#, "versión \"1\""),
        (r#"{"format":"focaliza.exercise"}"#, "«version»: Falta"),
        (r#"{"format":"focaliza.exercise","version":1,"region":"99"}"#, "«region»: No existe"),
        (&file("{}").replace("2027", "1950"), "«budget_year»"),
        (&file("{}").replace("\"tables\"", "\"tablas\""), "«tablas»: Este programa no conoce"),
        (&file(r#"{"foco":[]}"#), "«tables.foco»"),
        (&file(r#"{"focus":{}}"#), "«tables.focus»: El dato no tiene la forma"),
        (&file(r#"{"focus":[{"id":"A"}]}"#), "«tables.focus[0].id»: El identificador"),
        (&file(r#"{"focus":[{"id":"a"},{"id":"a"}]}"#), "«tables.focus[1].id»: La fila"),
        (&file(r#"{"focus":[{"cells":{}}]}"#), "«tables.focus[0].id»: Falta"),
        (&file(r#"{"focus":[{"id":"a","celdas":{}}]}"#), "«tables.focus[0].celdas»"),
        (&with_cell("color", r#"{"value":{"text":"x"}}"#), "La columna no existe"),
        (&with_cell("color", r#"{"narrative":"x"}"#), "La columna no existe"),
        (&with_cell("_order", r#"{"value":{"text":"x"}}"#), "no conoce ese nombre"),
        (&with_cell("budget", r#"{"value":{"text":"5"}}"#), "no es del tipo"),
        (&with_cell("budget", r#"{"value":{"money":5.5}}"#), "cells.budget»: El dato no tiene"),
        (&with_cell("budget", r#"{"value":{"money":-5}}"#), "fuera de lo que admite"),
        (&with_cell("budget", r#"{"narrative":"5"}"#), "no es del tipo"),
        (&with_cell("budget", "5"), "no tiene la forma"),
        (&with_cell("places", r#"{"set":["a/b"]}"#), "El identificador no es válido"),
        (&with_cell("criteria", r#"{"set":["otro"]}"#), "no está entre las opciones"),
        (&with_cell("description", r#"{"value":{"text":"x"}}"#), "no es del tipo"),
    ] {
        let message = message(text);
        assert!(message.contains(expected), "{message}\n{text}");
        assert!(message.ends_with("No se importó nada."), "{message}");
    }
}

fn with_cell(field: &str, cell: &str) -> String {
    file(&format!(r#"{{"focus":[{{"id":"a","cells":{{"{field}":{cell}}}}}]}}"#))
}

#[test]
fn limits_are_told() {
    let huge = " ".repeat(crate::limits::IMPORT_BYTES + 1);
    assert!(message(&huge).contains("El archivo pesa 33,6 MB; se admiten hasta 33,6 MB"));
    let rows = vec!["{}"; crate::limits::ROWS + 1].join(",");
    assert!(message(&file(&format!(r#"{{"focus":[{rows}]}}"#))).contains("10.000"));
    let long = "a".repeat(crate::limits::NARRATIVE_BYTES + 1);
    let text = with_cell("description", &format!(r#"{{"narrative":"{long}"}}"#));
    assert!(message(&text).contains("más largo"));
}

/// A change that an editor could make to some cell.
fn edit() -> impl Strategy<Value = Edit> {
    let cells: Vec<(TableId, &'static str, Kind)> = TableId::ALL
        .into_iter()
        .filter(|table| *table != TableId::Columns)
        .flat_map(|table| table.columns().iter().map(move |c| (table, c.field, c.kind)))
        .collect();
    (0..4u8, prop::sample::select(cells), any::<prop::sample::Index>(), 0..1_000i64, "\\PC{0,20}")
        .prop_map(|(row, (table, field, kind), index, number, text)| {
            let row = RowId::new(&format!("r{row}")).unwrap();
            let choose = |choices: &'static [Choice]| choices[index.index(choices.len())].code;
            let key = Key::cell(table, &row, field);
            let member = |member: &str| Key::member(table, &row, field, member);
            let set = |value| Edit::SetCell { key: key.clone(), value };
            match (number % 9, kind) {
                (0, _) => Edit::PlaceRow { table, row, order: format!("V{}V", number % 5) },
                (1, _) => Edit::DeleteRow { table, row, deleted: number % 2 == 0 },
                (2, Kind::Integer | Kind::Money) => set(Some(Value::Masked)),
                (3, Kind::Integer | Kind::Money) => set(Some(Value::ToBeDefined)),
                (4, kind) if !kind.is_set() && kind != Kind::Narrative => set(None),
                (_, Kind::Text) => set(Some(Value::Text(text))),
                (_, Kind::Narrative) => Edit::SpliceText { key, at: 0, delete: 0, insert: text },
                (_, Kind::Integer) => set(Some(Value::Integer(number))),
                (_, Kind::Money) => set(Some(Value::Money(number))),
                (_, Kind::Flag) => set(Some(Value::Flag(number % 2 == 0))),
                (_, Kind::Date) => set(Some(Value::NotApplicable)),
                (_, Kind::Choice(choices)) => set(Some(Value::Code(choose(choices).into()))),
                (_, Kind::Reference(_) | Kind::Instrument) => {
                    set(Some(Value::Code(format!("r{number}"))))
                }
                (present, Kind::Choices(choices)) => {
                    Edit::SetMember { key: member(choose(choices)), present: present > 4 }
                }
                (present, Kind::References(_) | Kind::Places | Kind::Sectors) => Edit::SetMember {
                    key: member(&format!("r{}", number % 7)),
                    present: present > 4,
                },
            }
        })
}

proptest! {
    #[test]
    fn a_file_loses_nothing(
        mine in prop::collection::vec(edit(), 0..60),
        theirs in prop::collection::vec(edit(), 0..60),
    ) {
        let (mut a, mut b) = (doc(2), doc(3));
        for edit in mine {
            a.apply(&[edit]).unwrap();
        }
        for edit in theirs {
            b.apply(&[edit]).unwrap();
        }
        a.merge(&b.snapshot()).unwrap();
        let exercise = a.exercise();
        let copy = again(exercise);
        prop_assert_eq!(export(&copy), export(exercise));
        for table in TableId::ALL {
            prop_assert_eq!(copy.table(table).order(), exercise.table(table).order());
        }
        prop_assert_eq!(
            copy.undecided().keys().collect::<Vec<_>>(),
            exercise.undecided().keys().collect::<Vec<_>>()
        );
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,80}", tables in "[\\[\\]{}\":a-z0-9,]{0,40}") {
        prop_assert!(import(&text).is_err());
        let _ = import(&file(&tables));
    }
}
