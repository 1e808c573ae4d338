//! Tables as numbered steps, each applied once, in one transaction.

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, Result};

/// All steps in their order; the version of a database is how many of them it has seen.
const STEPS: &[&str] = &[
    include_str!("../../migrations/sqlite/001_start.sql"),
    include_str!("../../migrations/sqlite/002_devices.sql"),
    include_str!("../../migrations/sqlite/003_people.sql"),
    include_str!("../../migrations/sqlite/004_process.sql"),
    include_str!("../../migrations/sqlite/005_feed.sql"),
    include_str!("../../migrations/sqlite/006_reminders.sql"),
    include_str!("../../migrations/sqlite/007_identities.sql"),
    include_str!("../../migrations/sqlite/008_second_factor.sql"),
];

/// Brings a database to the version of this program.
pub fn apply(connection: &mut Connection) -> Result<()> {
    let known = u32::try_from(STEPS.len()).expect("there are a handful of steps");
    // Taken before reading the version, so that two programs starting at once do not both apply.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(Error::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    tracing::info!(from = found, to = known, "database tables brought up to date");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_database_gets_every_step_and_keeps_its_epoch() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection).unwrap();
        let epoch = |connection: &Connection| -> i64 {
            let query = "SELECT value FROM meta WHERE name = 'epoch'";
            connection.query_row(query, [], |row| row.get(0)).unwrap()
        };
        let first = epoch(&connection);
        assert_ne!(first, 0);
        apply(&mut connection).unwrap();
        assert_eq!(epoch(&connection), first);
    }

    #[test]
    fn a_newer_database_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(apply(&mut connection), Err(Error::Newer { found: 99, known: 8 }));
        let tables: u32 = connection
            .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
            .unwrap();
        assert_eq!(tables, 0);
    }
}
