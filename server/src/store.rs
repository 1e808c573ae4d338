//! The database: one SQLite file. This file and those below `store/` are the only ones that know
//! of it.
//!
//! One thread writes, with group commit ([`writer`]); reading happens on connections of its own,
//! off the asynchronous runtime. Write-ahead log with full synchronisation: what is committed is
//! on the disk, because an acknowledgement is a promise.

mod acts;
mod archive;
mod audit;
mod backup;
mod exercises;
mod factors;
mod history;
mod identities;
mod invitations;
mod log;
mod meetings;
mod migrations;
mod people;
mod readers;
mod reminders;
mod reserve;
mod sessions;
mod users;
mod writer;

use std::{fmt, path::Path, sync::Arc, time::Duration};

use rusqlite::{Connection, config::DbConfig};

pub use acts::{NewAct, StoredFile};
pub use archive::Restoring;
pub use audit::Note;
pub use exercises::StoredExercise;
pub use invitations::{Invited, NewInvitation, Proof};
pub use sessions::{Bounds, LiveSession, TokenHash};
pub use users::{Account, IMPORTER, NewAccount};

/// File name of the database in the data directory.
pub const FILE: &str = "focaliza.sqlite3";

/// How long a statement waits for another process (a command line, a backup) to let go.
const BUSY: Duration = Duration::from_secs(5);

/// Why the database did not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It was written by a newer program.
    Newer {
        /// Version of its tables.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// Something of that name is there already.
    Taken,
    /// The place in the log is not the next one: somebody else wrote meanwhile.
    OutOfStep,
    /// Disk full, not writable, locked, damaged: the engine's own words.
    Unavailable(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found, known } => write!(
                f,
                "La base de datos es de una versión más nueva de Focaliza (tablas {found}; este \
                 programa conoce hasta {known}). Usa el programa con que se escribió, o uno más \
                 nuevo."
            ),
            Self::Taken => f.write_str("Ya existe."),
            Self::OutOfStep => f.write_str("Otro proceso escribió en el ejercicio."),
            Self::Unavailable(cause) => {
                write!(f, "La base de datos no está disponible ahora: {cause}.")
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error().map(|error| error.extended_code) {
            Some(
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => Self::Taken,
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// Result of a call to the database.
pub type Result<T> = std::result::Result<T, Error>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Closed before the writer: who closes last tidies up, and only the writer may.
    readers: readers::Readers,
    writer: Arc<writer::Writer>,
    epoch: u64,
}

impl Store {
    /// Opens the database of a data directory, makes it where it is missing, and brings its tables
    /// up to date. Blocks.
    pub fn open(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory)
            .map_err(|error| Error::Unavailable(format!("{}: {error}", directory.display())))?;
        let file = directory.join(FILE);
        let mut connection = Connection::open(&file)?;
        set_up(&connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrations::apply(&mut connection)?;
        reserve::make(&mut connection, &directory.join(format!("{FILE}-wal")))?;
        let epoch: i64 =
            connection
                .query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |row| row.get(0))?;
        Ok(Self {
            writer: Arc::new(writer::Writer::start(connection)?),
            readers: readers::Readers::new(&file),
            epoch: epoch.cast_unsigned(),
        })
    }

    /// Identity of this database: random, never zero, another one in each backup.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether the database can be read.
    pub async fn answers(&self) -> Result<()> {
        self.read(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(query).await
    }

    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(change).await
    }
}

/// What every connection to the database is told.
fn set_up(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY)?;
    // Else a statement whose plan may depend on what is bound is parsed anew at each execution.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
