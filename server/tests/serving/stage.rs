//! A running server with an empty database, and people who speak with it.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};

use reqwest::{Client, Method, RequestBuilder, Response, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// The password of everybody here.
pub const PASSWORD: &str = "pampa del tamarugal";

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_focaliza");

/// A server; killed, and its data removed, when dropped.
pub struct Server {
    directory: TempDir,
    options: Vec<String>,
    running: Option<(Child, String)>,
}

/// Somebody with a cookie of their own.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub address: String,
    pub cookie: Option<String>,
}

impl Server {
    pub async fn start(options: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        site(&directory.path().join("dist"));
        let options = options.iter().map(ToString::to_string).collect();
        let mut server = Self { directory, options, running: None };
        server.start_again().await;
        server
    }

    pub async fn start_again(&mut self) {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--data"]).arg(self.data());
        command.arg("--dist").arg(self.directory.path().join("dist")).args(&self.options);
        self.running = Some(run(command).await);
    }

    pub async fn kill(&mut self) {
        let (mut process, _) = self.running.take().unwrap();
        process.kill().await.unwrap();
    }

    /// Asks the server to end, and waits until it has.
    #[cfg(unix)]
    pub async fn terminate(&mut self) -> ExitStatus {
        let (mut process, _) = self.running.take().unwrap();
        let id = process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        timeout(Duration::from_secs(10), process.wait()).await.expect("it goes on").unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub fn dist(&self) -> PathBuf {
        self.directory.path().join("dist")
    }

    /// `http://127.0.0.1:…`
    pub fn address(&self) -> &str {
        &self.running.as_ref().unwrap().1
    }

    pub fn browser(&self) -> Browser {
        Browser { client: Client::new(), address: self.address().into(), cookie: None }
    }

    /// Makes an account and signs in with it.
    pub async fn person(&self, login: &str, role: &str, region: Option<&str>) -> Browser {
        self.account(login, role, region).await;
        let mut browser = self.browser();
        let answer = browser.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
        browser
    }

    pub async fn account(&self, login: &str, role: &str, region: Option<&str>) {
        let mut line = vec!["user", "add", "--login", login, "--name", login, "--role", role];
        line.extend(["--password", PASSWORD]);
        if let Some(region) = region {
            line.extend(["--region", region]);
        }
        let output = focaliza(&self.data(), &line).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Runs another command of the program on a data directory.
pub async fn focaliza(data: &Path, line: &[&str]) -> Output {
    program(&[line, &["--data", data.to_str().unwrap()]].concat()).await
}

/// Runs another command of the program.
pub async fn program(line: &[&str]) -> Output {
    Command::new(PROGRAM).args(line).stdin(Stdio::null()).output().await.unwrap()
}

/// Starts a server and reads its address from what it prints.
pub async fn run(mut command: Command) -> (Child, String) {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut process = command.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("the server ended at once");
        if let Some(address) = line.strip_prefix("Focaliza atiende en ") {
            return (process, address.to_owned());
        }
    }
}

/// What `cargo xtask dist` writes, in small.
fn site(dist: &Path) {
    let assets = dist.join("assets");
    std::fs::create_dir_all(&assets).unwrap();
    std::fs::write(dist.join("index.html"), "<!doctype html><title>Focaliza</title>").unwrap();
    std::fs::write(assets.join("app-1.js"), "plain").unwrap();
    std::fs::write(assets.join("app-1.js.br"), "brotli").unwrap();
    std::fs::write(assets.join("app-1.js.gz"), "gzip").unwrap();
}

impl Browser {
    /// A request as a page of the application makes it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address));
        let request = request.header(header::ORIGIN, &self.address);
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Response {
        let body = json!({ "login": login, "password": password });
        let answer = self.post("/api/session", &body).await;
        self.keep_cookie(&answer);
        answer
    }

    pub fn keep_cookie(&mut self, answer: &Response) {
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(Into::into);
        }
    }
}

pub async fn body(answer: Response) -> Value {
    answer.json().await.unwrap()
}
