//! Addresses, and what every answer carries.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use shared::{limits, protocol::Code};
use tower_http::compression::CompressionLayer;
use tracing::Instrument as _;

use self::table::{Table, delete, get, post, put};
use crate::{app::App, auth::origin, clock, error::Failure, files, routes, sync};

mod table;

/// Bytes of a request that carries no file: a hundred times what any of them needs.
const SMALL_BODY: usize = 64 * 1024;

/// Bytes of the frames that one request brings, where WebSockets are blocked.
const POLL_BODY: usize = 2 * limits::FRAME_BYTES;

/// All of the server as one service.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .nest("/api", api().into_router())
        .fallback(files::serve)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), secured))
        .layer(middleware::from_fn(logged))
        .with_state(app)
}

/// Methods and addresses of the API, below `/api`, as `docs/openapi.json` describes them.
#[must_use]
pub fn listed() -> Vec<(Method, String)> {
    api().into_list()
}

fn api() -> Table {
    Table::default()
        .route(
            "/session",
            get(routes::session::show)
                .and(post(routes::session::start))
                .and(delete(routes::session::end)),
        )
        .route("/session/key", post(routes::session::key))
        .route(
            "/session/factor",
            get(routes::factor::show)
                .and(post(routes::factor::begin))
                .and(put(routes::factor::confirm)),
        )
        .route("/session/factor/end", post(routes::factor::end))
        .route("/session/ways", get(routes::oidc::ways))
        .route("/session/oidc/start", get(routes::oidc::start))
        .route("/session/oidc/callback", get(routes::oidc::callback))
        .route("/session/oidc/back", get(routes::oidc::back))
        .route("/session/contact", get(routes::contact::own).and(put(routes::contact::change_own)))
        .route("/exercises", get(routes::exercises::list).and(post(routes::exercises::create)))
        .route(
            "/exercises/import",
            post(routes::exercises::import)
                .with(|to| to.layer(DefaultBodyLimit::max(limits::IMPORT_BYTES))),
        )
        .route(
            "/exercises/{id}/export",
            get(routes::exercises::export).with(|to| to.layer(CompressionLayer::new())),
        )
        .route(
            "/exercises/{id}/meeting",
            get(routes::meetings::take)
                .and(post(routes::meetings::bring_back))
                .with(|to| to.layer(DefaultBodyLimit::max(limits::IMPORT_BYTES))),
        )
        .route("/meeting", post(routes::meetings::join))
        .route("/meeting/{code}", get(routes::meetings::show))
        .route("/meeting/{code}/qr", get(routes::meetings::scan))
        .merge(history())
        .merge(people())
        .merge(process())
        .route("/health", get(routes::health::show))
        .route("/openapi.json", get(routes::interface::show))
        .route("/sync", get(sync::socket::open))
        .route(
            "/sync/poll",
            post(sync::poll::exchange).with(|to| to.layer(DefaultBodyLimit::max(POLL_BODY))),
        )
        .with(|api| {
            api.layer(DefaultBodyLimit::max(SMALL_BODY))
                .layer(middleware::from_fn(own_pages_only))
                .layer(middleware::map_response(never_stored))
        })
}

/// What became of an exercise. All of it compresses well.
fn history() -> Table {
    use routes::history::{cell, document, export, sessions, since};
    Table::default()
        .route("/exercises/{id}/history", get(cell))
        .route("/exercises/{id}/sessions", get(sessions))
        .route("/exercises/{id}/past", get(since))
        .route("/exercises/{id}/past/document", get(document))
        .route("/exercises/{id}/past/export", get(export))
        .with(|routes| routes.layer(CompressionLayer::new()))
}

/// What was officially done, sent and received.
fn process() -> Table {
    use routes::process::{
        attach, board, file, fix, receipt, receipt_code, register, show, version,
    };
    let files = DefaultBodyLimit::max(limits::ATTACHMENT_BYTES as usize + SMALL_BODY);
    Table::default()
        .route("/exercises/{id}/process", get(show).with(|to| to.layer(CompressionLayer::new())))
        .route("/exercises/{id}/acts", post(register))
        .route("/exercises/{id}/versions", post(fix))
        .route(
            "/exercises/{id}/versions/{act}",
            get(version).with(|to| to.layer(CompressionLayer::new())),
        )
        .route("/exercises/{id}/files", post(attach).with(move |to| to.layer(files)))
        .route("/exercises/{id}/files/{sha256}", get(file))
        .route("/board", get(board))
        .route("/receipts/{receipt}/{code}", get(receipt))
        .route("/feed", post(routes::feed::begin))
        .route("/feed/{name}", get(routes::feed::show))
        .route("/receipts/{receipt}/{code}/qr", get(receipt_code))
}

/// Who has an account, and what was done.
fn people() -> Table {
    use routes::{contact, factor, invitations, oidc, people};
    Table::default()
        .route("/people", get(people::list))
        .route("/people/{user}", put(people::change))
        .route("/people/{user}/password", post(people::reset))
        .route("/people/{user}/contact", get(contact::of).and(put(contact::change)))
        .route("/people/{user}/factor", delete(factor::end_of))
        .route("/people/{user}/identity", get(oidc::linked).and(put(oidc::link)))
        .route("/people/invitations", post(people::invite))
        .route("/people/invitations/{invitation}", delete(people::revoke))
        .route("/invitations/{token}", get(invitations::show).and(post(invitations::accept)))
        .route("/audit", get(people::audit))
}

/// Only the application's own pages may change something.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && !origin::is_own(request.headers()) {
        let message = "La solicitud no viene de las páginas de Focaliza.";
        return Failure::new(Code::Forbidden, message).into_response();
    }
    next.run(request).await
}

async fn never_stored(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What the application needs and nothing else: its own scripts and WebAssembly, its own styles
/// (also set from scripts, which needs no exception), pictures of its own making.
const CONTENT: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

async fn secured(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.cookie.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// One line for each request, with a number that the answer carries too. No names, no contents.
async fn logged(request: Request, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let span = tracing::info_span!("request", number);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = clock::steady();
    let mut response = next.run(request).instrument(span.clone()).await;
    response.headers_mut().insert("x-request-id", HeaderValue::from(number));
    span.in_scope(|| {
        let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
        if path.starts_with("/api/") {
            tracing::info!(%method, path, status, ms, "answered");
        } else {
            tracing::debug!(%method, path, status, ms, "answered");
        }
    });
    response
}
