//! A year, rehearsed by the server's clock: what is registered, sent, received, approved.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use chrono::NaiveDate;
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    api::process::{Asked, Fix, ProcessOf, Reason, code},
    exchange,
    model::Exercise,
    process::{
        Act, Approval, Fingerprint, Institution, Process, Record, State,
        act::{AmountBasis, Amounts, Observations, Of},
        council::{Call, CouncilDecision, ProofKind, Votes},
        letter::{Attachment, Channel, Dispatch, Letter, LetterKind, Official, Reception},
        version::{RecordedFinding, VersionKind, changes, findings, fingerprint, receipt_number},
    },
    rules::Severity,
};

use crate::{
    device::{Device, exercise},
    stage::{Browser, PASSWORD, Server, body},
};

/// A server whose clock the test sets.
pub struct Stage {
    pub server: Server,
    clock: PathBuf,
    _directory: tempfile::TempDir,
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Noon of a day in Chile: 15 or 16 hours UTC, the same day in any case.
fn noon(day: &str) -> i64 {
    date(day).and_hms_opt(15, 30, 0).unwrap().and_utc().timestamp_millis()
}

impl Stage {
    pub async fn start(day: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = directory.path().join("clock");
        let option = clock.to_str().unwrap().to_owned();
        std::fs::write(&clock, noon(day).to_string()).unwrap();
        let server = Server::start(&["--clock", &option]).await;
        Self { server, clock, _directory: directory }
    }

    pub async fn account(&self, login: &str, role: &str, region: Option<&str>) {
        self.server.account(login, role, region).await;
    }

    /// Sets the clock, and signs somebody in on that day.
    pub async fn on(&self, day: &str, login: &str) -> Browser {
        std::fs::write(&self.clock, noon(day).to_string()).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut browser = self.server.browser();
        assert_eq!(browser.sign_in(login, PASSWORD).await.status(), 200, "{login}");
        browser
    }
}

impl Browser {
    pub async fn asks(&self, request: &str, act: Act) -> Result<Record, (u16, String)> {
        let asked = Asked { request: request.into(), act };
        self.tells("acts", &serde_json::to_value(asked).unwrap()).await
    }

    async fn tells(&self, what: &str, said: &Value) -> Result<Record, (u16, String)> {
        let answer = self.post(&format!("/api/exercises/01-2027/{what}"), said).await;
        let (status, body) = (answer.status().as_u16(), body(answer).await);
        if status != 200 {
            return Err((status, body["message"].as_str().unwrap().to_owned()));
        }
        Ok(serde_json::from_value(body).unwrap())
    }

    pub async fn current(&self) -> Exercise {
        read(&self.get("/api/exercises/01-2027/export").await.text().await.unwrap())
    }

    async fn version(&self, act: u32) -> Exercise {
        let path = format!("/api/exercises/01-2027/versions/{act}");
        read(&self.get(&path).await.text().await.unwrap())
    }

    /// What a person sends who gives a reason for each finding that asks for one.
    pub async fn fixes(
        &self,
        request: &str,
        kind: VersionKind,
        day: &str,
    ) -> Result<Record, (u16, String)> {
        let current = self.current().await;
        let found = findings(&current, kind, date(day));
        let blocking = found.iter().filter(|finding| finding.severity == Severity::Block);
        let reasons = blocking.map(|finding| {
            let RecordedFinding { rule, at, .. } = finding.into();
            Reason { rule, at, reason: "Se completa en la versión final.".into() }
        });
        let fix = Fix {
            request: request.into(),
            kind,
            seen: fingerprint(&current),
            reasons: reasons.collect(),
            letter: None,
            based_on: None,
        };
        self.tells("versions", &serde_json::to_value(fix).unwrap()).await
    }

    pub async fn process(&self) -> ProcessOf {
        let answer = self.get("/api/exercises/01-2027/process").await;
        serde_json::from_value(body(answer).await).unwrap()
    }

