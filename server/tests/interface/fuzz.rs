//! Requests of all kinds to a real server, as the description says, and against it. What comes back
//! must be what is described, and never a failure of the server itself.
//!
//! `FUZZ_CASES` requests for each operation (a few without it), `FUZZ_SEED` to repeat a run.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use jsonschema::Validator;
use reqwest::{Method, Response, header};
use serde_json::{Value, json};

use crate::{
    describe::{self, JSON},
    generate::{Generator, Random},
    stage::{FIRST_VICTIM, Stage},
};

/// Requests for each operation where nobody says how many.
const CASES: usize = 40;
/// Requests that bring JSON for each one that does not: there is more to get wrong.
const WITH_JSON: usize = 6;
/// A run where nobody says how long ends here.
const SHORT: Duration = Duration::from_secs(20);
/// How long an operation that waits is waited for.
const PATIENCE: Duration = Duration::from_millis(100);

/// A request as it was sent, to be shown where its answer is wrong.
#[derive(Debug)]
struct Sent {
    method: Method,
    path: String,
    headers: Vec<(header::HeaderName, String)>,
    body: Option<Vec<u8>>,
}

struct Fuzzer<'a> {
    document: &'a Value,
    stage: Stage,
    generator: Generator<'a>,
    validators: HashMap<String, Validator>,
    statuses: BTreeMap<u16, usize>,
    by_operation: BTreeMap<String, BTreeMap<u16, usize>>,
    problems: Vec<String>,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_makes_the_server_fail_or_answer_what_is_not_described() {
    let document = describe::document();
    let seed = number("FUZZ_SEED").unwrap_or(20_260_321);
    let cases = number("FUZZ_CASES").map(|cases| cases as usize);
    let stage = Stage::start().await;
    let known = stage.known.clone();
    let generator = Generator { document: &document, random: Random(seed), known };
    let (validators, statuses, problems) = (HashMap::new(), BTreeMap::new(), Vec::new());
    let by_operation = BTreeMap::new();
    let mut fuzzer = Fuzzer {
        document: &document,
        stage,
        generator,
        validators,
        statuses,
        by_operation,
        problems,
    };
    let began = server::clock::steady();
    let operations: Vec<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (path.clone(), method.clone()))
        })
        .collect();
    'run: for _ in 0..cases.unwrap_or(CASES) {
        for (path, method) in &operations {
            let has_json =
                !document["paths"][path][method]["requestBody"]["content"][JSON].is_null();
            for _ in 0..if has_json { WITH_JSON } else { 1 } {
                fuzzer.once(path, method).await;
            }
            let is_over = cases.is_none() && began.elapsed() > SHORT;
            if is_over || fuzzer.problems.len() > 20 {
                break 'run;
            }
        }
    }
    let all: usize = fuzzer.statuses.values().sum();
    println!(
        "{all} requests in {:.1} s, seed {seed}, by status: {:?}",
        began.elapsed().as_secs_f64(),
        fuzzer.statuses
    );
    for (operation, statuses) in &fuzzer.by_operation {
        println!("  {operation}: {statuses:?}");
    }
    assert!(fuzzer.problems.is_empty(), "seed {seed}: {:#?}", fuzzer.problems);
    assert!(fuzzer.stage.is_running());
    let log = fuzzer.stage.log();
    for bad in ["panicked", "request not done"] {
        let lines: Vec<_> = log.lines().filter(|line| line.contains(bad)).take(5).collect();
        assert!(lines.is_empty(), "seed {seed}: {lines:#?}");
    }
    for status in [200, 204, 400, 401, 403, 404, 415] {
        assert!(fuzzer.statuses.contains_key(&status), "nothing was answered {status}");
    }
}

