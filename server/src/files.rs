//! The files of the application, as `cargo xtask dist` writes them: already compressed, those
//! below `assets/` under names that change with their content.

use std::{path::Path, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};
use tower_http::services::ServeDir;

use crate::{app::App, error::Failure};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// Names the build that is offered after what its page loads; empty where nothing was built.
#[must_use]
pub fn build(dist: &Path) -> String {
    let Ok(page) = std::fs::read(dist.join("index.html")) else { return String::new() };
    Sha256::digest(page).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Answers whatever is not the API. Addresses without a dot are pages of the application, which
/// finds out by itself what to show there.
pub async fn serve(State(app): State<Arc<App>>, mut request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return Failure::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let caching = if path.starts_with("/assets/") { FOR_EVER } else { ASK_FIRST };
    let page = path.rsplit('/').next().is_none_or(|name| !name.contains('.'));
    if page {
        *request.uri_mut() = Uri::from_static("/index.html");
    }
    let mut files = ServeDir::new(&app.config.dist).precompressed_br().precompressed_gzip();
    let mut response = match files.try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) if is_missing(&error) => return not_found(page),
        Err(error) => return Failure::unavailable(&error).into_response(),
    };
    if response.status() == StatusCode::NOT_FOUND {
        return not_found(page);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, caching);
    response
}

fn is_missing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidFilename, IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), InvalidFilename | IsADirectory | NotADirectory | NotFound)
}

fn not_found(page: bool) -> Response {
    let text = if page {
        "Falta la aplicación en el servidor. Quien lo administra debe construirla con «cargo \
         xtask dist» y señalarla con «--dist»."
    } else {
        "No existe este archivo."
    };
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
