//! People, invitations and the audit.

use gloo_net::http::Request;
use shared::api::{
    Person,
    entry::{Link, Linked},
    people::{Accept, Audited, ChangePerson, Contact, Invitation, Invite, People, Way},
};

use super::{Trouble, read, send};

/// Those whom the person manages.
pub async fn list() -> Result<People, Trouble> {
    read(send(Request::get("/api/people").build()).await?).await
}

/// Invites somebody.
pub async fn invite(invite: &Invite) -> Result<Way, Trouble> {
    read(send(Request::post("/api/people/invitations").json(invite)).await?).await
}

/// Takes an invitation back.
pub async fn revoke(id: i64) -> Result<(), Trouble> {
    let path = format!("/api/people/invitations/{id}");
    let request = Request::delete(&path).header("content-type", "application/json");
    send(request.build()).await.map(|_| ())
}

/// Changes an account.
pub async fn change(user: i64, change: &ChangePerson) -> Result<(), Trouble> {
    send(Request::put(&format!("/api/people/{user}")).json(change)).await.map(|_| ())
}

/// Where somebody is reminded: the person's own, or that of somebody whom they manage.
pub async fn contact(of: Option<i64>) -> Result<Contact, Trouble> {
    read(send(Request::get(&contact_path(of)).build()).await?).await
}

/// Changes where somebody is reminded.
pub async fn change_contact(of: Option<i64>, contact: &Contact) -> Result<(), Trouble> {
    send(Request::put(&contact_path(of)).json(contact)).await.map(|_| ())
}

fn contact_path(of: Option<i64>) -> String {
    of.map_or_else(|| "/api/session/contact".into(), |user| format!("/api/people/{user}/contact"))
}

/// A way to choose another password, for somebody who has an account.
pub async fn reset(user: i64) -> Result<Way, Trouble> {
    read(send(Request::post(&format!("/api/people/{user}/password")).json(&())).await?).await
}

/// What somebody is invited to.
pub async fn invitation(token: &str) -> Result<Invitation, Trouble> {
    read(send(Request::get(&format!("/api/invitations/{token}")).build()).await?).await
}

/// Takes an invitation up.
pub async fn accept(token: &str, accept: &Accept) -> Result<Person, Trouble> {
    read(send(Request::post(&format!("/api/invitations/{token}")).json(accept)).await?).await
}

/// Whether somebody's account can be entered by what a provider of identities says.
pub async fn linked(user: i64) -> Result<Linked, Trouble> {
    read(send(Request::get(&format!("/api/people/{user}/identity")).build()).await?).await
}

/// Links it, or takes the link away.
pub async fn link(user: i64, link: &Link) -> Result<(), Trouble> {
    send(Request::put(&format!("/api/people/{user}/identity")).json(link)).await.map(|_| ())
}

/// A page of what was done, the latest first.
pub async fn audit(before: Option<i64>) -> Result<Vec<Audited>, Trouble> {
    let page = before.map(|before| format!("?before={before}")).unwrap_or_default();
    read(send(Request::get(&format!("/api/audit{page}")).build()).await?).await
}