impl Fuzzer<'_> {
    async fn once(&mut self, path: &str, method: &str) {
        let operation = &self.document["paths"][path][method];
        let sent = self.request(path, method, operation);
        let mut request = self
            .stage
            .client
            .request(sent.method.clone(), format!("{}{}", self.stage.address, sent.path));
        for (name, value) in &sent.headers {
            // Bytes that no header takes are not sent by any client.
            if let Ok(value) = header::HeaderValue::from_str(value) {
                request = request.header(name, value);
            }
        }
        if let Some(body) = &sent.body {
            request = request.body(body.clone());
        }
        let waits = operation["x-waits"] == true;
        if waits {
            request = request.timeout(PATIENCE);
        }
        match request.send().await {
            Ok(answer) => self.check(&sent, operation, answer).await,
            Err(error) if waits && error.is_timeout() => {}
            // The server answers without reading all of a body that is too large, and closes.
            Err(_) if sent.body.as_ref().is_some_and(|body| body.len() > 64 * 1024) => {}
            Err(error) => self.problem(&sent, &format!("{error:?}")),
        }
    }

    fn problem(&mut self, sent: &Sent, what: &str) {
        let body = sent.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let body: String = body.chars().take(1_500).collect();
        let Sent { method, path, headers, .. } = sent;
        let path: String = path.chars().take(300).collect();
        self.problems.push(format!("{method} {path} {headers:?} {body}: {what}"));
    }

    fn request(&mut self, path: &str, method: &str, operation: &Value) -> Sent {
        let mut address = path.to_owned();
        let mut query = Vec::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let schema = &parameter["schema"];
            let is_part = parameter["in"] == "path";
            let random = &mut self.generator.random;
            let is_left_out = if parameter["required"] == true { 5 } else { 90 };
            if !is_part && random.chance(is_left_out) {
                continue;
            }
            // Who asks is changed by nobody: a closed account would ask for nothing more.
            let is_person = is_part && name == "user";
            let value = if is_person && random.chance(85) {
                json!(FIRST_VICTIM + random.below(2))
            } else if is_person || (random.chance(15) && name != "user") {
                self.generator.hostile()
            } else {
                self.generator.named(&format!("/{name}"), schema)
            };
            let text = match &value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let text: String = text.chars().take(3_000).collect();
            if is_part {
                address = address.replace(&format!("{{{name}}}"), &encoded(&text));
            } else {
                query.push(format!("{name}={}", encoded(&text)));
            }
        }
        if !query.is_empty() {
            address = format!("{address}?{}", query.join("&"));
        }
        let mut headers = self.headers(method, path);
        let body = self.body(operation, &mut headers);
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        Sent { method, path: address, headers, body }
    }

    /// Who asks, from where.
    fn headers(&mut self, method: &str, path: &str) -> Vec<(header::HeaderName, String)> {
        let ends = method == "delete" && path == "/api/session";
        let sessions = if ends { &self.stage.doomed } else { &self.stage.sessions };
        let random = &mut self.generator.random;
        let mut headers = Vec::new();
        match random.below(20) {
            0 => {}
            1 => headers.push((header::COOKIE, "focaliza=zz; focaliza=".into())),
            2 => headers.push((header::COOKIE, format!("focaliza={}", "0".repeat(64)))),
            _ => headers.push((header::COOKIE, random.of(sessions).clone())),
        }
        match random.below(30) {
            0 => {}
            1 => headers.push((header::ORIGIN, "https://otra.example".into())),
            _ => headers.push((header::ORIGIN, self.stage.address.clone())),
        }
        // Attempts are counted by address: a run that stayed at one would see nothing but that.
        let (a, b) = (random.below(250), random.below(250));
        headers.push((header::HeaderName::from_static("x-forwarded-for"), format!("10.9.{a}.{b}")));
        headers
    }

    fn body(
        &mut self,
        operation: &Value,
        headers: &mut Vec<(header::HeaderName, String)>,
    ) -> Option<Vec<u8>> {
        let content = operation["requestBody"]["content"].as_object();
        let Some((kind, media)) = content.and_then(|content| content.iter().next()) else {
            return self.generator.random.chance(5).then(|| b"{\"more\":1}".to_vec());
        };
        let kind = match self.generator.random.below(20) {
            0 => "text/plain",
            1 => "application/json; charset=utf-16",
            2 => "multipart/form-data; boundary=x",
            _ => kind,
        };
        if !self.generator.random.chance(3) {
            headers.push((header::CONTENT_TYPE, kind.into()));
        }
        let Some(schema) = media.get("schema") else { return Some(self.bytes()) };
        let valid = self.generator.valid(schema, 0);
        let body = match self.generator.random.below(20) {
            0..=8 => valid.to_string(),
            9..=15 => self.generator.nearly(&valid).to_string(),
            16 => self.generator.hostile().to_string(),
            17 => valid.to_string().chars().skip(1).collect(),
            18 => format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)),
            _ => return Some(self.bytes()),
        };
        Some(body.into_bytes())
    }

    fn bytes(&mut self) -> Vec<u8> {
        let random = &mut self.generator.random;
        match random.below(6) {
            0 => Vec::new(),
            1 => vec![0xff; 300],
            2 => vec![b' '; 70_000],
            3 => b"%PDF-1.7\n%".to_vec(),
            4 => "{\"format\":\"focaliza\"}".into(),
            _ => (0..random.below(200)).map(|_| random.next() as u8).collect(),
        }
    }

    async fn check(&mut self, sent: &Sent, operation: &Value, answer: Response) {
        let status = answer.status().as_u16();
        *self.statuses.entry(status).or_default() += 1;
        let operation_id = operation["operationId"].as_str().unwrap().to_owned();
        *self.by_operation.entry(operation_id).or_default().entry(status).or_default() += 1;
        let described = &operation["responses"][status.to_string()];
        if answer.status().is_server_error() || described.is_null() {
            let said = answer.text().await.unwrap_or_default();
            self.problem(sent, &format!("{status}: {said}"));
            return;
        }
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
        let content = described["content"].as_object();
        let body = match answer.bytes().await {
            Ok(body) => body,
            Err(error) => return self.problem(sent, &format!("{status}: {error:?}")),
        };
        let Some(content) = content else {
            if !body.is_empty() {
                self.problem(sent, &format!("{status}: a body where none is described"));
            }
            return;
        };
        if content.contains_key("*/*") || (content.contains_key(&kind) && kind != JSON) {
            return;
        }
        if !content.contains_key(&kind) {
            let said = String::from_utf8_lossy(&body).into_owned();
            return self.problem(sent, &format!("{status}: «{kind}» is not described: {said}"));
        }
        let Ok(json) = serde_json::from_slice::<Value>(&body) else {
            return self.problem(sent, &format!("{status}: no JSON"));
        };
        let schema = &content[&kind]["schema"];
        let validator = self.validators.entry(schema.to_string()).or_insert_with(|| {
            let mut schema = schema.clone();
            schema["components"] = self.document["components"].clone();
            jsonschema::validator_for(&schema).expect("a schema")
        });
        let wrong: Vec<_> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if !wrong.is_empty() {
            self.problem(sent, &format!("{status}: {wrong:?}"));
        }
    }
}

/// As a part of an address, with all but the plainest bytes escaped.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
