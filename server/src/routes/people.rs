//! Who has an account: inviting, changing, closing; and what was done.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use shared::{
    access::Grant,
    api::people::{self, Audited, ChangePerson, Invite, People, Way},
    protocol::Code,
};

use super::{Body, Path, Query};
use crate::{
    app::App,
    auth::{session::SignedIn, token::Token},
    clock,
    error::Failure,
    store::{Account, Error, NewInvitation},
};

/// How long an invitation waits. People are away for a week, and not for two without a colleague
/// who can invite them again.
const INVITED: i64 = 14 * 24 * 60 * 60 * 1000;

/// Those whom the person manages.
pub async fn list(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
) -> Result<Json<People>, Failure> {
    let grant = manager(&signed_in)?;
    let mut people = app.store.managed().await?;
    people.retain(|one| grant.may_manage(&one.grant));
    let mut invitations = app.store.pending(clock::now()).await?;
    invitations.retain(|one| grant.may_manage(&one.grant));
    Ok(Json(People { people, invitations }))
}

/// Invites somebody.
pub async fn invite(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Body(invite): Body<Invite>,
) -> Result<Json<Way>, Failure> {
    let login = people::login(&invite.login).map_err(malformed)?;
    let name = people::name(&invite.name).map_err(malformed)?;
    let Invite { grant, acting, .. } = invite;
    allowed(&signed_in, &grant)?;
    let wanted = Wanted { user: None, login, name, grant, acting };
    way(&app, &signed_in, wanted).await
}

/// Takes an invitation back.
pub async fn revoke(
    State(app): State<Arc<App>>,
    Path(id): Path<i64>,
    signed_in: SignedIn,
) -> Result<StatusCode, Failure> {
    let grant = manager(&signed_in)?;
    let now = clock::now();
    let pending = app.store.pending(now).await?;
    let pending = pending.into_iter().find(|one| one.id == id && grant.may_manage(&one.grant));
    let pending = pending.ok_or_else(Failure::not_found)?;
    if !app.store.revoke(pending, signed_in.0.account.id, now).await? {
        return Err(Failure::not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Changes an account. What somebody may do is different from then on, also on connections that are
/// open.
pub async fn change(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
    Body(change): Body<ChangePerson>,
) -> Result<StatusCode, Failure> {
    let before = managed(&app, &signed_in, user).await?;
    let change = ChangePerson { name: people::name(&change.name).map_err(malformed)?, ..change };
    allowed(&signed_in, &change.grant)?;
    app.store.change_person(before, change, signed_in.0.account.id, clock::now()).await?;
    app.live.review_now(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives somebody a way to choose another password.
pub async fn reset(
    State(app): State<Arc<App>>,
    Path(user): Path<i64>,
    signed_in: SignedIn,
) -> Result<Json<Way>, Failure> {
    let Account { id, login, name, grant, acting, .. } = managed(&app, &signed_in, user).await?;
    way(&app, &signed_in, Wanted { user: Some(id), login, name, grant, acting }).await
}

/// Which page of the audit.
#[derive(Deserialize)]
pub struct Page {
    before: Option<i64>,
    region: Option<String>,
}

/// Who did what: of one's own region, or for Sercotec's centre of all or one.
pub async fn audit(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Query(Page { before, region }): Query<Page>,
) -> Result<Json<Vec<Audited>>, Failure> {
    let own = manager(&signed_in)?.region.clone();
    Ok(Json(app.store.audit(own.or(region), before).await?))
}

struct Wanted {
    user: Option<i64>,
    login: String,
    name: String,
    grant: Grant,
    acting: bool,
}

async fn way(app: &App, signed_in: &SignedIn, wanted: Wanted) -> Result<Json<Way>, Failure> {
    let (token, now) = (Token::draw()?, clock::now());
    let expires = now + INVITED;
    let Wanted { user, login, name, grant, acting } = wanted;
    let by = signed_in.0.account.id;
    let hash = token.hash();
    let new = NewInvitation { token: hash, user, login, name, grant, acting, by, expires };
    match app.store.invite(new, now).await {
        Ok(()) => Ok(Json(Way { token: token.text(), expires })),
        Err(Error::Taken) => {
            let message = "Ya hay una cuenta con ese nombre para entrar.";
            Err(Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}

fn manager(signed_in: &SignedIn) -> Result<&Grant, Failure> {
    let grant = signed_in.grant();
    if grant.may_manage_people() {
        return Ok(grant);
    }
    Err(Failure::new(Code::Forbidden, "Tu rol no permite administrar personas."))
}

fn allowed(signed_in: &SignedIn, grant: &Grant) -> Result<(), Failure> {
    grant.check().map_err(malformed)?;
    if manager(signed_in)?.may_manage(grant) {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "Tu rol no permite dar ese rol en esa región."))
}

/// The account of somebody whom the person manages. Nobody changes their own: who did would be
/// locked out, or make themselves what others are to make them.
pub(super) async fn managed(
    app: &App,
    signed_in: &SignedIn,
    user: i64,
) -> Result<Account, Failure> {
    let grant = manager(signed_in)?;
    let account = app.store.account_of(user).await?;
    let account = account.filter(|account| grant.may_manage(&account.grant));
    let account = account.ok_or_else(Failure::not_found)?;
    if account.id == signed_in.0.account.id {
        let message = "Tu propia cuenta la cambia otra persona que administre.";
        return Err(Failure::new(Code::Forbidden, message));
    }
    Ok(account)
}

fn malformed(why: &'static str) -> Failure {
    Failure::new(Code::Malformed, why)
}
