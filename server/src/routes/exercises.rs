//! The list of exercises.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use shared::{
    access::Grant,
    api::{ExerciseSummary, Imported, NewExercise, people::Event},
    exchange::process::read as read_file,
    ids::ExerciseId,
    protocol::Code,
    territory,
};
use tokio::task::spawn_blocking;

use super::{Body, JsonText, Path, Query};
use crate::{
    app::App,
    auth::session::SignedIn,
    clock,
    error::Failure,
    exchange,
    store::{self, StoredExercise},
};

/// The exercises that the person may read.
pub async fn list(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Vec<ExerciseSummary>>, Failure> {
    let grant = signed_in.grant();
    let mut exercises = app.store.exercises().await?;
    exercises.retain(|exercise| grant.may_read(exercise.id));
    Ok(Json(exercises.into_iter().map(|exercise| summary(exercise, grant)).collect()))
}

/// Makes an exercise, or says that it is there.
pub async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Body(new): Body<NewExercise>,
) -> Result<Json<ExerciseSummary>, Failure> {
    let grant = signed_in.grant();
    let known = territory::region(&new.region).is_some();
    let id =
        ExerciseId::new(&new.region, new.budget_year).ok().filter(|_| known).ok_or_else(|| {
            Failure::new(Code::Malformed, "No existe esa región o ese año presupuestario.")
        })?;
    if !grant.may_edit(id) {
        let message = "Tu rol no permite crear un ejercicio en esta región.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    let account = &signed_in.0.account;
    if app.store.exercise(id).await?.is_none() {
        app.note_exercise(Event::ExerciseCreated, account, id).await;
    }
    app.store.create_exercise(id, account.id, clock::now()).await?;
    let exercise = app.store.exercise(id).await?.ok_or_else(Failure::not_found)?;
    Ok(Json(summary(exercise, grant)))
}

/// What goes into a file.
#[derive(Deserialize)]
pub struct With {
    /// Whether with the bytes of the acts' files.
    #[serde(default)]
    files: bool,
}

/// An exercise as a file, with what was officially done in it.
pub async fn export(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(With { files }): Query<With>,
) -> Result<impl IntoResponse, Failure> {
    let id: ExerciseId = id.parse().map_err(|_| Failure::not_found())?;
    if !signed_in.grant().may_read(id) || app.store.exercise(id).await?.is_none() {
        return Err(Failure::not_found());
    }
    app.note_exercise(Event::ExerciseExported, &signed_in.0.account, id).await;
    // One at a time: with all its versions and files it takes some hundred megabytes.
    let _place = app.importing.lock().await;
    let (state, archive) = app.store.archive(id, files).await?;
    let file = spawn_blocking(move || exchange::export(id, state, &archive)).await;
    let file = file.map_err(|error| Failure::unavailable(&error))?;
    let file = file.map_err(|error| Failure::unavailable(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"focaliza-{id}.json\"")),
    ];
    Ok((headers, file))
}

/// Reads a file into an exercise that holds nothing yet. What was officially done is looked at and left
/// out: whoever could bring acts in could bring receipts of what was never sent. Who runs the server
/// restores them.
pub async fn import(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    JsonText(text): JsonText,
) -> Result<Json<Imported>, Failure> {
    let account = &signed_in.0.account;
    let member = account.member();
    // One at a time: the largest file takes some hundred megabytes while it is read.
    let _place = app.importing.lock().await;
    let read = spawn_blocking(move || {
        let (import, archive) = read_file(&text).map_err(|error| refused(&error))?;
        if !exchange::may_import(&import, &member) {
            let message = "Tu rol no permite escribir todo lo que trae el archivo. No se importó \
                           nada.";
            return Err(Failure::new(Code::Forbidden, message));
        }
        let beginning = exchange::beginning(&import, &member).map_err(|error| refused(&error))?;
        Ok((beginning, archive.acts.len()))
    });
    let (beginning, acts_left_out) = read.await.map_err(|error| Failure::unavailable(&error))??;
    let (id, now) = (beginning.id, clock::now());
    let appended = app.store.append(id, 1, beginning.entries, beginning.bindings, now).await;
    appended.map_err(|error| match error {
        store::Error::OutOfStep => {
            let message = "El ejercicio ya tiene contenido. No se importó nada.";
            Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT)
        }
        error => error.into(),
    })?;
    // A file may hold nothing: there is the exercise then, and nothing in it.
    app.store.create_exercise(id, account.id, now).await?;
    app.note_exercise(Event::ExerciseImported, account, id).await;
    app.rooms.refresh(id).await;
    let exercise = app.store.exercise(id).await?.ok_or_else(Failure::not_found)?;
    let exercise = summary(exercise, signed_in.grant());
    Ok(Json(Imported { exercise, acts_left_out }))
}

fn refused(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::Malformed, error.to_string())
}

fn summary(exercise: StoredExercise, grant: &Grant) -> ExerciseSummary {
    let StoredExercise { id, head, changed } = exercise;
    ExerciseSummary { id, head, changed, may_edit: grant.may_edit(id) }
}
