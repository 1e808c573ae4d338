//! Accounts.

use rusqlite::{Connection, OptionalExtension as _, Row, types::Type};
use shared::{
    access::{Grant, Role},
    api::STORAGE_KEY_BYTES,
    sync::room::Member,
};

use super::{Result, Store};

/// An account as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number, never used again.
    pub id: i64,
    /// What the person types to sign in, in lower case.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    pub grant: Grant,
    /// Acts for whoever holds the office (*subrogante*).
    pub acting: bool,
    /// Whether it may not be used any more.
    pub disabled: bool,
}

impl Account {
    /// The person, as a room knows them.
    #[must_use]
    pub fn member(&self) -> Member {
        Member { user: self.id, name: self.name.clone(), grant: self.grant.clone() }
    }
}

/// An account to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// In lower case.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    pub grant: Grant,
    /// The password's hash (PHC string).
    pub password: String,
}

/// What closes the things that a person keeps on devices.
pub type StorageKey = [u8; STORAGE_KEY_BYTES];

/// The account that files are read in by from the command line. Nobody can sign in with it.
pub const IMPORTER: i64 = 0;

/// Columns that [`account`] reads, in its order.
pub(super) const ACCOUNT: &str =
    "users.id, users.login, users.name, users.role, users.region, users.acting, users.disabled";

pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        grant: grant(row, 3)?,
        acting: row.get(5)?,
        disabled: row.get(6)?,
    })
}

/// The role in this column and the region in the next.
pub(super) fn grant(row: &Row<'_>, column: usize) -> rusqlite::Result<Grant> {
    let role: String = row.get(column)?;
    let role = Role::parse(&role).ok_or_else(|| {
        let cause = format!("rol desconocido: {role}").into();
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, cause)
    })?;
    Ok(Grant { role, region: row.get(column + 1)? })
}

impl Store {
    /// Makes an account and says its number; [`super::Error::Taken`] where the login is in use.
    pub async fn add_account(&self, new: NewAccount, now: i64) -> Result<i64> {
        self.write(move |db| {
            let Grant { role, region } = &new.grant;
            db.execute(
                "INSERT INTO users (login, name, role, region, password, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (&new.login, &new.name, role.as_str(), region, &new.password, now),
            )?;
            Ok(db.last_insert_rowid())
        })
        .await
    }

    /// All accounts, by login.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        self.read(|db| {
            let query = format!("SELECT {ACCOUNT} FROM users WHERE id > {IMPORTER} ORDER BY login");
            let mut query = db.prepare(&query)?;
            Ok(query.query_map([], account)?.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The account of this login and its password's hash.
    pub async fn account(&self, login: String) -> Result<Option<(Account, String)>> {
        self.read(move |db| {
            let query = format!("SELECT {ACCOUNT}, password FROM users WHERE login = ?1");
            let found = db.query_row(&query, [login], |row| Ok((account(row)?, row.get(7)?)));
            Ok(found.optional()?)
        })
        .await
    }

    /// The key that closes what a person keeps on devices: this one from now on, where there is none
    /// yet. `None` where there is no such account.
    pub async fn storage_key(&self, user: i64, new: StorageKey) -> Result<Option<StorageKey>> {
        self.write(move |db| {
            let draw = "UPDATE users SET storage_key = ?2 WHERE id = ?1 AND storage_key IS NULL";
            db.execute(draw, (user, new))?;
            let find = "SELECT storage_key FROM users WHERE id = ?1";
            Ok(db.query_row(find, [user], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Allows an account or forbids it, which ends its sessions. `false` where there is none.
    pub async fn set_disabled(&self, login: String, disabled: bool) -> Result<bool> {
        self.change_account(login, move |db, id| {
            db.execute("UPDATE users SET disabled = ?2 WHERE id = ?1", (id, disabled))
        })
        .await
    }

    /// Gives an account another password, which ends its sessions. `false` where there is none.
    pub async fn set_password(&self, login: String, hash: String) -> Result<bool> {
        self.change_account(login, move |db, id| {
            db.execute("UPDATE users SET password = ?2 WHERE id = ?1", (id, hash))
        })
        .await
    }

    async fn change_account(
        &self,
        login: String,
        change: impl FnOnce(&Connection, i64) -> rusqlite::Result<usize> + Send + 'static,
    ) -> Result<bool> {
        self.write(move |db| {
            let find = "SELECT id FROM users WHERE login = ?1";
            let id: Option<i64> = db.query_row(find, [login], |row| row.get(0)).optional()?;
            let Some(id) = id else { return Ok(false) };
            change(db, id)?;
            db.execute("DELETE FROM sessions WHERE user = ?1", [id])?;
            Ok(true)
        })
        .await
    }
}
