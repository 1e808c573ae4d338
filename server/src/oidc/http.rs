//! Asking a provider, from the server itself.

use std::{io, time::Duration};

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::de::DeserializeOwned;
use shared::limits;

use super::Trouble;

/// How long a provider may take: the person waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks over HTTPS, with the certificates that the system trusts. Follows no redirection.
pub struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Whether what is sent to this address is read by nobody on the way: HTTPS, or this machine.
#[must_use]
pub fn is_safe(address: &str) -> bool {
    let plain = address.strip_prefix("http://").map(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        ["127.0.0.1", "localhost", "[::1]"].contains(&host) && !rest.contains('@')
    });
    plain.unwrap_or_else(|| address.starts_with("https://"))
}

impl Http {
    /// Fails where the system trusts nobody.
    pub fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// What is at an address.
    pub async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, Trouble> {
        self.ask(Method::GET, address, None, String::new()).await
    }

    /// What is answered to a form.
    pub async fn post<T: DeserializeOwned>(
        &self,
        address: &str,
        authorization: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<T, Trouble> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.ask(Method::POST, address, authorization, form).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        address: &str,
        authorization: Option<&str>,
        body: String,
    ) -> Result<T, Trouble> {
        if !is_safe(address) {
            return Err(Trouble::NotBelieved("an address without HTTPS"));
        }
        let malformed = |cause: &dyn ToString| Trouble::Malformed(cause.to_string());
        let mut request = Request::builder()
            .method(&method)
            .uri(address)
            .header(header::ACCEPT, "application/json");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let request = request.body(Full::from(body)).map_err(|error| malformed(&error))?;
        let unreachable = |cause: &dyn ToString| Trouble::Unreachable(cause.to_string());
        let answered = async {
            let answer = self.0.request(request).await.map_err(|error| unreachable(&error))?;
            let status = answer.status();
            if !status.is_success() {
                return Err(Trouble::Refused(status.as_u16()));
            }
            let body = Limited::new(answer.into_body(), limits::PROVIDER_ANSWER_BYTES);
            Ok(body.collect().await.map_err(|error| unreachable(&error))?.to_bytes())
        };
        let body = tokio::time::timeout(PATIENCE, answered).await;
        let body = body.map_err(|_| unreachable(&"too slow"))??;
        serde_json::from_slice(&body).map_err(|error| malformed(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_travel_over_https_or_not_at_all() {
        for good in
            ["https://a.example", "http://127.0.0.1:90/x", "http://[::1]:8/", "http://localhost"]
        {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "http://a.example",
            "http://127.0.0.1.a.example/",
            "http://localhost:80@a.example",
            "ftp://a",
            "",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
