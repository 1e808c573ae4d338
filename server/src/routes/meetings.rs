//! Taking an exercise to a meeting without a network, bringing back what was written there, and
//! taking part.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use shared::{
    api::{BroughtBack, Guest, Join, MeetingInfo, Person, people::Event},
    ids::ExerciseId,
    meeting::Meeting,
    protocol::Code,
};
use tokio::task::spawn_blocking;

use super::{Body, Path, Raw, session};
use crate::{
    app::{App, AtMeeting},
    auth::session::SignedIn,
    clock,
    error::Failure,
    meeting, qr,
};

/// The file with which a laptop serves the exercise. For who may edit it: it holds everything that
/// was ever written, and is brought back by somebody who may.
pub async fn take(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    signed_in: SignedIn,
) -> Result<impl IntoResponse, Failure> {
    let id: ExerciseId = id.parse().map_err(|_| Failure::not_found())?;
    let grant = signed_in.grant();
    if !grant.may_read(id) || app.store.exercise(id).await?.is_none() {
        return Err(Failure::not_found());
    }
    if !grant.may_edit(id) {
        let message = "Tu rol no permite llevar este ejercicio a una reunión.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    let meeting = app.store.meeting(id, clock::now()).await?;
    app.note_exercise(Event::MeetingTaken, &signed_in.0.account, id).await;
    tracing::info!(user = signed_in.0.account.id, exercise = %id, "taken to a meeting");
    let file = spawn_blocking(move || meeting.write()).await;
    let file = file.map_err(|error| Failure::unavailable(&error))?;
    let name = format!("attachment; filename=\"reunion-{id}.focaliza\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file))
}

/// Takes what the exercise lacks of a file that comes from a meeting.
pub async fn bring_back(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    signed_in: SignedIn,
    Raw(body): Raw,
) -> Result<Json<BroughtBack>, Failure> {
    let id: ExerciseId = id.parse().map_err(|_| Failure::not_found())?;
    let account = &signed_in.0.account;
    if !account.grant.may_read(id) {
        return Err(Failure::not_found());
    }
    if !account.grant.may_edit(id) {
        let message = "Tu rol no permite traer una reunión a este ejercicio.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    // One at a time: the largest file takes some hundred megabytes while it is read.
    let _place = app.importing.lock().await;
    let read = spawn_blocking(move || Meeting::read(&body)).await;
    let read = read.map_err(|error| Failure::unavailable(&error))?;
    let meeting = read.map_err(|error| Failure::new(Code::Malformed, error.to_string()))?;
    if meeting.exercise != id {
        let message =
            format!("El archivo es del ejercicio {}. No se trajo nada.", meeting.exercise);
        return Err(Failure::new(Code::Malformed, message));
    }
    let member = account.member();
    let result = meeting::bring_back(&app, member, meeting).await?;
    let refused: usize = result.not_taken.iter().map(|one| one.count).sum();
    app.note_exercise(Event::MeetingBrought, account, id).await;
    let (user, brought) = (account.id, result.brought);
    tracing::info!(user, exercise = %id, brought, refused, "a meeting was brought back");
    Ok(Json(result))
}

/// Who may take part in the meeting that this server is for; for whoever knows its code.
pub async fn show(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Json<MeetingInfo>, Failure> {
    let at = at(&app, &headers, peer, &code)?;
    let accounts = app.store.accounts().await?.into_iter().filter(|account| !account.disabled);
    let guests = accounts.map(|account| Guest {
        login: account.login,
        name: account.name,
        role: account.grant.role.title().into(),
    });
    Ok(Json(MeetingInfo {
        exercise: at.exercise,
        address: at.address.clone(),
        people: guests.collect(),
    }))
}

/// The way to take part, to be scanned.
pub async fn scan(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let way = at(&app, &headers, peer, &code)?.way();
    let svg = qr::svg(&way).map_err(|error| Failure::unavailable(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg))
}

/// Takes part as one of them. In a room where everybody sees everybody, that is who one says.
pub async fn join(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(join): Body<Join>,
) -> Result<(session::SetCookie, Json<Person>), Failure> {
    at(&app, &headers, peer, &join.code)?;
    let found = app.store.account(join.login.trim().to_lowercase()).await?;
    let account = found.map(|(account, _)| account).filter(|account| !account.disabled);
    let account =
        account.ok_or_else(|| Failure::new(Code::Malformed, "Esa persona no está en la lista."))?;
    tracing::info!(user = account.id, "joined the meeting");
    session::begin(&app, &account).await
}

/// The meeting, for whoever knows its code.
fn at<'a>(
    app: &'a App,
    headers: &HeaderMap,
    peer: SocketAddr,
    code: &str,
) -> Result<&'a AtMeeting, Failure> {
    let at = app.config.meeting.as_ref().ok_or_else(Failure::not_found)?;
    let address = app.client_address(headers, peer);
    // By address alone: who guesses keeps nobody else out.
    let who = address.to_string();
    session::count_attempt(app, &who, address)?;
    if code != at.code {
        let message = "El código no es el de esta reunión. Escanéalo de nuevo.";
        return Err(Failure::new(Code::Unauthenticated, message));
    }
    app.attempt_succeeded(&who, address);
    Ok(at)
}
