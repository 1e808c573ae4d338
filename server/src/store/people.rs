//! Accounts, for whoever manages them.

use rusqlite::OptionalExtension as _;
use shared::{
    access::Grant,
    api::people::{ChangePerson, Event, Managed},
};

use super::{
    Result, Store, TokenHash,
    audit::{self, Note},
    users::{ACCOUNT, Account, IMPORTER, account},
};

impl Store {
    /// All accounts, by name, with when they were last used.
    pub async fn managed(&self) -> Result<Vec<Managed>> {
        self.read(|db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {ACCOUNT},
                    (SELECT max(last_seen) FROM sessions WHERE sessions.user = users.id)
                 FROM users WHERE id > {IMPORTER} ORDER BY name, id"
            ))?;
            let people = query.query_map([], |row| {
                let Account { id, login, name, grant, acting, disabled } = account(row)?;
                let last_seen = row.get(7)?;
                Ok(Managed { user: id, login, name, grant, acting, disabled, last_seen })
            })?;
            Ok(people.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The account of this number.
    pub async fn account_of(&self, user: i64) -> Result<Option<Account>> {
        self.read(move |db| {
            let query = format!("SELECT {ACCOUNT} FROM users WHERE id = ?1 AND id > {IMPORTER}");
            Ok(db.query_row(&query, [user], account).optional()?)
        })
        .await
    }

    /// Gives the address of a person's calendar another secret.
    pub async fn set_feed(&self, user: i64, token: TokenHash) -> Result<()> {
        self.write(move |db| {
            db.execute("UPDATE users SET feed = ?2 WHERE id = ?1", (user, token))?;
            Ok(())
        })
        .await
    }

    /// Whose calendar has this secret, unless the account is closed.
    pub async fn of_feed(&self, token: TokenHash) -> Result<Option<Account>> {
        self.read(move |db| {
            let query = format!("SELECT {ACCOUNT} FROM users WHERE feed = ?1 AND disabled = 0");
            Ok(db.query_row(&query, [token], account).optional()?)
        })
        .await
    }

    /// Changes an account, and ends its sessions where it is closed.
    pub async fn change_person(
        &self,
        before: Account,
        change: ChangePerson,
        by: i64,
        now: i64,
    ) -> Result<()> {
        self.write(move |db| {
            let Grant { role, region } = &change.grant;
            db.execute(
                "UPDATE users SET name = ?2, role = ?3, region = ?4, acting = ?5, disabled = ?6
                 WHERE id = ?1",
                (before.id, &change.name, role.as_str(), region, change.acting, change.disabled),
            )?;
            if change.disabled {
                db.execute("DELETE FROM sessions WHERE user = ?1", [before.id])?;
            }
            for (event, detail) in events(&before, &change) {
                let note = Note {
                    event,
                    by: Some(by),
                    about: Some(before.id),
                    exercise: None,
                    region: region.clone().or_else(|| before.grant.region.clone()),
                    detail,
                };
                audit::write(db, &note, now)?;
            }
            Ok(())
        })
        .await
    }
}

/// What a change is to whoever reads of it later.
fn events(before: &Account, change: &ChangePerson) -> Vec<(Event, String)> {
    let standing = |grant: &Grant, acting: bool| {
        let region = grant.region.as_deref().map(|code| format!(", región {code}"));
        let acting = if acting { ", subrogante" } else { "" };
        format!("{}{}{acting}", grant.role.title(), region.unwrap_or_default())
    };
    let mut events = Vec::new();
    if before.name != change.name {
        let detail = format!("Nombre: «{}» pasó a «{}»", before.name, change.name);
        events.push((Event::PersonChanged, detail));
    }
    let (was, is) =
        (standing(&before.grant, before.acting), standing(&change.grant, change.acting));
    if was != is {
        events.push((Event::PersonChanged, format!("«{was}» pasó a «{is}»")));
    }
    match (before.disabled, change.disabled) {
        (false, true) => events.push((Event::PersonClosed, String::new())),
        (true, false) => events.push((Event::PersonOpened, String::new())),
        _ => {}
    }
    events
}
