//! Who did what.

use rusqlite::{Connection, OptionalExtension as _};
use shared::{
    api::people::{AUDIT_PAGE, Audited, Event},
    ids::ExerciseId,
};

use super::{Result, Store};

/// Devices connect anew many times a day; that somebody opened an exercise is noted once in these
/// milliseconds.
const ONCE: i64 = 12 * 60 * 60 * 1000;

/// Something to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub event: Event,
    /// Who.
    pub by: Option<i64>,
    /// Whom it is about.
    pub about: Option<i64>,
    /// In which exercise.
    pub exercise: Option<ExerciseId>,
    /// Whose business it is; `None` for Sercotec's centre alone.
    pub region: Option<String>,
    /// What else is to be known, in Spanish.
    pub detail: String,
}

impl Note {
    /// Somebody did something in an exercise.
    #[must_use]
    pub fn of_exercise(event: Event, by: i64, exercise: ExerciseId) -> Self {
        Self {
            event,
            by: Some(by),
            about: None,
            exercise: Some(exercise),
            region: Some(exercise.region().into()),
            detail: String::new(),
        }
    }
}

pub(super) fn write(db: &Connection, note: &Note, now: i64) -> rusqlite::Result<()> {
    let exercise = note.exercise.map(|id| id.to_string());
    db.prepare_cached(
        "INSERT INTO audit (at, event, by, about, exercise, region, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        now,
        note.event.as_str(),
        note.by,
        note.about,
        exercise,
        &note.region,
        &note.detail,
    ))?;
    Ok(())
}

impl Store {
    /// Notes it.
    pub async fn note(&self, note: Note, now: i64) -> Result<()> {
        self.write(move |db| Ok(write(db, &note, now)?)).await
    }

    /// Notes that somebody opened an exercise, unless that was noted not long ago.
    pub async fn note_opened(&self, user: i64, exercise: ExerciseId, now: i64) -> Result<()> {
        self.write(move |db| {
            let note = Note::of_exercise(Event::ExerciseOpened, user, exercise);
            let same = "SELECT 1 FROM audit
                WHERE at > ?1 AND event = ?2 AND by = ?3 AND exercise = ?4 LIMIT 1";
            let since = now - ONCE;
            let found = db
                .prepare_cached(same)?
                .query_row((since, note.event.as_str(), user, exercise.to_string()), |_| Ok(()))
                .optional()?;
            if found.is_none() {
                write(db, &note, now)?;
            }
            Ok(())
        })
        .await
    }

    /// The latest entries before one, of a region or of all.
    pub async fn audit(&self, region: Option<String>, before: Option<i64>) -> Result<Vec<Audited>> {
        self.read(move |db| {
            let query = format!(
                "SELECT audit.id, at, event, author.name, subject.name, exercise, detail
                 FROM audit
                 LEFT JOIN users AS author ON author.id = audit.by
                 LEFT JOIN users AS subject ON subject.id = audit.about
                 WHERE (?1 IS NULL OR audit.region = ?1) AND audit.id < ?2
                 ORDER BY audit.id DESC LIMIT {AUDIT_PAGE}"
            );
            let mut query = db.prepare_cached(&query)?;
            let entries = query.query_map((region, before.unwrap_or(i64::MAX)), |row| {
                let (event, exercise): (String, Option<String>) = (row.get(2)?, row.get(5)?);
                Ok(Audited {
                    id: row.get(0)?,
                    at: row.get(1)?,
                    event: Event::parse(&event),
                    by: row.get(3)?,
                    about: row.get(4)?,
                    exercise: exercise.and_then(|id| id.parse().ok()),
                    detail: row.get(6)?,
                })
            })?;
            Ok(entries.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Forgets what is older.
    pub async fn forget_audit(&self, before: i64) -> Result<usize> {
        self.write(move |db| Ok(db.execute("DELETE FROM audit WHERE at < ?1", [before])?)).await
    }
}
