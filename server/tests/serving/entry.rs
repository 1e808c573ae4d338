//! Signing in with ClaveÚnica, or another provider, and what others might try with it. The provider
//! is a real one, with ClaveÚnica's addresses and claims.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    provider::{APPLICATION, Provider, Traveller, location, parameter},
    stage::{Browser, PASSWORD, Server, body},
};

/// Of ClaveÚnica's sandbox.
const RUN: &str = "44.444.444-4";
const NUMBER: &str = "44444444";
const OTHERS: &str = "55555555";
const KINDS: [&str; 2] = ["claveunica", "standard"];

impl Browser {
    async fn links(&self, user: i64, subject: Option<&str>) -> u16 {
        let request = self.request(Method::PUT, &format!("/api/people/{user}/identity"));
        request.json(&json!({ "subject": subject })).send().await.unwrap().status().as_u16()
    }

    async fn is_linked(&self, user: i64) -> Value {
        body(self.get(&format!("/api/people/{user}/identity")).await).await["linked"].clone()
    }
}

/// The first account, `ana`, is linked by the second, `carla`.
async fn people(server: &Server, kind: &str) -> Browser {
    server.account("ana", "gore_editor", Some("01")).await;
    let carla = server.person("carla", "sercotec_manager", None).await;
    let subject = if kind == "claveunica" { RUN } else { NUMBER };
    assert_eq!(carla.links(1, Some(subject)).await, 204);
    carla
}

#[tokio::test]
async fn who_is_linked_signs_in_comes_back_and_leaves_the_provider_too() {
    let provider = Provider::start().await;
    for kind in KINDS {
        let server = provider.serve(kind, &[]).await;
        people(&server, kind).await;
        let ways = body(server.browser().get("/api/session/ways").await).await;
        assert_eq!(ways["provider"]["kind"], kind);

        let mut ana = Traveller::new(&server);
        let away = ana.leave("?return=/ejercicio/01-2027%3Ffila%3D3").await;
        assert_eq!(parameter(&away, "state").unwrap().len(), 64);
        assert!(parameter(&away, "nonce").is_some());
        assert_eq!(parameter(&away, "code_challenge_method").is_some(), kind == "standard");
        let scope = if kind == "claveunica" { "openid run name" } else { "openid" };
        assert_eq!(parameter(&away, "scope").as_deref(), Some(scope));
        let back = ana.identify(away, Some(NUMBER)).await;
        assert_eq!(ana.who().await, None, "the browser alone says nothing");
        assert_eq!(ana.arrive(back).await, "/ejercicio/01-2027?fila=3");
        assert_eq!(ana.who().await.as_deref(), Some("ana"));
        assert_eq!(ana.cookie("focaliza-entry"), None);

        let own = [("origin", server.address())];
        let answer = ana.ask(Method::DELETE, "/api/session", &own).await;
        assert_eq!(answer.status(), 200);
        let leave = body(answer).await["address"].as_str().unwrap().to_owned();
        assert!(leave.starts_with(&provider.issuer), "{leave}");
        if kind == "claveunica" {
            let after = format!("{APPLICATION}/api/session/oidc/back");
            assert_eq!(parameter(&leave, "redirect").as_deref(), Some(after.as_str()));
            assert_eq!(ana.arrive(leave).await, "/ingresar");
        }
        assert_eq!(ana.who().await, None);
    }
}

