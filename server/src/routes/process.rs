//! The yearly process: acts, versions, files, receipts, the board.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::IntoResponse,
};
use serde::Deserialize;
use shared::{
    access::Action,
    api::process::{Asked, BoardLine, Fix, ProcessOf, Receipt, code},
    calendar::legal_time::legal_date,
    format::format_bytes,
    ids::ExerciseId,
    limits,
    process::{
        Act, ActNumber, Fingerprint, Record, Register, letter::Attachment, version::receipt_number,
    },
    protocol::Code,
};
use tokio::task::spawn_blocking;

use super::{Body, Path, Query, Raw};
use crate::{
    app::App,
    auth::{origin, session::SignedIn},
    clock,
    error::Failure,
    process, qr,
    store::StoredFile,
};

/// Characters of a file's name.
const NAME: usize = 150;
/// Whoever may do one of these has files to attach.
const ATTACHING: [Action; 3] =
    [Action::RegisterRegionalLetter, Action::RegisterCentralLetter, Action::RecordCouncil];

/// The acts of an exercise, and what else is known of its process.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    signed_in: SignedIn,
) -> Result<Json<ProcessOf>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let previous = process::previous(&app, id).await?.map(Into::into);
    Ok(Json(ProcessOf { now: clock::now(), acts: app.store.acts(id).await?, previous }))
}

/// Registers an act.
pub async fn register(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    signed_in: SignedIn,
    Body(asked): Body<Asked>,
) -> Result<Json<Record>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    process::register(&app, &signed_in.0.account, id, asked).await.map(Json)
}

/// Fixes a version.
pub async fn fix(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    signed_in: SignedIn,
    Body(fix): Body<Fix>,
) -> Result<Json<Record>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    process::fix(&app, &signed_in.0.account, id, fix).await.map(Json)
}

/// The content of a version, as a file.
pub async fn version(
    State(app): State<Arc<App>>,
    Path((id, act)): Path<(String, ActNumber)>,
    signed_in: SignedIn,
) -> Result<impl IntoResponse, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let acts = app.store.acts(id).await?;
    let found = acts.iter().find(|record| record.number == act).map(|record| &record.act);
    let Some(Act::Version(version)) = found else { return Err(Failure::not_found()) };
    let content = app.store.content(id, version.fingerprint).await?;
    let content = content.ok_or_else(|| Failure::unavailable(&"a version without its content"))?;
    let name = format!("focaliza-{}.json", receipt_number(id, act));
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, content))
}

/// How somebody calls a file.
#[derive(Deserialize)]
pub struct Named {
    name: String,
}

/// Keeps a file, to be attached to an act.
pub async fn attach(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(Named { name }): Query<Named>,
    signed_in: SignedIn,
    Raw(body): Raw,
) -> Result<Json<Attachment>, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let grant = signed_in.grant();
    if !ATTACHING.iter().any(|action| grant.may_ever(*action, id)) {
        return Err(Failure::new(Code::Forbidden, "Tu rol no permite adjuntar archivos aquí."));
    }
    let (bytes, most) = (body.len() as u64, limits::ATTACHMENT_BYTES);
    if bytes > most {
        let (size, most) = (format_bytes(bytes), format_bytes(most));
        let message = format!("El archivo pesa {size} y el máximo es {most}.");
        return Err(Failure::new(Code::TooLarge, message));
    }
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME).collect();
    if body.is_empty() || name.is_empty() {
        return Err(Failure::new(Code::Malformed, "El archivo está vacío o no tiene nombre."));
    }
    let content = body.to_vec();
    let hashed = spawn_blocking(move || (Fingerprint::of(&content), content)).await;
    let (sha256, content) = hashed.map_err(|error| Failure::unavailable(&error))?;
    let media_type = media_type(&content).to_owned();
    let file = StoredFile { media_type: media_type.clone(), content };
    app.store.put_file(id, sha256, file, signed_in.0.account.id, clock::now()).await?;
    Ok(Json(Attachment { sha256, bytes, media_type, name }))
}

