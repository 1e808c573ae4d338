//! The register of official acts, the content of versions, and the files of letters.

use rusqlite::{Connection, OptionalExtension as _};
use shared::{
    ids::ExerciseId,
    process::{Fingerprint, Record},
};

use super::{Error, Result, Store};

/// An act to be written, with what belongs to it.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// In which exercise.
    pub exercise: ExerciseId,
    /// Drawn by the device that asks.
    pub request: String,
    /// The act.
    pub record: Record,
    /// Of a version, what names its content and the content.
    pub content: Option<(Fingerprint, String)>,
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Found in its content.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

pub(super) fn read(text: &str) -> Result<Record> {
    serde_json::from_str(text).map_err(|error| Error::Unavailable(format!("acto: {error}")))
}

fn acts(db: &Connection, exercise: &str) -> Result<Vec<Record>> {
    let mut query =
        db.prepare_cached("SELECT content FROM acts WHERE exercise = ?1 ORDER BY number")?;
    let texts = query.query_map([exercise], |row| row.get::<_, String>(0))?;
    texts.map(|text| read(&text?)).collect()
}

pub(super) fn put_content(
    db: &Connection,
    exercise: &str,
    fingerprint: Fingerprint,
    content: &str,
) -> rusqlite::Result<usize> {
    db.execute(
        "INSERT INTO contents (exercise, fingerprint, content) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
        (exercise, fingerprint.to_string(), content),
    )
}

impl Store {
    /// The acts of an exercise, in their order.
    pub async fn acts(&self, exercise: ExerciseId) -> Result<Vec<Record>> {
        self.read(move |db| acts(db, &exercise.to_string())).await
    }

    /// The acts of all exercises of a budget year that have any.
    pub async fn acts_of_year(&self, year: u16) -> Result<Vec<(ExerciseId, Vec<Record>)>> {
        self.read(move |db| {
            // One transaction, so that all regions are of the same moment.
            let db = db.unchecked_transaction()?;
            let mut query = db.prepare_cached("SELECT id FROM exercises ORDER BY id")?;
            let ids = query.query_map([], |row| row.get::<_, String>(0))?;
            let ids: Vec<String> = ids.collect::<rusqlite::Result<_>>()?;
            let ids = ids.iter().filter_map(|id| id.parse::<ExerciseId>().ok());
            ids.filter(|id| id.budget_year == year)
                .map(|id| Ok((id, acts(&db, &id.to_string())?)))
                .collect()
        })
        .await
    }

    /// What was asked for before with the same request.
    pub async fn act_of(&self, exercise: ExerciseId, request: String) -> Result<Option<Record>> {
        self.read(move |db| {
            let find = "SELECT content FROM acts WHERE exercise = ?1 AND request = ?2";
            let found =
                db.query_row(find, (exercise.to_string(), request), |row| row.get::<_, String>(0));
            found.optional()?.map(|text| read(&text)).transpose()
        })
        .await
    }

    /// Writes an act. [`Error::Taken`] where the number or the request is used already.
    pub async fn register(&self, new: NewAct) -> Result<()> {
        let NewAct { exercise, request, record, content } = new;
        let text = serde_json::to_string(&record)
            .map_err(|error| Error::Unavailable(format!("acto: {error}")))?;
        self.write(move |db| {
            let id = exercise.to_string();
            if let Some((fingerprint, content)) = content {
                put_content(db, &id, fingerprint, &content)?;
            }
            db.execute(
                "INSERT INTO acts (exercise, number, request, at, user, content)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (&id, record.number, request, record.at, record.author.user, text),
            )?;
            Ok(())
        })
        .await
    }

    /// The content of a version.
    pub async fn content(
        &self,
        exercise: ExerciseId,
        fingerprint: Fingerprint,
    ) -> Result<Option<String>> {
        self.read(move |db| {
            let find = "SELECT content FROM contents WHERE exercise = ?1 AND fingerprint = ?2";
            let key = (exercise.to_string(), fingerprint.to_string());
            Ok(db.query_row(find, key, |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Keeps a file; one that is there already stays.
    pub async fn put_file(
        &self,
        exercise: ExerciseId,
        sha256: Fingerprint,
        file: StoredFile,
        user: i64,
        now: i64,
    ) -> Result<()> {
        self.write(move |db| {
            let StoredFile { media_type, content } = &file;
            db.execute(
                "INSERT INTO files (exercise, sha256, media_type, content, user, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                (exercise.to_string(), sha256.to_string(), media_type, content, user, now),
            )?;
            Ok(())
        })
        .await
    }

    /// A file.
    pub async fn file(
        &self,
        exercise: ExerciseId,
        sha256: Fingerprint,
    ) -> Result<Option<StoredFile>> {
        self.read(move |db| {
            let find = "SELECT media_type, content FROM files WHERE exercise = ?1 AND sha256 = ?2";
            let key = (exercise.to_string(), sha256.to_string());
            let file = |row: &rusqlite::Row<'_>| {
                Ok(StoredFile { media_type: row.get(0)?, content: row.get(1)? })
            };
            Ok(db.query_row(find, key, file).optional()?)
        })
        .await
    }
}
