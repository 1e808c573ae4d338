//! Inviting, changing and closing accounts; what the audit tells of it.

use reqwest::Method;
use serde_json::{Value, json};
use shared::protocol::{Code, ToClient};

use crate::{
    device::Device,
    stage::{Browser, PASSWORD, Server, body},
};

fn invite(login: &str, role: &str, region: Option<&str>) -> Value {
    json!({ "login": login, "name": format!("Persona {login}"), "role": role, "region": region, "acting": false })
}

impl Browser {
    async fn invites(&self, who: &Value) -> Result<String, (u16, String)> {
        let answer = self.post("/api/people/invitations", who).await;
        let (status, body) = (answer.status().as_u16(), body(answer).await);
        match body["token"].as_str() {
            Some(token) if status == 200 => Ok(token.to_owned()),
            _ => Err((status, body["message"].as_str().unwrap_or_default().to_owned())),
        }
    }

    async fn accepts(&mut self, token: &str, password: &str) -> (u16, Value) {
        let way = format!("/api/invitations/{token}");
        let answer = self.post(&way, &json!({ "password": password })).await;
        self.keep_cookie(&answer);
        (answer.status().as_u16(), body(answer).await)
    }

    async fn people(&self) -> Value {
        body(self.get("/api/people").await).await
    }

    async fn changes(&self, user: i64, change: &Value) -> u16 {
        let request = self.request(Method::PUT, &format!("/api/people/{user}")).json(change);
        request.send().await.unwrap().status().as_u16()
    }
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["login"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_invitation_makes_one_account_once() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let token = ana.invites(&invite("Nueva@gore", "gore_editor", Some("01"))).await.unwrap();
    let waiting = ana.people().await;
    assert_eq!(names(&waiting["invitations"]), ["nueva@gore"]);
    assert!(!waiting.to_string().contains(&token), "the secret is told once");

    let mut new = server.browser();
    let shown = body(new.get(&format!("/api/invitations/{token}")).await).await;
    assert_eq!(
        shown,
        json!({ "login": "nueva@gore", "name": "Persona Nueva@gore", "role": "gore_editor",
                "region": "01", "is_reset": false })
    );
    assert_eq!(new.accepts(&token, "corta").await.0, 400);
    let (status, person) = new.accepts(&token, PASSWORD).await;
    assert_eq!((status, person["login"].as_str()), (200, Some("nueva@gore")));
    assert_eq!(new.get("/api/session").await.status(), 200);
    assert_eq!(server.browser().accepts(&token, PASSWORD).await.0, 410, "once");
    assert_eq!(server.browser().sign_in("nueva@gore", PASSWORD).await.status(), 200);
    let people = ana.people().await;
    assert_eq!(names(&people["people"]), ["nueva@gore", "ana"]);
    assert_eq!(people["invitations"], json!([]));
    let (status, message) =
        ana.invites(&invite("nueva@gore", "gore_editor", Some("01"))).await.unwrap_err();
    assert_eq!(status, 409, "{message}");

    // The later one counts; one that was taken back counts no more.
    let first = ana.invites(&invite("otra", "core_member", Some("01"))).await.unwrap();
    let second = ana.invites(&invite("otra", "core_member", Some("01"))).await.unwrap();
    assert_eq!(server.browser().accepts(&first, PASSWORD).await.0, 410);
    let id = ana.people().await["invitations"][0]["id"].as_i64().unwrap();
    let revoke = async |browser: &Browser| {
        let way = format!("/api/people/invitations/{id}");
        browser.request(Method::DELETE, &way).json(&json!(null)).send().await.unwrap().status()
    };
    let other = server.person("otto", "gore_counterpart", Some("05")).await;
    assert_eq!(revoke(&other).await, 404, "of another region");
    assert_eq!(revoke(&ana).await, 204);
    assert_eq!(server.browser().accepts(&second, PASSWORD).await.0, 410);
}

#[tokio::test]
async fn nobody_gives_what_they_may_not() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let lead = server.person("lea", "dr_leader", Some("01")).await;
    let editor = server.person("eva", "gore_editor", Some("01")).await;
    let centre = server.person("carla", "sercotec_manager", None).await;
    for (who, role, region, expected) in [
        (&ana, "gore_signatory", Some("01"), 200),
        (&ana, "gore_editor", Some("05"), 403),
        (&ana, "gore_editor", None, 400),
        (&ana, "gore_editor", Some("99"), 400),
        (&ana, "dr_editor", Some("01"), 403),
        (&ana, "sercotec_manager", None, 403),
        (&lead, "dr_editor", Some("01"), 200),
        (&lead, "gore_editor", Some("01"), 403),
        (&editor, "gore_editor", Some("01"), 403),
        (&centre, "dr_leader", Some("16"), 200),
        (&centre, "observer", None, 200),
    ] {
        let asked = who.invites(&invite("alguien", role, region)).await;
        let status = asked.map_or_else(|(status, _)| status, |_| 200);
        assert_eq!(status, expected, "{role} {region:?}");
    }
    assert_eq!(editor.get("/api/people").await.status(), 403);
    assert_eq!(editor.get("/api/audit").await.status(), 403);
    assert_eq!(names(&ana.people().await["people"]), ["ana", "eva"]);
    assert_eq!(names(&lead.people().await["people"]), ["lea"]);
    let all = centre.people().await;
    assert_eq!(names(&all["people"]), ["ana", "carla", "eva", "lea"]);
    // Nor change who is not theirs, nor themselves, nor into what is not theirs to give.
    let user = |login: &str| {
        let people = all["people"].as_array().unwrap();
        people.iter().find(|one| one["login"] == login).unwrap()["user"].as_i64().unwrap()
    };
    let change = |role: &str, region: &str| json!({ "name": "Eva", "role": role, "region": region, "acting": true, "disabled": false });
    assert_eq!(ana.changes(user("lea"), &change("dr_editor", "01")).await, 404);
    assert_eq!(ana.changes(user("ana"), &change("gore_editor", "01")).await, 403);
    assert_eq!(ana.changes(user("eva"), &change("sercotec_manager", "01")).await, 403);
    assert_eq!(ana.changes(user("eva"), &change("gore_editor", "05")).await, 403);
    assert_eq!(ana.changes(user("eva"), &change("gore_signatory", "01")).await, 204);
    let eva = body(editor.get("/api/session").await).await;
    assert_eq!(
        (eva["role"].as_str(), eva["acting"].as_bool()),
        (Some("gore_signatory"), Some(true))
    );
}

