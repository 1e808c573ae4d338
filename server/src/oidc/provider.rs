//! Speaking with a provider.

use std::io;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use shared::api::entry::Kind;
use tokio::sync::OnceCell;

use super::{
    Entry, Settings, Trouble,
    claims::{Expected, IdToken, UserInfo},
    http::Http,
};
use crate::{auth::token::Token, clock};

/// What ClaveÚnica is asked for, no more and no less.
const CLAVE_UNICA_SCOPE: &str = "openid run name";

/// A provider.
pub struct Provider {
    settings: Settings,
    http: Http,
    places: OnceCell<Places>,
}

/// Where a provider answers what (OpenID Connect Discovery, 3).
#[derive(Debug, Clone, Deserialize)]
struct Places {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    /// Where nothing is said, `client_secret_basic`.
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: Option<String>,
}

impl Provider {
    /// Nothing is asked of it yet: it may be down while the server starts.
    pub fn new(settings: Settings) -> io::Result<Self> {
        Ok(Self { settings, http: Http::new()?, places: OnceCell::new() })
    }

    /// How it is spoken with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the browser goes to.
    pub async fn authorization(&self, state: &Token, entry: &Entry) -> Result<String, Trouble> {
        let places = self.places().await?;
        let (state, nonce) = (state.text(), entry.nonce.text());
        let (callback, challenge) = (self.callback(), challenge(&entry.verifier));
        let mut query = vec![
            ("client_id", self.settings.client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", &callback),
            ("state", &state),
            ("nonce", &nonce),
        ];
        match self.settings.kind {
            Kind::ClaveUnica => query.push(("scope", CLAVE_UNICA_SCOPE)),
            Kind::Standard => query.push(("scope", "openid")),
        }
        if places.has_pkce() {
            query.extend([
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", "S256"),
            ]);
        }
        Ok(with_query(&places.authorization_endpoint, &query))
    }

    /// Who came back with this code. Asked by the server itself: what a browser says of somebody
    /// counts for nothing.
    pub async fn subject(&self, code: &str, state: &str, entry: &Entry) -> Result<String, Trouble> {
        let places = self.places().await?;
        let tokens = self.exchange(places, code, state, entry).await?;
        let nonce = entry.nonce.text();
        let (client, now) = (self.settings.client.as_str(), clock::now() / 1000);
        let expected = Expected { issuer: &places.issuer, client, nonce: &nonce, now };
        match self.settings.kind {
            Kind::ClaveUnica => self.run(places, &tokens, expected).await,
            Kind::Standard => {
                let token = tokens.id_token.ok_or(Trouble::NotBelieved("no identity token"))?;
                let keys = places.jwks_uri.as_ref();
                let keys = keys.ok_or_else(|| Trouble::Malformed("no jwks_uri".into()))?;
                // Asked for each time: people sign in once in weeks, and keys change.
                let keys: JwkSet = self.http.get(keys).await?;
                let token = IdToken::verified(&token, &keys)?;
                token.check(&expected, true)?;
                Ok(token.subject().to_owned())
            }
        }
    }

    /// Where the session ends that the provider keeps; `None` where it has no such place.
    pub async fn leaving(&self) -> Option<String> {
        let back = format!("{}/api/session/oidc/back", self.settings.address);
        let place = self.places().await.ok()?.end_session_endpoint.as_ref()?;
        let query = match self.settings.kind {
            Kind::ClaveUnica => vec![("redirect", back.as_str())],
            Kind::Standard => {
                vec![
                    ("client_id", self.settings.client.as_str()),
                    ("post_logout_redirect_uri", &back),
                ]
            }
        };
        Some(with_query(place, &query))
    }

    async fn exchange(
        &self,
        places: &Places,
        code: &str,
        state: &str,
        entry: &Entry,
    ) -> Result<Tokens, Trouble> {
        let Settings { client, secret, .. } = &self.settings;
        let (callback, verifier) = (self.callback(), entry.verifier.text());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", callback.as_str()),
            ("code", code),
        ];
        if self.settings.kind == Kind::ClaveUnica {
            form.push(("state", state));
        }
        if places.has_pkce() {
            form.push(("code_verifier", &verifier));
        }
        let basic = basic(client, secret);
        let authorization = if places.takes_secret_in_form() {
            form.extend([("client_id", client.as_str()), ("client_secret", secret)]);
            None
        } else {
            Some(basic.as_str())
        };
        self.http.post(&places.token_endpoint, authorization, &form).await
    }

    /// The RUN of whom ClaveÚnica gave these tokens for. Its identity token is looked at where there
    /// is one, and must be of the same person; keys to verify it with are not published.
    async fn run(
        &self,
        places: &Places,
        tokens: &Tokens,
        expected: Expected<'_>,
    ) -> Result<String, Trouble> {
        let place = places.userinfo_endpoint.as_ref();
        let place = place.ok_or_else(|| Trouble::Malformed("no userinfo_endpoint".into()))?;
        let bearer = format!("Bearer {}", tokens.access_token);
        let info: UserInfo = self.http.post(place, Some(&bearer), &[]).await?;
        if let Some(token) = &tokens.id_token {
            let token = IdToken::from_provider(token)?;
            // The manual does not say what ClaveÚnica calls itself there, only where it is.
            let below = token.issuer().strip_prefix(expected.issuer);
            let is_own = below.is_some_and(|below| below.is_empty() || below.starts_with('/'));
            let issuer = if is_own { token.issuer() } else { expected.issuer };
            token.check(&Expected { issuer, ..expected }, false)?;
            if token.subject() != info.subject() {
                return Err(Trouble::NotBelieved("two different people"));
            }
        }
        Ok(info.run()?.to_string())
    }

    async fn places(&self) -> Result<&Places, Trouble> {
        let issuer = &self.settings.issuer;
        let discover = async || {
            if self.settings.kind == Kind::ClaveUnica {
                return Ok(Places::clave_unica(issuer));
            }
            let address = format!("{issuer}/.well-known/openid-configuration");
            let places: Places = self.http.get(&address).await?;
            if places.issuer.trim_end_matches('/') != issuer {
                return Err(Trouble::NotBelieved("another issuer"));
            }
            Ok(places)
        };
        self.places.get_or_try_init(discover).await
    }

    fn callback(&self) -> String {
        format!("{}/api/session/oidc/callback", self.settings.address)
    }
}

impl Places {
    /// As the manual of integration says.
    fn clave_unica(issuer: &str) -> Self {
        let at = |path| format!("{issuer}{path}");
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: at("/openid/authorize/"),
            token_endpoint: at("/openid/token/"),
            userinfo_endpoint: Some(at("/openid/userinfo/")),
            jwks_uri: None,
            end_session_endpoint: Some(at("/api/v1/accounts/app/logout")),
            // The manual says nothing of it.
            code_challenge_methods_supported: Vec::new(),
            token_endpoint_auth_methods_supported: vec!["client_secret_post".into()],
        }
    }

    fn has_pkce(&self) -> bool {
        self.code_challenge_methods_supported.iter().any(|method| method == "S256")
    }

    fn takes_secret_in_form(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|method| method == name);
        has("client_secret_post") && !has("client_secret_basic")
    }
}

/// RFC 6749, 2.3.1: both are encoded as in a form before.
fn basic(client: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(client), encode(secret))))
}

/// RFC 7636, 4.2.
fn challenge(verifier: &Token) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.text()))
}

fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{query}")
}
