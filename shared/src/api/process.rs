//! Official acts, versions and receipts, as they travel.
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `GET /api/exercises/{id}/process` | | [`ProcessOf`] |
//! | `POST /api/exercises/{id}/acts` | [`Asked`] | the [`Record`]; the same one where it is asked twice |
//! | `POST /api/exercises/{id}/versions` | [`Fix`] | the same, with the server's own evaluation |
//! | `GET /api/exercises/{id}/versions/{act}` | | the content of a version, as a file |
//! | `POST /api/exercises/{id}/files?name=` | the bytes | [`crate::process::letter::Attachment`] |
//! | `GET /api/exercises/{id}/files/{sha256}` | | the bytes |
//! | `GET /api/board?year=2027` | | list of [`BoardLine`], the most urgent first |
//! | `POST /api/feed` | | [`Feed`]: a new address of the person's calendar |
//! | `GET /api/feed/{token}.ics` | | the deadlines, for whoever has the address |
//! | `GET /api/receipts/{receipt}/{code}` | | [`Receipt`], for whoever has both |

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::legal_time::UtcMillis,
    ids::ExerciseId,
    process::{
        Act, ActNumber, Fingerprint, Institution, Previous, Record, State, version::VersionKind,
    },
};

/// Characters of a request's name.
pub const REQUEST_CHARS: std::ops::RangeInclusive<usize> = 8..=64;

/// What the server has of an exercise's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProcessOf {
    /// The server's time. What is due and late goes by it, never by a device's clock.
    pub now: UtcMillis,
    /// The acts.
    pub acts: Vec<Record>,
    /// The final of an earlier year.
    pub previous: Option<PreviousOf>,
}

/// [`Previous`] as it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviousOf {
    /// The exercise that it belongs to.
    pub exercise: ExerciseId,
    /// The act that it was sent with.
    pub act: ActNumber,
    /// What names its content.
    pub fingerprint: Fingerprint,
}

impl From<Previous> for PreviousOf {
    fn from(Previous { exercise, act, fingerprint }: Previous) -> Self {
        Self { exercise, act, fingerprint }
    }
}

impl From<PreviousOf> for Previous {
    fn from(PreviousOf { exercise, act, fingerprint }: PreviousOf) -> Self {
        Self { exercise, act, fingerprint }
    }
}

/// An act that somebody asks to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// Drawn by the device; asking again with the same one registers nothing more.
    pub request: String,
    /// The act. Versions are asked for with [`Fix`].
    pub act: Act,
}

/// A version that somebody asks to be fixed, and where its kind is sent, sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fix {
    /// As in [`Asked`].
    pub request: String,
    /// What for.
    pub kind: VersionKind,
    /// What the person had on the screen: the server fixes nothing else.
    pub seen: Fingerprint,
    /// Why it is sent with findings that block.
    pub reasons: Vec<Reason>,
    /// The letter that it goes with, where that is registered already.
    pub letter: Option<ActNumber>,
    /// The version that it answers or amends.
    pub based_on: Option<ActNumber>,
}

/// Why something is sent with a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// Where, as [`crate::rules::At`] is written.
    pub at: String,
    /// The person's reason.
    pub reason: String,
}

/// What anybody is told who has a receipt: that this content was sent then, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Its number.
    pub receipt: String,
    /// Region and budget year.
    pub exercise: ExerciseId,
    /// What was sent.
    pub kind: VersionKind,
    /// What names the content.
    pub fingerprint: Fingerprint,
    /// When the server took it.
    pub sent: UtcMillis,
    /// The day of that in the region's legal time.
    pub sent_on: NaiveDate,
    /// The day on which Sercotec received it, where that is registered.
    pub received_on: Option<NaiveDate>,
}

/// The part of a fingerprint that the address of a receipt ends with, so that numbers alone tell
/// nothing.
#[must_use]
pub fn code(fingerprint: &Fingerprint) -> String {
    fingerprint.to_string()[..16].to_owned()
}

/// Where a person's calendar is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Feed {
    /// The whole address. Told once: the server keeps the hash of the secret in it.
    pub address: String,
}

/// A region on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BoardLine {
    /// Region and budget year.
    pub exercise: ExerciseId,
    /// Where it stands.
    pub state: State,
    /// Whose turn it is.
    pub turn: Option<Institution>,
    /// When Sercotec received the preliminary.
    pub received: Option<NaiveDate>,
    /// The most urgent mandatory duty.
    pub next: Option<BoardDuty>,
    /// Mandatory duties whose last day has passed.
    pub overdue: usize,
    /// What is missing, in Spanish.
    pub missing: Vec<String>,
}

/// A duty on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BoardDuty {
    /// What, in Spanish.
    pub title: String,
    /// Who owes it.
    pub owed_by: Institution,
    /// Its last day.
    pub due: Option<NaiveDate>,
    /// Days left; below zero after it.
    pub days_left: Option<i64>,
}
