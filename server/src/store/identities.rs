//! As whom a provider of identities knows people.

use rusqlite::{Connection, OptionalExtension as _};
use shared::api::people::Event;

use super::{
    Result, Store,
    audit::{self, Note},
    users::{ACCOUNT, Account, account},
};
use crate::oidc::Identity;

impl Store {
    /// Whose account this identity is linked to, also where it is closed.
    pub async fn identified(&self, identity: Identity) -> Result<Option<Account>> {
        self.read(move |db| {
            let query = format!(
                "SELECT {ACCOUNT} FROM identities JOIN users ON users.id = identities.user
                 WHERE identities.hash = ?1"
            );
            Ok(db.query_row(&query, [identity], account).optional()?)
        })
        .await
    }

    /// Whether an account is linked to an identity.
    pub async fn is_linked(&self, user: i64) -> Result<bool> {
        self.read(move |db| {
            let find = "SELECT 1 FROM identities WHERE user = ?1";
            Ok(db.query_row(find, [user], |_| Ok(())).optional()?.is_some())
        })
        .await
    }

    /// Links an account to an identity and to no other; `None` takes the link away. Ends the sessions
    /// that began by what was linked. [`super::Error::Taken`] where another account has it.
    pub async fn link(
        &self,
        of: Account,
        identity: Option<Identity>,
        by: i64,
        now: i64,
    ) -> Result<()> {
        self.write(move |db| {
            link(db, of.id, identity, now)?;
            db.execute("DELETE FROM sessions WHERE user = ?1 AND vouched = 1", [of.id])?;
            let detail = if identity.is_some() { "Vinculada" } else { "Desvinculada" };
            let note = Note {
                event: Event::IdentityChanged,
                by: Some(by),
                about: Some(of.id),
                exercise: None,
                region: of.grant.region,
                detail: detail.into(),
            };
            Ok(audit::write(db, &note, now)?)
        })
        .await
    }
}

/// The same inside of another change.
pub(super) fn link(
    db: &Connection,
    user: i64,
    identity: Option<Identity>,
    now: i64,
) -> rusqlite::Result<()> {
    db.execute("DELETE FROM identities WHERE user = ?1", [user])?;
    if let Some(hash) = identity {
        let insert = "INSERT INTO identities (hash, user, at) VALUES (?1, ?2, ?3)";
        db.execute(insert, (hash, user, now))?;
    }
    Ok(())
}
