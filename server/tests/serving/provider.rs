//! A provider of identities that runs beside a server, and people who go from one to the other.

use std::{collections::BTreeMap, path::Path, process::Stdio, sync::Mutex};

use reqwest::{Client, Response, Url, header, redirect::Policy};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::stage::{Server, body};

/// Where people open the application, as the provider knows it: what is asked there is asked of the
/// server, whose port nobody knows before it runs.
pub const APPLICATION: &str = "http://focaliza.example";
const CALLBACK: &str = "http://focaliza.example/api/session/oidc/callback";
const PINNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc");
/// As the provider's configuration has it.
const SECRET: &str = "secreto de ensayo, ninguno de verdad\n";

/// The provider; killed when dropped.
pub struct Provider {
    process: Child,
    secret: NamedTempFile,
    pub issuer: String,
}

/// Installs what is pinned into `target/oidc`, where it is not there yet.
fn install() -> std::path::PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("oidc");
    std::fs::create_dir_all(&place).unwrap();
    for file in ["package.json", "package-lock.json", "provider.mjs"] {
        std::fs::copy(Path::new(PINNED).join(file), place.join(file)).unwrap();
    }
    let lock = std::fs::read(place.join("package-lock.json")).unwrap();
    let stamp = place.join("installed");
    if !std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        let mut npm = std::process::Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&place);
        let installed = npm.output().expect("npm is needed: `cargo xtask test` installs it");
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        std::fs::write(&stamp, lock).unwrap();
    }
    place
}

impl Provider {
    pub async fn start() -> Self {
        let secret = NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), SECRET).unwrap();
        let place = tokio::task::spawn_blocking(install).await.unwrap();
        let mut command = Command::new("node");
        command.arg("provider.mjs").arg(APPLICATION).current_dir(place).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("Node is needed: `cargo xtask test` installs it");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        loop {
            let line = lines.next_line().await.unwrap().expect("the provider ended at once");
            if line.starts_with("http://127.0.0.1:") {
                return Self { process, secret, issuer: line };
            }
        }
    }

    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// A server that believes it, with more options.
    pub async fn serve(&self, kind: &str, more: &[&str]) -> Server {
        let client = if kind == "claveunica" { "clave" } else { "estandar" };
        let mut options = vec!["--oidc-kind", kind, "--oidc-client", client];
        options.extend(["--oidc-issuer", &self.issuer, "--address", APPLICATION]);
        options.extend(["--oidc-secret", self.secret.path().to_str().unwrap()]);
        options.extend(more);
        Server::start(&options).await
    }
}

/// A browser that is sent from place to place, with the cookies of both.
#[derive(Clone)]
pub struct Traveller {
    client: Client,
    server: String,
    /// By host and name.
    pub cookies: BTreeMap<(String, String), String>,
}

impl Traveller {
    pub fn new(server: &Server) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, server: server.address().into(), cookies: BTreeMap::new() }
    }

    /// Asks once, and keeps what cookies are given.
    pub async fn open(&mut self, address: &str) -> Response {
        self.ask(reqwest::Method::GET, address, &[]).await
    }

    pub async fn ask(
        &mut self,
        method: reqwest::Method,
        address: &str,
        headers: &[(&str, &str)],
    ) -> Response {
        let url = Url::parse(APPLICATION).unwrap().join(address).unwrap();
        let host = url.host_str().unwrap().to_owned();
        let to = url.as_str().replacen(APPLICATION, &self.server, 1);
        let mut request = self.client.request(method, to);
        let own = self.cookies.iter().filter(|((of, _), _)| *of == host);
        let own: Vec<String> = own.map(|((_, name), value)| format!("{name}={value}")).collect();
        request = request.header(header::COOKIE, own.join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let key = (host.clone(), name.to_owned());
            if rest.contains("Max-Age=0") || value.is_empty() {
                self.cookies.remove(&key);
            } else {
                self.cookies.insert(key, value.to_owned());
            }
        }
        answer
    }

    /// A cookie of the application's.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.get(&("focaliza.example".to_owned(), name.to_owned())).cloned()
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(("focaliza.example".into(), name.into()), value.into());
    }

    /// To the provider: where the application sends the browser.
    pub async fn leave(&mut self, query: &str) -> String {
        let answer = self.open(&format!("/api/session/oidc/start{query}")).await;
        location(&answer)
    }

    /// Through the provider's pages as this person, or as nobody: where it sends the browser back.
    pub async fn identify(&mut self, mut address: String, who: Option<&str>) -> String {
        for _ in 0..10 {
            if address.starts_with(APPLICATION) {
                return address;
            }
            if address.contains("/interaction/") {
                address.push_str(&format!("?as={}", who.unwrap_or_default()));
            }
            let answer = self.open(&address).await;
            let status = answer.status();
            assert!(status.is_redirection(), "{address}: {status} {:?}", answer.text().await);
            let next = location(&answer);
            address = Url::parse(&address).unwrap().join(&next).unwrap().into();
        }
        panic!("sent around in circles");
    }

    /// Until the application shows a page: its path.
    pub async fn arrive(&mut self, mut address: String) -> String {
        for _ in 0..10 {
            let path = address.strip_prefix(APPLICATION).unwrap_or(&address);
            if path.starts_with('/') && !path.starts_with("/api/") {
                return path.to_owned();
            }
            let answer = self.open(&address).await;
            assert!(answer.status().is_redirection(), "{address}: {}", answer.status());
            address = location(&answer);
        }
        panic!("sent around in circles");
    }

    /// All the way: the page that is shown in the end.
    pub async fn sign_in(&mut self, query: &str, who: Option<&str>) -> String {
        let away = self.leave(query).await;
        let back = self.identify(away, who).await;
        assert!(back.starts_with(CALLBACK), "{back}");
        self.arrive(back).await
    }

    /// Who the server says is signed in.
    pub async fn who(&mut self) -> Option<String> {
        let answer = self.open("/api/session").await;
        let person: Value = if answer.status() == 200 { body(answer).await } else { json!(null) };
        person["login"].as_str().map(Into::into)
    }
}

pub fn location(answer: &Response) -> String {
    let to = answer.headers().get(header::LOCATION);
    to.map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// One parameter of an address.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(APPLICATION).unwrap().join(address).unwrap();
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}
