//! What became of an exercise, as the server tells it.

use std::time::Duration;

use reqwest::Response;
use shared::{
    doc::Document,
    edit::Edit,
    history::{Since, Step, WorkSession},
    ids::Peer,
    key::Key,
    model::Cell,
    value::Value,
};

use crate::{
    device::{Device, exercise},
    stage::Server,
};

fn path(rest: &str) -> String {
    format!("/api/exercises/{}/{rest}", exercise())
}

async fn read<T: serde::de::DeserializeOwned>(answer: Response) -> T {
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

async fn apply(device: &mut Device, edits: &[Edit]) {
    let update = device.writer.document.apply(edits).unwrap().update;
    device.writer.entry += 1;
    device.send(&device.writer.push(update)).await;
    device.acknowledged(device.writer.entry).await;
}

fn money(pesos: i64) -> Edit {
    let key = Key::parse("focus/r1/budget").unwrap();
    Edit::SetCell { key, value: Some(Value::Money(pesos)) }
}

fn typed(at: usize, text: &str) -> Edit {
    let key = Key::parse("focus/r1/description").unwrap();
    Edit::SpliceText { key, at, delete: 0, insert: text.into() }
}

#[tokio::test]
async fn a_cell_has_its_history_and_an_exercise_its_past() {
    let mut server = Server::start(&[]).await;
    let mut ana = server.person("ana", "gore_editor", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("01")).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    let (mut l, _) = Device::open(&luisa, 200).await;
    apply(&mut a, &[money(1), typed(0, "Fe")]).await;
    apply(&mut a, &[typed(2, "ria")]).await;
    l.until(|_, entry| entry == 2).await;
    // The second entry reached her as well: her document goes on from it.
    l.writer.document.merge(&a.writer.document.snapshot()).unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let sessions: Vec<WorkSession> = read(ana.get(&path("sessions")).await).await;
    let moment = sessions[0].to;
    tokio::time::sleep(Duration::from_millis(5)).await;
    apply(&mut l, &[money(2)]).await;

    // Also after a restart, and again when something was added.
    for round in 0..2 {
        let steps: Vec<Step> = read(ana.get(&path("history?key=focus/r1/budget")).await).await;
        let names: Vec<_> = steps.iter().map(|step| step.author.clone().unwrap().name).collect();
        assert_eq!(names, ["luisa", "ana"]);
        assert_eq!(steps[0].before, Some(Cell::Value(Value::Money(1))));
        assert_eq!(steps[0].after, Some(Cell::Value(Value::Money(2))));
        assert!(steps[0].at.unwrap() > moment);
        let steps: Vec<Step> = read(ana.get(&path("history?key=focus/r1/description")).await).await;
        assert_eq!(steps.len(), 1, "typing is one step");
        assert_eq!(steps[0].after, Some(Cell::Narrative("Feria".into())));
        if round == 0 {
            server.kill().await;
            server.start_again().await;
            ana.address = server.address().into();
        }
    }

    let past: Since = read(ana.get(&path(&format!("past?at={moment}"))).await).await;
    assert_eq!((past.seq, past.head, past.total), (2, 3, 1));
    let told = &past.differences[0];
    assert_eq!(told.difference.key.to_string(), "focus/r1/budget");
    assert_eq!(told.difference.before, Some(Cell::Value(Value::Money(1))));
    assert_eq!(told.author.clone().unwrap().name, "luisa");

    let document = ana.get(&path(&format!("past/document?at={moment}"))).await.bytes().await;
    let then = Document::load(exercise(), Peer::SERVER, [&document.unwrap()[..]]).unwrap();
    let row = then.exercise().row(told.difference.key.table, &told.difference.key.row).unwrap();
    assert_eq!(row.value("budget"), Some(&Value::Money(1)));
    let file = ana.get(&path(&format!("past/export?at={moment}"))).await;
    assert!(file.headers()["content-disposition"].to_str().unwrap().contains("01-2027-2.json"));
    let file = file.text().await.unwrap();
    assert!(shared::exchange::import(&file).is_ok(), "{file}");
    let empty = ana.get(&path("past/document?at=0")).await.bytes().await.unwrap();
    let then = Document::load(exercise(), Peer::SERVER, [&empty[..]]).unwrap();
    assert_eq!(then.exercise(), Document::new(exercise(), Peer::SERVER).exercise());
}

#[tokio::test]
async fn histories_are_for_those_who_may_read() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_editor", Some("01")).await;
    let foreign = server.person("otra", "gore_editor", Some("05")).await;
    let reviewer = server.person("revisora", "sercotec_reviewer", None).await;
    let (mut a, _) = Device::open(&ana, 100).await;
    apply(&mut a, &[money(1)]).await;
    for rest in [
        "history?key=focus/r1/budget",
        "sessions",
        "past?at=9999999999999",
        "past/document?at=9999999999999",
        "past/export?at=9999999999999",
    ] {
        assert_eq!(foreign.get(&path(rest)).await.status(), 404, "{rest}");
        assert_eq!(server.browser().get(&path(rest)).await.status(), 401, "{rest}");
        assert_eq!(reviewer.get(&path(rest)).await.status(), 200, "{rest}");
    }
    for bad in ["history?key=", "history?key=focus/r1/places/01101", "history", "past?at=ayer"] {
        assert_eq!(ana.get(&path(bad)).await.status(), 400, "{bad}");
    }
    assert_eq!(ana.get("/api/exercises/01-2031/sessions").await.status(), 404);
}
