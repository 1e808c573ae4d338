//! Reminders by mail: a server for mail that the test starts, and the clock that it sets.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::NaiveDate;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::stage::{Browser, Server, body};

/// Longer than two rounds of the server.
const TWO_ROUNDS: Duration = Duration::from_millis(2_500);

/// What a server for mail took, and how many it refuses before that.
#[derive(Default)]
struct Post {
    taken: Vec<String>,
    refuses: usize,
    refused: usize,
}

/// As much of RFC 5321 as a client of one mail needs.
async fn speak(stream: TcpStream, post: Arc<Mutex<Post>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 correo.example.org ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-correo.example.org\r\n250 8BITMIME",
            "MAIL" if post.lock().unwrap().refuses > 0 => {
                let mut post = post.lock().unwrap();
                post.refuses -= 1;
                post.refused += 1;
                "451 try again later"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                post.lock().unwrap().taken.push(text);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

async fn office() -> (u16, Arc<Mutex<Post>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let post = Arc::new(Mutex::new(Post::default()));
    let kept = Arc::clone(&post);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak(stream, Arc::clone(&kept)));
        }
    });
    (port, post)
}

struct Stage {
    server: Server,
    clock: PathBuf,
    _directory: tempfile::TempDir,
}

impl Stage {
    async fn start(port: u16) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = directory.path().join("clock");
        let at = clock.to_str().unwrap().to_owned();
        set(&clock, "2026-03-10");
        let smtp = format!("smtp://127.0.0.1:{port}");
        let server = Server::start(&[
            "--clock",
            &at,
            "--smtp",
            &smtp,
            "--mail-from",
            "Focaliza <avisos@example.org>",
            "--address",
            "https://focaliza.example.org/",
            "--mail-every",
            "1",
        ])
        .await;
        Self { server, clock, _directory: directory }
    }

    async fn on(&self, day: &str) {
        set(&self.clock, day);
        tokio::time::sleep(TWO_ROUNDS).await;
    }
}

/// Noon in Chile.
fn set(clock: &PathBuf, day: &str) {
    let day: NaiveDate = day.parse().unwrap();
    let noon = day.and_hms_opt(15, 30, 0).unwrap().and_utc().timestamp_millis();
    std::fs::write(clock, noon.to_string()).unwrap();
}

async fn put(browser: &Browser, path: &str, contact: &Value) -> u16 {
    browser.request(Method::PUT, path).json(contact).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_reminded_once_a_day_at_most_and_never_twice_of_the_same() {
    let (port, post) = office().await;
    let stage = Stage::start(port).await;
    let taken = || post.lock().unwrap().taken.clone();
    let ana = stage.server.person("ana", "gore_counterpart", Some("01")).await;
    let exercise = json!({ "region": "01", "budget_year": 2027 });
    assert_eq!(ana.post("/api/exercises", &exercise).await.status(), 200);
    let carla = stage.server.person("carla", "sercotec_manager", None).await;
    stage.on("2026-03-11").await;
    assert_eq!(taken(), [""; 0], "nobody gave an address");

    let own = "/api/session/contact";
    assert_eq!(put(&carla, own, &json!({ "email": "carla", "reminded": true })).await, 400);
    let contact = json!({ "email": "carla@example.org", "reminded": true });
    assert_eq!(put(&carla, own, &contact).await, 204);
    assert_eq!(body(carla.get(own).await).await, contact);
    // The office is closed at first: it is tried again, and nobody else waits.
    post.lock().unwrap().refuses = 1;
    stage.on("2026-03-12").await;
    tokio::time::sleep(TWO_ROUNDS).await;
    assert_eq!(post.lock().unwrap().refused, 1);
    let [mail] = taken().try_into().unwrap_or_else(|mails| panic!("{mails:?}"));
    let text = mail.replace("=\n", "");
    for line in [
        "From: Focaliza <avisos@example.org>",
        "carla@example.org",
        "Content-Type: text/plain",
        "https://focaliza.example.org/proceso/01-2027",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    stage.on("2026-03-13").await;
    assert_eq!(taken().len(), 1, "the same distance is told once");
    stage.on("2026-03-14").await;
    assert_eq!(taken().len(), 2);

    // Who manages somebody may turn it off, as the person may.
    let otto = stage.server.person("otto", "gore_editor", Some("01")).await;
    let number = body(carla.get("/api/session").await).await["user"].clone();
    let of_carla = format!("/api/people/{number}/contact");
    assert_eq!(otto.get(&of_carla).await.status(), 403);
    assert_eq!(put(&otto, &of_carla, &contact).await, 403);
    let maria = stage.server.person("maria", "sercotec_manager", None).await;
    assert_eq!(put(&maria, &of_carla, &json!({ "email": null, "reminded": false })).await, 204);
    stage.on("2026-03-15").await;
    assert_eq!(taken().len(), 2);
    let audit = body(maria.get("/api/audit").await).await;
    let count = |event: &str| {
        audit.as_array().unwrap().iter().filter(|entry| entry["event"] == event).count()
    };
    assert_eq!((count("reminded"), count("contact_changed")), (2, 2));
    assert!(!audit.to_string().contains("example.org"), "addresses are nobody else's business");
}

#[tokio::test]
async fn without_a_server_for_mail_nothing_is_sent_and_nothing_is_missing() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let contact = body(ana.get("/api/session/contact").await).await;
    assert_eq!(contact, json!({ "email": null, "reminded": true }));
    assert_eq!(server.browser().get("/api/session/contact").await.status(), 401);
}
