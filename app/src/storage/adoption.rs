//! What the device kept before each person had a database of their own (version 1 of the stored
//! data): one for everybody, which anybody could read.

use indexed_db_futures::{BuildPrimitive as _, KeyRange, database::Database};

use super::{
    BASES, CURSORS, DAMAGED, DEVICE, Failure, Found, LAST_ENTRIES, LOG, NAMES, OUTBOX, QUARANTINE,
    Storage, WRITERS, delete, reading, writing,
};

/// What the server has too: copied for the first person, and fetched anew by the others.
const COPIES: [&str; 4] = [BASES, LOG, CURSORS, NAMES];
/// What a writer did, by exercise and writer.
const OF_WRITERS: [&str; 3] = [OUTBOX, LAST_ENTRIES, QUARANTINE];

impl Storage {
    /// Takes over from the database of everybody what is of this person: first it is stored here in
    /// one transaction, then it is taken away there. A record that is damaged is set aside as it is.
    pub async fn adopt(&self, everybody: &Self, user: i64) -> Result<(), Failure> {
        let all = async |store: &'static str| -> Result<Vec<Found>, Failure> {
            let read = async |database: &Database| {
                let transaction = reading(database, &[store])?;
                let range = KeyRange::LowerBound(String::new(), false);
                everybody.find_all(&transaction.object_store(store)?, range).await
            };
            everybody.run(read).await
        };
        let mine = format!("{user}/");
        let writers: Vec<Found> =
            all(WRITERS).await?.into_iter().filter(|found| found.key.starts_with(&mine)).collect();
        if writers.is_empty() {
            return Ok(());
        }
        let is_mine = |found: &Found| {
            let writer = found.key.split('/').nth(1);
            writers.iter().any(|mine| mine.key.split('/').nth(1) == writer)
        };
        let mut taken: Vec<(&str, Found)> = Vec::new();
        for store in COPIES {
            taken.extend(all(store).await?.into_iter().map(|found| (store, found)));
        }
        for store in OF_WRITERS {
            let found = all(store).await?.into_iter().filter(is_mine);
            taken.extend(found.map(|found| (store, found)));
        }
        let of_exercises = |found: &Found| found.key.contains('/');
        taken.extend(all(DEVICE).await?.into_iter().filter(of_exercises).map(|f| (DEVICE, f)));
        taken.extend(writers.iter().map(|found| (WRITERS, found.clone())));
        let stores = [&COPIES[..], &OF_WRITERS[..], &[DEVICE, WRITERS, DAMAGED]].concat();

        let store_here = async |database: &Database| {
            let transaction = writing(database, &stores)?;
            for (store, found) in &taken {
                match found.bytes() {
                    Some(bytes) => {
                        self.put(&transaction.object_store(store)?, &found.key, &bytes)?;
                    }
                    None => {
                        let key = format!("{store}/{}", found.key);
                        let aside = transaction.object_store(DAMAGED)?;
                        aside.put(found.value.clone()).with_key(key).primitive()?;
                    }
                }
            }
            transaction.commit().await
        };
        self.run(store_here).await?;
        let take_away = async |database: &Database| {
            let transaction = writing(database, &stores)?;
            for (store, found) in &taken {
                delete(&transaction.object_store(store)?, found.key.clone())?;
            }
            transaction.commit().await
        };
        everybody.run(take_away).await
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use indexed_db_futures::typed_array::Uint8ArraySlice;
    use shared::{
        ids::{ExerciseId, Peer},
        sync::journal::{Cursor, Outgoing, Write},
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::{
        clock,
        storage::{Journal, KEY_BYTES, Seal, WriterState},
    };

    fn peer(number: u64) -> Peer {
        Peer::new(number).unwrap()
    }

    #[wasm_bindgen_test]
    async fn everybodys_data_becomes_each_persons_own() {
        let name = format!("everybody-{}", clock::new_peer());
        let everybody = Storage::open(&name, Seal::Sum).await.unwrap();
        let exercise = ExerciseId::new("01", 2027).unwrap();
        let put = |number, entry| Write::PutOutbox {
            peer: peer(number),
            entry,
            outgoing: Outgoing { update: vec![7], edits: vec![], clock: entry, generation: 0 },
        };
        let old = Journal::new(Rc::clone(&everybody), exercise, 1);
        let copy = [
            Write::PutLog { seq: 1, update: b"log".to_vec() },
            Write::PutCursor(Cursor { epoch: 9, seq: 1 }),
        ];
        old.write(&copy).await.unwrap();
        old.write(&[put(7, 1), put(7, 2), put(8, 1)]).await.unwrap();
        for (user, number) in [(1, 7), (2, 8)] {
            everybody.put_writer(user, peer(number), WriterState::InUse).await.unwrap();
        }
        everybody.remember("person", Some(&"Ana")).await.unwrap();
        everybody.remember("agreed/01-2027", Some(&5)).await.unwrap();
        let damage = async |database: &Database| {
            let transaction = writing(database, &[OUTBOX])?;
            let outbox = transaction.object_store(OUTBOX)?;
            let key = format!("{exercise}/{:015}/{:010}", 7, 2);
            outbox.put(Uint8ArraySlice::new(&[1])).with_key(key).primitive()?;
            transaction.commit().await
        };
        everybody.run(damage).await.unwrap();

        for (user, number, waiting) in [(1, 7, 1), (2, 8, 1)] {
            let seal = Seal::key(&[user as u8; KEY_BYTES]);
            let mine = Storage::open(&format!("{name}-{user}"), seal).await.unwrap();
            for _ in 0..2 {
                mine.adopt(&everybody, user).await.unwrap();
            }
            let journal = Journal::new(Rc::clone(&mine), exercise, user);
            let loaded = journal.load(&[peer(number)].into()).await.unwrap();
            assert_eq!(loaded.stored.outbox.len(), waiting, "{user}");
            assert_eq!(loaded.stored.log.len(), usize::from(user == 1), "the first has the copy");
            assert_eq!(mine.writers(user).await.unwrap().len(), 1);
            let agreed: Option<i64> = mine.recall("agreed/01-2027").await.unwrap();
            assert_eq!(agreed, (user == 1).then_some(5));
        }
        assert_eq!(everybody.recall::<String>("person").await, Ok(Some("Ana".into())));
        assert_eq!(everybody.holdings().await, Ok([].into()), "nothing of anybody is left there");
    }
}