#[tokio::test]
async fn nobody_gets_an_account_by_being_known_to_the_provider() {
    let provider = Provider::start().await;
    for kind in KINDS {
        let server = provider.serve(kind, &[]).await;
        let carla = people(&server, kind).await;
        let mut stranger = Traveller::new(&server);
        let away = stranger.leave("?return=/reglas").await;
        let back = stranger.identify(away, Some(OTHERS)).await;
        let answer = stranger.open(&back).await;
        let to = location(&answer);
        assert!(to.starts_with(&provider.issuer), "the provider's session ends: {to}");
        assert_eq!(stranger.cookie("focaliza"), None);
        if kind == "claveunica" {
            assert_eq!(stranger.arrive(to).await, "/ingresar?error=desconocida");
            assert_eq!(stranger.cookie("focaliza-refusal"), None, "told once");
        }
        assert_eq!(stranger.who().await, None);
        let people = body(carla.get("/api/people").await).await;
        assert_eq!(people["people"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn a_session_from_before_is_not_the_one_after() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    people(&server, "claveunica").await;
    let bruno = server.person("bruno", "gore_editor", Some("01")).await;
    let planted = bruno.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();

    for planted in [planted, "ab".repeat(32)] {
        let mut ana = Traveller::new(&server);
        ana.set_cookie("focaliza", &planted);
        assert_eq!(ana.sign_in("?return=/", Some(NUMBER)).await, "/");
        assert_ne!(ana.cookie("focaliza"), Some(planted.clone()));
        assert_eq!(ana.who().await.as_deref(), Some("ana"));
        let mut other = Traveller::new(&server);
        other.set_cookie("focaliza", &planted);
        assert_ne!(other.who().await.as_deref(), Some("ana"), "who planted it is not in");
    }
}

#[tokio::test]
async fn coming_back_a_second_time_is_nothing() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    people(&server, "claveunica").await;
    let mut ana = Traveller::new(&server);
    let away = ana.leave("?return=/reglas").await;
    let back = ana.identify(away, Some(NUMBER)).await;
    let before = ana.clone();
    assert_eq!(ana.arrive(back.clone()).await, "/reglas");
    // With all that the browser had, as a thief of its disk would.
    let mut thief = before;
    assert_eq!(thief.arrive(back.clone()).await, "/ingresar?error=vencida");
    assert_eq!(thief.cookie("focaliza"), None);
    assert_eq!(ana.arrive(back).await, "/ingresar?error=vencida");
    assert_eq!(ana.who().await.as_deref(), Some("ana"), "who is in stays in");
}

#[tokio::test]
async fn nobody_is_signed_in_by_what_another_browser_began() {
    let provider = Provider::start().await;
    for kind in KINDS {
        let server = provider.serve(kind, &[]).await;
        people(&server, kind).await;
        let mut attacker = Traveller::new(&server);
        let away = attacker.leave("").await;
        let back = attacker.identify(away, Some(NUMBER)).await;

        // A link in a mail: the victim would write into the attacker's account.
        let mut victim = Traveller::new(&server);
        assert_eq!(victim.arrive(back.clone()).await, "/ingresar?error=vencida");
        // Also while the victim is on the way itself.
        let own = victim.leave("").await;
        assert_eq!(victim.arrive(back.clone()).await, "/ingresar?error=vencida");
        assert_eq!(victim.who().await, None);
        assert_eq!(victim.cookie("focaliza"), None);
        drop(own);
        assert_eq!(attacker.arrive(back).await, "/", "nothing was taken from its owner");
    }
}

#[tokio::test]
async fn a_code_of_another_way_is_not_taken() {
    let provider = Provider::start().await;
    for kind in KINDS {
        let server = provider.serve(kind, &[]).await;
        people(&server, kind).await;
        // Somebody got hold of ana's code, and brings it with a state of their own.
        let mut ana = Traveller::new(&server);
        let away = ana.leave("").await;
        let stolen = ana.identify(away, Some(NUMBER)).await;
        let mut thief = Traveller::new(&server);
        let away = thief.leave("").await;
        let state = parameter(&away, "state").unwrap();
        let code = parameter(&stolen, "code").unwrap();
        let forged = format!("/api/session/oidc/callback?code={code}&state={state}");
        assert_eq!(thief.arrive(forged).await, "/ingresar?error=proveedor", "{kind}");
        assert_eq!(thief.who().await, None);
    }
}

#[tokio::test]
async fn a_state_that_is_missing_false_or_old_is_none() {
    let provider = Provider::start().await;
    let clock = tempfile::NamedTempFile::new().unwrap();
    let noon = 1_794_670_200_000_i64;
    std::fs::write(clock.path(), noon.to_string()).unwrap();
    let server = provider.serve("claveunica", &["--clock", clock.path().to_str().unwrap()]).await;
    people(&server, "claveunica").await;
    let mut ana = Traveller::new(&server);
    let away = ana.leave("").await;
    let back = ana.identify(away, Some(NUMBER)).await;
    let (code, state) = (parameter(&back, "code").unwrap(), parameter(&back, "state").unwrap());
    let other = if state.starts_with('0') { '1' } else { '0' };
    let false_one = format!("{other}{}", &state[1..]);
    for query in [
        String::new(),
        format!("?code={code}"),
        format!("?code={code}&state="),
        format!("?code={code}&state={false_one}"),
        format!("?code={code}&state={state}0"),
        "?error=access_denied".into(),
    ] {
        let path = format!("/api/session/oidc/callback{query}");
        assert_eq!(ana.clone().arrive(path).await, "/ingresar?error=vencida", "{query}");
    }
    std::fs::write(clock.path(), (noon + 11 * 60 * 1000).to_string()).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(ana.arrive(back).await, "/ingresar?error=vencida", "too late");
    assert_eq!(ana.who().await, None);
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    people(&server, "claveunica").await;
    for to in [
        "//otra.example",
        "https://otra.example/",
        "/%5C/otra.example",
        "%5C%5Cotra.example",
        "/%09/otra.example",
        "/%0d%0aSet-Cookie:a=b",
        "javascript:alert(1)",
        "/api/session/oidc/start",
        "otra.example",
        "",
    ] {
        let mut ana = Traveller::new(&server);
        assert_eq!(ana.sign_in(&format!("?return={to}"), Some(NUMBER)).await, "/", "{to}");
        let refused = ana.sign_in(&format!("?return={to}"), None).await;
        assert!(!refused.contains("destino"), "{refused}");
    }
}

#[tokio::test]
async fn whatever_goes_wrong_leads_to_signing_in() {
    let mut provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    let carla = people(&server, "claveunica").await;
    let mut ana = Traveller::new(&server);
    let page = ana.sign_in("?return=/reglas", None).await;
    assert_eq!(page, "/ingresar?error=cancelada&destino=%2Freglas");

    let closed = json!({ "name": "ana", "role": "gore_editor", "region": "01", "acting": false,
        "disabled": true });
    let change = carla.request(Method::PUT, "/api/people/1").json(&closed);
    assert_eq!(change.send().await.unwrap().status(), 204);
    let mut ana = Traveller::new(&server);
    assert_eq!(ana.sign_in("", Some(NUMBER)).await, "/ingresar?error=cerrada");

    let away = ana.leave("?return=/reglas").await;
    let back = ana.identify(away, Some(NUMBER)).await;
    provider.kill().await;
    assert_eq!(ana.arrive(back).await, "/ingresar?error=proveedor&destino=%2Freglas");
    assert_eq!(ana.who().await, None);

    let standard = provider.serve("standard", &[]).await;
    let mut somebody = Traveller::new(&standard);
    let away = somebody.leave("").await;
    assert_eq!(away, "/ingresar?error=proveedor", "what it offers is not known");
}

#[tokio::test]
async fn who_may_manage_a_person_says_as_whom_they_are_known() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    let carla = people(&server, "claveunica").await;
    server.account("bruno", "gore_editor", Some("01")).await;
    let counterpart = server.person("clara", "gore_counterpart", Some("05")).await;
    let editor = server.person("eva", "gore_editor", Some("01")).await;
    assert_eq!(editor.links(1, Some(RUN)).await, 403);
    assert_eq!(counterpart.links(1, Some(RUN)).await, 404, "another region's");
    assert_eq!(carla.links(2, Some(RUN)).await, 403, "one's own");
    for bad in ["", "44.444.444-5", NUMBER, "ana"] {
        assert_eq!(carla.links(3, Some(bad)).await, 400, "{bad}");
    }
    assert_eq!(carla.links(3, Some(RUN)).await, 409, "ana's");
    assert_eq!(carla.is_linked(1).await, true);
    assert_eq!(carla.is_linked(3).await, false);
    let people = body(carla.get("/api/people").await).await.to_string();
    let audit = body(carla.get("/api/audit").await).await.to_string();
    assert!(audit.contains("identity_changed"), "{audit}");
    for told in [people, audit] {
        assert!(!told.contains(NUMBER), "the RUN is told to nobody: {told}");
    }
    for file in std::fs::read_dir(server.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!has(NUMBER) && !has(RUN), "nor kept");
    }

    // The link goes, and with it who came in by it; who came in otherwise stays.
    let mut ana = Traveller::new(&server);
    ana.sign_in("", Some(NUMBER)).await;
    assert_eq!(ana.who().await.as_deref(), Some("ana"));
    let mut by_password = server.browser();
    by_password.sign_in("ana", PASSWORD).await;
    assert_eq!(carla.links(1, None).await, 204);
    assert_eq!(ana.who().await, None);
    assert_eq!(by_password.get("/api/session").await.status(), 200);
    assert_eq!(ana.sign_in("", Some(NUMBER)).await, "/ingresar?error=desconocida");
    assert_eq!(carla.links(3, Some(RUN)).await, 204);
    assert_eq!(ana.sign_in("", Some(NUMBER)).await, "/");
    assert_eq!(ana.who().await.as_deref(), Some("bruno"));
}

