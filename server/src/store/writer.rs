//! The one thread that writes.
//!
//! It takes everything that waits, does it in one transaction and answers after the commit: one
//! wait for the disk serves all. Each change has a savepoint of its own, so that one that fails
//! undoes nothing of the others.

use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Error, Result};

/// Changes in one transaction: enough for everything that arrives while the disk is busy, few
/// enough that the first does not wait long for the last.
const GROUP: usize = 256;

/// Hands changes to the thread. Dropping it waits until the thread has closed the database, whose
/// file then holds everything without its companions.
pub struct Writer {
    jobs: Option<mpsc::UnboundedSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> Result<Self> {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || run(&connection, waiting))
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Answers when the change is on the disk, or will never be.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, outcome) = oneshot::channel();
        let gone = || Error::Unavailable("el hilo de escritura terminó".into());
        let job = Change { change: Some(change), result: None, answer };
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(Box::new(job)).map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread had panicked");
        }
    }
}

/// A change whose types are forgotten.
trait Job: Send {
    /// Does it, inside the transaction.
    fn perform(&mut self, connection: &Connection);
    /// Says what came of the transaction.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Change<F, T> {
    change: Option<F>,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<F, T> Job for Change<F, T>
where
    F: FnOnce(&Connection) -> Result<T> + Send,
    T: Send,
{
    fn perform(&mut self, connection: &Connection) {
        if let Some(change) = self.change.take() {
            self.result = Some(in_savepoint(connection, change));
        }
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Err(error), _) => Err(error),
            (Ok(()), None) => Err(Error::Unavailable("cambio no intentado".into())),
        };
        // Who asked may be gone meanwhile; what is committed stays committed.
        let _ = self.answer.send(result);
    }
}

fn run(connection: &Connection, mut waiting: mpsc::UnboundedReceiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.blocking_recv_many(&mut group, GROUP) > 0 {
        let committed = commit(connection, &mut group);
        if let Err(error) = &committed {
            tracing::error!(cause = %error, changes = group.len(), "commit failed");
        }
        for job in group.drain(..) {
            job.answer(committed.clone());
        }
    }
}

fn commit(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in group {
        job.perform(connection);
        // On some errors, a full disk among them, the engine gives the whole transaction up by
        // itself, and what follows would not be part of any.
        if connection.is_autocommit() {
            return Err(Error::Unavailable("el motor deshizo la transacción".into()));
        }
    }
    execute(connection, "COMMIT").inspect_err(|_| {
        if let Err(error) = execute(connection, "ROLLBACK") {
            tracing::error!(cause = %error, "rollback failed");
        }
    })
}

fn in_savepoint<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    execute(connection, "SAVEPOINT change")?;
    let result = change(connection);
    if result.is_err() && !connection.is_autocommit() {
        execute(connection, "ROLLBACK TO change")?;
    }
    if !connection.is_autocommit() {
        execute(connection, "RELEASE change")?;
    }
    result
}

fn execute(connection: &Connection, statement: &str) -> Result<()> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn numbers() -> (Writer, tempfile::TempDir) {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(directory.path().join("db")).unwrap();
        connection.execute_batch("CREATE TABLE numbers (n INTEGER PRIMARY KEY, pad)").unwrap();
        (Writer::start(connection).unwrap(), directory)
    }

    async fn insert(writer: &Writer, n: i64) -> Result<()> {
        let insert = move |db: &Connection| {
            db.execute("INSERT INTO numbers (n) VALUES (?1)", [n])?;
            Ok(())
        };
        writer.write(insert).await
    }

    async fn count(writer: &Writer) -> i64 {
        let count = |db: &Connection| {
            Ok(db.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0))?)
        };
        writer.write(count).await.unwrap()
    }

    #[tokio::test]
    async fn a_change_that_fails_undoes_nothing_of_the_others() {
        let (writer, _directory) = numbers().await;
        let (first, again, other) =
            tokio::join!(insert(&writer, 1), insert(&writer, 1), insert(&writer, 2));
        assert_eq!((first, again, other), (Ok(()), Err(Error::Taken), Ok(())));
        assert_eq!(count(&writer).await, 2);
    }

    #[tokio::test]
    async fn a_full_disk_fails_the_group_and_not_the_next_one() {
        let (writer, _directory) = numbers().await;
        let pages = |most: u32| {
            move |db: &Connection| Ok(db.pragma_update(None, "max_page_count", most)?)
        };
        writer.write(pages(4)).await.unwrap();
        let large = |db: &Connection| {
            db.execute("INSERT INTO numbers (n, pad) VALUES (1, zeroblob(100000))", [])?;
            Ok(())
        };
        let (refused, beside) = tokio::join!(writer.write(large), insert(&writer, 2));
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        let kept = count(&writer).await;
        assert_eq!(kept, i64::from(beside.is_ok()), "answered as done exactly what is there");
        writer.write(pages(1000)).await.unwrap();
        insert(&writer, 3).await.unwrap();
        assert_eq!(count(&writer).await, kept + 1);
    }
}
