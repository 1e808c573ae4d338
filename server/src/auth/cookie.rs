//! The session's cookie, and those of somebody on the way to a provider of identities and back.

use axum::http::{HeaderMap, HeaderValue, header};

use super::token::Token;

/// How the cookie is called and marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie {
    /// Only over HTTPS and only for this host, as behind a proxy that ends TLS.
    pub secure: bool,
}

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session.
    Session,
    /// Leaving to a provider of identities: only the browser that left comes back.
    Entry,
    /// Why somebody did not get in, while the provider ends its own session.
    Refusal,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "focaliza",
            Self::Entry => "focaliza-entry",
            Self::Refusal => "focaliza-refusal",
        }
    }
}

impl Cookie {
    /// The header that gives the session's token to the browser, for so many seconds.
    #[must_use]
    pub fn set(self, token: &Token, seconds: i64) -> HeaderValue {
        self.set_kind(Kind::Session, &token.text(), seconds)
    }

    /// The header that takes it back.
    #[must_use]
    pub fn take_back(self) -> HeaderValue {
        self.set_kind(Kind::Session, "", 0)
    }

    /// The header that gives a value to the browser, for so many seconds; none take it back.
    ///
    /// # Panics
    /// Where the value is not of letters and digits.
    #[must_use]
    pub fn set_kind(self, kind: Kind, value: &str, seconds: i64) -> HeaderValue {
        let (prefix, secure) = if self.secure { ("__Host-", "; Secure") } else { ("", "") };
        let name = kind.name();
        format!("{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
            .parse()
            .expect("all of it is ASCII without control characters")
    }

    /// The session's token that the browser sent.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<Token> {
        self.values(Kind::Session, headers).find_map(Token::parse)
    }

    /// The value that the browser sent.
    #[must_use]
    pub fn read_kind(self, kind: Kind, headers: &HeaderMap) -> Option<&str> {
        self.values(kind, headers).next()
    }

    fn values(self, kind: Kind, headers: &HeaderMap) -> impl Iterator<Item = &str> {
        let cookies = headers.get_all(header::COOKIE).iter();
        let pairs = cookies.filter_map(|header| header.to_str().ok()).flat_map(|t| t.split(';'));
        pairs.filter_map(move |pair| {
            let (name, value) = pair.trim().split_once('=')?;
            let name = if self.secure { name.strip_prefix("__Host-")? } else { name };
            (name == kind.name()).then_some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_comes_back_from_among_other_cookies() {
        for secure in [false, true] {
            let cookie = Cookie { secure };
            let token = Token::draw().unwrap();
            let set = cookie.set(&token, 60);
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("x=1; {pair}; y=2").parse().unwrap());
            assert!(cookie.read(&headers) == Some(token));
            assert!(Cookie { secure: !secure }.read(&headers).is_none());
            assert_eq!(cookie.read_kind(Kind::Entry, &headers), None);
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", "focaliza=", "focaliza=zz", &format!("focaliza={}", "é".repeat(32))] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            assert!(Cookie { secure: false }.read(&headers).is_none(), "{text}");
        }
    }

    #[test]
    fn behind_tls_the_cookie_is_bound_to_the_host() {
        let set = Cookie { secure: true }.set(&Token::draw().unwrap(), 60);
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-"), "{set}");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=60"] {
            assert!(set.contains(part), "{set}");
        }
    }
}
