//! What was written on this device and is not in its copy of the server's log yet.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    ids::Peer,
    limits,
    protocol::{Blob, EntryNo},
    sync::journal::Outgoing,
};

/// Bytes of one push: on 50 kbit/s it takes five seconds.
const BATCH_BYTES: usize = 32 * 1024;
/// Batches on their way at once: one travels while the server commits the other.
const WINDOW: usize = 2;

/// Entries by the order in which they may go to the server.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Ascending by generation and writer. A run goes out once the ones before are committed: it
    /// may build on them, and the server refuses for good what builds on something it has not got.
    runs: Vec<Run>,
}

/// Entries of one writer without gaps, none of which builds on another run's of its generation.
#[derive(Debug)]
struct Run {
    generation: u32,
    peer: Peer,
    /// Number of the first of `waiting`.
    first: EntryNo,
    waiting: VecDeque<Outgoing>,
    /// How many of them are on this device for good; only those are sent.
    stored: usize,
    /// How many of them the server committed as far as is known.
    acked: usize,
    /// How many of them went out on this connection, or need not.
    sent: usize,
}

/// Entries for one message.
pub(super) struct Batch {
    pub peer: Peer,
    pub first: EntryNo,
    pub entries: Vec<Blob>,
}

impl Outbox {
    /// Adds an entry, the next of its writer, that is not stored yet.
    pub fn add(&mut self, peer: Peer, entry: EntryNo, outgoing: Outgoing) {
        let generation = outgoing.generation;
        let key = (generation, peer);
        let place = match self.runs.binary_search_by_key(&key, |run| (run.generation, run.peer)) {
            Ok(place) => place,
            Err(place) => {
                let waiting = VecDeque::new();
                let (stored, acked, sent) = (0, 0, 0);
                let run = Run { generation, peer, first: entry, waiting, stored, acked, sent };
                self.runs.insert(place, run);
                place
            }
        };
        self.runs[place].waiting.push_back(outgoing);
    }

    /// Adds an entry that was read from the store.
    pub fn load(&mut self, peer: Peer, entry: EntryNo, outgoing: Outgoing) {
        self.add(peer, entry, outgoing);
        self.stored(peer, entry);
    }

    /// The entries up to this one are stored.
    pub fn stored(&mut self, peer: Peer, entry: EntryNo) {
        for run in self.of(peer) {
            run.stored = run.stored.max(run.count_up_to(entry));
        }
    }

    /// Starts over: the server said what it has of each writer.
    pub fn restart(&mut self, acked: &BTreeMap<Peer, EntryNo>) {
        for run in &mut self.runs {
            run.acked = run.count_up_to(acked.get(&run.peer).copied().unwrap_or(0));
            run.sent = run.acked;
        }
    }

    /// The writer whose entries are to go out next.
    pub fn next(&self) -> Option<Peer> {
        Some(self.runs.iter().find(|run| run.acked < run.waiting.len())?.peer)
    }

    /// What may go out now, marked as sent. Where the next entries are of a writer that others send
    /// for, nothing: what follows may build on them.
    pub fn next_batch(&mut self, may_send: impl Fn(Peer) -> bool) -> Option<Batch> {
        let run = self.runs.iter_mut().find(|run| run.acked < run.waiting.len())?;
        if !may_send(run.peer) {
            return None;
        }
        let window = run.acked + WINDOW * limits::BATCH_ENTRIES;
        let ready = run.stored.min(window).min(run.sent + limits::BATCH_ENTRIES);
        let under_way = run.waiting.range(run.acked..run.sent.max(run.acked));
        let under_way: usize = under_way.map(|outgoing| outgoing.update.len()).sum();
        let mut room = (WINDOW * BATCH_BYTES).saturating_sub(under_way).min(BATCH_BYTES);
        let first = run.first + run.sent as EntryNo;
        let mut entries = Vec::new();
        for Outgoing { update, .. } in run.waiting.range(run.sent..ready.max(run.sent)) {
            // One that is larger than a batch goes alone, when nothing else is under way.
            if update.len() > room && !(entries.is_empty() && under_way == 0) {
                break;
            }
            room = room.saturating_sub(update.len());
            entries.push(Blob(update.clone()));
        }
        run.sent += entries.len();
        (!entries.is_empty()).then_some(Batch { peer: run.peer, first, entries })
    }

