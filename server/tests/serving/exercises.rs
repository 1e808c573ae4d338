//! The list of exercises, and who may do what with it.

use serde_json::{Value, json};

use crate::stage::{Browser, Server, body};

fn new(region: &str, budget_year: u16) -> Value {
    json!({ "region": region, "budget_year": budget_year })
}

async fn listed(browser: &Browser) -> Vec<String> {
    let list = body(browser.get("/api/exercises").await).await;
    let ids = list.as_array().unwrap().iter().map(|exercise| exercise["id"].as_str().unwrap());
    ids.map(Into::into).collect()
}

#[tokio::test]
async fn a_region_makes_its_own_exercises_and_sees_no_other() {
    let server = Server::start(&[]).await;
    let ana = server.person("ana", "gore_counterpart", Some("01")).await;
    let luisa = server.person("luisa", "dr_editor", Some("05")).await;
    let reviewer = server.person("sercotec", "sercotec_reviewer", None).await;

    let answer = ana.post("/api/exercises", &new("01", 2027)).await;
    assert_eq!(answer.status(), 200);
    let made = body(answer).await;
    assert_eq!(made["id"], "01-2027");
    assert_eq!((&made["head"], &made["may_edit"]), (&json!(0), &json!(true)));
    let again = body(ana.post("/api/exercises", &new("01", 2027)).await).await;
    assert_eq!(again, made);

    assert_eq!(ana.post("/api/exercises", &new("01", 2028)).await.status(), 200);
    assert_eq!(luisa.post("/api/exercises", &new("05", 2027)).await.status(), 200);
    assert_eq!(luisa.post("/api/exercises", &new("01", 2029)).await.status(), 403);
    let refused = reviewer.post("/api/exercises", &new("01", 2029)).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(
        body(refused).await["message"],
        "Tu rol no permite crear un ejercicio en esta región."
    );

    assert_eq!(listed(&ana).await, ["01-2028", "01-2027"]);
    assert_eq!(listed(&luisa).await, ["05-2027"]);
    assert_eq!(listed(&reviewer).await, ["01-2028", "01-2027", "05-2027"]);
    assert_eq!(server.browser().get("/api/exercises").await.status(), 401);
}

#[tokio::test]
async fn regions_and_years_that_do_not_exist_are_refused() {
    let server = Server::start(&[]).await;
    let manager = server.person("gerencia", "sercotec_manager", None).await;
    for (region, year) in [("00", 2027), ("17", 2027), ("1", 2027), ("01", 1999), ("", 2027)] {
        let answer = manager.post("/api/exercises", &new(region, year)).await;
        assert_eq!(answer.status(), 400, "{region} {year}");
    }
    assert_eq!(manager.post("/api/exercises", &new("16", 2027)).await.status(), 200);
}

#[tokio::test]
async fn health_names_the_database() {
    let mut server = Server::start(&[]).await;
    let health = body(server.browser().get("/api/health").await).await;
    assert_eq!(health["database"], true);
    let epoch = health["epoch"].as_str().unwrap().to_owned();
    assert_eq!(epoch.len(), 16);
    server.kill().await;
    server.start_again().await;
    let health = body(server.browser().get("/api/health").await).await;
    assert_eq!(health["epoch"], epoch);
}
