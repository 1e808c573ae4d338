//! What was officially done, in the file of its exercise: the acts as the register keeps them, the
//! content of the versions that they name, the receipts that follow from them, and their files.
//!
//! Acts are carried as they are stored, so that nothing is lost of what this version does not read.
//! Whatever has a fingerprint is hashed anew when it is read.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::Value as Json;

use super::{
    Import, ImportError, Problem, export,
    import::{exercise, parse},
    node::Node,
};
use crate::{
    ids::ExerciseId,
    limits,
    process::{
        Act, ActNumber, Fingerprint, Record,
        version::{self, receipt_number},
    },
};

/// The name of an act's request, beside what the act itself says.
const REQUEST: &str = "request";

/// What was officially done in an exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Archive {
    /// The acts, in their order.
    pub acts: Vec<ArchivedAct>,
    /// The contents of versions, each as a file of its own.
    pub versions: BTreeMap<Fingerprint, String>,
    /// The files of the acts.
    pub files: BTreeMap<Fingerprint, ArchivedFile>,
}

/// An act as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedAct {
    /// Drawn by the device that asked: a device that asks again gets the same act from whoever
    /// restored it.
    pub request: String,
    /// What is read of it.
    pub record: Record,
    /// The record as JSON, with what is not read.
    pub text: String,
}

/// A file of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Found in its content.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its bytes; `None` where the file is named only.
    pub content: Option<Vec<u8>>,
}

impl Archive {
    /// Files that are named only.
    #[must_use]
    pub fn missing_files(&self) -> usize {
        self.files.values().filter(|file| file.content.is_none()).count()
    }

    /// The receipts that follow from the acts, in their order.
    fn receipts(&self, exercise: ExerciseId) -> impl Iterator<Item = FileReceipt> {
        let version = |act: &ArchivedAct| match &act.record.act {
            Act::Version(version) if version.kind.is_sent() => Some(version.fingerprint),
            _ => None,
        };
        self.acts.iter().filter_map(move |act| {
            let number = act.record.number;
            let receipt = receipt_number(exercise, number);
            Some(FileReceipt { receipt, act: number, fingerprint: version(act)? })
        })
    }
}

/// How an exercise writes it.
#[derive(Serialize)]
pub(super) struct FileProcess<'a> {
    acts: Vec<FileAct<'a>>,
    versions: Vec<FileVersion<'a>>,
    receipts: Vec<FileReceipt>,
    attachments: Vec<FileAttachment<'a>>,
}

#[derive(Serialize)]
struct FileAct<'a> {
    #[serde(flatten, serialize_with = "as_json")]
    text: &'a str,
    request: &'a str,
}

#[derive(Serialize)]
struct FileVersion<'a> {
    fingerprint: &'a Fingerprint,
    #[serde(serialize_with = "as_json")]
    content: &'a str,
}

/// That a version was sent, as [`crate::api::process::Receipt`] tells it to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
struct FileReceipt {
    receipt: String,
    act: ActNumber,
    fingerprint: Fingerprint,
}

#[derive(Serialize)]
struct FileAttachment<'a> {
    sha256: &'a Fingerprint,
    bytes: u64,
    media_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

/// What is JSON already, as part of other JSON: one at a time, because they are large.
fn as_json<S: Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<Json>(text).map_err(S::Error::custom)?.serialize(serializer)
}

impl<'a> FileProcess<'a> {
    /// `None` where nothing was done: the file is then that of a program that knew of no acts.
    pub(super) fn of(exercise: ExerciseId, archive: &'a Archive) -> Option<Self> {
        if archive.acts.is_empty() {
            return None;
        }
        let act = |act: &'a ArchivedAct| FileAct { text: &act.text, request: &act.request };
        let version = |(fingerprint, content)| FileVersion { fingerprint, content };
        let attachment = |(sha256, file): (&'a Fingerprint, &'a ArchivedFile)| FileAttachment {
            sha256,
            bytes: file.bytes,
            media_type: &file.media_type,
            content: file.content.as_ref().map(|content| STANDARD.encode(content)),
        };
        Some(Self {
            acts: archive.acts.iter().map(act).collect(),
            versions: archive
                .versions
                .iter()
                .map(|(fingerprint, content)| version((fingerprint, content.as_str())))
                .collect(),
            receipts: archive.receipts(exercise).collect(),
            attachments: archive.files.iter().map(attachment).collect(),
        })
    }
}

/// Reads the file of an exercise with what was officially done. Nothing is believed that can be
/// reckoned: contents and files are hashed anew, receipts follow from the acts.
pub fn read(text: &str) -> Result<(Import, Archive), ImportError> {
    let json = parse(text, limits::ARCHIVE_BYTES)?;
    let file = Node::whole(&json);
    let import = exercise(&file)?;
    let archive = match file.find("process") {
        Some(process) => archive(import.id, &process)?,
        None => Archive::default(),
    };
    Ok((import, archive))
}

