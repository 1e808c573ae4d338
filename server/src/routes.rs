//! What is answered at each address of the API.

pub mod exercises;
pub mod health;
pub mod session;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;
use shared::protocol::Code;

use crate::error::Failure;

/// A small JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if kind != Some("application/json") {
            let message = "La solicitud debe venir como JSON («Content-Type: application/json»).";
            return Err(Failure::new(Code::Malformed, message)
                .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| {
            Failure::new(Code::TooLarge, "La solicitud es demasiado grande o llegó cortada.")
        })?;
        serde_json::from_slice(&body).map(Self).map_err(|_| {
            Failure::new(Code::Malformed, "La solicitud no tiene los datos que se esperaban.")
        })
    }
}
