//! Where people are reminded of what is due: changed by themselves, or by who manages them.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use shared::{
    api::people::{self, Contact},
    protocol::Code,
};

use super::{Body, Path, people::managed};
use crate::{app::App, auth::session::SignedIn, clock, error::Failure, store::Account};

/// The person's own.
pub async fn own(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<Contact>, Failure> {
    Ok(Json(app.store.contact(signed_in.0.account.id).await?))
}

/// Changes the person's own.
pub async fn change_own(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Body(contact): Body<Contact>,
) -> Result<StatusCode, Failure> {
    let account = signed_in.0.account;
    let by = account.id;
    set(&app, account, contact, by).await
}

/// That of somebody whom the person manages.
pub async fn of(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
) -> Result<Json<Contact>, Failure> {
    let account = managed(&app, &signed_in, user).await?;
    Ok(Json(app.store.contact(account.id).await?))
}

/// Changes that of somebody whom the person manages.
pub async fn change(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
    Body(contact): Body<Contact>,
) -> Result<StatusCode, Failure> {
    let account = managed(&app, &signed_in, user).await?;
    set(&app, account, contact, signed_in.0.account.id).await
}

async fn set(app: &App, of: Account, contact: Contact, by: i64) -> Result<StatusCode, Failure> {
    let given = contact.email.filter(|email| !email.trim().is_empty());
    let email = given.map(|email| people::email(&email)).transpose();
    let email = email.map_err(|why| Failure::new(Code::Malformed, why))?;
    app.store.set_contact(of, Contact { email, ..contact }, by, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
