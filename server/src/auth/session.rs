//! Sessions: how long they last, and the person behind a request.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use shared::{access::Grant, api::Person, protocol::Code};

use crate::{
    app::App,
    clock,
    error::Failure,
    store::{Account, Bounds, LiveSession},
};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A session unused for so long is over. A device in the field works on without one.
const IDLE: i64 = 14 * DAY;
/// A session is over after so long in any case.
pub const LONGEST: i64 = 90 * DAY;
/// Use is noted this often: more would be a write for each request.
const NOTED: i64 = 10 * 60 * 1000;

/// Which sessions are not over at this time.
#[must_use]
pub fn bounds(now: i64) -> Bounds {
    Bounds { seen_after: now - IDLE, created_after: now - LONGEST }
}

/// Who signed in, as the application is told.
#[must_use]
pub fn person(account: &Account, offline_days: u16) -> Person {
    Person {
        user: account.id,
        login: account.login.clone(),
        name: account.name.clone(),
        grant: account.grant.clone(),
        acting: account.acting,
        offline_days,
    }
}

/// The person behind a request; without a session it is answered 401, and so it is where the address
/// says `?user=` and means somebody else: on a shared device the browser may hold the session of who
/// was there before.
pub struct SignedIn(pub LiveSession);

impl SignedIn {
    /// What the person may do.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.0.account.grant
    }
}

fn meant(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|pair| pair.strip_prefix("user="))
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let now = clock::now();
        let over = || Failure::new(Code::Unauthenticated, "Tu sesión terminó. Vuelve a entrar.");
        let token = app.config.cookie.read(&parts.headers).ok_or_else(over)?;
        let session = app.store.session(token.hash(), bounds(now)).await?.ok_or_else(over)?;
        if meant(parts.uri.query()).is_some_and(|user| user != session.account.id.to_string()) {
            return Err(over());
        }
        if now - session.last_seen > NOTED {
            // Reading goes on where the disk is full; the note is made next time.
            if let Err(error) = app.store.touch_session(session.token, now).await {
                tracing::warn!(cause = %error, "use of a session was not noted");
            }
        }
        Ok(Self(session))
    }
}
