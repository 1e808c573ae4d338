//! What is answered at each address of the API.

pub mod contact;
pub mod exercises;
pub mod factor;
pub mod feed;
pub mod health;
pub mod history;
pub mod interface;
pub mod invitations;
pub mod meetings;
pub mod oidc;
pub mod people;
pub mod process;
pub mod session;

use axum::{
    body::Bytes,
    extract::{self, FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use shared::{format::format_bytes, protocol::Code};

use crate::error::Failure;

/// The text of a JSON body.
pub struct JsonText(pub String);

impl<S: Send + Sync> FromRequest<S> for JsonText {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if kind != Some("application/json") {
            let message = "La solicitud debe venir como JSON («Content-Type: application/json»).";
            return Err(Failure::new(Code::Malformed, message)
                .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let Raw(body) = Raw::from_request(request, state).await?;
        String::from_utf8(body.into())
            .map(Self)
            .map_err(|_| Failure::new(Code::Malformed, "Lo enviado no es texto UTF-8."))
    }
}

/// A small JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let JsonText(text) = JsonText::from_request(request, state).await?;
        serde_json::from_str(&text).map(Self).map_err(|_| {
            Failure::new(Code::Malformed, "La solicitud no tiene los datos que se esperaban.")
        })
    }
}

/// The parts of an address that vary. What is at none is not there.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let found = extract::Path::from_request_parts(parts, state).await;
        found.map(|extract::Path(found)| Self(found)).map_err(|_| Failure::not_found())
    }
}

/// What an address asks for after its question mark.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let found = extract::Query::from_request_parts(parts, state).await;
        found.map(|extract::Query(found)| Self(found)).map_err(|_| {
            Failure::new(Code::Malformed, "A la dirección le falta un dato, o no se entiende.")
        })
    }
}

/// The bytes of a body, whatever they are.
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        Bytes::from_request(request, state).await.map(Self).map_err(|_| {
            let size = length.map_or("demasiado".into(), format_bytes);
            let message =
                format!("Lo enviado pesa {size}: es más de lo que se admite, o llegó cortado.");
            Failure::new(Code::TooLarge, message)
        })
    }
}
