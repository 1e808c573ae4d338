//! What every request can reach.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use axum::http::HeaderMap;
use shared::ids::ExerciseId;

use crate::{
    auth::{
        attempts::{Attempts, TooMany},
        cookie::Cookie,
        password::Passwords,
    },
    clock,
    history::History,
    oidc::Oidc,
    store::Store,
    sync::{Live, Polls, Rooms},
};

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Directory of the built application.
    pub dist: PathBuf,
    /// How the session's cookie is marked.
    pub cookie: Cookie,
    /// Whether a proxy stands before the server and says the address of whoever asks.
    pub trust_proxy: bool,
    /// Days that people may write on a device that does not meet the server.
    pub offline_days: u16,
    /// The meeting that it is for; `None` for the central one.
    pub meeting: Option<AtMeeting>,
}

/// The meeting that this server is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtMeeting {
    /// What it is about.
    pub exercise: ExerciseId,
    /// Whoever knows it may take part.
    pub code: String,
    /// Where tablets of the same network find this server: `http://192.168.1.20:8080`.
    pub address: String,
}

impl AtMeeting {
    /// What tablets scan.
    #[must_use]
    pub fn way(&self) -> String {
        format!("{}/reunion/{}", self.address, self.code)
    }
}

/// The server's parts.
pub struct App {
    /// How it is set up.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// Who else vouches for people, if anybody.
    pub oidc: Option<Oidc>,
    /// Compares passwords.
    pub passwords: Passwords,
    /// The open exercises.
    pub rooms: Rooms,
    /// The connections of devices.
    pub live: Live,
    /// Those of them that cannot use WebSockets.
    pub polls: Polls,
    /// The build of the application that is offered; empty where there is none.
    pub build: String,
    /// What became of the exercises.
    pub history: History,
    /// Held while a file is read in.
    pub importing: tokio::sync::Mutex<()>,
    /// Held while an act is registered: what may be registered depends on those before it.
    pub registering: tokio::sync::Mutex<()>,
    attempts: Mutex<Attempts>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(config: Config, store: Store, passwords: Passwords, oidc: Option<Oidc>) -> Self {
        let build = crate::files::build(&config.dist);
        Self {
            rooms: Rooms::new(store.clone()),
            live: Live::default(),
            polls: Polls::default(),
            history: History::new(store.clone()),
            config,
            store,
            passwords,
            oidc,
            build,
            importing: tokio::sync::Mutex::default(),
            registering: tokio::sync::Mutex::default(),
            attempts: Mutex::default(),
        }
    }

    /// Counts an attempt to sign in.
    pub fn begin_attempt(&self, login: &str, address: IpAddr) -> Result<(), TooMany> {
        self.attempts().begin(login, address, clock::now())
    }

    /// Notes that an attempt was right.
    pub fn attempt_succeeded(&self, login: &str, address: IpAddr) {
        self.attempts().succeeded(login, address);
    }

    /// The address that a request came from: of a proxy, what it appended last.
    #[must_use]
    pub fn client_address(&self, headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
        let forwarded = || {
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let forwarded = if self.config.trust_proxy { forwarded() } else { None };
        forwarded.unwrap_or(peer.ip())
    }

    fn attempts(&self) -> std::sync::MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
