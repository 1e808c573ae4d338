//! What became of an exercise: for whoever may read it.

use std::sync::Arc;

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde::Deserialize;
use shared::{
    exchange,
    history::{Since, Step, WorkSession},
    ids::ExerciseId,
    key::Key,
    protocol::Code,
};

use super::{Path, Query};
use crate::{app::App, auth::session::SignedIn, error::Failure};

/// Which cell.
#[derive(Deserialize)]
pub struct Cell {
    key: String,
}

/// Which moment, in milliseconds since 1970 (UTC).
#[derive(Deserialize)]
pub struct Moment {
    at: i64,
}

/// The steps of one cell, the latest first.
pub async fn cell(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(Cell { key }): Query<Cell>,
) -> Result<Json<Vec<Step>>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let key = Key::parse(&key).ok().filter(|key| key.member.is_none());
    let key = key.ok_or_else(|| Failure::new(Code::Malformed, "No existe esa celda."))?;
    Ok(Json(app.history.of_cell(id, key).await?))
}

/// When people worked, the latest last.
pub async fn sessions(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Vec<WorkSession>>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    Ok(Json(app.history.sessions(id).await?))
}

/// What is different since a moment.
pub async fn since(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(Moment { at }): Query<Moment>,
) -> Result<Json<Since>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    Ok(Json(app.history.since(id, at).await?))
}

/// The document as it was, for the application.
pub async fn document(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(Moment { at }): Query<Moment>,
) -> Result<impl IntoResponse, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let then = app.history.at(id, at).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], then.document.snapshot()))
}

/// The exercise as it was, as a file.
pub async fn export(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(Moment { at }): Query<Moment>,
) -> Result<impl IntoResponse, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let then = app.history.at(id, at).await?;
    let name = format!("attachment; filename=\"focaliza-{id}-{}.json\"", then.seq);
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, exchange::export(then.document.exercise())))
}

/// The exercise, if it exists and the person may read it; else no difference is told.
async fn readable(app: &App, signed_in: &SignedIn, id: &str) -> Result<ExerciseId, Failure> {
    let id: ExerciseId = id.parse().map_err(|_| Failure::not_found())?;
    if !signed_in.grant().may_read(id) || app.store.exercise(id).await?.is_none() {
        return Err(Failure::not_found());
    }
    Ok(id)
}
