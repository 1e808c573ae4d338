//! Signing in and out.

use reqwest::{Method, header};
use serde_json::json;

use crate::stage::{PASSWORD, Server, body, focaliza};

#[tokio::test]
async fn signing_in_gives_a_session_and_signing_out_ends_it() {
    let server = Server::start(&[]).await;
    server.account("ana", "gore_counterpart", Some("01")).await;
    let mut ana = server.browser();
    assert_eq!(ana.get("/api/session").await.status(), 401);

    let answer = ana.sign_in(" ANA ", PASSWORD).await;
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["focaliza=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP on this machine: {cookie}");
    let person = json!({
        "user": 1, "login": "ana", "name": "ana", "role": "gore_counterpart", "region": "01",
        "acting": false, "offline_days": 30,
    });
    assert_eq!(body(answer).await, person);
    assert_eq!(body(ana.get("/api/session").await).await, person);

    let thief = ana.clone();
    let answer = ana.request(Method::DELETE, "/api/session").send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert!(answer.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(thief.get("/api/session").await.status(), 401);
}

#[tokio::test]
async fn what_a_person_keeps_on_devices_has_one_key_for_ever() {
    let server = Server::start(&["--offline-days", "7"]).await;
    for login in ["ana", "bruno"] {
        server.account(login, "gore_editor", Some("01")).await;
    }
    let key = async |login| {
        let mut browser = server.browser();
        assert_eq!(body(browser.sign_in(login, PASSWORD).await).await["offline_days"], 7);
        let request = browser.request(Method::POST, "/api/session/key").json(&json!(null));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        body(answer).await["key"].clone()
    };
    let (first, again, other) = (key("ana").await, key("ana").await, key("bruno").await);
    assert_eq!(first.as_array().map(Vec::len), Some(32));
    assert_eq!(first, again);
    assert_ne!(first, other);
    let nobody = server.browser().request(Method::POST, "/api/session/key").json(&json!(null));
    assert_eq!(nobody.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn who_means_somebody_else_is_not_served_with_this_session() {
    let server = Server::start(&[]).await;
    server.account("ana", "gore_editor", Some("01")).await;
    let mut ana = server.browser();
    ana.sign_in("ana", PASSWORD).await;
    for (user, status) in [("1", 200), ("2", 401), ("", 401), ("x", 401)] {
        let answer = ana.get(&format!("/api/session?user={user}")).await;
        assert_eq!(answer.status(), status, "{user}");
    }
    let poll = ana.request(Method::POST, "/api/sync/poll?user=2");
    let poll = poll.header(header::CONTENT_TYPE, "application/octet-stream");
    assert_eq!(poll.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure() {
    let server = Server::start(&["--secure-cookies"]).await;
    server.account("ana", "gore_editor", Some("01")).await;
    let answer = server.browser().sign_in("ana", PASSWORD).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn wrong_and_unknown_are_told_alike_until_it_is_too_often() {
    let server = Server::start(&[]).await;
    server.account("ana", "gore_editor", Some("01")).await;
    let mut browser = server.browser();
    let unknown = browser.sign_in("nadie", PASSWORD).await;
    assert_eq!(unknown.status(), 401);
    let unknown = body(unknown).await;
    for _ in 0..8 {
        let wrong = browser.sign_in("ana", "no es esta").await;
        assert_eq!(wrong.status(), 401);
        assert_eq!(body(wrong).await, unknown);
    }
    let answer = browser.sign_in("ana", PASSWORD).await;
    assert_eq!(answer.status(), 429);
    let wait: u64 = answer.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((800..=900).contains(&wait), "{wait}");
    let problem = body(answer).await;
    assert_eq!(problem["code"], "rate_limited");
    assert_eq!(
        problem["message"],
        "Demasiados intentos de entrar. Vuelve a intentarlo en 15 minutos."
    );
    server.account("bruno", "gore_editor", Some("01")).await;
    assert_eq!(browser.sign_in("bruno", PASSWORD).await.status(), 200, "others still enter");
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let exercise = json!({ "region": "01", "budget_year": 2027 });
    let post = |origin: Option<&str>, kind: &str| {
        let client = reqwest::Client::new();
        let mut request = client
            .post(format!("{}/api/exercises", ana.address))
            .header(header::COOKIE, ana.cookie.as_ref().unwrap())
            .header(header::CONTENT_TYPE, kind)
            .body(exercise.to_string());
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(post(Some("https://otra.example"), "application/json").await, 403);
    assert_eq!(post(Some("null"), "application/json").await, 403);
    assert_eq!(post(None, "application/json").await, 403);
    assert_eq!(post(Some(&ana.address), "text/plain").await, 415);
    assert_eq!(body(ana.get("/api/exercises").await).await, json!([]));
    assert_eq!(post(Some(&ana.address), "application/json").await, 200);
}

#[tokio::test]
async fn a_closed_account_and_a_changed_password_end_sessions() {
    let server = Server::start(&[]).await;
    let mut ana = server.person("ana", "gore_editor", Some("01")).await;
    let mut bruno = server.person("bruno", "gore_editor", Some("01")).await;

    assert!(focaliza(&server.data(), &["user", "disable", "ana"]).await.status.success());
    assert_eq!(ana.get("/api/session").await.status(), 401);
    assert_eq!(ana.sign_in("ana", PASSWORD).await.status(), 401);
    assert!(focaliza(&server.data(), &["user", "enable", "ana"]).await.status.success());
    assert_eq!(ana.sign_in("ana", PASSWORD).await.status(), 200);

    let change = ["user", "password", "bruno", "--password", "otra contraseña"];
    assert!(focaliza(&server.data(), &change).await.status.success());
    assert_eq!(bruno.get("/api/session").await.status(), 401);
    assert_eq!(bruno.sign_in("bruno", PASSWORD).await.status(), 401);
    assert_eq!(bruno.sign_in("bruno", "otra contraseña").await.status(), 200);
}

#[tokio::test]
async fn what_is_no_request_is_explained() {
    let server = Server::start(&[]).await;
    let browser = server.browser();
    let send = |body: String| {
        let request = browser.request(Method::POST, "/api/session");
        request.header(header::CONTENT_TYPE, "application/json").body(body).send()
    };
    let answer = send("{\"login\":".into()).await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(body(answer).await["message"], "La solicitud no tiene los datos que se esperaban.");
    let answer = send("x".repeat(100_000)).await.unwrap();
    assert_eq!(answer.status(), 413);
    let answer = server.browser().get("/api/nada").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(body(answer).await["message"], "No existe lo que se pidió.");
}
