//! The server's answers over HTTP, as [`shared::api`] describes them.

pub mod factor;
pub mod people;
pub mod process;

use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;
use shared::{
    api::{
        BroughtBack, ExerciseSummary, Imported, Join, MeetingInfo, NewExercise, Person, Problem,
        SignIn, StorageKey,
        entry::{Leave, Ways},
    },
    history::{Since, Step, WorkSession},
    ids::ExerciseId,
    key::Key,
    protocol::Code,
};

use crate::clock;

/// After this long without an answer the network counts as gone.
const PATIENCE_MS: u32 = 20_000;

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No answer: there is no network, or no server.
    Offline,
    /// The server said why.
    Refused(Problem),
}

impl Trouble {
    /// Whether a code of the second factor is asked for.
    #[must_use]
    pub fn needs_code(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.needs_code)
    }

    /// Whether somebody must sign in.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.code == Code::Unauthenticated)
    }
}

/// Who is signed in.
pub async fn who() -> Result<Person, Trouble> {
    read(send(Request::get("/api/session").build()).await?).await
}

/// Signs in.
pub async fn sign_in(sign_in: &SignIn) -> Result<Person, Trouble> {
    read(send(Request::post("/api/session").json(sign_in)).await?).await
}

/// The key that closes what the person keeps on devices.
pub async fn storage_key() -> Result<StorageKey, Trouble> {
    read(send(Request::post("/api/session/key").json(&())).await?).await
}

/// Ways to sign in beside name and password.
pub async fn ways() -> Result<Ways, Trouble> {
    read(send(Request::get("/api/session/ways").build()).await?).await
}

/// Signs out. Where a provider of identities keeps a session of its own, where to end it.
pub async fn sign_out() -> Result<Option<Leave>, Trouble> {
    let request = Request::delete("/api/session").header("content-type", "application/json");
    let answer = send(request.build()).await?;
    if answer.status() == 204 { Ok(None) } else { read(answer).await.map(Some) }
}

/// The exercises that the person may read, newest year first.
pub async fn exercises() -> Result<Vec<ExerciseSummary>, Trouble> {
    read(send(Request::get("/api/exercises").build()).await?).await
}

/// Creates an exercise; one that is there already is as good.
pub async fn create(new: &NewExercise) -> Result<ExerciseSummary, Trouble> {
    read(send(Request::post("/api/exercises").json(new)).await?).await
}

/// Makes an exercise of a file; there must be nothing in it yet.
pub async fn import(file: &str) -> Result<Imported, Trouble> {
    let request = Request::post("/api/exercises/import").header("content-type", "application/json");
    let request = request.body(file.to_owned()).map_err(|_| Trouble::Offline)?;
    read(understood(request.send().await.map_err(|_| Trouble::Offline)?).await?).await
}

/// The steps of a cell's history, the latest first.
pub async fn history(exercise: ExerciseId, key: &Key) -> Result<Vec<Step>, Trouble> {
    let path = format!("/api/exercises/{exercise}/history?key={key}");
    read(send(Request::get(&path).build()).await?).await
}

/// When people worked on an exercise.
pub async fn sessions(exercise: ExerciseId) -> Result<Vec<WorkSession>, Trouble> {
    let path = format!("/api/exercises/{exercise}/sessions");
    read(send(Request::get(&path).build()).await?).await
}

/// What is different in an exercise since a moment.
pub async fn since(exercise: ExerciseId, moment: i64) -> Result<Since, Trouble> {
    let path = format!("/api/exercises/{exercise}/past?at={moment}");
    read(send(Request::get(&path).build()).await?).await
}

/// The document of an exercise as it was at a moment.
pub async fn document_at(exercise: ExerciseId, moment: i64) -> Result<Vec<u8>, Trouble> {
    let path = format!("/api/exercises/{exercise}/past/document?at={moment}");
    let response = send(Request::get(&path).build()).await?;
    response.binary().await.map_err(|_| Trouble::Offline)
}

/// The meeting that this server is for.
pub async fn meeting(code: &str) -> Result<MeetingInfo, Trouble> {
    read(send(Request::get(&format!("/api/meeting/{code}")).build()).await?).await
}

/// Takes part in it.
pub async fn join(join: &Join) -> Result<Person, Trouble> {
    read(send(Request::post("/api/meeting").json(join)).await?).await
}

/// Brings a meeting back. However long that takes: links are slow.
pub async fn bring_back(
    exercise: ExerciseId,
    file: &web_sys::File,
) -> Result<BroughtBack, Trouble> {
    let request = Request::post(&format!("/api/exercises/{exercise}/meeting"));
    let request = request.header("content-type", "application/octet-stream");
    let request = request.body(file.clone()).map_err(|_| Trouble::Offline)?;
    let answer = request.send().await.map_err(|_| Trouble::Offline)?;
    read(understood(answer).await?).await
}

async fn send(request: Result<Request, gloo_net::Error>) -> Result<Response, Trouble> {
    let request = request.map_err(|_| Trouble::Offline)?;
    let answer = clock::within(PATIENCE_MS, request.send()).await;
    understood(answer.and_then(Result::ok).ok_or(Trouble::Offline)?).await
}

async fn understood(response: Response) -> Result<Response, Trouble> {
    // Whatever else answers, a proxy or a captive portal, is not the server, which says no page.
    let kind = response.headers().get("content-type").unwrap_or_default();
    if response.ok() && !kind.starts_with("text/html") {
        return Ok(response);
    }
    match response.json::<Problem>().await {
        Ok(problem) => Err(Trouble::Refused(problem)),
        Err(_) => Err(Trouble::Offline),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Trouble> {
    response.json().await.map_err(|_| Trouble::Offline)
}
