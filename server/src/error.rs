//! What a request that is not done is answered with.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{api::Problem, protocol::Code};

use crate::store;

/// A request that is not done: for the program a code, for the person a sentence in Spanish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    status: StatusCode,
    problem: Problem,
    retry_after: Option<u64>,
}

impl Failure {
    /// A failure with the status that belongs to its code.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let status = match code {
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden | Code::ForeignPeer => StatusCode::FORBIDDEN,
            Code::Malformed | Code::Incomplete | Code::UnknownVersion => StatusCode::BAD_REQUEST,
            Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self {
            status,
            problem: Problem { code, message: message.into(), needs_code: false },
            retry_after: None,
        }
    }

    /// With another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// With that a code of the second factor is asked for.
    #[must_use]
    pub fn needing_code(mut self) -> Self {
        self.problem.needs_code = true;
        self
    }

    /// Disk, database or machine did not do it. The cause goes to the log.
    #[must_use]
    pub fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request not done");
        let message = "El servidor no pudo guardar ni leer en este momento. No se perdió nada de \
                       lo que está en tu equipo; vuelve a intentarlo en unos minutos.";
        Self::new(Code::Unavailable, message).retry_after(30)
    }

    /// Nothing is at this address.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::Malformed, "No existe lo que se pidió.").with_status(StatusCode::NOT_FOUND)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::unavailable(&error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
