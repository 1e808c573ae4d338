//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use super::token::Token;

/// How the cookie is called and marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookie {
    /// Only over HTTPS and only for this host, as behind a proxy that ends TLS.
    pub secure: bool,
}

impl Cookie {
    fn name(self) -> &'static str {
        if self.secure { "__Host-focaliza" } else { "focaliza" }
    }

    /// The header that gives the token to the browser, for so many seconds.
    #[must_use]
    pub fn set(self, token: &Token, seconds: i64) -> HeaderValue {
        self.header(&token.text(), seconds)
    }

    /// The header that takes it back.
    #[must_use]
    pub fn take_back(self) -> HeaderValue {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: i64) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name();
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
            .parse()
            .expect("all of it is ASCII without control characters")
    }

    /// The token that the browser sent.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<Token> {
        let cookies = headers.get_all(header::COOKIE).iter();
        cookies.filter_map(|header| header.to_str().ok()).flat_map(|text| text.split(';')).find_map(
            |pair| {
                let (name, value) = pair.trim().split_once('=')?;
                if name == self.name() { Token::parse(value) } else { None }
            },
        )
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
