//! The list of exercises.

use std::sync::Arc;

use axum::{Json, extract::State};
use shared::{
    access::Grant,
    api::{ExerciseSummary, NewExercise},
    ids::ExerciseId,
    protocol::Code,
    territory,
};

use super::Body;
use crate::{app::App, auth::session::SignedIn, clock, error::Failure, store::StoredExercise};

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
    app.store.create_exercise(id, signed_in.0.account.id, clock::now()).await?;
    let exercise = app.store.exercise(id).await?.ok_or_else(Failure::not_found)?;
    Ok(Json(summary(exercise, grant)))
}

fn summary(exercise: StoredExercise, grant: &Grant) -> ExerciseSummary {
    let StoredExercise { id, head, changed } = exercise;
    ExerciseSummary { id, head, changed, may_edit: grant.may_edit(id) }
}
