//! What the API is, for programs.

use axum::{http::header, response::IntoResponse};

/// Made and compared by the test `interface`: the server carries no machinery to make it.
const DESCRIPTION: &str = include_str!("../../../docs/openapi.json");

/// The description of all addresses of the API (OpenAPI 3.1).
pub async fn show() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}
