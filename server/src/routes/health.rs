//! How the server is.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use shared::api::Health;

use crate::app::App;

/// 200 where the database can be read, 503 where not.
pub async fn show(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let database = app.store.answers().await;
    if let Err(error) = &database {
        tracing::error!(cause = %error, "database does not answer");
    }
    let health = Health {
        database: database.is_ok(),
        version: env!("CARGO_PKG_VERSION").into(),
        build: app.build.clone(),
        epoch: format!("{:016x}", app.store.epoch()),
    };
    let status = if health.database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}
