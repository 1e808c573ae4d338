//! All connections, so that they end with their sessions.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use shared::{
    protocol::{self, Code, ToClient},
    sync::room::ConnId,
};

use super::{Connection, Outgoing};
use crate::{
    app::App,
    auth::session,
    clock,
    error::Failure,
    store::{Account, LiveSession, TokenHash},
};

/// Connections that one account may have: all tabs of all devices, with room for those that are
/// not known to be gone yet.
const PER_ACCOUNT: usize = 64;
/// How often sessions are looked up: whatever ends one, its connections end within so long.
const REVIEW: Duration = Duration::from_secs(2);

/// The connections of this server.
#[derive(Default)]
pub struct Live {
    ids: ConnIds,
    connections: Mutex<HashMap<ConnId, Entry>>,
}

/// Names connections, none twice. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ConnIds(Arc<AtomicU64>);

impl ConnIds {
    /// One that never was.
    pub fn next(&self) -> ConnId {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

struct Entry {
    session: TokenHash,
    account: Account,
    outgoing: Outgoing,
}

impl Live {
    /// Names a connection that never was.
    pub fn new_id(&self) -> ConnId {
        self.ids.next()
    }

    /// Starts a connection of a session.
    pub fn connect(
        &self,
        app: &App,
        session: &LiveSession,
    ) -> Result<(Connection, Outgoing, ConnId), Failure> {
        let LiveSession { token, account, .. } = session;
        let mut connections = self.connections();
        let same = connections.values().filter(|entry| entry.account.id == account.id).count();
        if same >= PER_ACCOUNT {
            let message = "Tienes demasiadas conexiones abiertas. Cierra alguna pestaña.";
            return Err(Failure::new(Code::RateLimited, message).retry_after(30));
        }
        let id = self.new_id();
        let outgoing = Outgoing::default();
        let entry = Entry { session: *token, account: account.clone(), outgoing: outgoing.clone() };
        connections.insert(id, entry);
        let member = account.member();
        let (rooms, ids) = (app.rooms.clone(), self.ids.clone());
        let connection = Connection::new(id, member, outgoing.clone(), rooms, &app.build, ids);
        Ok((connection, outgoing, id))
    }

    /// Forgets a connection.
    pub fn forget(&self, id: ConnId) {
        self.connections().remove(&id);
    }

    /// Ends the connections of a session.
    pub fn end_session(&self, session: TokenHash) {
        for entry in self.connections().values().filter(|entry| entry.session == session) {
            entry.end(Some(Code::Unauthenticated));
        }
    }

    /// Ends all connections; the devices come back to the server that starts next.
    pub fn end_all(&self) {
        for entry in self.connections().values() {
            entry.end(None);
        }
    }

    /// Ends connections whose session is over, and those whose account changed: they come back
    /// and are asked anew what they may do.
    fn review(&self, sessions: &HashMap<TokenHash, Account>) {
        for entry in self.connections().values() {
            match sessions.get(&entry.session) {
                None => entry.end(Some(Code::Unauthenticated)),
                Some(account) if *account != entry.account => entry.end(None),
                Some(_) => {}
            }
        }
    }

    /// Ends at once the connections of whoever may do something else from now on.
    pub async fn review_now(&self, app: &App) {
        match app.store.sessions(session::bounds(clock::now())).await {
            Ok(sessions) => {
                let sessions = sessions.into_iter().map(|live| (live.token, live.account));
                self.review(&sessions.collect());
            }
            Err(error) => tracing::error!(cause = %error, "sessions not looked up"),
        }
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<ConnId, Entry>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn end(&self, code: Option<Code>) {
        if let Some(code) = code {
            let message = ToClient::Failed { exercise: None, code };
            self.outgoing.push(Bytes::from(protocol::encode(&message)));
        }
        self.outgoing.close();
    }
}

/// Looks sessions up for ever: the command line may end them too.
pub async fn watch(app: Arc<App>) {
    loop {
        tokio::time::sleep(REVIEW).await;
        app.polls.forget_silent(&app.live).await;
        app.history.forget_idle().await;
        if app.live.connections().is_empty() {
            continue;
        }
        app.live.review_now(&app).await;
    }
}
