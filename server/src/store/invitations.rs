//! Ways in that were given to people.

use rusqlite::{Connection, OptionalExtension as _, Row};
use shared::{
    access::Grant,
    api::people::{Event, Pending},
};

use super::{
    Error, Result, Store, TokenHash,
    audit::{self, Note},
    identities,
    users::grant,
};
use crate::oidc::Identity;

/// What somebody who was invited gets in by from now on.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// A password; its hash.
    Password(String),
    /// What a provider of identities says.
    Identity(Identity),
}

/// An invitation to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Hash of the secret in it.
    pub token: TokenHash,
    /// Whose password is to be another; `None` for somebody who gets an account.
    pub user: Option<i64>,
    /// In lower case.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    pub grant: Grant,
    /// Acts for whoever holds the office.
    pub acting: bool,
    /// Who invites.
    pub by: i64,
    /// When it ends.
    pub expires: i64,
}

const COLUMNS: &str = "invitations.id, invitations.user, invitations.login, invitations.name,
    invitations.role, invitations.region, invitations.acting, invitations.expires";

/// An invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    id: i64,
    user: Option<i64>,
    acting: bool,
    expires: i64,
    /// In lower case.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    pub grant: Grant,
}

impl Invited {
    /// Who has an account and chooses another password.
    #[must_use]
    pub fn user(&self) -> Option<i64> {
        self.user
    }

    /// Whether somebody who has an account chooses another password.
    #[must_use]
    pub fn is_reset(&self) -> bool {
        self.user.is_some()
    }
}

fn invited(row: &Row<'_>) -> rusqlite::Result<Invited> {
    Ok(Invited {
        id: row.get(0)?,
        user: row.get(1)?,
        login: row.get(2)?,
        name: row.get(3)?,
        grant: grant(row, 4)?,
        acting: row.get(6)?,
        expires: row.get(7)?,
    })
}

fn find(db: &Connection, token: TokenHash, now: i64) -> rusqlite::Result<Option<Invited>> {
    let query = format!(
        "SELECT {COLUMNS} FROM invitations WHERE token = ?1 AND ended IS NULL AND expires > ?2"
    );
    db.query_row(&query, (token, now), invited).optional()
}

impl Store {
    /// Invites somebody; earlier invitations of the same login end. [`Error::Taken`] where there is
    /// an account of that login already.
    pub async fn invite(&self, new: NewInvitation, now: i64) -> Result<()> {
        self.write(move |db| {
            let taken = "SELECT 1 FROM users WHERE login = ?1";
            let is_taken = db.query_row(taken, [&new.login], |_| Ok(())).optional()?.is_some();
            if new.user.is_none() && is_taken {
                return Err(Error::Taken);
            }
            let end = "UPDATE invitations SET ended = ?2 WHERE login = ?1 AND ended IS NULL";
            db.execute(end, (&new.login, now))?;
            let Grant { role, region } = &new.grant;
            db.execute(
                "INSERT INTO invitations
                 (token, user, login, name, role, region, acting, by, created, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                (
                    new.token,
                    new.user,
                    &new.login,
                    &new.name,
                    role.as_str(),
                    region,
                    new.acting,
                    new.by,
                    now,
                    new.expires,
                ),
            )?;
            let note = Note {
                event: Event::Invited,
                by: Some(new.by),
                about: new.user,
                exercise: None,
                region: region.clone(),
                detail: format!("{} ({}), {}", new.name, new.login, role.title()),
            };
            Ok(audit::write(db, &note, now)?)
        })
        .await
    }

    /// The invitations that wait, the latest first, each with the grant that it gives.
    pub async fn pending(&self, now: i64) -> Result<Vec<Pending>> {
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {COLUMNS}, users.name FROM invitations
                 JOIN users ON users.id = invitations.by
                 WHERE ended IS NULL AND expires > ?1 ORDER BY invitations.id DESC"
            ))?;
            let pending = query.query_map([now], |row| {
                let Invited { id, user, login, name, grant, expires, .. } = invited(row)?;
                let by = row.get(8)?;
                Ok(Pending { id, login, name, grant, is_reset: user.is_some(), by, expires })
            })?;
            Ok(pending.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Takes an invitation back. `false` where it does not wait any more.
    pub async fn revoke(&self, pending: Pending, by: i64, now: i64) -> Result<bool> {
        self.write(move |db| {
            let end = "UPDATE invitations SET ended = ?2 WHERE id = ?1 AND ended IS NULL";
            if db.execute(end, (pending.id, now))? == 0 {
                return Ok(false);
            }
            let note = Note {
                event: Event::InvitationRevoked,
                by: Some(by),
                about: None,
                exercise: None,
                region: pending.grant.region,
                detail: format!("{} ({})", pending.name, pending.login),
            };
            audit::write(db, &note, now)?;
            Ok(true)
        })
        .await
    }

    /// The invitation with this secret, while it waits.
    pub async fn invitation(&self, token: TokenHash, now: i64) -> Result<Option<Invited>> {
        self.read(move |db| Ok(find(db, token, now)?)).await
    }

    /// Makes the account that an invitation promises, or lets somebody into the one that is there by
    /// something else than before, which ends its sessions; the login. `None` where the invitation
    /// does not wait any more. [`Error::Taken`] where somebody else got that login meanwhile, or has
    /// that identity.
    pub async fn accept(&self, token: TokenHash, proof: Proof, now: i64) -> Result<Option<String>> {
        self.write(move |db| {
            let Some(invited) = find(db, token, now)? else { return Ok(None) };
            // No password matches an empty hash.
            let hash = if let Proof::Password(hash) = &proof { hash } else { "" };
            let (user, event) = match invited.user {
                Some(user) => {
                    let event = match &proof {
                        Proof::Password(hash) => {
                            let change = "UPDATE users SET password = ?2 WHERE id = ?1";
                            db.execute(change, (user, hash))?;
                            Event::PasswordChanged
                        }
                        Proof::Identity(_) => Event::IdentityChanged,
                    };
                    db.execute("DELETE FROM sessions WHERE user = ?1", [user])?;
                    (user, event)
                }
                None => {
                    let Grant { role, region } = &invited.grant;
                    db.execute(
                        "INSERT INTO users (login, name, role, region, password, acting, created)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        (
                            &invited.login,
                            &invited.name,
                            role.as_str(),
                            region,
                            hash,
                            invited.acting,
                            now,
                        ),
                    )?;
                    (db.last_insert_rowid(), Event::InvitationAccepted)
                }
            };
            if let Proof::Identity(identity) = proof {
                identities::link(db, user, Some(identity), now)?;
            }
            db.execute("UPDATE invitations SET ended = ?2 WHERE id = ?1", (invited.id, now))?;
            let note = Note {
                event,
                by: Some(user),
                about: Some(user),
                exercise: None,
                region: invited.grant.region,
                detail: String::new(),
            };
            audit::write(db, &note, now)?;
            Ok(Some(invited.login))
        })
        .await
    }
}
