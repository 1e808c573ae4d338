//! Sessions.

use rusqlite::OptionalExtension as _;

use super::{
    Result, Store,
    users::{ACCOUNT, Account, account},
};

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// A session that may be used, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// Which one.
    pub token: TokenHash,
    /// Whose.
    pub account: Account,
    /// When it was last noted to be in use.
    pub last_seen: i64,
    /// Whether a provider of identities vouched for the person, and keeps a session too.
    pub vouched: bool,
}

/// Sessions that were not used since, or started before, are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Must have been seen after this.
    pub seen_after: i64,
    /// Must have started after this.
    pub created_after: i64,
}

const LIVE: &str = "FROM sessions JOIN users ON users.id = sessions.user
    WHERE users.disabled = 0 AND sessions.last_seen > ?1 AND sessions.created > ?2";

impl Store {
    /// Starts a session, and forgets those that are over. `vouched`: a provider of identities says who
    /// it is.
    pub async fn start_session(
        &self,
        token: TokenHash,
        user: i64,
        vouched: bool,
        now: i64,
        bounds: Bounds,
    ) -> Result<()> {
        self.write(move |db| {
            db.prepare_cached("DELETE FROM sessions WHERE last_seen <= ?1 OR created <= ?2")?
                .execute((bounds.seen_after, bounds.created_after))?;
            db.prepare_cached(
                "INSERT INTO sessions (token, user, vouched, created, last_seen)
                 VALUES (?1, ?2, ?3, ?4, ?4)",
            )?
            .execute((token, user, vouched, now))?;
            Ok(())
        })
        .await
    }

    /// The session of this token, unless it is over.
    pub async fn session(&self, token: TokenHash, bounds: Bounds) -> Result<Option<LiveSession>> {
        self.read(move |db| {
            let query = format!(
                "SELECT {ACCOUNT}, sessions.last_seen, sessions.vouched {LIVE}
                 AND sessions.token = ?3"
            );
            let found = db.prepare_cached(&query)?.query_row(
                (bounds.seen_after, bounds.created_after, token),
                |row| {
                    let (account, last_seen, vouched) = (account(row)?, row.get(7)?, row.get(8)?);
                    Ok(LiveSession { token, account, last_seen, vouched })
                },
            );
            Ok(found.optional()?)
        })
        .await
    }

    /// All sessions that are not over.
    pub async fn sessions(&self, bounds: Bounds) -> Result<Vec<LiveSession>> {
        self.read(move |db| {
            let query = format!(
                "SELECT {ACCOUNT}, sessions.last_seen, sessions.vouched, sessions.token {LIVE}"
            );
            let mut query = db.prepare_cached(&query)?;
            let live = query.query_map((bounds.seen_after, bounds.created_after), |row| {
                let (account, last_seen, vouched) = (account(row)?, row.get(7)?, row.get(8)?);
                Ok(LiveSession { token: row.get(9)?, account, last_seen, vouched })
            })?;
            Ok(live.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Notes that a session is in use.
    pub async fn touch_session(&self, token: TokenHash, now: i64) -> Result<()> {
        self.write(move |db| {
            db.execute("UPDATE sessions SET last_seen = ?2 WHERE token = ?1", (token, now))?;
            Ok(())
        })
        .await
    }

    /// Ends a session.
    pub async fn end_session(&self, token: TokenHash) -> Result<()> {
        self.write(move |db| {
            db.execute("DELETE FROM sessions WHERE token = ?1", [token])?;
            Ok(())
        })
        .await
    }
}