#[tokio::test]
async fn an_invitation_is_taken_up_with_an_identity_from_its_own_page() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    let carla = people(&server, "claveunica").await;
    let invite = async |login: &str| {
        let who = json!({ "login": login, "name": "Persona Nueva", "role": "gore_editor",
            "region": "01", "acting": false });
        let way = body(carla.post("/api/people/invitations", &who).await).await;
        way["token"].as_str().unwrap().to_owned()
    };
    let token = invite("nueva").await;
    let start = format!("/api/session/oidc/start?invitation={token}");
    let mut new = Traveller::new(&server);
    // A link from elsewhere, whose invitation the attacker chose.
    let answer = new.ask(Method::GET, &start, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(location(&answer), "/ingresar?error=invitacion");

    let own = [("sec-fetch-site", "same-origin")];
    let away = location(&new.ask(Method::GET, &start, &own).await);
    let back = new.identify(away, Some(OTHERS)).await;
    assert_eq!(new.arrive(back).await, "/");
    assert_eq!(new.who().await.as_deref(), Some("nueva"));
    let without = server.browser().sign_in("nueva", "").await;
    assert_eq!(without.status(), 401, "there is no password");

    // Once; and nobody has two accounts.
    let again = location(&new.ask(Method::GET, &start, &own).await);
    let again = new.identify(again, Some(OTHERS)).await;
    assert_eq!(new.arrive(again).await, "/ingresar?error=invitacion");
    let second = format!("/api/session/oidc/start?invitation={}", invite("otra").await);
    let away = location(&new.ask(Method::GET, &second, &own).await);
    let back = new.identify(away, Some(OTHERS)).await;
    assert_eq!(new.arrive(back).await, "/ingresar?error=ocupada");
}