    /// The update of an entry.
    pub fn get(&self, peer: Peer, entry: EntryNo) -> Option<&[u8]> {
        let run = self.runs.iter().find(|run| run.peer == peer && run.holds(entry))?;
        run.waiting.get((entry - run.first) as usize).map(|outgoing| outgoing.update.as_slice())
    }

    /// All entries, in the order in which they may go to the server.
    pub fn all(&self) -> impl Iterator<Item = (Peer, EntryNo, &Outgoing)> {
        self.runs.iter().flat_map(|run| {
            (run.first..).zip(&run.waiting).map(|(entry, outgoing)| (run.peer, entry, outgoing))
        })
    }

    /// Number of the first entry of a writer.
    pub fn first(&self, peer: Peer) -> Option<EntryNo> {
        self.runs.iter().find(|run| run.peer == peer).map(|run| run.first)
    }

    /// The writers of entries that may build on this one, with their first such entry.
    pub fn after(&self, peer: Peer, entry: EntryNo) -> Vec<(Peer, EntryNo)> {
        let run = self.runs.iter().find(|run| run.peer == peer && run.holds(entry));
        let Some(generation) = run.map(|run| run.generation) else { return Vec::new() };
        let mut first = BTreeMap::new();
        for run in self.runs.iter().filter(|run| run.generation > generation) {
            first.entry(run.peer).or_insert(run.first);
        }
        first.into_iter().collect()
    }

    /// Number of the last entry of a writer.
    pub fn last(&self, peer: Peer) -> Option<EntryNo> {
        let run = self.runs.iter().rev().find(|run| run.peer == peer)?;
        Some(run.first + run.waiting.len() as EntryNo - 1)
    }

    /// Takes out the entries up to this one. Whether there were any.
    pub fn drop_up_to(&mut self, peer: Peer, entry: EntryNo) -> bool {
        let mut dropped = false;
        for run in self.of(peer) {
            let count = run.count_up_to(entry);
            dropped |= count > 0;
            run.waiting.drain(..count);
            run.first += count as EntryNo;
            run.stored = run.stored.saturating_sub(count);
            run.acked = run.acked.saturating_sub(count);
            run.sent = run.sent.saturating_sub(count);
        }
        self.runs.retain(|run| !run.waiting.is_empty());
        dropped
    }

    /// Takes out the entries from this one on. How many there were.
    pub fn drop_from(&mut self, peer: Peer, entry: EntryNo) -> usize {
        let mut dropped = 0;
        for run in self.of(peer) {
            let kept = run.count_up_to(entry.saturating_sub(1));
            dropped += run.waiting.len() - kept;
            run.waiting.truncate(kept);
            run.stored = run.stored.min(kept);
            run.acked = run.acked.min(kept);
            run.sent = run.sent.min(kept);
        }
        self.runs.retain(|run| !run.waiting.is_empty());
        dropped
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(|run| run.waiting.len()).sum()
    }

    /// How many of them are not stored.
    pub fn unsaved(&self) -> usize {
        self.runs.iter().map(|run| run.waiting.len() - run.stored).sum()
    }

    /// Whether the server has entries of the names of some that are still here.
    pub fn has_acked(&self) -> bool {
        self.runs.iter().any(|run| run.acked > 0)
    }

    /// Whether entries went out whose commit is not known.
    pub fn is_waiting(&self) -> bool {
        self.runs.iter().any(|run| run.sent > run.acked)
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    fn of(&mut self, peer: Peer) -> impl Iterator<Item = &mut Run> {
        self.runs.iter_mut().filter(move |run| run.peer == peer)
    }
}

impl Run {
    fn holds(&self, entry: EntryNo) -> bool {
        entry >= self.first && ((entry - self.first) as usize) < self.waiting.len()
    }

    /// How many of its entries have this number or a smaller one.
    fn count_up_to(&self, entry: EntryNo) -> usize {
        (entry.saturating_add(1).saturating_sub(self.first) as usize).min(self.waiting.len())
    }
}
