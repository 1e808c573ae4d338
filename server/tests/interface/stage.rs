//! A server with people of different roles, an exercise, and a log that is read afterwards.

use std::process::Stdio;

use reqwest::{Client, RequestBuilder, Response, header};
use serde_json::{Value, json};
use shared::{
    api::process::{Fix, Reason, code},
    exchange,
    process::{
        Act, Record,
        version::{RecordedFinding, VersionKind, findings, fingerprint, receipt_number},
    },
    rules::Severity,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_focaliza");
const PASSWORD: &str = "pampa del tamarugal";
const PILOT: &str = include_str!("../../../tests/corpus/tarapaca_2019.json");
/// Noon in Chile: the preliminary is not late.
const NOW: &str = "1794670200000";

/// Who asks. The first are never changed; the last are there to be.
const PEOPLE: [(&str, &str, Option<&str>); 9] = [
    ("ana", "gore_counterpart", Some("01")),
    ("gabriela", "gore_signatory", Some("01")),
    ("lorena", "dr_leader", Some("01")),
    ("carla", "sercotec_manager", None),
    ("celia", "core_secretary", Some("01")),
    ("olga", "observer", None),
    ("otto", "gore_editor", Some("05")),
    ("victor", "gore_editor", Some("01")),
    ("vera", "core_member", Some("01")),
];
/// How many of them ask.
const ASKING: usize = 7;
/// The account of the first of the others.
pub const FIRST_VICTIM: usize = ASKING + 1;

pub struct Stage {
    pub address: String,
    pub client: Client,
    /// Cookies of those who ask.
    pub sessions: Vec<String>,
    /// Cookies that may end.
    pub doomed: Vec<String>,
    /// Values that name something, by the name of their member, or of their parameter after `/`.
    pub known: Vec<(&'static str, Value)>,
    directory: TempDir,
    process: Child,
}

impl Stage {
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (login, role, region) in PEOPLE {
            let mut line = vec!["user", "add", "--login", login, "--name", login, "--role", role];
            line.extend(["--password", PASSWORD]);
            line.extend(region.map(|region| ["--region", region]).iter().flatten());
            let mut command = Command::new(PROGRAM);
            command.args(line).arg("--data").arg(directory.path().join("data"));
            assert!(command.output().await.unwrap().status.success(), "{login}");
        }
        let clock = directory.path().join("clock");
        std::fs::write(&clock, NOW).unwrap();
        let log = std::fs::File::create(directory.path().join("log")).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--trust-proxy", "--clock"]).arg(&clock);
        command.arg("--data").arg(directory.path().join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().expect("the server ended at once");
            if let Some(address) = line.strip_prefix("Focaliza atiende en ") {
                break address.to_owned();
            }
        };
        // The server closes a connection whose request it did not read to its end: none is used twice.
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let (sessions, doomed, known) = (Vec::new(), Vec::new(), Vec::new());
        let mut stage = Self { address, client, sessions, doomed, known, directory, process };
        stage.furnish().await;
        stage
    }

    /// Lines of the log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap()
    }

    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    async fn sign_in(&self, login: &str) -> String {
        let body = json!({ "login": login, "password": PASSWORD });
        let answer = self.post("", "/api/session").json(&body).send().await.unwrap();
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    fn post(&self, cookie: &str, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.address));
        request.header(header::ORIGIN, &self.address).header(header::COOKIE, cookie)
    }

    async fn told(request: RequestBuilder) -> Value {
        let answer: Response = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
        answer.json().await.unwrap()
    }

    async fn furnish(&mut self) {
        for (login, ..) in &PEOPLE[..ASKING] {
            self.sessions.push(self.sign_in(login).await);
        }
        for _ in 0..4 {
            self.doomed.push(self.sign_in("otto").await);
        }
        let (ana, gabriela) = (&self.sessions[0], &self.sessions[1]);
        let carla = &self.sessions[3];
        let file = PILOT.replacen("\"budget_year\": 2019", "\"budget_year\": 2027", 1);
        let import = self.post(ana, "/api/exercises/import");
        Self::told(import.header(header::CONTENT_TYPE, "application/json").body(file.clone()))
            .await;
        let path = "/api/exercises/01-2027/files?name=oficio.pdf";
        let attached = Self::told(self.post(carla, path).body("%PDF-1.7\n%")).await;
        let document = exchange::import(&file).unwrap().build().unwrap().document;
        let exercise = document.exercise();
        let day = "2026-11-14".parse().unwrap();
        let found = findings(exercise, VersionKind::Preliminary, day);
        let blocking = found.iter().filter(|finding| finding.severity == Severity::Block);
        let reasons = blocking.map(|finding| {
            let RecordedFinding { rule, at, .. } = finding.into();
            Reason { rule, at, reason: "Se completa después.".into() }
        });
        let fix = Fix {
            request: "furnishing".into(),
            kind: VersionKind::Preliminary,
            seen: fingerprint(exercise),
            reasons: reasons.collect(),
            letter: None,
            based_on: None,
        };
        let fixed =
            Self::told(self.post(gabriela, "/api/exercises/01-2027/versions").json(&fix)).await;
        let record: Record = serde_json::from_value(fixed).unwrap();
        let Act::Version(version) = &record.act else { panic!("{record:?}") };
        let feed = Self::told(self.post(carla, "/api/feed")).await;
        let feed = feed["address"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let invite = json!({ "login": "invitada", "name": "Invitada", "role": "gore_editor",
                             "region": "01", "acting": false });
        let way = Self::told(self.post(carla, "/api/people/invitations").json(&invite)).await;
        self.known = vec![
            ("/id", json!("01-2027")),
            ("/act", json!(record.number)),
            ("/sha256", attached["sha256"].clone()),
            ("/receipt", json!(receipt_number("01-2027".parse().unwrap(), record.number))),
            ("/code", json!(code(&version.fingerprint))),
            ("/name", json!(feed)),
            ("/token", way["token"].clone()),
            ("/invitation", json!(1)),
            ("seen", json!(version.fingerprint)),
            ("/at", json!(NOW.parse::<i64>().unwrap() + 1_000)),
            ("sha256", attached["sha256"].clone()),
        ];
        let often = |name, values: &[Value]| {
            values.iter().map(move |value| (name, value.clone())).collect::<Vec<_>>()
        };
        let number = json!(record.number);
        for (name, values) in [
            ("region", &[json!("01"), json!("01"), json!("05"), Value::Null][..]),
            ("budget_year", &[json!(2026), json!(2027), json!(2028)]),
            ("role", &[json!("gore_editor"), json!("gore_signatory"), json!("core_member")]),
            ("login", &[json!("olga"), json!("nueva"), json!("otra.persona")]),
            ("password", &[json!(PASSWORD), json!("otra contraseña")]),
            ("email", &[json!("ana@example.org"), Value::Null]),
            ("issuer", &[json!("gore"), json!("general_management")]),
            ("of", &[number.clone(), json!(2)]),
            ("version", std::slice::from_ref(&number)),
            ("letter", &[Value::Null, number.clone()]),
            ("based_on", &[Value::Null, number.clone()]),
            ("fingerprint", &[json!(version.fingerprint)]),
            ("attachments", &[json!([]), json!([attached])]),
            ("attachment", &[Value::Null, attached.clone()]),
            ("pesos", &[json!({ "crece": 1_000_000 }), json!({})]),
            ("reasons", &[json!(fix.reasons), json!([])]),
        ] {
            self.known.extend(often(name, values));
        }
    }
}