    pub async fn state(&self) -> State {
        let of = self.process().await;
        Process::new(exercise(), &of.acts, of.now, None).state
    }
}

fn read(file: &str) -> Exercise {
    exchange::import(file).unwrap().build().unwrap().document.exercise().clone()
}

pub fn letter(kind: LetterKind, number: &str, on: &str) -> Letter {
    let official = |name: &str| Official { name: name.into(), ..Official::default() };
    Letter {
        kind,
        number: number.into(),
        issuer: kind.issuer().unwrap_or(Institution::Gore),
        issuer_name: String::new(),
        signatory: official("Quien firma"),
        addressee: official("A quien se dirige"),
        subject: "Focalización Regional 2027".into(),
        date: date(on),
        signed: None,
        dispatch: Some(Dispatch { on: date(on), channel: Channel::DocDigital }),
        reception: None,
        delivery: None,
        attachments: Vec::new(),
        instruments: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_year_ends_with_a_final_that_is_not_what_was_approved() {
    let stage = Stage::start("2026-03-10").await;
    for (login, role, region) in [
        ("ana", "gore_counterpart", Some("01")),
        ("gabriela", "gore_signatory", Some("01")),
        ("carla", "sercotec_manager", None),
        ("celia", "core_secretary", Some("01")),
    ] {
        stage.account(login, role, region).await;
    }
    let ana = stage.on("2026-03-10", "ana").await;
    let (mut device, _) = Device::open(&ana, 7).await;
    device.place().await;
    let entry = device.push(100).await;
    device.acknowledged(entry).await;
    drop(device);

    let carla = stage.on("2026-03-10", "carla").await;
    let opening = Act::Letter(letter(LetterKind::Opening, "120", "2026-03-10"));
    let first = carla.asks("request-1", opening.clone()).await.unwrap();
    assert_eq!(carla.asks("request-1", opening.clone()).await.unwrap(), first, "asked twice");
    let (status, message) = carla.asks("request-2", opening).await.unwrap_err();
    assert_eq!(status, 409, "{message}");
    assert!(message.contains("ya está registrado"), "{message}");
    let (status, _) = ana
        .asks("request-3", Act::Letter(letter(LetterKind::Observations, "9", "2026-03-10")))
        .await
        .unwrap_err();
    assert_eq!(status, 403, "the region writes no observations");
    assert_eq!(carla.state().await, State::Opened);

    let carla = stage.on("2026-06-22", "carla").await;
    let pesos = BTreeMap::from([("crece".to_owned(), 90_000_000)]);
    let amounts = |basis, pesos: &BTreeMap<String, i64>| {
        Act::Amounts(Amounts { basis, pesos: pesos.clone(), letter: None })
    };
    carla.asks("request-4", amounts(AmountBasis::Exploratory, &pesos)).await.unwrap();

    // The preliminary: not by whoever may not sign for what is missing, nor of what nobody saw.
    let ana = stage.on("2026-11-14", "ana").await;
    let (status, message) =
        ana.fixes("request-5", VersionKind::Preliminary, "2026-11-14").await.unwrap_err();
    assert_eq!(status, 403, "{message}");
    let gabriela = stage.on("2026-11-14", "gabriela").await;
    let unseen = json!({ "request": "request-6", "kind": "preliminary", "reasons": [],
                         "seen": Fingerprint::of(b"something else") });
    assert_eq!(gabriela.tells("versions", &unseen).await.unwrap_err().0, 409);
    let preliminary =
        gabriela.fixes("request-7", VersionKind::Preliminary, "2026-11-14").await.unwrap();
    let again = gabriela.fixes("request-8", VersionKind::Preliminary, "2026-11-14").await.unwrap();
    assert_eq!(again, preliminary, "sent twice is one submission");
    let Act::Version(version) = &preliminary.act else { panic!("{preliminary:?}") };
    assert!(version.has_blocking() && version.unexplained() == 0);
    assert_eq!(gabriela.state().await, State::PreliminarySent);

    // The receipt, for whoever has its address.
    let receipt = receipt_number(exercise(), preliminary.number);
    let anybody = stage.server.browser();
    let path = format!("/api/receipts/{receipt}/{}", code(&version.fingerprint));
    let shown = body(anybody.get(&path).await).await;
    assert_eq!(shown["fingerprint"], json!(version.fingerprint));
    assert_eq!(shown["sent_on"], "2026-11-14");
    let keys: BTreeSet<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    let told = ["exercise", "fingerprint", "kind", "receipt", "received_on", "sent", "sent_on"];
    assert_eq!(keys, told.into(), "and nothing else");
    let wrong = format!("/api/receipts/{receipt}/{}", "0".repeat(16));
    assert_eq!(anybody.get(&wrong).await.status(), 404);
    assert!(anybody.get(&format!("{path}/qr")).await.text().await.unwrap().starts_with("<svg"));

    let carla = stage.on("2026-11-16", "carla").await;
    let received = Reception { on: date("2026-11-16"), stamp: "2345".into() };
    let received = Act::Received(Of { of: preliminary.number, what: received });
    carla.asks("request-9", received).await.unwrap();
    assert_eq!(carla.state().await, State::UnderObservation);
    let carla = stage.on("2026-12-01", "carla").await;
    carla.asks("request-10", amounts(AmountBasis::Preliminary, &pesos)).await.unwrap();
    // Fifteen days from the reception end on 1 December: this is late, and counted.
    let carla = stage.on("2026-12-04", "carla").await;
    let observations = Observations { version: preliminary.number, count: 3, letter: None };
    carla.asks("request-11", Act::Observations(observations)).await.unwrap();
    let of = carla.process().await;
    let process = Process::new(exercise(), &of.acts, of.now, None);
    let observed = process.deadline(shared::process::Milestone::Observations);
    assert_eq!(observed.due(), Some(date("2026-12-01")));
    assert_eq!(observed.days_late(), Some(3));

    // Whoever has the address of somebody's calendar sees the days, until there is another one.
    let feed = body(carla.post("/api/feed", &json!(null)).await).await;
    let feed = feed["address"].as_str().unwrap().to_owned();
    let shown = reqwest::get(&feed).await.unwrap();
    assert_eq!(shown.status(), 200);
    let calendar = shown.text().await.unwrap().replace("\r\n ", "");
    for line in [
        "UID:01-2027-CAL-10@focaliza",
        "DTSTART;VALUE=DATE:20261115",
        "SUMMARY:Hecho: Focalización preliminar · Tarapacá 2027",
        "DTSTART;VALUE=DATE:20261230",
        "TRIGGER",
    ] {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
    carla.post("/api/feed", &json!(null)).await;
    assert_eq!(reqwest::get(&feed).await.unwrap().status(), 404);

    // The council approves one exact version.
    let ana = stage.on("2026-12-10", "ana").await;
    let proposal = stage.on("2026-12-10", "gabriela").await;
    let proposal = proposal.fixes("request-12", VersionKind::Proposal, "2026-12-10").await.unwrap();
    let Act::Version(proposed) = &proposal.act else { panic!("{proposal:?}") };
    let celia = stage.on("2026-12-12", "celia").await;
    let certificate = celia
        .request(Method::POST, "/api/exercises/01-2027/files?name=certificado.pdf")
        .body(b"%PDF-1.7\n%".to_vec())
        .send()
        .await
        .unwrap();
    assert_eq!(certificate.status(), 200);
    let certificate: Attachment = serde_json::from_value(body(certificate).await).unwrap();
    assert_eq!(certificate.media_type, "application/pdf");
    let path = format!("/api/exercises/01-2027/files/{}", certificate.sha256);
    assert_eq!(celia.get(&path).await.bytes().await.unwrap().as_ref(), b"%PDF-1.7\n%");
    let decision = CouncilDecision {
        session: "24".into(),
        is_extraordinary: false,
        held: date("2026-12-12"),
        call: Call::First,
        members: 14,
        attending: 13,
        votes: Votes { favour: 12, against: 1, abstained: 0 },
        agreement: "201/2026".into(),
        is_approved: true,
        version: proposal.number,
        fingerprint: proposed.fingerprint,
        secretary: Official { name: "Quien certifica".into(), ..Official::default() },
        proof: ProofKind::Certificate,
        attachment: Some(certificate),
    };
    let mut other = decision.clone();
    other.fingerprint = Fingerprint::of(b"another version");
    assert_eq!(celia.asks("request-13", Act::Council(other)).await.unwrap_err().0, 422);
    celia.asks("request-14", Act::Council(decision)).await.unwrap();
    assert_eq!(celia.state().await, State::CoreApproved);

    // One row more, and the final is another one.
    let (mut device, _) = Device::open(&ana, 8).await;
    device.place().await;
    let entry = device.push(1).await;
    device.acknowledged(entry).await;
    let gabriela = stage.on("2026-12-29", "gabriela").await;
    let last = gabriela.fixes("request-15", VersionKind::Final, "2026-12-29").await.unwrap();
    let of = gabriela.process().await;
    let process = Process::new(exercise(), &of.acts, of.now, None);
    assert_eq!(process.state, State::FinalIncomplete);
    let Approval::Differs { approved, sent, .. } = process.approval() else {
        panic!("{:?}", process.approval())
    };
    assert_eq!((approved, sent), (proposal.number, last.number));
    let (before, after) = (gabriela.version(approved).await, gabriela.version(sent).await);
    let found = changes(&before, &after);
    assert!(!found.is_empty() && found.iter().all(|one| one.key.row.as_str() == "r8"), "{found:?}");
    let board = body(gabriela.get("/api/board?year=2027").await).await;
    assert_eq!(board[0]["state"], "final_incomplete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_with_nothing_sent_ends_with_the_focus_of_the_year_before() {
    let stage = Stage::start("2026-03-10").await;
    stage.account("ana", "gore_counterpart", Some("01")).await;
    stage.account("otto", "gore_counterpart", Some("05")).await;
    stage.account("carla", "sercotec_manager", None).await;
    let ana = stage.on("2026-03-10", "ana").await;
    let (mut device, _) = Device::open(&ana, 7).await;
    device.place().await;
    let entry = device.push(100).await;
    device.acknowledged(entry).await;
    drop(device);
    let fallback = || {
        Act::Fallback(shared::process::act::Remark { note: "No se envió.".into(), letter: None })
    };
    let carla = stage.on("2026-12-30", "carla").await;
    let (status, message) = carla.asks("request-1", fallback()).await.unwrap_err();
    assert_eq!(status, 422, "the last day has not passed: {message}");
    let carla = stage.on("2026-12-31", "carla").await;
    assert_eq!(carla.state().await, State::FallbackPreviousYear, "time alone brings it");
    let ana = stage.on("2026-12-31", "ana").await;
    assert_eq!(ana.asks("request-2", fallback()).await.unwrap_err().0, 403);
    carla.asks("request-3", fallback()).await.unwrap();
    let board = body(carla.get("/api/board?year=2027").await).await;
    assert_eq!(board[0]["state"], "fallback_previous_year");
    let otto = stage.on("2026-12-31", "otto").await;
    assert_eq!(otto.get("/api/exercises/01-2027/process").await.status(), 404);
    assert_eq!(body(otto.get("/api/board?year=2027").await).await, json!([]));
    assert_eq!(stage.server.browser().get("/api/board?year=2027").await.status(), 401);
}
