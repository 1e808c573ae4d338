use proptest::prelude::*;

use super::*;
use crate::{
    doc::Document,
    edit::Edit,
    exchange::{export, import},
    ids::Peer,
    value::Value,
};

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn place_row(row: &str, order: &str) -> Edit {
    Edit::PlaceRow { table: TableId::Focus, row: RowId::new(row).unwrap(), order: order.into() }
}

fn set(text: &str, value: Value) -> Edit {
    Edit::SetCell { key: key(text), value: Some(value) }
}

fn budget(row: &str, pesos: i64) -> Edit {
    set(&format!("focus/{row}/budget"), Value::Money(pesos))
}

fn document(edits: &[Edit]) -> Document {
    let mut document = Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(7).unwrap());
    for edit in edits {
        document.apply(std::slice::from_ref(edit)).unwrap();
    }
    document
}

fn two_rows() -> Vec<Edit> {
    vec![
        place_row("r1", "a"),
        place_row("r2", "b"),
        set("focus/r1/instrument", Value::Code("crece".into())),
        budget("r1", 523_429_000),
        budget("r2", 31_141_000),
        Edit::SetMember { key: key("focus/r1/places/01101"), present: true },
        Edit::SetMember { key: key("focus/r1/places/01401"), present: true },
        Edit::SpliceText {
            key: key("focus/r1/description"),
            at: 0,
            delete: 0,
            insert: "Ñandú".into(),
        },
    ]
}

/// Whoever kept a fingerprint must find the same one for ever.
#[test]
fn the_fingerprint_is_pinned() {
    let written = "focaliza.version 1\n01-2027\n\
        focus/r1\n\
        focus/r1/budget 10\nm523429000\n\
        focus/r1/description 8\nnÑandú\n\
        focus/r1/instrument 6\nccrece\n\
        focus/r1/places 12\ns01101,01401\n\
        focus/r2\n\
        focus/r2/budget 9\nm31141000\n";
    let document = document(&two_rows());
    assert_eq!(fingerprint(document.exercise()), Fingerprint::of(written.as_bytes()));
    let empty = Exercise::new(ExerciseId::new("01", 2027).unwrap());
    assert_eq!(fingerprint(&empty), Fingerprint::of(b"focaliza.version 1\n01-2027\n"));
    let elsewhere = Exercise::new(ExerciseId::new("05", 2027).unwrap());
    assert_ne!(fingerprint(&empty), fingerprint(&elsewhere));
}

#[test]
fn the_order_in_which_it_was_written_does_not_count() {
    let mut edits = two_rows();
    edits.reverse();
    let (one, other) = (document(&two_rows()), document(&edits));
    assert_eq!(fingerprint(one.exercise()), fingerprint(other.exercise()));
}

#[test]
fn an_export_and_its_import_have_one_fingerprint() {
    let original = document(&two_rows());
    let built = import(&export(original.exercise())).unwrap().build().unwrap();
    assert_eq!(fingerprint(built.document.exercise()), fingerprint(original.exercise()));
    assert_eq!(changes(original.exercise(), built.document.exercise()), []);
}

#[test]
fn one_peso_is_found_with_its_row_and_column() {
    let approved = document(&two_rows());
    let mut sent = document(&two_rows());
    sent.apply(&[budget("r2", 31_141_001)]).unwrap();
    assert_ne!(fingerprint(approved.exercise()), fingerprint(sent.exercise()));
    let found = changes(approved.exercise(), sent.exercise());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].before, Some(Cell::Value(Value::Money(31_141_000))));
    assert_eq!(found[0].after, Some(Cell::Value(Value::Money(31_141_001))));
    let place = place(sent.exercise(), &found[0].key);
    assert_eq!(place.to_string(), "Matriz Focalización, fila 2, Presupuesto");
}