fn archive(id: ExerciseId, process: &Node<'_>) -> Result<Archive, ImportError> {
    process.only(&["acts", "versions", "receipts", "attachments"])?;
    let list = |name: &str, most| match process.find(name) {
        Some(list) => list.items(most),
        None => Ok(Vec::new()),
    };
    let mut archive = Archive::default();
    for (node, number) in list("acts", limits::ACTS)?.iter().zip(1..) {
        archive.acts.push(act(node, number)?);
    }
    for node in list("versions", limits::ACTS)? {
        let (fingerprint, content) = version_content(&node)?;
        archive.versions.insert(fingerprint, content);
    }
    for node in list("attachments", limits::ACTS * limits::ATTACHMENTS)? {
        let (sha256, file) = attachment(&node)?;
        archive.files.insert(sha256, file);
    }
    archive.complete(process)?;
    let receipts = list("receipts", limits::ACTS)?;
    let mut expected = archive.receipts(id);
    for node in receipts {
        if Some(node.parse::<FileReceipt>()?) != expected.next() {
            return Err(node.error(Problem::Unnamed));
        }
    }
    drop(expected);
    Ok(archive)
}

fn act(node: &Node<'_>, number: ActNumber) -> Result<ArchivedAct, ImportError> {
    let request = node.get(REQUEST)?.text()?.to_owned();
    let record: Record = node.parse()?;
    if record.number != number {
        return Err(node.at("number").error(Problem::OutOfOrder(number)));
    }
    if holds_unknown(&record.act) {
        return Err(node.at("act").error(Problem::UnknownAct));
    }
    if let Some(later) = record.act.refers_to().into_iter().find(|of| !(1..number).contains(of)) {
        return Err(node.at("act").error(Problem::Dangling(later)));
    }
    let mut own = node.object()?.clone();
    own.remove(REQUEST);
    Ok(ArchivedAct { request, record, text: Json::Object(own).to_string() })
}

fn holds_unknown(act: &Act) -> bool {
    match act {
        Act::Unknown => true,
        Act::Correction(correction) => holds_unknown(&correction.act),
        _ => false,
    }
}

fn version_content(node: &Node<'_>) -> Result<(Fingerprint, String), ImportError> {
    node.only(&["fingerprint", "content"])?;
    let said: Fingerprint = node.get("fingerprint")?.parse()?;
    let content = node.get("content")?;
    let built = exercise(&content)?.build().map_err(|_| content.error(Problem::Shape))?;
    let exercise = built.document.exercise();
    let found = version::fingerprint(exercise);
    if found != said {
        return Err(content.error(Problem::Fingerprint(said, found)));
    }
    Ok((said, export(exercise)))
}

fn attachment(node: &Node<'_>) -> Result<(Fingerprint, ArchivedFile), ImportError> {
    node.only(&["sha256", "bytes", "media_type", "content"])?;
    let said: Fingerprint = node.get("sha256")?.parse()?;
    let bytes = node.get("bytes")?;
    let media_type = node.get("media_type")?.text()?.to_owned();
    let content = match node.find("content") {
        Some(content) => {
            let decoded = STANDARD.decode(content.text()?);
            let decoded = decoded.map_err(|_| content.error(Problem::Shape))?;
            let found = Fingerprint::of(&decoded);
            if found != said {
                return Err(content.error(Problem::Fingerprint(said, found)));
            }
            if bytes.json.as_u64() != Some(decoded.len() as u64) {
                return Err(bytes.error(Problem::Shape));
            }
            Some(decoded)
        }
        None => None,
    };
    Ok((said, ArchivedFile { media_type, bytes: bytes.parse()?, content }))
}

impl Archive {
    /// That there is what the acts name, and nothing else. A file may be named by the acts alone.
    fn complete(&mut self, process: &Node<'_>) -> Result<(), ImportError> {
        let named: BTreeMap<Fingerprint, ActNumber> =
            self.acts.iter().flat_map(named_versions).collect();
        for fingerprint in named.keys() {
            if !self.versions.contains_key(fingerprint) {
                return Err(process.at("versions").error(Problem::NoContent(*fingerprint)));
            }
        }
        if self.versions.keys().any(|fingerprint| !named.contains_key(fingerprint)) {
            return Err(process.at("versions").error(Problem::Unnamed));
        }
        let mut attached = BTreeMap::new();
        for file in self.acts.iter().flat_map(|act| act.record.act.attachments()) {
            let (media_type, bytes) = (file.media_type.clone(), file.bytes);
            attached.insert(file.sha256, ArchivedFile { media_type, bytes, content: None });
        }
        if self.files.keys().any(|sha256| !attached.contains_key(sha256)) {
            return Err(process.at("attachments").error(Problem::Unnamed));
        }
        attached.append(&mut self.files);
        self.files = attached;
        Ok(())
    }
}

/// The versions that an act says the content of.
#[must_use]
pub fn named_versions(act: &ArchivedAct) -> Option<(Fingerprint, ActNumber)> {
    match &act.record.act {
        Act::Version(version) => Some((version.fingerprint, act.record.number)),
        _ => None,
    }
}