#[tokio::test]
async fn a_flood_of_ways_is_refused() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &["--trust-proxy"]).await;
    people(&server, "claveunica").await;
    let start = "/api/session/oidc/start";
    let flood = [("x-forwarded-for", "192.0.2.1")];
    let mut somebody = Traveller::new(&server);
    for _ in 0..100 {
        let to = location(&somebody.ask(Method::GET, start, &flood).await);
        assert!(to.starts_with(&provider.issuer), "{to}");
    }
    let answer = somebody.ask(Method::GET, start, &flood).await;
    assert_eq!(location(&answer), "/ingresar?error=intentos");
    let others = [("x-forwarded-for", "192.0.2.2")];
    let to = location(&somebody.ask(Method::GET, start, &others).await);
    assert!(to.starts_with(&provider.issuer), "others still enter");
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let server = Server::start(&[]).await;
    let browser = server.browser();
    assert_eq!(body(browser.get("/api/session/ways").await).await, json!({ "provider": null }));
    for path in ["start", "callback", "back"] {
        assert_eq!(browser.get(&format!("/api/session/oidc/{path}")).await.status(), 404, "{path}");
    }
    let carla = server.person("carla", "sercotec_manager", None).await;
    server.account("ana", "gore_editor", Some("01")).await;
    assert_eq!(carla.links(2, Some(RUN)).await, 404);
    assert_eq!(carla.is_linked(2).await, false);
}

#[tokio::test]
async fn a_reset_taken_up_with_an_identity_is_no_way_around_the_second_factor() {
    let provider = Provider::start().await;
    let server = provider.serve("claveunica", &[]).await;
    let carla = people(&server, "claveunica").await;
    let mut ana = server.browser();
    ana.sign_in("ana", PASSWORD).await;
    let begun = body(ana.post("/api/session/factor", &json!({ "password": PASSWORD })).await).await;
    let secret = totp_rs::Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = totp.generate(u64::try_from(server::clock::now() / 1000).unwrap()).to_string();
    let confirm = ana.request(Method::PUT, "/api/session/factor").json(&json!({ "code": code }));
    assert_eq!(confirm.send().await.unwrap().status(), 200);

    // Whoever finds the address of a new password would be Ana with an identity of their own.
    let way = body(carla.post("/api/people/1/password", &json!(null)).await).await;
    let start = format!("/api/session/oidc/start?invitation={}", way["token"].as_str().unwrap());
    let mut thief = Traveller::new(&server);
    let own = [("sec-fetch-site", "same-origin")];
    let away = location(&thief.ask(Method::GET, &start, &own).await);
    let back = thief.identify(away, Some(OTHERS)).await;
    assert_eq!(thief.arrive(back).await, "/ingresar?error=invitacion");
    assert_eq!(thief.who().await, None);
    // Her own identity opens her account as before.
    let mut ana = Traveller::new(&server);
    assert_eq!(ana.sign_in("", Some(NUMBER)).await, "/");
    assert_eq!(ana.who().await.as_deref(), Some("ana"));
}
