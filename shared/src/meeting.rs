//! An exercise on its way to a meeting without a network, or back from it.
//!
//! A laptop serves it there, and tablets work with that. The file holds everything that was ever
//! written, in the order of the log, with who wrote it; what comes back is the same with more.
//! Entries keep their writer and number, so that it does not matter how often a file is read, by
//! which server, or what was written elsewhere meanwhile.
//!
//! A file is `FOCALIZA`, the version of what follows (one byte), the size and the CRC-32 (IEEE) of
//! the message as four bytes each, little endian, and the message ([postcard]) as raw DEFLATE.
//!
//! [postcard]: https://postcard.jamesmunns.com/wire-format

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    access::{Grant, Role},
    ids::{ExerciseId, Peer},
    limits,
    protocol::{Blob, EntryNo},
    sync::packing,
};

const MAGIC: &[u8] = b"FOCALIZA";
const VERSION: u8 = 1;

/// Everything that a meeting needs of an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Which exercise.
    pub exercise: ExerciseId,
    /// When the file was made, in milliseconds since 1970 (UTC).
    pub made_at: i64,
    /// Who wrote it, and who may.
    pub people: Vec<Participant>,
    /// Who the writers are: places in `people`.
    pub writers: Vec<(Peer, u32)>,
    /// The log.
    pub entries: Vec<Entry>,
}

/// An account, without anything to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// What the person signs in as, in lower case; empty for files read in by command line.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// As [`Role::as_str`] says it.
    role: String,
    /// The region's code, for roles of one region.
    region: Option<String>,
    /// The account may not be used any more.
    pub disabled: bool,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its writer.
    pub peer: Peer,
    /// Its number.
    pub entry: EntryNo,
    /// When it was committed, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// Who sent it: a place in [`Meeting::people`].
    pub by: u32,
    /// The update.
    pub update: Blob,
}

/// Why a file is none of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetingError {
    /// It is some other file.
    Other,
    /// It is cut off or changed.
    Damaged,
    /// A newer Focaliza wrote it.
    Newer,
    /// It is larger than any exercise.
    TooLarge,
}

impl fmt::Display for MeetingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Other => "El archivo no es de una reunión de Focaliza.",
            Self::Damaged => "El archivo de la reunión está dañado o incompleto. Cópialo de nuevo.",
            Self::Newer => {
                "El archivo de la reunión es de una versión más nueva de Focaliza. Actualiza esta."
            }
            Self::TooLarge => "El archivo es más grande que cualquier ejercicio.",
        })
    }
}

impl std::error::Error for MeetingError {}

impl Participant {
    /// An account.
    #[must_use]
    pub fn new(login: String, name: String, grant: Grant, disabled: bool) -> Self {
        let Grant { role, region } = grant;
        Self { login, name, role: role.as_str().into(), region, disabled }
    }

    /// What the person may do; nothing but read, where the role is one that nobody knows here.
    #[must_use]
    pub fn grant(&self) -> Grant {
        let role = Role::parse(&self.role).unwrap_or(Role::Observer);
        Grant { role, region: self.region.clone() }
    }
}

