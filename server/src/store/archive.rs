//! What was officially done in an exercise as a whole: to be taken along, and to be restored.

use rusqlite::{Connection, OptionalExtension as _};
use shared::{
    exchange::process::{Archive, ArchivedAct, ArchivedFile, named_versions},
    ids::ExerciseId,
    process::Fingerprint,
    sync::room::RoomState,
};

use super::{Error, IMPORTER, Note, Result, Store, acts, audit, log};
use crate::exchange::Beginning;

/// What an exercise lacks of a file. Restored as a whole or not at all.
#[derive(Debug)]
pub struct Restoring {
    /// Which exercise.
    pub exercise: ExerciseId,
    /// Acts that are there already; others wrote where there are more.
    pub acts_before: usize,
    /// Its first entries, where it had none.
    pub beginning: Option<Beginning>,
    /// Acts that come after those that are there.
    pub acts: Vec<ArchivedAct>,
    /// Contents of versions.
    pub versions: Vec<(Fingerprint, String)>,
    /// Files, which have their content.
    pub files: Vec<(Fingerprint, ArchivedFile)>,
    /// For the audit.
    pub note: Note,
}

impl Store {
    /// The document and what was officially done, of the same moment. The bytes of files only where
    /// they are asked for.
    pub async fn archive(
        &self,
        exercise: ExerciseId,
        with_files: bool,
    ) -> Result<(RoomState, Archive)> {
        self.read(move |db| {
            // One transaction, so that all parts are of the same moment.
            let db = db.unchecked_transaction()?;
            let id = exercise.to_string();
            Ok((log::room(&db, &id)?, archive(&db, &id, with_files)?))
        })
        .await
    }

    /// Writes what an exercise lacks. [`Error::OutOfStep`] where somebody wrote meanwhile.
    pub async fn restore(&self, restoring: Restoring, now: i64) -> Result<()> {
        self.write(move |db| restore(db, restoring, now)).await
    }

    /// Whether a file is there.
    pub async fn has_file(&self, exercise: ExerciseId, sha256: Fingerprint) -> Result<bool> {
        self.read(move |db| {
            let find = "SELECT 1 FROM files WHERE exercise = ?1 AND sha256 = ?2";
            let key = (exercise.to_string(), sha256.to_string());
            Ok(db.query_row(find, key, |_| Ok(())).optional()?.is_some())
        })
        .await
    }
}

fn archive(db: &Connection, id: &str, with_files: bool) -> Result<Archive> {
    let mut archive = Archive::default();
    let mut query =
        db.prepare("SELECT request, content FROM acts WHERE exercise = ?1 ORDER BY number")?;
    let found = query.query_map([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    for act in found {
        let (request, text) = act?;
        archive.acts.push(ArchivedAct { request, record: acts::read(&text)?, text });
    }
    let mut query =
        db.prepare("SELECT content FROM contents WHERE exercise = ?1 AND fingerprint = ?2")?;
    for (fingerprint, _) in archive.acts.iter().filter_map(named_versions) {
        let content = query.query_row((id, fingerprint.to_string()), |row| row.get(0))?;
        archive.versions.insert(fingerprint, content);
    }
    let mut query = db.prepare("SELECT content FROM files WHERE exercise = ?1 AND sha256 = ?2")?;
    for file in archive.acts.iter().flat_map(|act| act.record.act.attachments()) {
        let content = match with_files {
            true => query.query_row((id, file.sha256.to_string()), |row| row.get(0)).optional()?,
            false => None,
        };
        let (media_type, bytes) = (file.media_type.clone(), file.bytes);
        archive.files.insert(file.sha256, ArchivedFile { media_type, bytes, content });
    }
    Ok(archive)
}

fn restore(db: &Connection, restoring: Restoring, now: i64) -> Result<()> {
    let Restoring { exercise, acts_before, beginning, acts, versions, files, note } = restoring;
    let id = exercise.to_string();
    if let Some(Beginning { entries, bindings, .. }) = beginning {
        log::append(db, exercise, 1, entries, bindings, now)?;
    }
    super::exercises::create(db, exercise, IMPORTER, now)?;
    let count: i64 =
        db.query_row("SELECT count(*) FROM acts WHERE exercise = ?1", [&id], |row| row.get(0))?;
    if usize::try_from(count) != Ok(acts_before) {
        return Err(Error::OutOfStep);
    }
    for (fingerprint, content) in versions {
        acts::put_content(db, &id, fingerprint, &content)?;
    }
    for (sha256, ArchivedFile { media_type, content, .. }) in files {
        db.execute(
            "INSERT INTO files (exercise, sha256, media_type, content, user, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            (&id, sha256.to_string(), media_type, content.unwrap_or_default(), IMPORTER, now),
        )?;
    }
    // The accounts of another server mean nothing here: who did it is said in the act itself.
    for ArchivedAct { request, record, text } in acts {
        db.execute(
            "INSERT INTO acts (exercise, number, request, at, user, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (&id, record.number, request, record.at, IMPORTER, text),
        )?;
    }
    Ok(audit::write(db, &note, now)?)
}
