//! The second factor of local accounts.

use rusqlite::OptionalExtension as _;
use shared::api::{factor::Factor, people::Event};

use super::{
    Account, Result, Store,
    audit::{self, Note},
};
use crate::auth::totp::SharedSecret;

impl Store {
    /// Whether a code is asked for.
    pub async fn factor(&self, user: i64) -> Result<Factor> {
        self.read(move |db| {
            let confirmed =
                "SELECT 1 FROM second_factors WHERE user = ?1 AND confirmed IS NOT NULL";
            let confirmed = db.query_row(confirmed, [user], |_| Ok(())).optional()?.is_some();
            let recovery = "SELECT count(*) FROM recovery_codes WHERE user = ?1";
            let recovery: i64 = db.query_row(recovery, [user], |row| row.get(0))?;
            Ok(Factor { confirmed, recovery: usize::try_from(recovery).unwrap_or_default() })
        })
        .await
    }

    /// What codes are made with, and whether they are asked for already.
    pub async fn factor_secret(&self, user: i64) -> Result<Option<(SharedSecret, bool)>> {
        self.read(move |db| {
            let find = "SELECT secret, confirmed IS NOT NULL FROM second_factors WHERE user = ?1";
            let found = db.query_row(find, [user], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })
        .await
    }

    /// Begins: this secret, until it is confirmed. `false` where another one is.
    pub async fn begin_factor(&self, user: i64, secret: SharedSecret) -> Result<bool> {
        self.write(move |db| {
            let begin = "INSERT INTO second_factors (user, secret) VALUES (?1, ?2)
                ON CONFLICT (user) DO UPDATE SET secret = ?2, step = 0 WHERE confirmed IS NULL";
            Ok(db.execute(begin, (user, secret))? > 0)
        })
        .await
    }

    /// Asks for codes from now on. `false` where that is so already, or nothing was begun.
    pub async fn confirm_factor(
        &self,
        of: Account,
        step: i64,
        recovery: Vec<[u8; 32]>,
        now: i64,
    ) -> Result<bool> {
        self.write(move |db| {
            let confirm = "UPDATE second_factors SET confirmed = ?2, step = ?3
                WHERE user = ?1 AND confirmed IS NULL";
            if db.execute(confirm, (of.id, now, step))? == 0 {
                return Ok(false);
            }
            db.execute("DELETE FROM recovery_codes WHERE user = ?1", [of.id])?;
            let mut insert =
                db.prepare("INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)")?;
            for hash in recovery {
                insert.execute((of.id, hash))?;
            }
            audit::write(db, &note(&of, of.id, "Activado"), now)?;
            Ok(true)
        })
        .await
    }

    /// Uses a code of this step up. `false` where one of it or of a later one was used.
    pub async fn use_step(&self, user: i64, step: i64) -> Result<bool> {
        self.write(move |db| {
            let change = "UPDATE second_factors SET step = ?2
                WHERE user = ?1 AND confirmed IS NOT NULL AND step < ?2";
            Ok(db.execute(change, (user, step))? > 0)
        })
        .await
    }

    /// Uses a code for who has lost the telephone up. `false` where there is none.
    pub async fn use_recovery(&self, user: i64, hash: [u8; 32]) -> Result<bool> {
        self.write(move |db| {
            let used = "DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2";
            Ok(db.execute(used, (user, hash))? > 0)
        })
        .await
    }

    /// Asks for codes no more.
    pub async fn end_factor(&self, of: Account, by: i64, now: i64) -> Result<()> {
        self.write(move |db| {
            db.execute("DELETE FROM recovery_codes WHERE user = ?1", [of.id])?;
            if db.execute("DELETE FROM second_factors WHERE user = ?1", [of.id])? > 0 {
                audit::write(db, &note(&of, by, "Quitado"), now)?;
            }
            Ok(())
        })
        .await
    }
}

fn note(of: &Account, by: i64, what: &str) -> Note {
    Note {
        event: Event::FactorChanged,
        by: Some(by),
        about: Some(of.id),
        exercise: None,
        region: of.grant.region.clone(),
        detail: what.into(),
    }
}
