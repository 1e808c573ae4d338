use super::*;
use crate::{access::Role, edit::Edit, ids::ExerciseId, value::Value};

fn id() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn peer(number: u64) -> Peer {
    Peer::new(number).unwrap()
}

fn grant(role: Role) -> Grant {
    Grant { role, region: Some("01".into()) }
}

fn document(number: u64) -> Document {
    Document::new(id(), peer(number))
}

fn set(cell: &str, value: Option<Value>) -> Edit {
    Edit::SetCell { key: Key::parse(cell).unwrap(), value }
}

fn refusal(code: Code, is_merged: bool) -> Result<(), Refusal> {
    Err(Refusal { code, is_merged })
}

#[test]
fn what_an_edit_writes_is_accepted() {
    let (mut device, mut server) = (document(2), document(1));
    let cell = Key::parse("focus/r1/description").unwrap();
    let member = Key::parse("focus/r1/places/01101").unwrap();
    for edits in [
        vec![set("focus/r1/budget", Some(Value::Money(5)))],
        vec![set("focus/r1/budget", Some(Value::ToBeDefined))],
        vec![set("focus/r1/budget", None)],
        vec![Edit::splice(cell.clone(), "", "Feria").unwrap()],
        vec![Edit::splice(cell, "Feria", "Ferias").unwrap()],
        vec![Edit::SetMember { key: member.clone(), present: true }],
        vec![Edit::SetMember { key: member, present: false }],
        vec![set("columns/c1/kind", Some(Value::Code("money".into())))],
        vec![set("focus/r1/x_c1", Some(Value::Money(3)))],
    ] {
        let update = device.apply(&edits).unwrap().update;
        let accepted = accept(&mut server, &grant(Role::GoreEditor), peer(2), &update);
        assert_eq!(accepted, Ok(()), "{edits:?}");
    }
    assert_eq!(server.exercise(), device.exercise());
}

#[test]
fn nothing_is_merged_of_what_may_not_be_written_at_all() {
    let (mut device, mut server) = (document(2), document(1));
    let first = device.apply(&[set("focus/r1/budget", Some(Value::Money(5)))]).unwrap().update;
    let second = device.apply(&[set("focus/r1/budget", Some(Value::Money(6)))]).unwrap().update;
    let editor = grant(Role::GoreEditor);
    let elsewhere = Grant { region: Some("05".into()), ..editor.clone() };
    let large = vec![0; limits::UPDATE_BYTES + 1];
    for (grant, writer, update, code) in [
        (&grant(Role::Observer), 2, &first, Code::Forbidden),
        (&elsewhere, 2, &first, Code::Forbidden),
        (&editor, 3, &first, Code::Incomplete),
        (&editor, 2, &second, Code::Incomplete),
        (&editor, 2, &b"xyz".to_vec(), Code::Malformed),
        (&editor, 2, &large, Code::TooLarge),
    ] {
        assert_eq!(accept(&mut server, grant, peer(writer), update), refusal(code, false));
    }
    assert_eq!(server.exercise(), document(1).exercise());
    assert_eq!(accept(&mut server, &editor, peer(2), &first), Ok(()));
    assert_eq!(accept(&mut server, &editor, peer(2), &first), refusal(Code::Incomplete, false));
    assert_eq!(accept(&mut server, &editor, peer(2), &second), Ok(()));
}

#[test]
fn a_role_writes_only_its_cells() {
    let (mut device, mut server) = (document(2), document(1));
    let update = device.apply(&[set("focus/r1/budget", Some(Value::Money(5)))]).unwrap().update;
    let manager = Grant { role: Role::SercotecManager, region: None };
    let refused = accept(&mut server, &manager, peer(2), &update);
    assert_eq!(refused, refusal(Code::Forbidden, true));
}

/// A regional column changes its kind while somebody offline fills it in: nothing to refuse.
#[test]
fn a_value_may_fit_what_the_column_was() {
    let mut server = document(1);
    let (mut ana, mut luis) = (document(2), document(3));
    let editor = grant(Role::GoreEditor);
    let column = ana.apply(&[set("columns/c1/kind", Some(Value::Code("money".into())))]).unwrap();
    luis.merge(&column.update).unwrap();
    accept(&mut server, &editor, peer(2), &column.update).unwrap();
    let text = ana.apply(&[set("columns/c1/kind", Some(Value::Code("text".into())))]).unwrap();
    accept(&mut server, &editor, peer(2), &text.update).unwrap();
    let money = luis.apply(&[set("focus/r1/x_c1", Some(Value::Money(3)))]).unwrap();
    assert_eq!(accept(&mut server, &editor, peer(3), &money.update), Ok(()));
    assert!(ana.apply(&[set("focus/r1/x_c1", Some(Value::Money(3)))]).is_err());
}
