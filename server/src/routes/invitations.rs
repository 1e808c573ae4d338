//! Taking an invitation up.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
};
use shared::{
    api::{
        Person,
        people::{Accept, Invitation},
    },
    protocol::Code,
};
use tokio::task::spawn_blocking;

use super::{Body, Path, factor, session};
use crate::{
    app::App,
    auth::{
        password::{self, Unfit},
        token::Token,
    },
    clock,
    error::Failure,
    store::{Error, Invited, Proof},
};

/// What somebody is invited to.
pub async fn show(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Json<Invitation>, Failure> {
    let (_, invited) = find(&app, &headers, peer, &token).await?;
    let is_reset = invited.is_reset();
    let Invited { login, name, grant, .. } = invited;
    Ok(Json(Invitation { login, name, grant, is_reset }))
}

/// Chooses a password, and signs in.
pub async fn accept(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(token): Path<String>,
    Body(accept): Body<Accept>,
) -> Result<(session::SetCookie, Json<Person>), Failure> {
    let (token, invited) = find(&app, &headers, peer, &token).await?;
    let Accept { password, code } = accept;
    let hash = spawn_blocking(move || password::hash(&password)).await;
    let hash =
        hash.map_err(|error| Failure::unavailable(&error))?.map_err(|unfit| match unfit {
            Unfit::Short | Unfit::Long => Failure::new(Code::Malformed, unfit.to_string()),
            Unfit::Failed => Failure::unavailable(&unfit),
        })?;
    // Another password is no way around the second factor: who lost both asks who manages them.
    if let Some(user) = invited.user()
        && let Some(account) = app.store.account_of(user).await?
    {
        let address = app.client_address(&headers, peer);
        session::count_attempt(&app, &account.login, address)?;
        factor::pass(&app, &account, code.as_deref()).await?;
        app.attempt_succeeded(&account.login, address);
    }
    let login = match app.store.accept(token.hash(), Proof::Password(hash), clock::now()).await {
        Ok(login) => login.ok_or_else(over)?,
        Err(Error::Taken) => {
            let message = "Entretanto se creó otra cuenta con ese nombre para entrar. Pide que \
                           te inviten de nuevo.";
            return Err(Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT));
        }
        Err(error) => return Err(error.into()),
    };
    let found = app.store.account(login).await?.map(|(account, _)| account);
    let account = found.filter(|account| !account.disabled).ok_or_else(|| {
        Failure::new(Code::Forbidden, "Tu cuenta está cerrada. Habla con quien te invitó.")
    })?;
    session::begin(&app, &account).await
}

async fn find(
    app: &App,
    headers: &HeaderMap,
    peer: SocketAddr,
    token: &str,
) -> Result<(Token, Invited), Failure> {
    let address = app.client_address(headers, peer);
    // By address alone: who guesses keeps nobody else out.
    let who = address.to_string();
    session::count_attempt(app, &who, address)?;
    let token = Token::parse(token).ok_or_else(over)?;
    let invited = app.store.invitation(token.hash(), clock::now()).await?.ok_or_else(over)?;
    app.attempt_succeeded(&who, address);
    Ok((token, invited))
}

fn over() -> Failure {
    let message = "Esta invitación ya se usó, se anuló o venció. Pide que te inviten de nuevo.";
    Failure::new(Code::Malformed, message).with_status(StatusCode::GONE)
}
