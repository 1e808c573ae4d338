//! Restoring what a file carries, official acts too. It adds what is lacking where nothing else is
//! there, changes nothing where everything is, and refuses whatever would lose or rewrite something.

use std::fmt;

use shared::{
    access::{Grant, Role},
    api::people::Event,
    doc::{EditError, MergeError},
    exchange::{
        Import, export,
        process::{Archive, ArchivedAct},
    },
    history::differences,
    ids::ExerciseId,
    process::ActNumber,
    sync::room::{Member, Room},
};

use crate::{
    clock,
    exchange::beginning,
    store::{self, IMPORTER, Note, Restoring, Store},
};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Whether the exercise was empty and holds the file's content now.
    pub exercise: bool,
    /// Acts that were added.
    pub acts: usize,
    /// Contents of versions in the file, whose fingerprints are what they say.
    pub versions: usize,
    /// Files that were added.
    pub files: usize,
    /// Files that the acts name and that neither the file nor the server has.
    pub missing_files: usize,
}

impl Restored {
    /// Whether everything was there.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.exercise && self.acts == 0 && self.files == 0
    }
}

/// Why nothing was restored.
#[derive(Debug)]
pub enum RestoreError {
    /// Something else is there.
    Conflict(Conflict),
    /// The file makes no exercise.
    Content(EditError),
    /// What is stored does.
    Stored(MergeError),
    /// The database did not do it.
    Store(store::Error),
}

/// What the file would change of what is there. Nothing of it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Region and budget year.
    pub exercise: ExerciseId,
    /// Cells and rows that differ.
    pub differences: usize,
    /// Acts that are there and not in the file.
    pub lost: Vec<ActNumber>,
    /// Acts that are another thing in the file.
    pub rewritten: Vec<ActNumber>,
    /// Acts that only the file has.
    pub added: Vec<ActNumber>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exercise, differences, lost, rewritten, added } = self;
        write!(f, "El ejercicio {exercise} ya tiene contenido. El archivo lo cambiaría:")?;
        match differences {
            0 => {}
            1 => f.write_str("\n- 1 celda o fila es distinta")?,
            more => write!(f, "\n- {more} celdas o filas son distintas")?,
        }
        for (acts, what) in [
            (lost, "están aquí y no en el archivo: se perderían"),
            (rewritten, "dicen otra cosa en el archivo"),
            (added, "están solo en el archivo"),
        ] {
            if !acts.is_empty() {
                let numbers: Vec<_> = acts.iter().take(LISTED).map(ToString::to_string).collect();
                let rest = if acts.len() > LISTED { "…" } else { "" };
                let count = acts.len();
                write!(f, "\n- actos que {what}: {count} (n.º {}{rest})", numbers.join(", "))?;
            }
        }
        f.write_str("\nNo se importó nada.")
    }
}

/// Numbers of acts that are told; the rest is counted.
const LISTED: usize = 20;

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Content(error) => error.fmt(f),
            Self::Stored(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RestoreError {}

impl From<store::Error> for RestoreError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Restores a file in nobody's name. Runs while no server does, and takes its time: the document is
/// made anew to be compared.
pub async fn restore(
    store: &Store,
    import: &Import,
    archive: Archive,
) -> Result<Restored, RestoreError> {
    let id = import.id;
    let (state, here) = store.archive(id, true).await?;
    let room = Room::load(id, 0, state).map_err(RestoreError::Stored)?;
    let is_empty = room.head() == 0;
    let coming = import.build().map_err(RestoreError::Content)?;
    let (before, after) = (room.document().exercise(), coming.document.exercise());
    // Exactly, with deleted rows and decisions; not the place of a row whose neighbours are the same.
    let is_same = is_empty || export(before) == export(after);
    // A file without any says nothing of acts: it is of a program that knew of none.
    let known_acts: &[ArchivedAct] = if archive.acts.is_empty() { &[] } else { &here.acts };
    let pairs = || known_acts.iter().zip(&archive.acts);
    let same = pairs().take_while(|(here, there)| here.record == there.record).count();
    if !is_same || same < known_acts.len() {
        let both = known_acts.len().min(archive.acts.len());
        let differing = pairs().filter(|(here, there)| here.record != there.record);
        let number = |act: &ArchivedAct| act.record.number;
        return Err(RestoreError::Conflict(Conflict {
            exercise: id,
            differences: if is_same { 0 } else { differences(before, after).len().max(1) },
            lost: known_acts[both..].iter().map(number).collect(),
            rewritten: differing.map(|(act, _)| number(act)).collect(),
            added: archive.acts[both..].iter().map(number).collect(),
        }));
    }
    let member = Member {
        user: IMPORTER,
        name: String::new(),
        grant: Grant { role: Role::Observer, region: None },
    };
    let beginning = match is_empty {
        true => Some(beginning(import, &member).map_err(RestoreError::Content)?),
        false => None,
    };
    let (mut files, mut missing_files) = (Vec::new(), 0);
    for (sha256, file) in archive.files {
        if here.files.get(&sha256).is_some_and(|known| known.content.is_some()) {
            continue;
        }
        match file.content {
            Some(_) => files.push((sha256, file)),
            None => missing_files += 1,
        }
    }
    let acts = archive.acts[same..].to_vec();
    let restored = Restored {
        exercise: beginning.as_ref().is_some_and(|first| !first.entries.is_empty()),
        acts: acts.len(),
        versions: archive.versions.len(),
        files: files.len(),
        missing_files,
    };
    if restored.is_nothing() {
        return Ok(restored);
    }
    let mut note = Note::of_exercise(Event::ExerciseImported, IMPORTER, id);
    if !acts.is_empty() {
        note.detail = format!("con {} actos del registro", acts.len());
    }
    let versions = archive.versions.into_iter().collect();
    let acts_before = same;
    let all = Restoring { exercise: id, acts_before, beginning, acts, versions, files, note };
    store.restore(all, clock::now()).await?;
    Ok(restored)
}
