//! The rescue file: what a device has not sent of one exercise, to be brought to the server by
//! another device or person.
//!
//! The entries keep their writer and number, so that they are merged once however often the file is
//! read, and whether or not the device that it came from sends them too. The JSON may stand in a
//! page that people can read: what is read is what its script says.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    edit::Edit,
    ids::{ExerciseId, Peer},
    protocol::EntryNo,
    sync::journal::{Outgoing, Refused},
};

/// What the file says that it is. A page says it at its beginning too: of one that was cut before its
/// script, it is then known what it was.
pub const FORMAT: &str = "focaliza.rescue";
/// Grows when a program that reads this version could misread the next.
const VERSION: u32 = 2;

/// What stands before and after the JSON in a page.
const SCRIPT: (&str, &str) =
    (r#"<script type="application/json" id="focaliza-respaldo">"#, "</script>");

/// What a device has not sent of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescue {
    /// The exercise.
    pub exercise: ExerciseId,
    /// When it was made: milliseconds since 1970, UTC.
    pub made_at: i64,
    /// Whose device made it.
    pub author: String,
    /// What waits to be sent, in the order in which it goes.
    pub unsent: Vec<(Peer, EntryNo, Outgoing)>,
    /// What the server refused.
    pub refused: Vec<Refused>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RescueError {
    /// It is something else.
    Other,
    /// It is of another version of the format.
    Version(u32),
    /// It is not what was written: cut or altered.
    Damaged,
}

impl fmt::Display for RescueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other => f.write_str("El archivo no es un respaldo de Focaliza."),
            Self::Version(version) => write!(
                f,
                "El respaldo es de la versión {version} y esta aplicación lee la {VERSION}. No se \
                 trajo nada."
            ),
            Self::Damaged => f.write_str(
                "El respaldo está cortado o fue alterado. No se trajo nada: busca otra copia del \
                 archivo.",
            ),
        }
    }
}

impl std::error::Error for RescueError {}

/// The beginning of every version.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(flatten)]
    head: Head,
    exercise: ExerciseId,
    made_at: i64,
    author: String,
    unsent: Vec<FileEntry>,
    refused: Vec<Refused>,
    /// CRC-32 of the JSON of all the rest: decoders behind may not be given arbitrary bytes.
    checksum: u32,
}

#[derive(Serialize, Deserialize)]
struct FileEntry {
    writer: Peer,
    entry: EntryNo,
    /// In base64.
    update: String,
    edits: Vec<Edit>,
    clock: u32,
    generation: u32,
}

impl Rescue {
    /// The file as a script of a page.
    #[must_use]
    pub fn to_script(&self) -> String {
        // Nothing but strings holds this character, where it may be written in this way too.
        let json = self.to_json().replace('<', "\\u003c");
        format!("{}{json}{}", SCRIPT.0, SCRIPT.1)
    }

    /// The file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let unsent = self.unsent.iter().map(|(writer, entry, outgoing)| FileEntry {
            writer: *writer,
            entry: *entry,
            update: STANDARD.encode(&outgoing.update),
            edits: outgoing.edits.clone(),
            clock: outgoing.clock,
            generation: outgoing.generation,
        });
        let mut file = File {
            head: Head { format: FORMAT.into(), version: VERSION },
            exercise: self.exercise,
            made_at: self.made_at,
            author: self.author.clone(),
            unsent: unsent.collect(),
            refused: self.refused.clone(),
            checksum: 0,
        };
        file.checksum = file.sum();
        file.json()
    }

    /// Reads a file, or a page with one.
    pub fn read(text: &str) -> Result<Self, RescueError> {
        let json = match text.split_once(SCRIPT.0) {
            Some((_, rest)) => rest.split_once(SCRIPT.1).ok_or(RescueError::Damaged)?.0,
            None => text,
        };
        let head: Head = serde_json::from_str(json).map_err(|_| match json.contains(FORMAT) {
            true => RescueError::Damaged,
            false => RescueError::Other,
        })?;
        match (head.format.as_str(), head.version) {
            (FORMAT, VERSION) => {}
            (FORMAT, version) => return Err(RescueError::Version(version)),
            _ => return Err(RescueError::Other),
        }
        let mut file: File = serde_json::from_str(json).map_err(|_| RescueError::Damaged)?;
        let checksum = std::mem::take(&mut file.checksum);
        if checksum != file.sum() {
            return Err(RescueError::Damaged);
        }
        let entry = |entry: FileEntry| {
            let FileEntry { writer, entry, update, edits, clock, generation } = entry;
            let update = STANDARD.decode(update).map_err(|_| RescueError::Damaged)?;
            Ok((writer, entry, Outgoing { update, edits, clock, generation }))
        };
        Ok(Self {
            exercise: file.exercise,
            made_at: file.made_at,
            author: file.author,
            unsent: file.unsent.into_iter().map(entry).collect::<Result<_, _>>()?,
            refused: file.refused,
        })
    }
}

impl File {
    fn json(&self) -> String {
        serde_json::to_string(self).expect("plain data with names for keys is always JSON")
    }

    /// Of the file without its sum.
    fn sum(&self) -> u32 {
        crc32fast::hash(self.json().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{doc::Document, key::Key, protocol::Code};

    fn rescue() -> Rescue {
        let (exercise, peer) = ("01-2027".parse().unwrap(), Peer::new(7).unwrap());
        let key = Key::parse("focus/r1/description").unwrap();
        let insert = "Ñuñoa </script><b>\"1 < 2\"\n".to_owned();
        let edits = vec![Edit::SpliceText { key, at: 0, delete: 0, insert }];
        let mut document = Document::new(exercise, peer);
        let update = document.apply(&edits).unwrap().update;
        let clock = document.clock(peer);
        let outgoing = Outgoing { update, edits: edits.clone(), clock, generation: 3 };
        let refused = Refused { peer, entry: 4, code: Code::Forbidden, edits };
        let (unsent, refused) = (vec![(peer, 5, outgoing)], vec![refused]);
        Rescue { exercise, made_at: 99, author: "Ana".into(), unsent, refused }
    }

    #[test]
    fn it_is_read_as_it_was_written_alone_and_in_a_page() {
        let rescue = rescue();
        assert_eq!(Rescue::read(&rescue.to_json()), Ok(rescue.clone()));
        let page = format!("<!doctype html><p>Respaldo</p>{}<p>fin</p>", rescue.to_script());
        assert_eq!(page.matches("</script>").count(), 1, "no text of it ends the script");
        assert_eq!(Rescue::read(&page), Ok(rescue));
    }

    #[test]
    fn what_was_cut_or_altered_is_told_from_what_is_something_else() {
        let json = rescue().to_json();
        let page = rescue().to_script();
        for cut in 1..json.len() {
            if json.is_char_boundary(cut) {
                let found = Rescue::read(&json[..cut]);
                assert!(matches!(found, Err(RescueError::Damaged | RescueError::Other)), "{cut}");
            }
        }
        assert_eq!(Rescue::read(&page[..page.len() - 12]), Err(RescueError::Damaged));
        assert_eq!(Rescue::read(&json.replace("99", "98")), Err(RescueError::Damaged));
        assert_eq!(Rescue::read(&json.replace("Ana", "Eva")), Err(RescueError::Damaged));
        let newer = json.replace("\"version\":2", "\"version\":3");
        assert_eq!(Rescue::read(&newer), Err(RescueError::Version(3)));
        for other in ["", "{}", "<html></html>", "{\"format\":\"focaliza.exercise\",\"version\":1}"]
        {
            assert_eq!(Rescue::read(other), Err(RescueError::Other), "{other}");
        }
    }
}
