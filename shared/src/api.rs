//! What travels as JSON over HTTP beside the synchronisation: accounts and the list of exercises;
//! in [`people`], who has an account and what was done; in [`entry`], who else vouches for people; in
//! [`factor`], what is asked for beside a password.
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `POST /api/session` | [`SignIn`] | [`Person`], and the session's cookie |
//! | `GET /api/session` | | [`Person`], or 401 |
//! | `DELETE /api/session` | | 204, or 200 with [`entry::Leave`] where somebody else vouched |
//! | `POST /api/session/key` | | [`StorageKey`] of the person |
//! | `GET /api/exercises` | | list of [`ExerciseSummary`], newest year first |
//! | `POST /api/exercises` | [`NewExercise`] | [`ExerciseSummary`], also where it exists already |
//! | `POST /api/exercises/import` | the file of an exercise | [`Imported`] |
//! | `GET /api/exercises/{id}/export?files=true` | | the file of the exercise, with its official acts; with the bytes of their files |
//! | `GET /api/exercises/{id}/history?key=table/row/field` | | list of [`crate::history::Step`], the latest first |
//! | `GET /api/exercises/{id}/sessions` | | list of [`crate::history::WorkSession`] |
//! | `GET /api/exercises/{id}/past?at=moment` | | [`crate::history::Since`]: what is different since |
//! | `GET /api/exercises/{id}/past/document?at=moment` | | the document as it was, as an update |
//! | `GET /api/exercises/{id}/past/export?at=moment` | | the exercise as it was, as a file |
//! | `GET /api/health` | | [`Health`] |
//! | `GET /api/openapi.json` | | all of this, for programs |
//!
//! Whatever is not done is answered with a [`Problem`]. Requests that change something must come
//! from the application's own pages and say `Content-Type: application/json`.

pub mod entry;
pub mod factor;
pub mod people;
pub mod process;

use serde::{Deserialize, Serialize};

use crate::{
    access::Grant,
    ids::ExerciseId,
    protocol::{Code, Seq},
};

/// Name and password of a local account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// The account's name; capitals make no difference.
    pub login: String,
    /// The password.
    pub password: String,
    /// A code of the second factor, or one for who has lost the device; needed where the account has
    /// one.
    #[serde(default)]
    pub code: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Number of the account, never used again for another.
    pub user: i64,
    /// The account's name.
    pub login: String,
    /// The person's name as registered.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// Acts for whoever holds the office (*subrogante*).
    #[serde(default)]
    pub acting: bool,
    /// Days that the person may write on a device that does not meet the server.
    #[serde(default = "offline_days")]
    pub offline_days: u16,
}

/// Of the first version, which did not say.
fn offline_days() -> u16 {
    OFFLINE_DAYS
}

/// [`Person::offline_days`] where nobody decided otherwise.
pub const OFFLINE_DAYS: u16 = 30;

/// Bytes of a [`StorageKey`].
pub const STORAGE_KEY_BYTES: usize = 32;

/// What closes the things that a person keeps on devices.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StorageKey {
    /// The same for ever.
    pub key: [u8; STORAGE_KEY_BYTES],
}

/// One exercise of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExerciseSummary {
    /// Region and budget year.
    pub id: ExerciseId,
    /// The last place in the server's log; zero where nobody wrote yet.
    pub head: Seq,
    /// When that was written, or else when the exercise was created: milliseconds since 1970, UTC.
    pub changed: i64,
    /// Whether the person may write in it.
    pub may_edit: bool,
}

/// An exercise that was read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Imported {
    /// The exercise.
    #[serde(flatten)]
    pub exercise: ExerciseSummary,
    /// Official acts of the file, which only who runs the server restores.
    #[serde(default)]
    pub acts_left_out: usize,
}

/// An exercise to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewExercise {
    /// Two-digit CUT code of the region.
    pub region: String,
    /// The budget year.
    pub budget_year: u16,
}

/// What came of bringing a meeting back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BroughtBack {
    /// Changes that the exercise lacked, and has now.
    pub brought: usize,
    /// Changes that it had.
    pub known: usize,
    /// Those that it cannot take.
    pub not_taken: Vec<NotTaken>,
}

/// Changes of one person that were not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotTaken {
    /// Who wrote them.
    pub name: String,
    /// How many.
    pub count: usize,
    /// Why.
    pub code: Code,
}

/// The meeting that a server is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MeetingInfo {
    /// What it is about.
    pub exercise: ExerciseId,
    /// Where tablets of the same network find the server.
    pub address: String,
    /// Who may take part.
    pub people: Vec<Guest>,
}

/// Somebody who may take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Guest {
    /// What the person signs in as elsewhere.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The person's institution, as [`crate::access::Role::title`] says it.
    pub role: String,
}

/// Taking part in a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Join {
    /// The meeting's code.
    pub code: String,
    /// As whom.
    pub login: String,
}

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// Whether the database answers.
    pub database: bool,
    /// Version of the program.
    pub version: String,
    /// The build of the application that is offered; empty where there is none.
    pub build: String,
    /// Identity of the database, as in [`crate::protocol::ToClient::Opened`], in hexadecimal.
    pub epoch: String,
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// For the program.
    pub code: Code,
    /// For the person, in Spanish.
    pub message: String,
    /// A code of the second factor is asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_code: bool,
}
