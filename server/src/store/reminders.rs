//! Where people are written to, and what they were reminded of.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::OptionalExtension as _;
use shared::{
    api::people::{Contact, Event},
    process::reminder::Sent,
};

use super::{
    Error, Result, Store,
    audit::{self, Note},
    users::{ACCOUNT, Account, IMPORTER, account},
};

impl Store {
    /// Where somebody is written to. Of nobody, nowhere.
    pub async fn contact(&self, user: i64) -> Result<Contact> {
        self.read(move |db| {
            let find = "SELECT email, reminded FROM users WHERE id = ?1";
            let contact =
                |row: &rusqlite::Row<'_>| Ok(Contact { email: row.get(0)?, reminded: row.get(1)? });
            Ok(db.query_row(find, [user], contact).optional()?.unwrap_or_default())
        })
        .await
    }

    /// Changes that. The audit says by whom, and not to what: an address is nobody else's business.
    pub async fn set_contact(
        &self,
        of: Account,
        contact: Contact,
        by: i64,
        now: i64,
    ) -> Result<()> {
        self.write(move |db| {
            let Contact { email, reminded } = contact;
            let change = "UPDATE users SET email = ?2, reminded = ?3 WHERE id = ?1";
            db.execute(change, (of.id, email, reminded))?;
            let note = Note {
                event: Event::ContactChanged,
                by: Some(by),
                about: Some(of.id),
                exercise: None,
                region: of.grant.region,
                detail: String::new(),
            };
            Ok(audit::write(db, &note, now)?)
        })
        .await
    }

    /// Those who are to be reminded, with their addresses.
    pub async fn reminded(&self) -> Result<Vec<(Account, String)>> {
        self.read(|db| {
            let query = format!(
                "SELECT {ACCOUNT}, email FROM users
                 WHERE id > {IMPORTER} AND disabled = 0 AND reminded = 1 AND email IS NOT NULL"
            );
            let mut query = db.prepare_cached(&query)?;
            let people = query.query_map([], |row| Ok((account(row)?, row.get(7)?)))?;
            Ok(people.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// What somebody was reminded of, and on which legal day last.
    pub async fn sent(&self, user: i64) -> Result<(BTreeSet<Sent>, Option<NaiveDate>)> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached("SELECT content, day FROM reminders WHERE user = ?1")?;
            let rows = query.query_map([user], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            let (mut sent, mut last) = (BTreeSet::new(), None);
            for row in rows {
                let (content, day) = row?;
                let damaged = |error| Error::Unavailable(format!("recordatorio: {error}"));
                sent.insert(serde_json::from_str(&content).map_err(damaged)?);
                last = last.max(day.parse().ok());
            }
            Ok((sent, last))
        })
        .await
    }

    /// Keeps what a mail told, and notes that it went.
    pub async fn put_sent(
        &self,
        to: Account,
        told: Vec<Sent>,
        day: NaiveDate,
        now: i64,
    ) -> Result<()> {
        self.write(move |db| {
            for one in &told {
                let content = serde_json::to_string(one)
                    .map_err(|error| Error::Unavailable(format!("recordatorio: {error}")))?;
                db.execute(
                    "INSERT INTO reminders (user, content, day, at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO NOTHING",
                    (to.id, content, day.to_string(), now),
                )?;
            }
            let note = Note {
                event: Event::Reminded,
                by: None,
                about: Some(to.id),
                exercise: None,
                region: to.grant.region,
                detail: format!("{} plazos", told.len()),
            };
            Ok(audit::write(db, &note, now)?)
        })
        .await
    }
}