#[test]
fn rows_that_come_and_go_are_changes_and_rows_that_move_are_none() {
    let before = document(&two_rows());
    let mut after = document(&two_rows());
    after.apply(&[place_row("r1", "c")]).unwrap();
    assert_eq!(fingerprint(after.exercise()), fingerprint(before.exercise()));
    assert_eq!(changes(before.exercise(), after.exercise()), []);
    let r2 = RowId::new("r2").unwrap();
    let delete = Edit::DeleteRow { table: TableId::Focus, row: r2, deleted: true };
    after.apply(&[delete, place_row("r3", "d")]).unwrap();
    let found = changes(before.exercise(), after.exercise());
    let keys: Vec<_> = found.iter().map(|found| found.key.to_string()).collect();
    assert_eq!(keys, ["focus/r3/_order", "focus/r2/_deleted"]);
    let places = found.iter().map(|found| place(after.exercise(), &found.key).to_string());
    let expected = ["Matriz Focalización, fila 2", "Matriz Focalización, fila «r2»"];
    assert!(places.eq(expected));
    // Writing into a row that nobody sees changes nothing.
    let seen = fingerprint(after.exercise());
    after.apply(&[budget("r2", 5)]).unwrap();
    assert_eq!(fingerprint(after.exercise()), seen);
}

#[test]
fn decisions_are_a_log_and_no_content() {
    let before = document(&two_rows());
    let mut after = document(&two_rows());
    let row = RowId::new("d1").unwrap();
    let order = "a".to_owned();
    after.apply(&[Edit::PlaceRow { table: TableId::Decisions, row, order }]).unwrap();
    assert_eq!(fingerprint(after.exercise()), fingerprint(before.exercise()));
    assert_eq!(changes(before.exercise(), after.exercise()), []);
}

#[test]
fn blocking_findings_need_a_reason() {
    let finding = |severity: &str, reason: &str| RecordedFinding {
        rule: "VAL-04".into(),
        severity: severity.into(),
        at: "focus".into(),
        message: "Falta un instrumento.".into(),
        reason: reason.into(),
    };
    let version = Version {
        kind: VersionKind::Final,
        fingerprint: Fingerprint::of(b""),
        seq: 9,
        rules_version: 1,
        findings: vec![
            finding("block", " "),
            finding("block", "Se agrega en enero."),
            finding("warn", ""),
        ],
        letter: None,
        based_on: None,
    };
    assert_eq!(version.unexplained(), 1);
    assert!(version.has_blocking());
    let id = ExerciseId::new("01", 2027).unwrap();
    assert_eq!(receipt_number(id, 7), "01-2027-0007");
}

proptest! {
    /// Equal fingerprints are exactly no changes, whatever two people did.
    #[test]
    fn fingerprints_and_changes_agree(
        one in prop::collection::vec((0..3_u8, 0..5_u8, 0..3_i64), 0..12),
        other in prop::collection::vec((0..3_u8, 0..5_u8, 0..3_i64), 0..12),
    ) {
        let edit = |(row, what, number): (u8, u8, i64)| {
            let row = RowId::new(&format!("r{row}")).unwrap();
            let (table, cell) = (TableId::Focus, |field| Key::cell(TableId::Focus, &row, field));
            match what {
                0 => Edit::PlaceRow { table, row: row.clone(), order: format!("a{number}") },
                1 => Edit::DeleteRow { table, row: row.clone(), deleted: number == 0 },
                2 => Edit::SetCell { key: cell("budget"), value: Some(Value::Money(number)) },
                3 => Edit::SetCell { key: cell("budget"), value: None },
                _ => Edit::SetMember {
                    key: Key::member(table, &row, "places", "01101"),
                    present: number == 0,
                },
            }
        };
        let edits = |list: Vec<_>| list.into_iter().map(edit).collect::<Vec<_>>();
        let (one, other) = (document(&edits(one)), document(&edits(other)));
        let (one, other) = (one.exercise(), other.exercise());
        prop_assert_eq!(fingerprint(one) == fingerprint(other), changes(one, other).is_empty());
    }
}
