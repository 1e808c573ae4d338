//! The end of the log in memory: who lost the connection for a moment is served from it.

use std::collections::VecDeque;

use crate::protocol::{LogEntry, Seq};

#[derive(Debug)]
pub(super) struct Recent {
    entries: VecDeque<LogEntry>,
    bytes: usize,
    limit: usize,
}

impl Recent {
    /// Keeps at most these many bytes.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), bytes: 0, limit }
    }

    /// Keeps at most these many bytes from now on.
    pub fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
        self.shrink();
    }

    /// Adds the entry after the last one.
    pub fn push(&mut self, entry: LogEntry) {
        self.bytes += size(&entry);
        self.entries.push_back(entry);
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.bytes > self.limit
            && let Some(oldest) = self.entries.pop_front()
        {
            self.bytes -= size(&oldest);
        }
    }

    /// Whether these are all entries up to `head`.
    pub fn is_all(&self, head: Seq) -> bool {
        self.entries.len() as Seq == head
    }

    /// About what they take in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The entries from this place on, if all of them are here; the last one is at `head`.
    pub fn since(&self, seq: Seq, head: Seq) -> Option<Vec<LogEntry>> {
        let count = usize::try_from((head + 1).checked_sub(seq)?).ok()?;
        let start = self.entries.len().checked_sub(count)?;
        Some(self.entries.range(start..).cloned().collect())
    }
}

/// About what an entry takes in memory.
pub(super) fn size(entry: &LogEntry) -> usize {
    size_of::<LogEntry>() + entry.update.as_ref().map_or(0, |update| update.0.len())
}
