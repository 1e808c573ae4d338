//! The second factor of the person's own account, and of those whom they manage.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
};
use shared::{
    api::factor::{Confirm, Enrol, Enrolment, Factor, Recovery},
    protocol::Code,
};

use super::{Body, Path, people::managed, session};
use crate::{
    app::App,
    auth::{session::SignedIn, totp},
    clock,
    error::Failure,
    qr,
    store::Account,
};

/// Whether a code is asked for.
pub async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Factor>, Failure> {
    Ok(Json(app.store.factor(signed_in.0.account.id).await?))
}

/// Gives a secret, once. Nothing is asked for until a code shows that the telephone has it.
pub async fn begin(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    signed_in: SignedIn,
    Body(enrol): Body<Enrol>,
) -> Result<Json<Enrolment>, Failure> {
    let account = signed_in.0.account;
    let address = app.client_address(&headers, peer);
    session::count_attempt(&app, &account.login, address)?;
    let hash = app.store.account(account.login.clone()).await?.map(|(_, hash)| hash);
    if !app.passwords.matches(enrol.password, hash).await {
        app.note_refused(&account).await;
        return Err(Failure::new(Code::Forbidden, "La contraseña no es esa."));
    }
    app.attempt_succeeded(&account.login, address);
    let secret = totp::draw()?;
    if !app.store.begin_factor(account.id, secret).await? {
        return Err(already());
    }
    let way = totp::address(&secret, &account.login);
    let qr = qr::svg(&way).map_err(|error| Failure::unavailable(&error))?;
    Ok(Json(Enrolment { secret: totp::text(&secret), qr }))
}

/// From now on a code is asked for.
pub async fn confirm(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Body(Confirm { code }): Body<Confirm>,
) -> Result<Json<Recovery>, Failure> {
    let account = signed_in.0.account;
    let secret = match app.store.factor_secret(account.id).await? {
        Some((secret, false)) => secret,
        _ => return Err(already()),
    };
    let now = clock::now();
    let step = totp::step(&secret, &code, now).ok_or_else(wrong)?;
    let codes = totp::recovery()?;
    let hashes = codes.iter().map(|code| totp::recovery_hash(code)).collect();
    if !app.store.confirm_factor(account, step, hashes, now).await? {
        return Err(already());
    }
    Ok(Json(Recovery { codes }))
}

/// A password alone is enough again.
pub async fn end(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    signed_in: SignedIn,
    Body(Confirm { code }): Body<Confirm>,
) -> Result<StatusCode, Failure> {
    let account = signed_in.0.account;
    let address = app.client_address(&headers, peer);
    session::count_attempt(&app, &account.login, address)?;
    if code.trim().is_empty() {
        return Err(wrong());
    }
    pass(&app, &account, Some(&code)).await?;
    app.attempt_succeeded(&account.login, address);
    let by = account.id;
    app.store.end_factor(account, by, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same for somebody who lost the telephone, and is known to who manages them.
pub async fn end_of(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
) -> Result<StatusCode, Failure> {
    let account = managed(&app, &signed_in, user).await?;
    app.store.end_factor(account, signed_in.0.account.id, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets by whoever needs no code, or brings one that was not used before. Whoever calls it has counted
/// the attempt.
pub(super) async fn pass(app: &App, account: &Account, code: Option<&str>) -> Result<(), Failure> {
    let Some((secret, true)) = app.store.factor_secret(account.id).await? else { return Ok(()) };
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        let message = "Escribe el código que muestra tu aplicación de verificación.";
        return Err(Failure::new(Code::Unauthenticated, message).needing_code());
    };
    let is_good = match totp::step(&secret, code, clock::now()) {
        Some(step) => app.store.use_step(account.id, step).await?,
        None => app.store.use_recovery(account.id, totp::recovery_hash(code)).await?,
    };
    if is_good {
        return Ok(());
    }
    app.note_refused(account).await;
    Err(wrong().needing_code())
}

fn wrong() -> Failure {
    let message = "El código no es correcto, venció o ya se usó. Espera el siguiente.";
    Failure::new(Code::Forbidden, message)
}

fn already() -> Failure {
    let message = "El segundo factor ya está activo, o no se ha comenzado a activar.";
    Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT)
}
