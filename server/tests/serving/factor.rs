//! A second factor of local accounts: set up, asked for, lost; and what others might try.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{Browser, PASSWORD, Server, body};

/// Noon in Chile.
const NOON: i64 = 1_794_670_200_000;
const STEP: i64 = 30_000;

/// A clock that the test sets, and the server that goes by it.
struct Stage {
    clock: tempfile::NamedTempFile,
    server: Server,
    now: i64,
}

impl Stage {
    async fn start() -> Self {
        let clock = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(clock.path(), NOON.to_string()).unwrap();
        let server = Server::start(&["--clock", clock.path().to_str().unwrap()]).await;
        Self { clock, server, now: NOON }
    }

    async fn wait(&mut self, milliseconds: i64) {
        self.now += milliseconds;
        std::fs::write(self.clock.path(), self.now.to_string()).unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }

    /// The code of now, as a telephone with this secret has it.
    fn code(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.now / 1000).unwrap()).to_string()
    }

    /// Signs in; whether a code was asked for.
    async fn enters(&self, login: &str, password: &str, code: Option<&str>) -> (u16, bool) {
        let sign_in = json!({ "login": login, "password": password, "code": code });
        let answer = self.server.browser().post("/api/session", &sign_in).await;
        let status = answer.status().as_u16();
        (status, body(answer).await["needs_code"] == true)
    }

    /// Sets it up; the secret and the codes for who has lost the telephone.
    async fn enrols(&self, who: &Browser) -> (String, Vec<String>) {
        let begun = who.post("/api/session/factor", &json!({ "password": PASSWORD })).await;
        assert_eq!(begun.status(), 200);
        let begun = body(begun).await;
        assert!(begun["qr"].as_str().unwrap().starts_with("<svg"));
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let done = who.put("/api/session/factor", &json!({ "code": self.code(&secret) })).await;
        assert_eq!(done.status(), 200);
        let codes = body(done).await["codes"].as_array().unwrap().clone();
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }
}

impl Browser {
    async fn put(&self, path: &str, body: &Value) -> reqwest::Response {
        self.request(Method::PUT, path).json(body).send().await.unwrap()
    }
}

#[tokio::test]
async fn a_code_is_asked_for_from_when_one_was_shown() {
    let mut stage = Stage::start().await;
    let ana = stage.server.person("ana", "sercotec_manager", None).await;
    let factor = async || body(ana.get("/api/session/factor").await).await;
    assert_eq!(factor().await, json!({ "confirmed": false, "recovery": 0 }));
    let wrong = ana.post("/api/session/factor", &json!({ "password": "no es esta" })).await;
    assert_eq!(wrong.status(), 403, "who finds a device open shuts nobody out");

    // Begun and not confirmed, it shuts nobody out either.
    let begun = body(ana.post("/api/session/factor", &json!({ "password": PASSWORD })).await).await;
    let first = begun["secret"].as_str().unwrap();
    assert_eq!(stage.enters("ana", PASSWORD, None).await, (200, false));
    let other = ana.put("/api/session/factor", &json!({ "code": "000000" })).await;
    assert_eq!(other.status(), 403);
    let (secret, _) = stage.enrols(&ana).await;
    assert_ne!(first, secret);
    assert_eq!(factor().await, json!({ "confirmed": true, "recovery": 10 }));
    let again = ana.post("/api/session/factor", &json!({ "password": PASSWORD })).await;
    assert_eq!(again.status(), 409, "what is asked for is not replaced");

    stage.wait(STEP).await;
    assert_eq!(stage.enters("ana", PASSWORD, None).await, (401, true));
    assert_eq!(stage.enters("ana", PASSWORD, Some(&stage.code(first))).await, (403, true));
    assert_eq!(stage.enters("ana", PASSWORD, Some(&stage.code(&secret))).await, (200, false));
    // Who does not know the password does not learn that there is one.
    let code = stage.code(&secret);
    assert_eq!(stage.enters("ana", "no es esta", Some(&code)).await, (401, false));
}

