//! Leaving to a provider of identities and coming back. These are pages to a browser, so that whatever
//! goes wrong leads to the page of signing in, which says it.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use serde::Deserialize;
use shared::{
    api::entry::{self, Kind, Link, Linked, Refusal, Run, Ways},
    limits,
    protocol::Code,
};

use super::{Body, Path, Query, people::managed, session};
use crate::{
    app::App,
    auth::{cookie, origin, session::SignedIn, token::Token},
    clock,
    error::Failure,
    oidc::{Entry, Identity, Oidc},
    store::{Account, Error, Proof},
};

/// Seconds that a refusal waits for the provider to end its session.
const REFUSED: i64 = 120;

/// Ways to sign in beside name and password.
pub async fn ways(State(app): State<Arc<App>>) -> Json<Ways> {
    Json(Ways { provider: app.oidc.as_ref().map(Oidc::shown) })
}

/// How somebody leaves.
#[derive(Deserialize)]
pub struct Start {
    #[serde(rename = "return")]
    back: Option<String>,
    invitation: Option<String>,
}

/// To the provider, with a state that only this browser comes back with.
pub async fn start(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(start): Query<Start>,
) -> Result<Response, Failure> {
    let oidc = provider(&app)?;
    let back = start.back.as_deref().and_then(entry::own_path).unwrap_or("/").to_owned();
    let refuse = |refusal| Ok(refused(&app, refusal, &back));
    let (state, browser) = (Token::draw()?, Token::draw()?);
    // By address alone: each attempt is another one's.
    if session::count_attempt(&app, &state.text(), app.client_address(&headers, peer)).is_err() {
        return refuse(Refusal::TooMany);
    }
    let invitation = match &start.invitation {
        None => None,
        // Another site's page could have somebody take up an invitation of its own choosing.
        Some(token) if origin::is_own(&headers) => Token::parse(token).map(|token| token.hash()),
        Some(_) => None,
    };
    if start.invitation.is_some() && invitation.is_none() {
        return refuse(Refusal::Invitation);
    }
    let now = clock::now();
    let entry = Entry {
        browser: browser.hash(),
        nonce: Token::draw()?,
        verifier: Token::draw()?,
        back: back.clone(),
        invitation,
        expires: now + limits::ENTRY_MS,
    };
    let to = match oidc.provider.authorization(&state, &entry).await {
        Ok(to) => to,
        Err(trouble) => {
            tracing::warn!(%trouble, "a provider of identities");
            return refuse(Refusal::Provider);
        }
    };
    if oidc.pending().begin(state.hash(), entry, now).is_err() {
        tracing::warn!("too many on the way to a provider of identities");
        return refuse(Refusal::TooMany);
    }
    let seconds = limits::ENTRY_MS / 1000;
    let cookie = app.config.cookie.set_kind(cookie::Kind::Entry, &browser.text(), seconds);
    Ok(redirect(&to, [cookie]))
}

