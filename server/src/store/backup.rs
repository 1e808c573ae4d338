//! Copies of the database, made while it is in use.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};

use super::{Error, Result, Store};

impl Store {
    /// Writes a copy that stands by itself and checks it. Refuses to replace a file.
    ///
    /// The copy gets an epoch of its own: should it ever take the place of this database, devices
    /// notice that the log which they followed is another one, and do not take its numbers for
    /// those that they know.
    pub async fn back_up(&self, to: PathBuf) -> Result<()> {
        if to.exists() {
            return Err(Error::Taken);
        }
        let target = to.to_string_lossy().into_owned();
        self.read(move |db| Ok(db.execute("VACUUM INTO ?1", [target]).map(|_| ())?)).await?;
        let checked = tokio::task::spawn_blocking(move || finish(&to)).await;
        checked.unwrap_or_else(|error| Err(Error::Unavailable(error.to_string())))
    }
}

fn finish(copy: &std::path::Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute("UPDATE meta SET value = random() | 1 WHERE name = 'epoch'", [])?;
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Error::Unavailable(format!("la copia está dañada ({verdict})")));
    }
    let orphans = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if orphans {
        return Err(Error::Unavailable("la copia tiene filas huérfanas".into()));
    }
    connection.close().map_err(|(_, error)| error)?;
    std::fs::File::open(copy)
        .and_then(|file| file.sync_all())
        .map_err(|error| Error::Unavailable(error.to_string()))
}
