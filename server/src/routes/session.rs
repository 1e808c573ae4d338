//! Signing in and out.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use shared::{
    api::{Person, STORAGE_KEY_BYTES, SignIn, StorageKey, entry::Leave, people::Event},
    protocol::Code,
};

use super::{Body, factor};
use crate::{
    app::App,
    auth::{
        attempts::TooMany,
        session::{self, SignedIn, bounds},
        token::Token,
    },
    clock,
    error::Failure,
    store::Account,
};

/// The answer's cookie.
pub type SetCookie = AppendHeaders<[(header::HeaderName, HeaderValue); 1]>;

/// Who is signed in.
pub async fn show(State(app): State<Arc<App>>, signed_in: SignedIn) -> Json<Person> {
    Json(session::person(&signed_in.0.account, app.config.offline_days))
}

/// The key that closes what the person keeps on devices.
pub async fn key(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<StorageKey>, Failure> {
    let mut new = [0; STORAGE_KEY_BYTES];
    getrandom::fill(&mut new).map_err(|error| Failure::unavailable(&error))?;
    let key = app.store.storage_key(signed_in.0.account.id, new).await?;
    Ok(Json(StorageKey { key: key.ok_or_else(|| Failure::unavailable(&"no such account"))? }))
}

/// Signs in: always a new session, whatever cookie came along.
pub async fn start(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(sign_in): Body<SignIn>,
) -> Result<(SetCookie, Json<Person>), Failure> {
    let login = sign_in.login.trim().to_lowercase();
    let address = app.client_address(&headers, peer);
    count_attempt(&app, &login, address)?;
    let found = app.store.account(login.clone()).await?;
    let known = found.as_ref().map(|(account, _)| account.clone());
    let (account, hash) = match found {
        Some((account, hash)) if !account.disabled => (Some(account), Some(hash)),
        _ => (None, None),
    };
    let matches = app.passwords.matches(sign_in.password, hash).await;
    let Some(account) = account.filter(|_| matches) else {
        // A name that is no account may be a password typed into the wrong field.
        if let Some(known) = known {
            app.note_refused(&known).await;
        }
        return Err(Failure::new(Code::Unauthenticated, "Usuario o contraseña incorrectos."));
    };
    // Only who knows the password learns whether a code is asked for. The attempt counts until both
    // are right.
    factor::pass(&app, &account, sign_in.code.as_deref()).await?;
    app.attempt_succeeded(&login, address);
    tracing::info!(user = account.id, "signed in");
    begin(&app, &account).await
}

/// Begins a session of somebody who was recognised.
pub async fn begin(app: &App, account: &Account) -> Result<(SetCookie, Json<Person>), Failure> {
    let cookie = open(app, account, false).await?;
    Ok((
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Json(session::person(account, app.config.offline_days)),
    ))
}

/// Begins a session; its cookie. `vouched`: a provider of identities says who it is.
pub async fn open(app: &App, account: &Account, vouched: bool) -> Result<HeaderValue, Failure> {
    let (token, now) = (Token::draw()?, clock::now());
    app.store.start_session(token.hash(), account.id, vouched, now, bounds(now)).await?;
    app.note_account(Event::SignedIn, account).await;
    Ok(app.config.cookie.set(&token, session::LONGEST / 1000))
}

/// Counts an attempt to get in; refuses it where there were too many.
pub fn count_attempt(app: &App, login: &str, address: IpAddr) -> Result<(), Failure> {
    app.begin_attempt(login, address).map_err(|TooMany { wait }| {
        tracing::warn!(wait, "too many attempts to sign in");
        let minutes = wait.div_ceil(60);
        let unit = if minutes == 1 { "minuto" } else { "minutos" };
        let message =
            format!("Demasiados intentos de entrar. Vuelve a intentarlo en {minutes} {unit}.");
        Failure::new(Code::RateLimited, message).retry_after(wait)
    })
}

/// Signs out; where a provider vouched for the person, its session is to end too. Nothing happens
/// where nobody was signed in.
pub async fn end(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Failure> {
    let mut vouched = false;
    if let Some(token) = app.config.cookie.read(&headers) {
        let session = token.hash();
        if let Some(live) = app.store.session(session, bounds(clock::now())).await? {
            app.note_account(Event::SignedOut, &live.account).await;
            vouched = live.vouched;
        }
        app.store.end_session(session).await?;
        app.live.end_session(session);
    }
    // Ours has ended, however long the provider takes.
    let leaving = match app.oidc.as_ref().filter(|_| vouched) {
        Some(oidc) => oidc.provider.leaving().await,
        None => None,
    };
    let cookie = AppendHeaders([(header::SET_COOKIE, app.config.cookie.take_back())]);
    Ok(match leaving {
        Some(address) => (cookie, Json(Leave { address })).into_response(),
        None => (StatusCode::NO_CONTENT, cookie).into_response(),
    })
}
