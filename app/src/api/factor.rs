//! The second factor of the person's own account, and of those whom they manage.

use gloo_net::http::Request;
use shared::api::factor::{Confirm, Enrol, Enrolment, Factor, Recovery};

use super::{Trouble, read, send};

/// Whether a code is asked for beside the password.
pub async fn own() -> Result<Factor, Trouble> {
    read(send(Request::get("/api/session/factor").build()).await?).await
}

/// Begins to set it up: what the telephone is told, once.
pub async fn begin(password: String) -> Result<Enrolment, Trouble> {
    read(send(Request::post("/api/session/factor").json(&Enrol { password })).await?).await
}

/// A code shows that the telephone has it: asked for from then on.
pub async fn confirm(code: String) -> Result<Recovery, Trouble> {
    read(send(Request::put("/api/session/factor").json(&Confirm { code })).await?).await
}

/// A password alone is enough again.
pub async fn end(code: String) -> Result<(), Trouble> {
    send(Request::post("/api/session/factor/end").json(&Confirm { code })).await.map(|_| ())
}

/// The same for somebody who lost the telephone.
pub async fn end_of(user: i64) -> Result<(), Trouble> {
    let request = Request::delete(&format!("/api/people/{user}/factor"));
    send(request.header("content-type", "application/json").build()).await.map(|_| ())
}
