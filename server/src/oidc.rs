//! Signing in with an identity that somebody else vouches for: ClaveÚnica, or another provider of
//! OpenID Connect. Authorization code flow: the browser goes to the provider with a state and comes
//! back with a code, which the server exchanges itself.
//!
//! Nobody gets an account that way: the identity must be linked to one.

mod claims;
mod http;
mod identity;
mod pending;
mod provider;

use std::{
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use shared::api::entry::{self, Kind};

pub use identity::{Identity, IdentityKey};
pub use pending::{Entry, Full, Pending};
pub use provider::Provider;

use crate::cli::OidcOptions;

/// Where ClaveÚnica is.
const CLAVE_UNICA: &str = "https://accounts.claveunica.gob.cl";

/// Whom the server believes who somebody is, and those who are on their way there.
pub struct Oidc {
    /// The provider.
    pub provider: Provider,
    key: IdentityKey,
    pending: Mutex<Pending>,
}

/// How a provider is spoken with.
#[derive(Clone)]
pub struct Settings {
    /// Of which kind it is.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Its address, without a slash at its end.
    pub issuer: String,
    /// As whom it knows the application.
    pub client: String,
    /// What the application proves that with.
    pub secret: String,
    /// Address by which people open the application, without a slash at its end.
    pub address: String,
}

/// The provider did not say who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or not in time.
    Unreachable(String),
    /// It answers with this status.
    Refused(u16),
    /// What it says is not what the protocol has it say.
    Malformed(String),
    /// What it says is not to be believed.
    NotBelieved(&'static str),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(cause) => write!(f, "does not answer: {cause}"),
            Self::Refused(status) => write!(f, "answers {status}"),
            Self::Malformed(cause) => write!(f, "is not understood: {cause}"),
            Self::NotBelieved(why) => write!(f, "is not believed: {why}"),
        }
    }
}

impl std::error::Error for Trouble {}

impl Oidc {
    /// `None` where no provider is configured. The key of the identities lies in the data directory.
    pub fn new(options: &OidcOptions, address: Option<&str>, data: &Path) -> Result<Option<Self>> {
        let (Some(client), Some(secret), Some(address)) =
            (&options.oidc_client, &options.oidc_secret, address)
        else {
            return Ok(None);
        };
        let kind = options.oidc_kind.into();
        let issuer = match (&options.oidc_issuer, kind) {
            (Some(issuer), _) => issuer.trim_end_matches('/').to_owned(),
            (None, Kind::ClaveUnica) => CLAVE_UNICA.to_owned(),
            (None, Kind::Standard) => bail!("Falta la dirección del proveedor (--oidc-issuer)."),
        };
        ensure!(
            http::is_safe(&issuer),
            "La dirección del proveedor (--oidc-issuer) debe comenzar con https://"
        );
        let shown = secret.display();
        let secret = std::fs::read_to_string(secret)
            .with_context(|| format!("No se pudo leer «{shown}»"))?;
        let name = options.oidc_name.clone().unwrap_or_else(|| match kind {
            Kind::ClaveUnica => "ClaveÚnica".into(),
            Kind::Standard => "tu institución".into(),
        });
        let settings = Settings {
            kind,
            name,
            issuer,
            client: client.clone(),
            secret: secret.trim_end_matches(['\r', '\n']).to_owned(),
            address: address.trim_end_matches('/').to_owned(),
        };
        Ok(Some(Self {
            provider: Provider::new(settings)?,
            key: IdentityKey::of(data)?,
            pending: Mutex::default(),
        }))
    }

    /// What people are told of it.
    #[must_use]
    pub fn shown(&self) -> entry::Provider {
        let Settings { kind, name, .. } = self.provider.settings();
        entry::Provider { kind: *kind, name: name.clone() }
    }

    /// What is kept of what the provider calls somebody.
    #[must_use]
    pub fn identity(&self, subject: &str) -> Identity {
        self.key.hash(&self.provider.settings().issuer, subject)
    }

    /// Those who are on their way.
    pub fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
