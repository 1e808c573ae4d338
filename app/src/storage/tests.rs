//! In a real browser, with a real IndexedDB.

use std::collections::BTreeSet;

use indexed_db_futures::database::Database;
use shared::{
    edit::Edit,
    ids::{ExerciseId, Peer, RowId},
    protocol::{Code, Writer},
    sync::journal::{Cursor, Outgoing, Stored, Write},
    template::TableId,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;
use crate::clock;

wasm_bindgen_test_configure!(run_in_browser);

const USER: i64 = 5;

async fn fresh() -> Rc<Storage> {
    Storage::open(&format!("test-{}", clock::new_peer()), Seal::key(&[3; KEY_BYTES])).await.unwrap()
}

fn exercise() -> ExerciseId {
    ExerciseId::new("01", 2027).unwrap()
}

fn peer(number: u64) -> Peer {
    Peer::new(number).unwrap()
}

fn outgoing(text: &str) -> Outgoing {
    let row = RowId::new(text).unwrap();
    let edit = Edit::PlaceRow { table: TableId::Focus, row, order: "V".into() };
    Outgoing { update: text.as_bytes().to_vec(), edits: vec![edit], clock: 1, generation: 0 }
}

fn put_outbox(writer: u64, entry: u32, text: &str) -> Write {
    Write::PutOutbox { peer: peer(writer), entry, outgoing: outgoing(text) }
}

fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: 9, seq }
}

fn put_log(from: u64, to: u64) -> Vec<Write> {
    (from..=to).map(|seq| Write::PutLog { seq, update: vec![seq as u8] }).collect()
}

fn put_base(epoch: u64, seq: u64) -> Write {
    Write::PutBase { epoch, seq, document: vec![seq as u8; 100] }
}

fn journal(storage: &Rc<Storage>) -> Journal {
    Journal::new(Rc::clone(storage), exercise(), USER)
}

async fn load(storage: &Rc<Storage>, writers: &[u64]) -> Loaded {
    journal(storage).load(&writers.iter().copied().map(peer).collect()).await.unwrap()
}

/// Three entries of the log and two that wait.
async fn filled() -> (Rc<Storage>, Journal) {
    let storage = fresh().await;
    assert_eq!(load(&storage, &[]).await.stored, Stored::default());
    let mut writes = put_log(1, 3);
    writes.push(Write::PutCursor(cursor(3)));
    writes.extend([put_outbox(7, 1, "a"), put_outbox(7, 2, "b")]);
    let journal = journal(&storage);
    journal.write(&writes).await.unwrap();
    (storage, journal)
}

/// Replaces a record by bytes that nobody sealed.
async fn damage(storage: &Storage, store: &str, key: &str) {
    let damage = async |database: &Database| {
        let transaction = writing(database, &[store])?;
        let object_store = transaction.object_store(store)?;
        let existing = storage.find(&object_store, key).await?;
        assert!(existing.is_some(), "{store}/{key}");
        object_store
            .put(Uint8ArraySlice::new(&[1, 2, 3, 4, 5, 6]))
            .with_key(key.to_owned())
            .primitive()?;
        transaction.commit().await
    };
    storage.run(damage).await.unwrap();
}

async fn count(storage: &Storage, store: &str) -> u32 {
    let count = async |database: &Database| {
        reading(database, &[store])?.object_store(store)?.count().primitive()?.await
    };
    storage.run(count).await.unwrap()
}

/// All writes that there are, twice each, in an order in which they might come.
fn every_write() -> Vec<Write> {
    let mut writes = put_log(1, 4);
    writes.push(Write::PutCursor(cursor(4)));
    writes.extend([put_outbox(7, 1, "a"), put_outbox(7, 2, "b"), put_outbox(7, 3, "c")]);
    writes.extend([put_outbox(9, 1, "d"), put_outbox(9, 2, "e")]);
    writes.push(Write::DropOutbox { peer: peer(7), up_to: 1 });
    writes.extend([put_base(9, 2), put_base(9, 1), put_base(10, 3)]);
    let writer =
        |number| Writer { peer: peer(number), name: "Ana".into(), role: "Profesional".into() };
    writes.push(Write::PutWriters(vec![writer(3), writer(7)]));
    writes.push(Write::Quarantine { peer: peer(9), from: 2, code: Code::Forbidden });
    writes.iter().flat_map(|write| [write.clone(), write.clone()]).collect()
}

