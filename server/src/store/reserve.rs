//! Room on the disk for what will be committed.
//!
//! A write-ahead log begins empty and grows with each commit until its pages go to the database
//! for the first time; from then on it is overwritten. While it grows, each wait for the disk
//! includes the file system's own journal, which takes twice as long and now and then twenty times.

use std::{fs, path::Path};

use rusqlite::{Connection, TransactionBehavior};

use super::Result;

/// What goes to the log before its pages go to the database: 1,000 pages of 4 KiB, the engine's
/// own setting.
const LOG_BYTES: u32 = 1_000 * 4096;
/// What the engine keeps in memory of a transaction, before it writes pages to the log ahead of
/// the commit: its own setting, and as much again for what it keeps beside.
const MEMORY_BYTES: u32 = 4 * 1024 * 1024;

/// Makes the log of a database as long as it will become, unless it is: by a transaction that is
/// too large for memory and is given up.
pub fn make(connection: &mut Connection, log: &Path) -> Result<()> {
    if fs::metadata(log).is_ok_and(|log| log.len() >= LOG_BYTES.into()) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("CREATE TABLE reserve (content BLOB)")?;
    transaction.execute("INSERT INTO reserve VALUES (zeroblob(?1))", [LOG_BYTES + MEMORY_BYTES])?;
    Ok(transaction.rollback()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{FILE, Store};

    #[test]
    fn the_log_is_as_long_as_it_will_become_and_the_database_no_larger() {
        let directory = tempfile::tempdir().unwrap();
        let length = |suffix: &str| {
            std::fs::metadata(directory.path().join(format!("{FILE}{suffix}"))).unwrap().len()
        };
        let store = Store::open(directory.path()).unwrap();
        assert!(length("-wal") >= LOG_BYTES.into(), "{}", length("-wal"));
        drop(store);
        assert!(length("") < 200_000, "{}", length(""));
    }
}
