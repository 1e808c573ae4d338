//! Whether a request comes from the application's own pages.

use axum::http::{HeaderMap, header};

/// Browsers say from where a request that changes something, or opens a socket, was made. One
/// that says nothing is refused too: all browsers that can run the application say it.
#[must_use]
pub fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    let origin = text(header::ORIGIN.as_str());
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match (origin, text(header::HOST.as_str())) {
        (Some(origin), Some(host)) => {
            let origin_host = origin.split_once("://").map(|(_, host)| host);
            origin_host.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
        (None, _) => site.is_some(),
    }
}

/// The address by which the server was asked: `https://focaliza.example`.
#[must_use]
pub fn asked(headers: &HeaderMap, is_secure: bool) -> String {
    let scheme = if is_secure { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "focaliza.example:8080".parse().unwrap());
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_own(&headers)
    }

    #[test]
    fn only_the_same_origin_is_own() {
        assert!(own(&[("origin", "http://focaliza.example:8080")]));
        assert!(own(&[("origin", "https://FOCALIZA.example:8080")]), "a proxy ends TLS");
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        for foreign in [
            &[("origin", "http://evil.example")][..],
            &[("origin", "http://focaliza.example")],
            &[("origin", "null")],
            &[("origin", "http://focaliza.example:8080"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[],
        ] {
            assert!(!own(foreign), "{foreign:?}");
        }
    }
}
