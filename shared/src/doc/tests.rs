use proptest::prelude::*;

use yrs::Map;

use super::*;
use crate::{ids::RowId, model::Cell, template::TableId};

fn id() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn doc(peer: u64) -> Document {
    Document::new(id(), Peer::new(peer).unwrap())
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn set(cell: &str, pesos: i64) -> Edit {
    Edit::SetCell { key: key(cell), value: Some(Value::Money(pesos)) }
}

fn row(row: &str) -> Edit {
    Edit::PlaceRow { table: TableId::Focus, row: RowId::new(row).unwrap(), order: "V".into() }
}

fn exchange(a: &mut Document, b: &mut Document) {
    let (from_a, from_b) = (a.snapshot(), b.snapshot());
    a.merge(&from_b).unwrap();
    b.merge(&from_a).unwrap();
    assert_eq!(a.exercise(), b.exercise());
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn edits_reach_the_exercise_and_others() {
    let (mut a, mut b) = (doc(2), doc(3));
    let change = a.apply(&[row("r1"), set("focus/r1/budget", 5)]).unwrap();
    assert_eq!(b.merge(&change.update).unwrap(), change.touched);
    assert_eq!(b.exercise().live(TableId::Focus, "r1").unwrap().money("budget"), Some(5));
    assert_eq!(authors(&change.update).unwrap(), [Peer::new(2).unwrap()].into());
}

#[test]
fn writing_what_is_there_changes_nothing() {
    let mut a = doc(2);
    a.apply(&[set("focus/r1/budget", 5)]).unwrap();
    let again = a.apply(&[set("focus/r1/budget", 5)]).unwrap();
    assert!(again.update.is_empty() && again.touched.is_empty());
}

#[test]
fn figures_written_apart_are_a_decision_until_somebody_saw_both() {
    let (mut a, mut b) = (doc(2), doc(3));
    a.apply(&[set("focus/r1/budget", 1)]).unwrap();
    exchange(&mut a, &mut b);
    a.apply(&[set("focus/r1/budget", 100)]).unwrap();
    b.apply(&[set("focus/r1/budget", 200)]).unwrap();
    b.apply(&[set("focus/r1/budget", 201)]).unwrap();
    exchange(&mut a, &mut b);
    let cell = key("focus/r1/budget");
    let undecided = &a.exercise().undecided()[&cell];
    let values: Vec<_> = undecided.iter().map(|(_, value)| value.clone()).collect();
    assert_eq!(values, [Some(Value::Money(201)), Some(Value::Money(100))]);
    a.apply(&[set("focus/r1/budget", 100)]).unwrap();
    exchange(&mut a, &mut b);
    assert!(b.exercise().undecided().is_empty());
    assert_eq!(b.exercise().row(TableId::Focus, &cell.row).unwrap().money("budget"), Some(100));
}

#[test]
fn three_values_stay_three() {
    let (mut a, mut b, mut c) = (doc(2), doc(3), doc(4));
    a.apply(&[set("focus/r1/budget", 1)]).unwrap();
    b.apply(&[set("focus/r1/budget", 2)]).unwrap();
    c.apply(&[set("focus/r1/budget", 3)]).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(a.exercise().undecided()[&key("focus/r1/budget")].len(), 2);
    b.apply(&[set("focus/r1/budget", 9)]).unwrap();
    exchange(&mut b, &mut c);
    // The one who decided had not seen the third.
    assert_eq!(c.exercise().undecided()[&key("focus/r1/budget")].len(), 2);
}

#[test]
fn what_is_left_of_a_decision_is_shown_in_the_same_order() {
    let mut docs = [doc(2), doc(3), doc(4), doc(5)];
    let writes: Vec<_> = docs
        .iter_mut()
        .map(|doc| doc.apply(&[set("focus/r1/budget", doc.peer().number() as i64)]).unwrap())
        .collect();
    let mut reader = doc(9);
    writes.iter().for_each(|write| drop(reader.merge(&write.update).unwrap()));
    // The last one decides without having seen the two before it.
    docs[3].merge(&writes[0].update).unwrap();
    let decision = docs[3].apply(&[set("focus/r1/budget", 50)]).unwrap();
    reader.merge(&decision.update).unwrap();
    let fresh = Document::load(id(), doc(8).peer(), [reader.snapshot().as_slice()]).unwrap();
    assert_eq!(reader.exercise(), fresh.exercise());
    let left: Vec<_> = reader.writers(&key("focus/r1/budget")).map(Peer::number).collect();
    assert_eq!(left, [5, 4, 3]);
}

#[test]
fn equal_values_written_apart_need_no_decision() {
    let (mut a, mut b) = (doc(2), doc(3));
    a.apply(&[set("focus/r1/budget", 7)]).unwrap();
    b.apply(&[set("focus/r1/budget", 7)]).unwrap();
    exchange(&mut a, &mut b);
    assert!(a.exercise().undecided().is_empty());
}

#[test]
fn emptying_and_writing_apart_is_a_decision_too() {
    let (mut a, mut b) = (doc(2), doc(3));
    a.apply(&[set("focus/r1/budget", 7)]).unwrap();
    exchange(&mut a, &mut b);
    a.apply(&[Edit::SetCell { key: key("focus/r1/budget"), value: None }]).unwrap();
    b.apply(&[set("focus/r1/budget", 8)]).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(a.exercise().undecided().len(), 1);
}

#[test]
fn a_text_begun_by_two_apart_keeps_the_characters_of_both() {
    let (mut a, mut b) = (doc(2), doc(3));
    let cell = key("focus/r1/description");
    a.apply(&[Edit::splice(cell.clone(), "", "Feria costera").unwrap()]).unwrap();
    b.apply(&[Edit::splice(cell.clone(), "", "Niñez").unwrap()]).unwrap();
    exchange(&mut a, &mut b);
    let text = a.exercise().row(TableId::Focus, &cell.row).unwrap().text("description").to_owned();
    assert!(text.contains("Feria costera") && text.contains("Niñez"), "{text}");
    // Typing goes on in the middle, on both sides.
    let more = text.replace("costera", "costera de Iquique");
    a.apply(&[Edit::splice(cell.clone(), &text, &more).unwrap()]).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(b.exercise().row(TableId::Focus, &cell.row).unwrap().text("description"), more);
}

#[test]
fn members_added_by_two_both_stay() {
    let (mut a, mut b) = (doc(2), doc(3));
    let member = |code: &str, present| Edit::SetMember {
        key: Key::member(TableId::Focus, &RowId::new("r1").unwrap(), "places", code),
        present,
    };
    a.apply(&[member("01101", true)]).unwrap();
    b.apply(&[member("01107", true)]).unwrap();
    exchange(&mut a, &mut b);
    let row = RowId::new("r1").unwrap();
    let places = |doc: &Document| {
        let row = doc.exercise().row(TableId::Focus, &row).unwrap();
        row.members("places").map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(places(&a), ["01101", "01107"]);
    a.apply(&[member("01101", false)]).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(places(&b), ["01107"]);
}

#[test]
fn a_deleted_row_keeps_what_others_wrote_into_it() {
    let (mut a, mut b) = (doc(2), doc(3));
    a.apply(&[row("r1"), set("focus/r1/budget", 1)]).unwrap();
    exchange(&mut a, &mut b);
    let r1 = RowId::new("r1").unwrap();
    let delete = |deleted| Edit::DeleteRow { table: TableId::Focus, row: r1.clone(), deleted };
    a.apply(&[delete(true)]).unwrap();
    b.apply(&[set("focus/r1/budget", 2)]).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(a.exercise().table(TableId::Focus).rows().len(), 0);
    a.apply(&[delete(false)]).unwrap();
    assert_eq!(a.exercise().live(TableId::Focus, "r1").unwrap().money("budget"), Some(2));
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_no_trace() {
    let mut a = doc(2);
    let before = a.digest();
    let narrative = key("focus/r1/description");
    for edits in [
        vec![row("r1"), Edit::SetCell { key: key("focus/r1/nothing"), value: None }],
        vec![Edit::SetCell { key: key("focus/r1/budget"), value: Some(Value::Flag(true)) }],
        vec![set("focus/r1/budget", -1)],
        vec![set("focus/r1/description", 1)],
        vec![Edit::SetMember { key: key("focus/r1/criteria/lunar"), present: true }],
        vec![Edit::SpliceText { key: narrative.clone(), at: 1, delete: 0, insert: "x".into() }],
        vec![Edit::SpliceText { key: narrative, at: 0, delete: usize::MAX, insert: "x".into() }],
    ] {
        assert!(a.apply(&edits).is_err(), "{edits:?}");
    }
    assert_eq!(a.digest(), before);
    assert_eq!(a.exercise(), &Exercise::new(id()));
}

#[test]
fn an_update_that_builds_on_a_missing_one_is_said() {
    let (mut a, mut b) = (doc(2), doc(3));
    a.apply(&[set("focus/r1/budget", 1)]).unwrap();
    let second = a.apply(&[set("focus/r1/budget", 2)]).unwrap().update;
    assert_eq!(b.merge(&second), Err(MergeError::Incomplete));
}

#[test]
fn an_update_is_taken_from_its_writer_alone_in_order_and_once() {
    let (mut a, mut server) = (doc(2), doc(1));
    let (ana, luis) = (a.peer(), Peer::new(3).unwrap());
    let first = a.apply(&[set("focus/r1/budget", 1)]).unwrap().update;
    let second = a.apply(&[set("focus/r1/budget", 2)]).unwrap().update;
    for (writer, update) in [(luis, &first), (ana, &second), (ana, &a.snapshot()[1..].to_vec())] {
        assert!(server.merge_from(writer, update).is_err());
        assert_eq!(server.exercise(), &Exercise::new(id()), "as before");
    }
    server.merge_from(ana, &first).unwrap();
    assert_eq!(server.merge_from(ana, &first), Err(MergeError::OutOfTurn));
    server.merge_from(ana, &second).unwrap();
    assert_eq!((server.clock(ana), server.clock(luis)), (a.clock(ana), 0));
    let budget = Content::Value(Value::Money(2));
    assert_eq!(server.content(&key("focus/r1/budget"), ana), Some(budget));
    assert_eq!(server.content(&key("focus/r1/budget"), luis), None);
}

/// Nobody's value goes away silently: who removes one must put one of their own beside it.
#[test]
fn nobody_writes_in_anothers_name_or_only_takes_away() {
    let hostile = |write: &dyn Fn(&MapRef, &mut yrs::TransactionMut<'_>)| {
        let (mut a, mut b, mut server) = (doc(2), doc(3), doc(1));
        let update = a.apply(&[set("focus/r1/budget", 1)]).unwrap().update;
        b.merge(&update).unwrap();
        server.merge(&update).unwrap();
        let update = {
            let mut txn = b.doc.transact_mut();
            write(&b.cells, &mut txn);
            txn.encode_update_v1()
        };
        server.merge_from(b.peer(), &update)
    };
    let ana = "focus/r1/budget@2";
    let foreign = Err(MergeError::Foreign);
    assert_eq!(
        hostile(&|cells, txn| {
            cells.remove(txn, ana);
        }),
        foreign
    );
    assert_eq!(
        hostile(&|cells, txn| {
            cells.insert(txn, ana, "m5");
        }),
        foreign
    );
    assert_eq!(
        hostile(&|cells, txn| {
            cells.insert(txn, "nonsense", "m5");
        }),
        foreign
    );
    assert_eq!(
        hostile(&|cells, txn| {
            cells.insert(txn, "focus/r1/budget@3", 5);
        }),
        foreign
    );
    assert!(
        hostile(&|cells, txn| {
            cells.insert(txn, "focus/r1/budget@3", "m5");
        })
        .is_ok()
    );
}

fn edits() -> impl Strategy<Value = (usize, u8, u8, i64, String)> {
    (0usize..3, 0u8..6, 0u8..4, 0i64..50, "[a-zñ ]{0,5}")
}

fn edit_of(doc: &Document, kind: u8, r: u8, number: i64, text: &str) -> Vec<Edit> {
    let row = RowId::new(&format!("r{r}")).unwrap();
    let table = TableId::Focus;
    match kind {
        0 => vec![Edit::PlaceRow { table, row, order: format!("V{number:02}V") }],
        1 => vec![Edit::DeleteRow { table, row, deleted: number % 2 == 0 }],
        2 => vec![set(&format!("focus/{row}/budget"), number)],
        3 => vec![Edit::SetMember {
            key: Key::member(table, &row, "objectives", &format!("o{}", number % 5)),
            present: number % 3 != 0,
        }],
        4 => vec![Edit::SetCell { key: Key::cell(table, &row, "budget"), value: None }],
        _ => {
            let key = Key::cell(table, &row, "description");
            let old =
                doc.exercise().row(table, &row).and_then(|r| match r.cells.get("description") {
                    Some(Cell::Narrative(text)) => Some(text.clone()),
                    _ => None,
                });
            let old = old.unwrap_or_default();
            let at = old.char_indices().map(|(at, _)| at).nth(number as usize).unwrap_or(old.len());
            vec![Edit::SpliceText { key, at, delete: 0, insert: text.into() }]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_causal_order_and_repetition_ends_the_same(
        script in prop::collection::vec(edits(), 1..60),
        picks in prop::collection::vec(0usize..3, 60),
        live in any::<bool>(),
    ) {
        let mut docs = [doc(2), doc(3), doc(4)];
        let mut queues: [std::collections::VecDeque<Vec<u8>>; 3] = Default::default();
        for (who, kind, r, number, text) in script {
            let edits = edit_of(&docs[who], kind, r, number, &text);
            let update = docs[who].apply(&edits).unwrap().update;
            if update.is_empty() {
                continue;
            }
            if live {
                // Others build on it at once, so that only this order is causal.
                for doc in &mut docs {
                    doc.merge(&update).unwrap();
                }
                queues[0].push_back(update);
            } else {
                queues[who].push_back(update);
            }
        }
        let mut log: Vec<Vec<u8>> = Vec::new();
        for pick in picks {
            if let Some(update) = queues[pick].pop_front() {
                log.push(update);
                log.push(log[pick % log.len()].clone());
            }
        }
        for queue in &mut queues {
            log.extend(queue.drain(..));
        }
        for doc in &mut docs {
            for update in &log {
                doc.merge(update).unwrap();
            }
        }
        let mut fresh = doc(9);
        fresh.merge_all(&log.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        let peer = Peer::new(10).unwrap();
        let from_snapshot = Document::load(id(), peer, [docs[0].snapshot().as_slice()]).unwrap();
        for doc in &docs {
            prop_assert_eq!(doc.exercise(), fresh.exercise());
            prop_assert_eq!(doc.digest(), fresh.digest());
        }
        prop_assert_eq!(from_snapshot.exercise(), fresh.exercise());
        prop_assert_eq!(from_snapshot.digest(), fresh.digest());
    }

    #[test]
    fn hostile_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut doc = doc(2);
        doc.merge(&bytes).ok();
    }
}