#[tokio::test]
async fn a_code_opens_once_and_not_for_long() {
    let mut stage = Stage::start().await;
    let ana = stage.server.person("ana", "gore_signatory", Some("01")).await;
    let (secret, _) = stage.enrols(&ana).await;
    let shown = stage.code(&secret);
    let replayed = stage.enters("ana", PASSWORD, Some(&shown)).await;
    assert_eq!(replayed, (403, true), "the one that it was confirmed with");
    stage.wait(STEP).await;
    let code = stage.code(&secret);
    assert_eq!(stage.enters("ana", PASSWORD, Some(&code)).await, (200, false));
    assert_eq!(
        stage.enters("ana", PASSWORD, Some(&code)).await,
        (403, true),
        "seen over a shoulder"
    );
    assert_eq!(stage.enters("ana", PASSWORD, Some(&shown)).await, (403, true), "an earlier one");
    let unused = {
        stage.wait(STEP).await;
        stage.code(&secret)
    };
    stage.wait(3 * STEP).await;
    assert_eq!(stage.enters("ana", PASSWORD, Some(&unused)).await, (403, true), "too old");
    assert_eq!(stage.enters("ana", PASSWORD, Some(&stage.code(&secret))).await, (200, false));
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let mut stage = Stage::start().await;
    let ana = stage.server.person("ana", "gore_signatory", Some("01")).await;
    let (secret, _) = stage.enrols(&ana).await;
    stage.wait(STEP).await;
    let code = stage.code(&secret);
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..8 {
        assert_eq!(stage.enters("ana", PASSWORD, Some(wrong)).await, (403, true));
    }
    assert_eq!(stage.enters("ana", PASSWORD, Some(&code)).await.0, 429, "not even the right one");
}

#[tokio::test]
async fn who_lost_the_telephone_has_codes_and_people() {
    let mut stage = Stage::start().await;
    let ana = stage.server.person("ana", "gore_signatory", Some("01")).await;
    let carla = stage.server.person("carla", "sercotec_manager", None).await;
    let (secret, codes) = stage.enrols(&ana).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(stage.enters("ana", PASSWORD, Some(&typed)).await, (200, false));
    assert_eq!(stage.enters("ana", PASSWORD, Some(&codes[0])).await, (403, true), "once");
    for file in std::fs::read_dir(stage.server.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let plain = codes[1].as_bytes();
        assert!(!bytes.windows(plain.len()).any(|window| window == plain), "kept as hashes");
    }

    // Another password is no way around it.
    let way = body(carla.post("/api/people/1/password", &json!(null)).await).await;
    let way = format!("/api/invitations/{}", way["token"].as_str().unwrap());
    let accept = |code: Option<&str>| json!({ "password": "otra contraseña", "code": code });
    let somebody = stage.server.browser();
    let refused = somebody.post(&way, &accept(None)).await;
    assert_eq!(refused.status(), 401);
    assert_eq!(body(refused).await["needs_code"], true);
    assert_eq!(somebody.post(&way, &accept(Some(&codes[1]))).await.status(), 200);

    // Who manages them takes it away; nobody else does.
    let take = async |who: &Browser, user: i64| {
        let request = who.request(Method::DELETE, &format!("/api/people/{user}/factor"));
        request.send().await.unwrap().status().as_u16()
    };
    let bruno = stage.server.person("bruno", "gore_editor", Some("01")).await;
    assert_eq!(take(&bruno, 1).await, 403);
    stage.wait(STEP).await;
    assert_eq!(stage.enters("ana", "otra contraseña", None).await, (401, true));
    assert_eq!(take(&carla, 1).await, 204);
    assert_eq!(stage.enters("ana", "otra contraseña", None).await, (200, false));
    assert_eq!(stage.enters("ana", "otra contraseña", Some(&stage.code(&secret))).await.0, 200);
    let audit = body(carla.get("/api/audit").await).await.to_string();
    assert!(audit.contains("factor_changed"), "{audit}");
}

#[tokio::test]
async fn only_with_a_code_is_it_ended() {
    let mut stage = Stage::start().await;
    let ana = stage.server.person("ana", "gore_signatory", Some("01")).await;
    let (secret, _) = stage.enrols(&ana).await;
    stage.wait(STEP).await;
    let end = async |code: &str| {
        let answer = ana.post("/api/session/factor/end", &json!({ "code": code })).await;
        answer.status().as_u16()
    };
    assert_eq!(end("").await, 403);
    assert_eq!(end("000000").await, 403);
    assert_eq!(ana.get("/api/session").await.status(), 200, "who is in stays in");
    assert_eq!(end(&stage.code(&secret)).await, 204);
    assert_eq!(stage.enters("ana", PASSWORD, None).await, (200, false));
}