#[tokio::test]
async fn a_change_counts_at_once_on_open_connections() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let eva = server.person("eva", "gore_editor", Some("01")).await;
    let (mut device, opened) = Device::open(&eva, 7).await;
    assert!(matches!(opened, ToClient::Opened { may_edit: true, .. }), "{opened:?}");
    let member = json!({ "name": "Eva", "role": "core_member", "region": "01", "acting": false, "disabled": false });
    assert_eq!(ana.changes(2, &member).await, 204);
    while device.next_or_end().await.is_some() {}
    let (_, opened) = Device::open(&eva, 7).await;
    assert!(matches!(opened, ToClient::Opened { may_edit: false, .. }), "{opened:?}");
    let mut closed = member;
    closed["disabled"] = json!(true);
    assert_eq!(ana.changes(2, &closed).await, 204);
    assert_eq!(eva.get("/api/session").await.status(), 401);
    let answer = server.browser().sign_in("eva", PASSWORD).await;
    assert_eq!(body(answer).await["code"], json!(Code::Unauthenticated));
}

#[tokio::test]
async fn another_password_ends_what_was_open() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let eva = server.person("eva", "gore_editor", Some("01")).await;
    let way = body(ana.post("/api/people/2/password", &json!(null)).await).await;
    let token = way["token"].as_str().unwrap();
    assert_eq!(eva.get("/api/session").await.status(), 200, "nothing happened yet");
    let mut again = server.browser();
    let shown = body(again.get(&format!("/api/invitations/{token}")).await).await;
    assert_eq!(shown["is_reset"], true);
    assert_eq!(again.accepts(token, "otra pampa distinta").await.0, 200);
    assert_eq!(eva.get("/api/session").await.status(), 401);
    assert_eq!(server.browser().sign_in("eva", PASSWORD).await.status(), 401);
    assert_eq!(server.browser().sign_in("eva", "otra pampa distinta").await.status(), 200);
}

#[tokio::test]
async fn the_audit_tells_who_did_what_to_whom_it_concerns() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let centre = server.person("carla", "sercotec_manager", None).await;
    let other = server.person("otto", "gore_counterpart", Some("05")).await;
    server.browser().sign_in("ana", "no es esta contraseña").await;
    server.browser().sign_in("pampa del tamarugal", PASSWORD).await;
    for _ in 0..2 {
        Device::open(&ana, 7).await;
    }
    ana.get("/api/exercises/01-2027/export").await;
    let token = ana.invites(&invite("nueva", "gore_editor", Some("01"))).await.unwrap();
    server.browser().accepts(&token, PASSWORD).await;
    ana.request(Method::DELETE, "/api/session").json(&json!(null)).send().await.unwrap();
    let events = async |browser: &Browser| {
        let entries = body(browser.get("/api/audit").await).await;
        let entries = entries.as_array().unwrap().clone();
        let of = |entry: &Value| {
            let name = |key: &str| entry[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", name("event"), name("by"), name("about"))
        };
        entries.iter().rev().map(of).collect::<Vec<_>>()
    };
    let all = events(&centre).await;
    for expected in [
        "signed_in ana -",
        "signed_in carla -",
        "sign_in_refused - ana",
        "exercise_opened ana -",
        "invited ana -",
        "invitation_accepted Persona nueva Persona nueva",
        "signed_out ana -",
    ] {
        assert_eq!(all.iter().filter(|it| *it == expected).count(), 1, "{expected}: {all:?}");
    }
    assert!(!all.iter().any(|it| it.contains("tamarugal")), "no password is ever noted");
    assert_eq!(events(&other).await, ["signed_in otto -"], "each region its own");
    let page = body(centre.get("/api/audit?before=2").await).await;
    assert_eq!(page.as_array().unwrap().len(), 1);
}
