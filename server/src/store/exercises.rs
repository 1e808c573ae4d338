//! The list of exercises.

use rusqlite::{Connection, OptionalExtension as _, Row, types::Type};
use shared::{ids::ExerciseId, protocol::Seq};

use super::{Result, Store};

/// An exercise of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredExercise {
    /// Which one.
    pub id: ExerciseId,
    /// The last place of its log.
    pub head: Seq,
    /// When that was committed, or else when the exercise was created.
    pub changed: i64,
}

const EXERCISE: &str = "SELECT id, coalesce(last.seq, 0), coalesce(last.at, created)
    FROM exercises LEFT JOIN log AS last ON last.exercise = exercises.id
        AND last.seq = (SELECT max(seq) FROM log WHERE log.exercise = exercises.id)";

fn exercise(row: &Row<'_>) -> rusqlite::Result<StoredExercise> {
    let id: String = row.get(0)?;
    let id = id.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
    })?;
    let head: i64 = row.get(1)?;
    Ok(StoredExercise { id, head: head.cast_unsigned(), changed: row.get(2)? })
}

/// Makes an exercise where it is missing.
pub(super) fn create(
    db: &Connection,
    id: ExerciseId,
    user: i64,
    now: i64,
) -> rusqlite::Result<usize> {
    db.prepare_cached(
        "INSERT INTO exercises (id, created, created_by) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
    )?
    .execute((id.to_string(), now, user))
}

impl Store {
    /// All exercises, newest year first.
    pub async fn exercises(&self) -> Result<Vec<StoredExercise>> {
        self.read(|db| {
            let mut query = db.prepare_cached(EXERCISE)?;
            let found = query.query_map([], exercise)?;
            let mut found: Vec<_> = found.collect::<rusqlite::Result<_>>()?;
            found.sort_by(|a, b| {
                let (a, b) = (a.id, b.id);
                b.budget_year.cmp(&a.budget_year).then_with(|| a.region().cmp(b.region()))
            });
            Ok(found)
        })
        .await
    }

    /// One exercise, if it exists.
    pub async fn exercise(&self, id: ExerciseId) -> Result<Option<StoredExercise>> {
        self.read(move |db| {
            let query = format!("{EXERCISE} WHERE id = ?1");
            let mut query = db.prepare_cached(&query)?;
            Ok(query.query_row([id.to_string()], exercise).optional()?)
        })
        .await
    }

    /// Makes an exercise where it is missing.
    pub async fn create_exercise(&self, id: ExerciseId, user: i64, now: i64) -> Result<()> {
        self.write(move |db| {
            create(db, id, user, now)?;
            Ok(())
        })
        .await
    }
}