/// What a content is: a name says nothing about it.
fn media_type(content: &[u8]) -> &'static str {
    match infer::get(content) {
        Some(kind) => kind.mime_type(),
        None if std::str::from_utf8(content).is_ok() => "text/plain; charset=utf-8",
        None => "application/octet-stream",
    }
}

/// A file. Never opened as a page of this server.
pub async fn file(
    State(app): State<Arc<App>>,
    Path((id, sha256)): Path<(String, String)>,
    signed_in: SignedIn,
) -> Result<impl IntoResponse, Failure> {
    let id = readable(&app, &signed_in, &id).await?;
    let sha256: Fingerprint = sha256.parse().map_err(|_| Failure::not_found())?;
    let file = app.store.file(id, sha256).await?.ok_or_else(Failure::not_found)?;
    let kind = HeaderValue::from_str(&file.media_type);
    let headers: [(HeaderName, HeaderValue); 2] = [
        (
            header::CONTENT_TYPE,
            kind.unwrap_or(HeaderValue::from_static("application/octet-stream")),
        ),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
    ];
    Ok((headers, file.content))
}

/// Which budget year.
#[derive(Deserialize)]
pub struct Year {
    year: u16,
}

/// Where the regions stand: all of them for Sercotec, else one's own.
pub async fn board(
    State(app): State<Arc<App>>,
    Query(Year { year }): Query<Year>,
    signed_in: SignedIn,
) -> Result<Json<Vec<BoardLine>>, Failure> {
    let grant = signed_in.grant();
    let mut lines = process::lines(&app, year).await?;
    lines.retain(|line| grant.may_read(line.exercise));
    Ok(Json(lines))
}

/// That a receipt is one; for anybody who has its number and the beginning of its fingerprint.
pub async fn receipt(
    State(app): State<Arc<App>>,
    Path((receipt, beginning)): Path<(String, String)>,
) -> Result<Json<Receipt>, Failure> {
    found(&app, &receipt, &beginning).await.map(Json)
}

/// The way to where a receipt is verified, to be scanned.
pub async fn receipt_code(
    State(app): State<Arc<App>>,
    Path((receipt, beginning)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    let found = found(&app, &receipt, &beginning).await?;
    let way = format!(
        "{}/verificar/{}/{}",
        origin::asked(&headers, app.config.cookie.secure),
        found.receipt,
        code(&found.fingerprint)
    );
    let svg = qr::svg(&way).map_err(|error| Failure::unavailable(&error))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg))
}

async fn found(app: &App, receipt: &str, beginning: &str) -> Result<Receipt, Failure> {
    let (exercise, act) = receipt.rsplit_once('-').ok_or_else(Failure::not_found)?;
    let exercise: ExerciseId = exercise.parse().map_err(|_| Failure::not_found())?;
    let act: ActNumber = act.parse().map_err(|_| Failure::not_found())?;
    let acts = app.store.acts(exercise).await?;
    let register = Register::new(exercise, &acts);
    let record = acts.iter().find(|record| record.number == act).ok_or_else(Failure::not_found)?;
    let Act::Version(version) = &record.act else { return Err(Failure::not_found()) };
    if !version.kind.is_sent() || code(&version.fingerprint) != beginning {
        return Err(Failure::not_found());
    }
    Ok(Receipt {
        receipt: receipt_number(exercise, act),
        exercise,
        kind: version.kind,
        fingerprint: version.fingerprint,
        sent: record.at,
        sent_on: legal_date(record.at, exercise.region()),
        received_on: register.reception(act).map(|reception| reception.on),
    })
}

async fn readable(app: &App, signed_in: &SignedIn, id: &str) -> Result<ExerciseId, Failure> {
    let id: ExerciseId = id.parse().map_err(|_| Failure::not_found())?;
    if !signed_in.grant().may_read(id) || app.store.exercise(id).await?.is_none() {
        return Err(Failure::not_found());
    }
    Ok(id)
}
