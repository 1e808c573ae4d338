//! The log of each exercise, with its writers and its base.

use rusqlite::{Connection, OptionalExtension as _, types::Type};
use shared::{
    access::Role,
    ids::{ExerciseId, Peer},
    protocol::{Blob, LogEntry, Seq},
    sync::room::{Binding, Last, NewEntry, RoomState},
};

use super::{Error, Result, Store, exercises};

/// Bytes of updates that are read at once for somebody who catches up.
const READ_BYTES: usize = 512 * 1024;

impl Store {
    /// Commits entries at these places of the log, and the writers that are new with them.
    /// [`Error::OutOfStep`] where `first` is not the next place.
    pub async fn append(
        &self,
        exercise: ExerciseId,
        first: Seq,
        entries: Vec<NewEntry>,
        bindings: Vec<Binding>,
        at: i64,
    ) -> Result<()> {
        self.write(move |db| append(db, exercise, first, entries, bindings, at))
            .await
            .map_err(|error| if error == Error::Taken { Error::OutOfStep } else { error })
    }

    /// Everything that a room starts from.
    pub async fn room(&self, exercise: ExerciseId) -> Result<RoomState> {
        self.read(move |db| {
            // One transaction, so that all parts are of the same moment.
            let db = db.unchecked_transaction()?;
            room(&db, &exercise.to_string())
        })
        .await
    }

    /// Entries of the log from this place on, at least one where there is one, but no more than go
    /// well into one message.
    pub async fn log(
        &self,
        exercise: ExerciseId,
        from: Seq,
        up_to: Seq,
    ) -> Result<Vec<(Seq, LogEntry)>> {
        self.read(move |db| entries(db, &exercise.to_string(), from, up_to, READ_BYTES)).await
    }

    /// Replaces the base of an exercise, unless there is a newer one.
    pub async fn put_base(&self, exercise: ExerciseId, seq: Seq, document: Vec<u8>) -> Result<()> {
        self.write(move |db| {
            let checksum = crc32fast::hash(&document);
            db.execute(
                "INSERT INTO bases (exercise, seq, content, checksum) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (exercise) DO UPDATE SET seq = excluded.seq,
                     content = excluded.content, checksum = excluded.checksum
                 WHERE excluded.seq > bases.seq",
                (exercise.to_string(), seq.cast_signed(), document, checksum),
            )?;
            Ok(())
        })
        .await
    }
}

/// What [`Store::append`] writes.
pub(super) fn append(
    db: &Connection,
    exercise: ExerciseId,
    first: Seq,
    entries: Vec<NewEntry>,
    bindings: Vec<Binding>,
    at: i64,
) -> Result<()> {
    let id = exercise.to_string();
    if first == 1
        && let Some(entry) = entries.first()
    {
        exercises::create(db, exercise, entry.user, at)?;
    }
    if head(db, &id)? + 1 != first {
        return Err(Error::OutOfStep);
    }
    let mut bind = db.prepare_cached(
        "INSERT INTO peers (exercise, peer, user, role, since, carried)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (exercise, peer) DO UPDATE SET
             user = excluded.user, role = excluded.role, carried = excluded.carried
         WHERE carried",
    )?;
    for Binding { peer, user, role, since, is_carried, .. } in bindings {
        let since = since.cast_signed();
        bind.execute((&id, number(peer), user, role.as_str(), since, is_carried))?;
    }
    let mut append = db.prepare_cached(
        "INSERT INTO log (exercise, seq, peer, entry, user, at, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (seq, NewEntry { peer, entry, user, update }) in (first..).zip(entries) {
        let seq = seq.cast_signed();
        append.execute((&id, seq, number(peer), entry, user, at, update))?;
    }
    Ok(())
}

/// What [`Store::room`] reads, inside a transaction.
pub(super) fn room(db: &Connection, id: &str) -> Result<RoomState> {
    let base = base(db, id)?;
    let from = base.as_ref().map_or(0, |(seq, _)| *seq) + 1;
    let log = entries(db, id, from, Seq::MAX >> 1, usize::MAX)?;
    Ok(RoomState { base, log, bindings: bindings(db, id)?, acked: acked(db, id)? })
}

/// Peers have 48 bits.
pub(super) fn number(peer: Peer) -> i64 {
    peer.number().cast_signed()
}

pub(super) fn peer(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Peer> {
    let number: i64 = row.get(column)?;
    Peer::new(number.cast_unsigned()).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error))
    })
}

fn head(db: &Connection, exercise: &str) -> rusqlite::Result<Seq> {
    let last: Option<i64> = db
        .prepare_cached("SELECT max(seq) FROM log WHERE exercise = ?1")?
        .query_row([exercise], |row| row.get(0))?;
    Ok(last.unwrap_or(0).cast_unsigned())
}

/// A base that is damaged is not used: the log holds everything.
fn base(db: &Connection, exercise: &str) -> rusqlite::Result<Option<(Seq, Vec<u8>)>> {
    let stored: Option<(i64, Vec<u8>, u32)> = db
        .prepare_cached("SELECT seq, content, checksum FROM bases WHERE exercise = ?1")?
        .query_row([exercise], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(stored.and_then(|(seq, document, checksum)| {
        if crc32fast::hash(&document) == checksum {
            return Some((seq.cast_unsigned(), document));
        }
        tracing::error!(exercise, seq, "damaged base: reading the whole log instead");
        None
    }))
}

fn entries(
    db: &Connection,
    exercise: &str,
    from: Seq,
    up_to: Seq,
    bytes: usize,
) -> Result<Vec<(Seq, LogEntry)>> {
    let mut query = db.prepare_cached(
        "SELECT seq, peer, entry, at, content FROM log
         WHERE exercise = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq",
    )?;
    let mut rows = query.query((exercise, from.cast_signed(), up_to.cast_signed()))?;
    let (mut found, mut read) = (Vec::new(), 0);
    while read < bytes
        && let Some(row) = rows.next()?
    {
        let (seq, update): (i64, Vec<u8>) = (row.get(0)?, row.get(4)?);
        read += update.len();
        let (peer, entry, at) = (peer(row, 1)?, row.get(2)?, row.get(3)?);
        let entry = LogEntry { peer, entry, at, update: Some(Blob(update)) };
        found.push((seq.cast_unsigned(), entry));
    }
    Ok(found)
}

pub(super) fn bindings(db: &Connection, exercise: &str) -> Result<Vec<Binding>> {
    let mut query = db.prepare_cached(
        "SELECT peer, user, name, peers.role, since, carried
         FROM peers JOIN users ON users.id = peers.user WHERE exercise = ?1",
    )?;
    let rows = query.query_map([exercise], |row| {
        let (role, since): (String, i64) = (row.get(3)?, row.get(4)?);
        let role = Role::parse(&role).ok_or(rusqlite::Error::InvalidQuery)?;
        let (peer, user, name) = (peer(row, 0)?, row.get(1)?, row.get(2)?);
        let (since, is_carried) = (since.cast_unsigned(), row.get(5)?);
        Ok(Binding { peer, user, name, role, since, is_carried })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn acked(db: &Connection, exercise: &str) -> Result<Vec<(Peer, Last)>> {
    // SQLite takes the other columns from the row of the greatest.
    let mut query = db.prepare_cached(
        "SELECT peer, max(entry), content FROM log WHERE exercise = ?1 GROUP BY peer",
    )?;
    let rows = query.query_map([exercise], |row| {
        Ok((peer(row, 0)?, Last::of(row.get(1)?, row.get_ref(2)?.as_blob()?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