impl Meeting {
    /// The file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let message = postcard::to_allocvec(self)
            .expect("writing into memory a message without maps or floats does not fail");
        let mut file = MAGIC.to_vec();
        file.push(VERSION);
        file.extend((message.len() as u32).to_le_bytes());
        file.extend(crc32fast::hash(&message).to_le_bytes());
        file.extend(packing::pack(&message));
        file
    }

    /// Reads a file. Whatever it names is there: people by their place, writers of entries.
    pub fn read(file: &[u8]) -> Result<Self, MeetingError> {
        let rest = file.strip_prefix(MAGIC).ok_or(MeetingError::Other)?;
        let (version, rest) = rest.split_first().ok_or(MeetingError::Damaged)?;
        if *version != VERSION {
            return Err(MeetingError::Newer);
        }
        let (size, rest) = rest.split_first_chunk::<4>().ok_or(MeetingError::Damaged)?;
        let (sum, packed) = rest.split_first_chunk::<4>().ok_or(MeetingError::Damaged)?;
        let size = u32::from_le_bytes(*size) as usize;
        if size > limits::MEETING_BYTES {
            return Err(MeetingError::TooLarge);
        }
        let message = packing::unpack(packed, size).ok_or(MeetingError::Damaged)?;
        if crc32fast::hash(&message) != u32::from_le_bytes(*sum) {
            return Err(MeetingError::Damaged);
        }
        match postcard::take_from_bytes::<Self>(&message) {
            Ok((meeting, [])) if meeting.is_sound() => Ok(meeting),
            _ => Err(MeetingError::Damaged),
        }
    }

    fn is_sound(&self) -> bool {
        let is_known = |person: u32| (person as usize) < self.people.len();
        let mut writers: Vec<Peer> = self.writers.iter().map(|(peer, _)| *peer).collect();
        writers.sort_unstable();
        writers.windows(2).all(|pair| pair[0] != pair[1])
            && self.writers.iter().all(|(_, person)| is_known(*person))
            && self.entries.iter().all(|entry| {
                is_known(entry.by) && entry.entry > 0 && writers.binary_search(&entry.peer).is_ok()
            })
    }

    /// Who a writer is.
    #[must_use]
    pub fn author(&self, peer: Peer) -> Option<&Participant> {
        let (_, person) = self.writers.iter().find(|(writer, _)| *writer == peer)?;
        self.people.get(*person as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meeting() -> Meeting {
        let peer = Peer::new(7).unwrap();
        let grant = Grant { role: Role::GoreEditor, region: Some("01".into()) };
        let ana = Participant::new("ana".into(), "Ana Soto".into(), grant, false);
        let update = Blob(vec![1, 2, 3]);
        Meeting {
            exercise: ExerciseId::new("01", 2027).unwrap(),
            made_at: 5,
            people: vec![ana],
            writers: vec![(peer, 0)],
            entries: vec![Entry { peer, entry: 1, at: 4, by: 0, update }],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let meeting = meeting();
        assert_eq!(Meeting::read(&meeting.write()), Ok(meeting.clone()));
        let author = meeting.author(Peer::new(7).unwrap()).unwrap();
        assert_eq!((author.name.as_str(), author.grant().role), ("Ana Soto", Role::GoreEditor));
        assert_eq!(meeting.author(Peer::SERVER), None);
    }

    #[test]
    fn other_files_are_told_apart() {
        let file = meeting().write();
        assert_eq!(Meeting::read(b"%PDF-1.7"), Err(MeetingError::Other));
        assert_eq!(Meeting::read(&file[..file.len() - 1]), Err(MeetingError::Damaged));
        let mut newer = file.clone();
        newer[MAGIC.len()] = VERSION + 1;
        assert_eq!(Meeting::read(&newer), Err(MeetingError::Newer));
        let mut large = file;
        large[MAGIC.len() + 1..MAGIC.len() + 5].fill(0xff);
        assert_eq!(Meeting::read(&large), Err(MeetingError::TooLarge));
    }

    #[test]
    fn what_names_nobody_is_damaged() {
        let mut nobody = meeting();
        nobody.entries[0].by = 1;
        let mut foreign = meeting();
        foreign.entries[0].peer = Peer::new(8).unwrap();
        let mut twice = meeting();
        twice.writers.push(twice.writers[0]);
        for meeting in [nobody, foreign, twice] {
            assert_eq!(Meeting::read(&meeting.write()), Err(MeetingError::Damaged));
        }
    }

    proptest! {
        #[test]
        fn no_file_is_too_odd(place in 0..200_usize, byte: u8, cut in 0..200_usize) {
            let mut file = meeting().write();
            let length = file.len();
            file[place % length] = byte;
            file.truncate(length - cut % length);
            let _ = Meeting::read(&file);
        }
    }
}
