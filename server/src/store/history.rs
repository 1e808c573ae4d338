//! What histories need of the log beside its entries.

use std::collections::HashMap;

use shared::{
    history::Author,
    ids::{ExerciseId, Peer},
    protocol::Seq,
};

use super::{Result, Store, log};

impl Store {
    /// Who the writers of an exercise are.
    pub async fn authors(&self, exercise: ExerciseId) -> Result<HashMap<Peer, Author>> {
        self.read(move |db| {
            let bindings = log::bindings(db, &exercise.to_string())?;
            let author =
                |name, role: shared::access::Role| Author { name, role: role.title().into() };
            let authors = bindings.into_iter().map(|one| (one.peer, author(one.name, one.role)));
            Ok(authors.collect())
        })
        .await
    }

    /// Place, moment and writer of every entry, in their order.
    pub async fn moments(&self, exercise: ExerciseId) -> Result<Vec<(Seq, i64, Peer)>> {
        self.read(move |db| {
            let mut query = db
                .prepare_cached("SELECT seq, at, peer FROM log WHERE exercise = ?1 ORDER BY seq")?;
            let rows = query.query_map([exercise.to_string()], |row| {
                let seq: i64 = row.get(0)?;
                Ok((seq.cast_unsigned(), row.get(1)?, log::peer(row, 2)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Who brought entries that they did not write, by the places of those.
    pub async fn bringers(&self, exercise: ExerciseId) -> Result<HashMap<Seq, String>> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT seq, name FROM log JOIN peers USING (exercise, peer)
                 JOIN users ON users.id = log.user
                 WHERE exercise = ?1 AND log.user <> peers.user",
            )?;
            let rows = query.query_map([exercise.to_string()], |row| {
                let seq: i64 = row.get(0)?;
                Ok((seq.cast_unsigned(), row.get(1)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The place of the last entry that was committed up to a moment; zero before the first.
    pub async fn place_at(&self, exercise: ExerciseId, moment: i64) -> Result<Seq> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached("SELECT max(seq) FROM log WHERE exercise = ?1 AND at <= ?2")?;
            let parameters = (exercise.to_string(), moment);
            let last: Option<i64> = query.query_row(parameters, |row| row.get(0))?;
            Ok(last.unwrap_or(0).cast_unsigned())
        })
        .await
    }
}