/// What the provider sends the browser back with.
#[derive(Deserialize)]
pub struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// From the provider: a new session, or the page of signing in.
pub async fn callback(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Result<Response, Failure> {
    let oidc = provider(&app)?;
    let browser = app.config.cookie.read_kind(cookie::Kind::Entry, &headers).and_then(Token::parse);
    let state = callback.state.as_deref().and_then(Token::parse);
    let entry = match (state, browser) {
        (Some(state), Some(browser)) => {
            oidc.pending().end(state.hash(), browser.hash(), clock::now()).map(|on| (state, on))
        }
        _ => None,
    };
    let Some((state, entry)) = entry else {
        tracing::warn!("somebody comes back from a provider who did not leave from here");
        return Ok(refused(&app, Refusal::Expired, "/"));
    };
    let refuse = |refusal| Ok(refused(&app, refusal, &entry.back));
    let code = match (callback.code, callback.error.as_deref()) {
        (Some(code), None) => code,
        (_, Some("access_denied")) => return refuse(Refusal::Cancelled),
        (_, error) => {
            // Only the protocol's own words: anything may be in an address.
            let error =
                error.filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            tracing::warn!(error, "a provider of identities refuses");
            return refuse(Refusal::Provider);
        }
    };
    let subject = match oidc.provider.subject(&code, &state.text(), &entry).await {
        Ok(subject) => subject,
        Err(trouble) => {
            tracing::warn!(%trouble, "a provider of identities");
            return refuse(Refusal::Provider);
        }
    };
    let account = match recognised(&app, &entry, oidc.identity(&subject)).await? {
        Ok(account) => account,
        Err(refusal) => return Ok(refused_and_left(&app, oidc, refusal, &entry.back).await),
    };
    app.attempt_succeeded(&state.text(), app.client_address(&headers, peer));
    tracing::info!(user = account.id, "signed in by a provider");
    // Always a new session, whatever cookie came along.
    let session = session::open(&app, &account, true).await?;
    Ok(redirect(&entry.back, [session, taken_back(&app, cookie::Kind::Entry)]))
}

/// The provider ended its session. To the page of signing in, with why nobody got in.
pub async fn back(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Failure> {
    provider(&app)?;
    let kept = app.config.cookie.read_kind(cookie::Kind::Refusal, &headers);
    let to = match kept.and_then(Refusal::parse) {
        Some(refusal) => sign_in(refusal, "/"),
        None => "/ingresar".into(),
    };
    Ok(redirect(&to, [taken_back(&app, cookie::Kind::Refusal)]))
}

/// Whether the account of somebody whom the person manages is linked.
pub async fn linked(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
) -> Result<Json<Linked>, Failure> {
    let account = managed(&app, &signed_in, user).await?;
    Ok(Json(Linked { linked: app.store.is_linked(account.id).await? }))
}

/// Links it, or takes the link away.
pub async fn link(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
    Body(link): Body<Link>,
) -> Result<StatusCode, Failure> {
    let account = managed(&app, &signed_in, user).await?;
    let oidc = provider(&app)?;
    let malformed = |why| Failure::new(Code::Malformed, why);
    let identity = match (link.subject, oidc.shown().kind) {
        (None, _) => None,
        (Some(run), Kind::ClaveUnica) => Some(Run::parse(&run).map_err(malformed)?.to_string()),
        (Some(subject), Kind::Standard) => {
            let fits = (1..=entry::SUBJECT_CHARS).contains(&subject.len());
            if !fits || !subject.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(malformed("Eso no es un identificador del proveedor («sub»)."));
            }
            Some(subject)
        }
    };
    let identity = identity.map(|subject| oidc.identity(&subject));
    match app.store.link(account, identity, signed_in.0.account.id, clock::now()).await {
        Ok(()) => {}
        Err(Error::Taken) => {
            let message = "Otra cuenta ya está vinculada a esa identidad.";
            return Err(Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT));
        }
        Err(error) => return Err(error.into()),
    }
    app.live.review_now(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The account that is entered, which must be there or have been promised.
async fn recognised(
    app: &App,
    entry: &Entry,
    identity: Identity,
) -> Result<Result<Account, Refusal>, Failure> {
    if let Some(invitation) = entry.invitation {
        let invited = app.store.invitation(invitation, clock::now()).await?;
        // Whoever has found the address of a new password is not past the second factor by it.
        if let Some(user) = invited.and_then(|invited| invited.user())
            && app.store.factor(user).await?.confirmed
        {
            return Ok(Err(Refusal::Invitation));
        }
        match app.store.accept(invitation, Proof::Identity(identity), clock::now()).await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Err(Refusal::Invitation)),
            Err(Error::Taken) => return Ok(Err(Refusal::Taken)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(match app.store.identified(identity).await? {
        None => Err(Refusal::Unknown),
        Some(account) if account.disabled => {
            app.note_refused(&account).await;
            Err(Refusal::Closed)
        }
        Some(account) => Ok(account),
    })
}

fn provider(app: &App) -> Result<&Oidc, Failure> {
    app.oidc.as_ref().ok_or_else(Failure::not_found)
}

/// The page of signing in says why, and leads back.
fn sign_in(refusal: Refusal, back: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", refusal.as_str());
    if back != "/" {
        query.append_pair("destino", back);
    }
    format!("/ingresar?{}", query.finish())
}

fn refused(app: &App, refusal: Refusal, back: &str) -> Response {
    redirect(&sign_in(refusal, back), [taken_back(app, cookie::Kind::Entry)])
}

/// The provider knows the person, and keeps a session that nobody here will end: it ends first, or the
/// next person at the same computer would be taken for this one.
async fn refused_and_left(app: &App, oidc: &Oidc, refusal: Refusal, back: &str) -> Response {
    let Some(place) = oidc.provider.leaving().await else { return refused(app, refusal, back) };
    let kept = app.config.cookie.set_kind(cookie::Kind::Refusal, refusal.as_str(), REFUSED);
    redirect(&place, [kept, taken_back(app, cookie::Kind::Entry)])
}

fn taken_back(app: &App, kind: cookie::Kind) -> HeaderValue {
    app.config.cookie.set_kind(kind, "", 0)
}

fn redirect<const N: usize>(to: &str, cookies: [HeaderValue; N]) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        return Failure::unavailable(&"an address that is none").into_response();
    };
    let cookies = cookies.map(|cookie| (header::SET_COOKIE, cookie));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)], AppendHeaders(cookies)).into_response()
}
