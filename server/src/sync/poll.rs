//! Frames over plain requests, for networks that block WebSockets.
//!
//! `POST /api/sync/poll` brings frames, each with its length in front, and takes those that wait
//! for the device; where there are none it waits for some. The first answer names the connection
//! in its header `focaliza-connection`; the requests after it repeat that. One request waits at a
//! time: the next one sends the one before home empty-handed. When a request fails, or is answered
//! 410, the connection is over and the device starts another one, as after a broken socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{
    protocol::{self, Code},
    sync::room::ConnId,
};
use tokio::{
    sync::{Mutex as AsyncMutex, Notify},
    time::timeout,
};

use super::{Closed, Connection, Live, Outgoing};
use crate::{
    app::App, auth::session::SignedIn, clock, error::Failure, routes::Raw, store::TokenHash,
};

/// Names the connection in requests and answers.
const CONNECTION: &str = "focaliza-connection";
/// How long a request waits for frames: below what proxies allow.
const WAIT: Duration = Duration::from_secs(25);
/// A connection that asks for nothing any more is over.
const SILENT: Duration = Duration::from_secs(60);

/// The connections that consist of requests.
#[derive(Default)]
pub struct Polls(Mutex<HashMap<String, Arc<Poll>>>);

struct Poll {
    id: ConnId,
    session: TokenHash,
    connection: AsyncMutex<Option<Connection>>,
    outgoing: Outgoing,
    /// The next request is here.
    next: Notify,
    asked: Mutex<Instant>,
}

/// Takes frames and gives frames.
pub async fn exchange(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, Failure> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/octet-stream") {
        let message = "Los datos deben venir como «application/octet-stream».";
        return Err(
            Failure::new(Code::Malformed, message).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        );
    }
    let (name, poll) = match headers.get(CONNECTION) {
        Some(name) => app.polls.find(name, signed_in.0.token).ok_or_else(over)?,
        None => app.polls.connect(&app, &signed_in)?,
    };
    poll.next.notify_waiters();
    let next = poll.next.notified();
    poll.is_asked();
    poll.receive(&body).await;
    let frames = tokio::select! {
        frames = timeout(WAIT, poll.outgoing.take()) => frames.unwrap_or(Ok(Vec::new())),
        () = next => Ok(Vec::new()),
    };
    poll.is_asked();
    let Ok(frames) = frames else {
        app.polls.all().remove(&name);
        poll.end(&app.live).await;
        return Err(over());
    };
    let body = protocol::join(frames.iter().map(|frame| &frame[..]));
    let name = HeaderValue::from_str(&name).map_err(|error| Failure::unavailable(&error))?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::HeaderName::from_static(CONNECTION), name), (header::CONTENT_TYPE, kind)], body)
        .into_response())
}

fn over() -> Failure {
    Failure::new(Code::Malformed, "Esta conexión terminó.").with_status(StatusCode::GONE)
}

impl Polls {
    /// Ends connections that nobody asks about any more.
    pub async fn forget_silent(&self, live: &Live) {
        let silent: Vec<_> = {
            let mut all = self.all();
            all.extract_if(|_, poll| poll.asked().elapsed() > SILENT).collect()
        };
        for (_, poll) in silent {
            poll.outgoing.close();
            poll.end(live).await;
        }
    }

    fn find(&self, name: &HeaderValue, session: TokenHash) -> Option<(String, Arc<Poll>)> {
        let name = name.to_str().ok()?;
        let poll = self.all().get(name).filter(|poll| poll.session == session).cloned()?;
        Some((name.to_owned(), poll))
    }

    fn connect(&self, app: &App, signed_in: &SignedIn) -> Result<(String, Arc<Poll>), Failure> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Failure::unavailable(&error))?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let (connection, outgoing, id) = app.live.connect(app, &signed_in.0)?;
        let poll = Arc::new(Poll {
            id,
            session: signed_in.0.token,
            connection: AsyncMutex::new(Some(connection)),
            outgoing,
            next: Notify::new(),
            asked: Mutex::new(clock::steady()),
        });
        self.all().insert(name.clone(), Arc::clone(&poll));
        tracing::info!(user = signed_in.0.account.id, conn = id, "polling begins");
        Ok((name, poll))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Poll>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Poll {
    /// Takes the frames of a request, up to the first that ends the connection.
    async fn receive(&self, body: &[u8]) {
        let mut connection = self.connection.lock().await;
        let Some(connection) = connection.as_mut() else { return };
        let frames = match protocol::split(body) {
            Ok(frames) => frames,
            Err(code) => {
                connection.refuse(code);
                return;
            }
        };
        for frame in frames {
            if let Err(Closed) = connection.receive(frame).await {
                return;
            }
        }
    }

    async fn end(&self, live: &Live) {
        if let Some(connection) = self.connection.lock().await.take() {
            connection.leave().await;
            live.forget(self.id);
            tracing::info!(conn = self.id, "polling ended");
        }
    }

    fn is_asked(&self) {
        *self.asked() = clock::steady();
    }

    fn asked(&self) -> MutexGuard<'_, Instant> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
