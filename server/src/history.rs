//! The log read as history, apart from the path of edits: nothing here holds up who writes.
//!
//! The history of cells comes from a replay of the whole log, which is kept for a while and goes
//! on from where it was. One request is served at a time: the largest logs take seconds.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use shared::{
    doc::{Document, MergeError},
    history::{Entry, Since, Step, Told, Trace, WorkSession, differences, sessions},
    ids::{ExerciseId, Peer},
    key::Key,
    limits,
    protocol::{LogEntry, Seq},
};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{clock, error::Failure, store::Store};

/// Replays that are kept.
const KEPT: usize = 3;
/// A replay that nobody asks about for so long is forgotten.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// Entries that are read at once.
const PART: Seq = 5_000;

/// What the server remembers of histories.
pub struct History {
    store: Store,
    kept: Mutex<BTreeMap<ExerciseId, Kept>>,
}

struct Kept {
    trace: Trace,
    used: Instant,
}

impl History {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, kept: Mutex::default() }
    }

    /// The steps of a cell, the latest first.
    pub async fn of_cell(&self, id: ExerciseId, key: Key) -> Result<Vec<Step>, Failure> {
        let authors = self.store.authors(id).await?;
        let mut bringers = self.store.bringers(id).await?;
        self.with_trace(id, move |trace| {
            let who = |peer| authors.get(&peer).cloned();
            let mut steps = trace.steps(&key, limits::HISTORY_STEPS, who);
            for step in &mut steps {
                step.brought_by = bringers.remove(&step.seq);
            }
            steps
        })
        .await
    }

    /// When people worked.
    pub async fn sessions(&self, id: ExerciseId) -> Result<Vec<WorkSession>, Failure> {
        let authors = self.store.authors(id).await?;
        let entries = self.store.moments(id).await?;
        let known =
            |(seq, at, peer): (Seq, i64, Peer)| Some((seq, at, authors.get(&peer)?.clone()));
        Ok(sessions(entries.into_iter().filter_map(known)))
    }

    /// What is different since a moment.
    pub async fn since(&self, id: ExerciseId, moment: i64) -> Result<Since, Failure> {
        let then = self.at(id, moment).await?;
        let authors = self.store.authors(id).await?;
        self.with_trace(id, move |trace| {
            let all = differences(then.document.exercise(), trace.exercise());
            let total = all.len();
            let told = all.into_iter().take(limits::DIFFERENCES).map(|difference| {
                let last = trace.last_change(&difference.key, then.seq);
                let (author, at) = match last {
                    Some((peer, at)) => (authors.get(&peer).cloned(), at),
                    None => (None, None),
                };
                Told { difference, author, at }
            });
            Since { seq: then.seq, head: trace.seq(), total, differences: told.collect() }
        })
        .await
    }

    /// The exercise as it was at a moment.
    pub async fn at(&self, id: ExerciseId, moment: i64) -> Result<Then, Failure> {
        let seq = self.store.place_at(id, moment).await?;
        let mut log: Vec<LogEntry> = Vec::new();
        while (log.len() as Seq) < seq {
            let next = log.len() as Seq + 1;
            let part = self.store.log(id, next, seq.min(next + PART - 1)).await?;
            if part.is_empty() {
                return Err(Failure::unavailable(&"the log has a gap"));
            }
            log.extend(part.into_iter().map(|(_, entry)| entry));
        }
        blocking(move || {
            let updates = log.iter().filter_map(|entry| entry.update.as_ref());
            let updates = updates.map(|update| update.0.as_slice());
            Ok(Then { document: Document::load(id, Peer::SERVER, updates)?, seq })
        })
        .await
    }

    /// Forgets what nobody asks about.
    pub async fn forget_idle(&self) {
        self.kept.lock().await.retain(|_, kept| kept.used.elapsed() < IDLE);
    }

    /// Uses the replay of the whole log.
    async fn with_trace<T: Send + 'static>(
        &self,
        id: ExerciseId,
        read: impl FnOnce(&Trace) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let mut kept = self.kept.lock().await;
        let mut trace = kept.remove(&id).map_or_else(|| Trace::new(id), |kept| kept.trace);
        let head = self.store.exercise(id).await?.map_or(0, |exercise| exercise.head);
        while trace.seq() < head {
            let next = trace.seq() + 1;
            let part = self.store.log(id, next, head.min(next + PART - 1)).await?;
            if part.is_empty() {
                return Err(Failure::unavailable(&"the log has a gap"));
            }
            trace = blocking(move || {
                for (seq, LogEntry { peer, at, update, .. }) in &part {
                    let update = update.as_ref().map_or(&[][..], |update| &update.0);
                    trace.add(Entry { seq: *seq, peer: *peer, at: Some(*at), update })?;
                }
                Ok(trace)
            })
            .await?;
        }
        let (answer, trace) = blocking(move || {
            let answer = read(&trace);
            Ok((answer, trace))
        })
        .await?;
        kept.insert(id, Kept { trace, used: clock::steady() });
        while kept.len() > KEPT {
            let oldest = kept.iter().min_by_key(|(_, kept)| kept.used).map(|(id, _)| *id);
            oldest.and_then(|id| kept.remove(&id));
        }
        Ok(answer)
    }
}

/// An exercise as it was.
pub struct Then {
    /// The document.
    pub document: Document,
    /// The place of its last entry.
    pub seq: Seq,
}

/// Runs what takes long where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MergeError> + Send + 'static,
) -> Result<T, Failure> {
    let done = spawn_blocking(work).await.map_err(|error| Failure::unavailable(&error))?;
    done.map_err(|error| Failure::unavailable(&error))
}