#[wasm_bindgen_test]
async fn the_database_does_with_writes_what_the_standard_says() {
    let dropped = [Write::DropLog, put_base(9, 3)].into_iter().chain(put_log(1, 1)).collect();
    let mut other_log = put_log(5, 6);
    other_log.push(Write::PutCursor(Cursor { epoch: 10, seq: 6 }));
    for (last, one_transaction) in
        [vec![], dropped, other_log].iter().flat_map(|last| [(last, true), (last, false)])
    {
        let mut writes = every_write();
        writes.extend_from_slice(last);
        let mut standard = Stored::default();
        standard.write(&writes);
        let storage = fresh().await;
        if one_transaction {
            journal(&storage).write(&writes).await.unwrap();
        } else {
            for write in &writes {
                journal(&storage).write(std::slice::from_ref(write)).await.unwrap();
            }
        }
        let again = Storage::open(&storage.name, storage.seal.clone()).await.unwrap();
        let loaded = load(&again, &[7, 9]).await;
        assert_eq!(loaded, Loaded { stored: standard, damage: BTreeSet::new() });
    }
}

#[wasm_bindgen_test]
async fn only_the_writers_asked_for_are_loaded() {
    let (storage, journal) = filled().await;
    journal.write(&[put_outbox(9, 1, "c")]).await.unwrap();
    let stored = load(&storage, &[9]).await.stored;
    assert_eq!(stored.outbox, [(peer(9), 1, outgoing("c"))]);
    assert_eq!(stored.last_entries.len(), 1);
}

#[wasm_bindgen_test]
async fn who_was_refused_is_retired() {
    let (storage, journal) = filled().await;
    storage.put_writer(USER, peer(7), WriterState::InUse).await.unwrap();
    let refuse = Write::Quarantine { peer: peer(7), from: 2, code: Code::Forbidden };
    journal.write(&[refuse]).await.unwrap();
    assert_eq!(storage.writers(USER).await, Ok([(peer(7), WriterState::Retired)].into()));
    journal.release(&[(peer(7), 2)]).await.unwrap();
    assert!(load(&storage, &[7]).await.stored.quarantine.is_empty());
}

#[wasm_bindgen_test]
async fn what_came_in_a_rescue_file_is_of_another_device() {
    let (storage, journal) = filled().await;
    let carry =
        |number, entry| Write::Carry { peer: peer(number), entry, outgoing: outgoing("carried") };
    journal.write(&[carry(11, 1), carry(11, 2)]).await.unwrap();
    let stored = load(&storage, &[11]).await.stored;
    assert_eq!((stored.carried, stored.outbox.len()), ([peer(11)].into(), 2));
    assert!(stored.last_entries.is_empty(), "nobody here writes as it");
    // It stays what it is, also where the server does not want it.
    let refuse = Write::Quarantine { peer: peer(11), from: 1, code: Code::Forbidden };
    journal.write(&[refuse, carry(11, 1)]).await.unwrap();
    assert_eq!(storage.writers(USER).await, Ok([(peer(11), WriterState::Carried)].into()));
    // One of this device stays that.
    storage.put_writer(USER, peer(7), WriterState::InUse).await.unwrap();
    journal.write(&[carry(7, 1)]).await.unwrap();
    assert!(load(&storage, &[7]).await.stored.carried.is_empty());
}

#[wasm_bindgen_test]
async fn a_transaction_that_breaks_leaves_nothing() {
    let storage = fresh().await;
    let half = async |database: &Database| {
        let transaction = writing(database, &[OUTBOX, LOG])?;
        storage.put(&transaction.object_store(OUTBOX)?, "01-2027/1", b"x")?;
        storage.find(&transaction.object_store(LOG)?, "01-2027/1").await?;
        Err::<(), _>(UnexpectedDataError::NoErrorFound.into())
    };
    assert!(storage.run(half).await.is_err());
    assert_eq!(count(&storage, OUTBOX).await, 0);
}

