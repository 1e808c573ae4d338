//! Signing in with an identity that somebody else vouches for: ClaveÚnica, or another provider of
//! OpenID Connect.
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `GET /api/session/ways` | | [`Ways`] |
//! | `GET /api/session/oidc/start?return=path&invitation=token` | | to the provider |
//! | `GET /api/session/oidc/callback` | | to the path, with a session; or to the page of signing in with a [`Refusal`] |
//! | `GET /api/session/oidc/back` | | to the page of signing in, after the provider's own session ended |
//! | `GET /api/people/{user}/identity` | | [`Linked`] |
//! | `PUT /api/people/{user}/identity` | [`Link`] | 204 |

use std::fmt;

use serde::{Deserialize, Serialize};

/// Characters of a provider's name for somebody (OpenID Connect Core, 2: `sub`).
pub const SUBJECT_CHARS: usize = 255;

/// Ways to sign in beside name and password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ways {
    /// Who vouches for people; `None` where nobody is configured.
    pub provider: Option<Provider>,
}

/// Who vouches for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provider {
    /// Of which kind.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
}

/// Kinds of providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// ClaveÚnica, which says who somebody is by their RUN.
    ClaveUnica,
    /// One that follows OpenID Connect Core and Discovery, and says it by `sub`.
    Standard,
}

/// Whether an account can be entered by what a provider says. As whom is not told: the server does
/// not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Linked {
    /// Whether it can.
    pub linked: bool,
}

/// As whom a provider knows the person of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// The person's RUN for ClaveÚnica, or else the provider's `sub`; `None` takes the link away.
    pub subject: Option<String>,
}

/// Where the person is to go to end the session that the provider keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leave {
    /// A whole address, to be opened as a page: providers allow nothing else.
    pub address: String,
}

/// Why somebody who comes from a provider does not get in; in the address of the page of signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No account is linked to who the person is.
    Unknown,
    /// The account is closed.
    Closed,
    /// The person did not want to, or the provider did not let them.
    Cancelled,
    /// Begun too long ago, in another browser, or finished already.
    Expired,
    /// The provider does not answer, or what it says is not to be believed.
    Provider,
    /// Too many attempts.
    TooMany,
    /// The invitation is over.
    Invitation,
    /// Another account is linked to who the person is.
    Taken,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::Closed,
        Self::Cancelled,
        Self::Expired,
        Self::Provider,
        Self::TooMany,
        Self::Invitation,
        Self::Taken,
    ];

    /// Its name in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "desconocida",
            Self::Closed => "cerrada",
            Self::Cancelled => "cancelada",
            Self::Expired => "vencida",
            Self::Provider => "proveedor",
            Self::TooMany => "intentos",
            Self::Invitation => "invitacion",
            Self::Taken => "ocupada",
        }
    }

    /// The inverse of [`Refusal::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.as_str() == text)
    }
}

/// A RUN that is one: its digits and what they are checked by agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run(u32);

impl Run {
    /// That of a number and its check digit; `None` where they do not belong together.
    #[must_use]
    pub fn new(number: u32, check: char) -> Option<Self> {
        let run = Self(number);
        (number > 0 && run.check_digit() == check.to_ascii_uppercase()).then_some(run)
    }

    /// As people write it: `11.111.111-1`, with or without points and hyphen.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let signs: Vec<char> =
            text.chars().filter(|sign| !sign.is_whitespace() && !".-".contains(*sign)).collect();
        let run = || {
            let (check, digits) = signs.split_last()?;
            let number = digits.iter().collect::<String>();
            let plain = number.bytes().all(|digit| digit.is_ascii_digit());
            Self::new(number.parse().ok().filter(|_| plain)?, *check)
        };
        run().ok_or("Eso no es un RUN: revisa los números y el dígito verificador.")
    }

    /// Modulo 11.
    fn check_digit(self) -> char {
        let (mut rest, mut sum, mut weight) = (self.0, 0, 2);
        while rest > 0 {
            sum += rest % 10 * weight;
            rest /= 10;
            weight = if weight == 7 { 2 } else { weight + 1 };
        }
        match (11 - sum % 11) % 11 {
            10 => 'K',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        }
    }
}

impl fmt::Display for Run {
    /// In one spelling: `11111111-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.check_digit())
    }
}

/// The path of one of the application's own pages, where the text is one: never another host's, and
/// nothing that a browser might read as such.
#[must_use]
pub fn own_path(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('/')?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_own = is_plain && text.len() <= 2000 && !rest.starts_with('/');
    (is_own && rest != "api" && !rest.starts_with("api/")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_checked_and_has_one_spelling() {
        for text in ["44.444.444-4", "444444444", " 44444444-4 "] {
            assert_eq!(Run::parse(text).unwrap().to_string(), "44444444-4");
        }
        assert_eq!(Run::parse("1000005-k").unwrap().to_string(), "1000005-K");
        for bad in
            ["", "-", "44.444.444-5", "0-0", "+4444444-4", "９9999999-9", "abc", "99999999999-9"]
        {
            assert!(Run::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_own_pages_are_come_back_to() {
        for good in ["/", "/ejercicio/01-2027?fila=3#celda", "/ingresar?a=%C3%A1", "/apiario"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in [
            "",
            "ejercicio",
            "//otra.example",
            "/\\otra.example",
            "/a\\b",
            "https://otra.example",
            "javascript:alert(1)",
            "/\n/otra.example",
            "/a b",
            "/á",
            "/api/session",
            "/api",
        ] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }

    #[test]
    fn refusals_come_back_from_addresses() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::parse(refusal.as_str()), Some(refusal));
        }
        assert_eq!(Refusal::parse("otra"), None);
    }
}
