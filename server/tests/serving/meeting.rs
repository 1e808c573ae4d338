//! An exercise goes to a meeting, is worked on there and here, and comes back.

use std::path::Path;

use reqwest::{Client, Method, Response};
use serde_json::json;
use shared::{
    meeting::Meeting,
    protocol::{Code, ToClient},
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{
    device::{Device, exercise},
    stage::{Browser, PROGRAM, Server, body},
};

const MEETING: &str = "/api/exercises/01-2027/meeting";

/// A server for a meeting, with its code.
struct Laptop {
    browser: Browser,
    code: String,
    _process: Child,
}

impl Laptop {
    async fn start(file: &Path, data: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.arg("meeting").arg(file).arg("--data").arg(data);
        command.args(["--port", "0", "--host", "127.0.0.1", "--dist"]).arg(data.join("dist"));
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        let mut process = command.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut code = String::new();
        loop {
            let line = lines.next_line().await.unwrap().expect("the server ended at once");
            if let Some((_, found)) = line.split_once("/reunion/") {
                code = found.to_owned();
            }
            if let Some(address) = line.strip_prefix("Focaliza atiende en ") {
                let (client, address) = (Client::new(), address.to_owned());
                let browser = Browser { client, address, cookie: None };
                return Self { browser, code, _process: process };
            }
        }
    }

    async fn join(&self, login: &str) -> Browser {
        let mut browser = self.browser.clone();
        let join = json!({ "code": self.code, "login": login });
        let answer = browser.post("/api/meeting", &join).await;
        assert_eq!(answer.status(), 200);
        browser.keep_cookie(&answer);
        browser
    }
}

async fn file(browser: &Browser) -> Vec<u8> {
    let answer = browser.get(MEETING).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

async fn bring(browser: &Browser, file: Vec<u8>) -> Response {
    browser.request(Method::POST, MEETING).body(file).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_comes_back_with_what_was_written_there() {
    let central = Server::start(&[]).await;
    central.account("bruno", "gore_editor", Some("01")).await;
    let ana = central.person("ana", "gore_editor", Some("01")).await;
    let (mut here, _) = Device::open(&ana, 11).await;
    let entry = here.push(100).await;
    here.acknowledged(entry).await;

    let directory = tempfile::tempdir().unwrap();
    let taken = directory.path().join("reunion.focaliza");
    std::fs::write(&taken, file(&ana).await).unwrap();
    let data = directory.path().join("data");
    let laptop = Laptop::start(&taken, &data).await;
    let there = laptop.join("bruno").await;
    let (mut tablet, opened) = Device::open(&there, 22).await;
    assert!(matches!(opened, ToClient::Opened { head: 1, may_edit: true, .. }), "{opened:?}");
    for pesos in [1, 2] {
        let entry = tablet.push(pesos).await;
        tablet.acknowledged(entry).await;
    }
    let entry = here.push(200).await;
    here.acknowledged(entry).await;

    let back = file(&there).await;
    let answer = body(bring(&ana, back.clone()).await).await;
    assert_eq!(answer, json!({ "brought": 2, "known": 1, "not_taken": [] }));
    here.until(|peer, entry| peer.number() == 22 && entry == 2).await;
    let again = body(bring(&ana, back).await).await;
    assert_eq!(again, json!({ "brought": 0, "known": 3, "not_taken": [] }));

    // Who wrote is who wrote; that somebody brought it is known too.
    let now = Meeting::read(&file(&ana).await).unwrap();
    let tablets = now.entries.iter().filter(|entry| entry.peer.number() == 22);
    let tablets: Vec<_> =
        tablets.map(|entry| now.people[entry.by as usize].login.as_str()).collect();
    assert_eq!(tablets, ["ana", "ana"]);
    let author = now.author(now.entries[2].peer).map(|author| author.login.as_str());
    assert_eq!((now.entries.len(), author), (4, Some("bruno")));

    // The other way round it is the same: a meeting that goes on takes what was written here.
    let newer = std::fs::read(&taken).unwrap();
    assert!(newer.len() < now.write().len());
    let answer = body(bring(&there, now.write()).await).await;
    assert_eq!(answer["brought"], 1);
    let there = Meeting::read(&file(&there).await).unwrap();
    let names = |meeting: &Meeting| {
        let mut names: Vec<_> = meeting.entries.iter().map(|it| (it.peer, it.entry)).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&there), names(&now), "both hold the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_not_let_in() {
    let central = Server::start(&[]).await;
    let ana = central.person("ana", "gore_editor", Some("01")).await;
    let observer = central.person("olga", "observer", Some("01")).await;
    let other = central.person("otto", "gore_editor", Some("05")).await;
    let (mut here, _) = Device::open(&ana, 11).await;
    let entry = here.push(100).await;
    here.acknowledged(entry).await;
    assert_eq!(observer.get(MEETING).await.status(), 403);
    assert_eq!(other.get(MEETING).await.status(), 404);
    let taken = file(&ana).await;
    assert_eq!(bring(&observer, taken.clone()).await.status(), 403);
    assert_eq!(bring(&other, taken.clone()).await.status(), 404);
    let damaged = bring(&ana, taken[..taken.len() - 2].to_vec()).await;
    assert_eq!(
        (damaged.status().as_u16(), body(damaged).await["code"].clone()),
        (400, json!("malformed"))
    );
    let mut elsewhere = Meeting::read(&taken).unwrap();
    elsewhere.exercise = "01-2026".parse().unwrap();
    assert_eq!(bring(&ana, elsewhere.write()).await.status(), 400);
    assert_eq!(ana.get("/api/meeting/ABCDEFGHJK").await.status(), 404, "this is no meeting");

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("reunion.focaliza");
    std::fs::write(&path, taken).unwrap();
    let laptop = Laptop::start(&path, &directory.path().join("data")).await;
    let info = laptop.browser.get(&format!("/api/meeting/{}", laptop.code)).await;
    let info = body(info).await;
    assert_eq!(info["exercise"], exercise().to_string());
    let logins = info["people"].as_array().unwrap().iter().map(|one| one["login"].clone());
    assert_eq!(logins.collect::<Vec<_>>(), ["ana", "olga"], "nobody of another region");
    let picture = laptop.browser.get(&format!("/api/meeting/{}/qr", laptop.code)).await;
    assert!(picture.text().await.unwrap().starts_with("<svg"));
    for (join, code) in [
        (json!({ "code": "ABCDEFGHJK", "login": "ana" }), Code::Unauthenticated),
        (json!({ "code": laptop.code, "login": "otto" }), Code::Malformed),
    ] {
        let answer = body(laptop.browser.post("/api/meeting", &join).await).await;
        assert_eq!(answer["code"], json!(code));
    }
    // Nobody's password came along.
    let mut guesser = laptop.browser.clone();
    for password in ["", crate::stage::PASSWORD] {
        assert_eq!(guesser.sign_in("ana", password).await.status(), 401);
    }
}
