//! The files of the application.

use reqwest::{Method, Response, header};

use crate::stage::Server;

fn said<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let server = Server::start(&[]).await;
    let browser = server.browser();
    for (accepts, coding, content) in
        [("br, gzip", "br", "brotli"), ("gzip", "gzip", "gzip"), ("identity", "", "plain")]
    {
        let request = browser.request(Method::GET, "/assets/app-1.js");
        let answer = request.header(header::ACCEPT_ENCODING, accepts).send().await.unwrap();
        assert_eq!(said(&answer, "content-encoding"), coding);
        assert_eq!(said(&answer, "content-type"), "text/javascript");
        assert_eq!(said(&answer, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.text().await.unwrap(), content);
    }
    let missing = browser.get("/assets/app-2.js").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(said(&missing, "cache-control"), "no-store");
}

#[tokio::test]
async fn pages_are_the_one_page_and_are_asked_for_anew() {
    let server = Server::start(&[]).await;
    let browser = server.browser();
    for page in ["/", "/ejercicios/01-2027/focus", "/reglas/VAL-07"] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(said(&answer, "cache-control"), "no-cache");
        assert_eq!(said(&answer, "content-type"), "text/html");
        let tag = said(&answer, "etag").to_owned();
        assert!(answer.text().await.unwrap().contains("<title>Focaliza"));
        let request = browser.request(Method::GET, page).header(header::IF_NONE_MATCH, tag);
        assert_eq!(request.send().await.unwrap().status(), 304);
    }
    assert_eq!(browser.get("/favicon.ico").await.status(), 404);
    assert_eq!(browser.get("/../data/focaliza.sqlite3").await.status(), 404);
    assert_eq!(browser.get("/%2e%2e/data/focaliza.sqlite3").await.status(), 404);
}

#[tokio::test]
async fn every_answer_says_what_the_page_may_do() {
    let server = Server::start(&[]).await;
    let browser = server.browser();
    for path in ["/", "/assets/app-1.js", "/assets/none.js", "/api/health", "/api/session"] {
        let answer = browser.get(path).await;
        let policy = said(&answer, "content-security-policy");
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(said(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(said(&answer, "referrer-policy"), "same-origin");
        assert_eq!(said(&answer, "cross-origin-opener-policy"), "same-origin");
        assert!(!said(&answer, "x-request-id").is_empty());
    }
    let answer = browser.get("/api/health").await;
    assert_eq!(said(&answer, "cache-control"), "no-store");
}

#[tokio::test]
async fn without_a_built_application_the_page_says_so() {
    let server = Server::start(&[]).await;
    std::fs::remove_dir_all(server.dist()).unwrap();
    let answer = server.browser().get("/").await;
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.unwrap().starts_with("Falta la aplicación en el servidor."));
}