#[wasm_bindgen_test]
async fn a_damaged_record_is_set_aside_as_it_was_found() {
    let waiting = format!("01-2027/{:015}", 7);
    for (store, key, damaged) in [
        (BASES, "01-2027".to_owned(), Damage::Copy),
        (LOG, format!("01-2027/{:016}", 3), Damage::Copy),
        (CURSORS, "01-2027".to_owned(), Damage::Copy),
        (OUTBOX, format!("{waiting}/{:010}", 1), Damage::Unsent),
        (LAST_ENTRIES, waiting.clone(), Damage::Unsent),
        (QUARANTINE, format!("{waiting}/{:010}", 2), Damage::Quarantined),
    ] {
        let (storage, journal) = filled().await;
        let refuse = Write::Quarantine { peer: peer(7), from: 2, code: Code::Forbidden };
        journal.write(&[put_base(9, 2), refuse, put_outbox(7, 1, "a")]).await.unwrap();
        let before = load(&storage, &[7]).await;
        assert!(before.damage.is_empty());
        damage(&storage, store, &key).await;
        let loaded = load(&storage, &[7]).await;
        assert_eq!(loaded.damage, [damaged].into(), "{store}");
        assert_ne!(loaded.stored, before.stored, "{store}");
        assert_eq!(count(&storage, DAMAGED).await, 1, "{store}");
        let again = load(&storage, &[7]).await;
        assert_eq!(again, Loaded { stored: loaded.stored, damage: BTreeSet::new() }, "{store}");
        if store == BASES {
            journal.write(&[put_base(9, 2)]).await.unwrap();
            assert!(
                load(&storage, &[7]).await.stored.base.is_some(),
                "no newer than the damaged one"
            );
        }
    }
}

#[wasm_bindgen_test]
async fn a_damaged_preview_is_none() {
    let storage = fresh().await;
    let journal = journal(&storage);
    assert_eq!(journal.preview().await, Ok(None));
    journal.put_preview(b"old").await.unwrap();
    journal.put_preview(b"new").await.unwrap();
    assert_eq!(journal.preview().await, Ok(Some(b"new".to_vec())));
    damage(&storage, DEVICE, "preview/01-2027").await;
    assert_eq!(journal.preview().await, Ok(None));
}

#[wasm_bindgen_test]
async fn a_connection_that_was_closed_is_opened_again() {
    let (storage, journal) = filled().await;
    let connection = storage.connection.borrow().clone().unwrap();
    connection.close();
    journal.write(&[put_outbox(7, 3, "c")]).await.unwrap();
    assert_eq!(load(&storage, &[7]).await.stored.outbox.len(), 3);
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let (storage, _) = filled().await;
    let name = storage.name.clone();
    storage.disconnect();
    let newer = Database::open(name.as_str()).with_version(VERSION + 1).await.unwrap();
    newer.close();
    assert_eq!(Storage::open(&name, Seal::Sum).await.err(), Some(Failure::Newer));
    let newer = Database::open(name.as_str()).with_version(VERSION + 1).await.unwrap();
    let transaction = reading(&newer, &[OUTBOX]).unwrap();
    let store = transaction.object_store(OUTBOX).unwrap();
    let unsent: u32 = store.count().primitive().unwrap().await.unwrap();
    assert_eq!(unsent, 2);
}

#[wasm_bindgen_test]
async fn the_device_remembers_and_counts() {
    let (storage, journal) = filled().await;
    storage.remember("person", Some(&"Ana")).await.unwrap();
    assert_eq!(storage.recall::<String>("person").await, Ok(Some("Ana".into())));
    storage.remember("person", None::<&String>).await.unwrap();
    assert_eq!(storage.recall::<String>("person").await, Ok(None));

    let refuse = Write::Quarantine { peer: peer(7), from: 2, code: Code::Forbidden };
    journal.write(&[refuse]).await.unwrap();
    let holdings = storage.holdings().await.unwrap();
    let holding = holdings[&exercise()];
    assert_eq!((holding.copy, holding.unsent, holding.quarantined), (true, 1, 1));

    storage.put_writer(50, peer(8), WriterState::InUse).await.unwrap();
    storage.put_writer(50, peer(9), WriterState::InUse).await.unwrap();
    let in_use = [8, 9].map(|number| (peer(number), WriterState::InUse));
    assert_eq!(storage.writers(50).await, Ok(in_use.into()));
    damage(&storage, WRITERS, &format!("50/{:015}", 8)).await;
    let state = storage.writers(50).await.unwrap()[&peer(8)];
    assert_eq!(state, WriterState::Retired, "damaged ones are not taken");
}
