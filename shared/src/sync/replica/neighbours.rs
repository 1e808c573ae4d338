//! What the other tabs of the device write: shown here as soon as it is stored, although the server
//! has not got it yet, and sent by the tab that wrote it.
//!
//! Nothing depends on hearing of it. What was not heard is in the store when this tab is opened
//! again, and in the server's log sooner or later; what was heard may go to the server from here
//! too, where its tab does not get on with it: entries keep their writer and number, and the server
//! takes each once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::{Cause, Output, Replica, Step};
use crate::{
    doc,
    ids::Peer,
    protocol::{Code, EntryNo},
    sync::journal::{Cursor, Outgoing, Write},
};

/// Ticks after which this tab sends what another one was to send.
const PATIENCE: u32 = 4;
/// News that wait for what they build on; the server tells what is beyond.
const EARLY: usize = 1_000;

/// What a tab stored and the others do not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The entries, in their order.
    pub entries: Vec<(Peer, EntryNo, Outgoing)>,
    /// Writers among them that are of other devices: their entries came in a rescue file.
    pub carried: Vec<Peer>,
    /// The server refused entries of these writers, from these numbers on.
    pub refused: Vec<(Peer, EntryNo, Code)>,
    /// What the entries may build on: the log up to here,
    pub cursor: Cursor,
    /// and what waited, as the clock of each of its writers (see [`crate::doc::Document::clock`]).
    pub clocks: Vec<(Peer, u32)>,
}

/// An entry of another tab that cannot be merged yet.
#[derive(Debug)]
pub(super) struct Early {
    peer: Peer,
    entry: EntryNo,
    outgoing: Outgoing,
    cursor: Cursor,
    clocks: Vec<(Peer, u32)>,
}

/// The writers of the other tabs, as far as they were heard.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// The last entry of each that the server has, as far as this tab was told.
    committed: BTreeMap<Peer, EntryNo>,
    early: VecDeque<Early>,
    /// Ticks since one of them was to send the next entries and nothing came of it.
    quiet: u32,
}

impl Neighbours {
    /// A writer that is another tab's.
    pub fn add(&mut self, peer: Peer) {
        self.committed.entry(peer).or_default();
    }

    pub fn contains(&self, peer: Peer) -> bool {
        self.committed.contains_key(&peer)
    }

    pub fn all(&self) -> impl Iterator<Item = Peer> {
        self.committed.keys().copied()
    }

    /// The server has a writer's entries up to this one.
    pub fn committed(&mut self, peer: Peer, up_to: EntryNo) {
        if let Some(last) = self.committed.get_mut(&peer) {
            *last = up_to.max(*last);
            self.quiet = 0;
        }
    }

    pub fn are_slow(&self) -> bool {
        self.quiet >= PATIENCE
    }

    pub fn tick(&mut self, is_waiting_for_them: bool) {
        self.quiet = if is_waiting_for_them { self.quiet.saturating_add(1) } else { 0 };
    }
}

impl Replica {
    /// Another tab of the device stored something.
    pub fn hear(&mut self, news: News) -> Step {
        let mut step = Step::default();
        // It will be opened again, from the store, which has it.
        if self.closing.is_none() {
            self.note(news);
            self.merge_early(&mut step);
        }
        self.go_on(&mut step);
        step
    }

    fn note(&mut self, news: News) {
        let News { entries, carried, refused, cursor, mut clocks } = news;
        for (peer, from, code) in refused {
            self.neighbours.early.retain(|it| it.peer != peer || it.entry < from);
            let is_waiting = self.outbox.last(peer).is_some_and(|last| last >= from);
            // What builds on something that is not what the server has by its name goes with it.
            let takes_more = peer == self.document.peer() || code == Code::Incomplete;
            if is_waiting && takes_more {
                self.refuse(peer, from, code);
            } else if is_waiting {
                // What it did cannot be taken out of the document.
                self.outbox.drop_from(peer, from);
                self.closing.get_or_insert(Cause::Neighbours);
            }
        }
        self.carried.extend(carried);
        for (peer, entry, outgoing) in entries {
            if !self.peers.contains(&peer) && self.neighbours.early.len() < EARLY {
                self.neighbours.add(peer);
                let before: Vec<_> = clocks.iter().copied().filter(|it| it.0 != peer).collect();
                // Those of a rescue file are of several writers, and build on each other.
                clocks.push((peer, outgoing.clock));
                let early = Early { peer, entry, outgoing, cursor, clocks: before };
                self.neighbours.early.push_back(early);
            }
        }
    }

    /// Merges the entries of other tabs for which everything is here that they may build on.
    pub(super) fn merge_early(&mut self, step: &mut Step) {
        loop {
            let before = self.neighbours.early.len();
            let mut behind = BTreeSet::new();
            for early in std::mem::take(&mut self.neighbours.early) {
                if self.is_known(&early) {
                    continue;
                }
                let is_next = !behind.contains(&early.peer) && self.fits(&early);
                if is_next && self.closing.is_none() {
                    self.merge_neighbour(early, step);
                } else {
                    behind.insert(early.peer);
                    self.neighbours.early.push_back(early);
                }
            }
            // One may have waited for the next.
            if self.neighbours.early.len() == before {
                return;
            }
        }
    }

    fn is_known(&self, early: &Early) -> bool {
        let Early { peer, entry, .. } = early;
        let committed = self.neighbours.committed.get(peer).is_some_and(|last| entry <= last);
        committed || self.outbox.get(*peer, *entry).is_some() || !self.lacks(*peer, &early.outgoing)
    }

    /// Whether all is here that an entry may build on. The CRDT takes one that lacks something too,
    /// and never shows it whole.
    fn fits(&self, early: &Early) -> bool {
        let Early { peer, entry, outgoing, cursor, clocks } = early;
        let of_log = *cursor == Cursor::default()
            || cursor.epoch == self.cursor.epoch && cursor.seq <= self.cursor.seq;
        let follows = self.outbox.last(*peer).is_none_or(|last| *entry == last + 1);
        // Not what only overlaps with what is here: that is another one, of a device that became
        // what it was.
        let is_next = doc::span(&outgoing.update, *peer).is_ok_and(|span| {
            span.map_or(outgoing.clock, |span| span.start) == self.document.clock(*peer)
        });
        of_log
            && follows
            && is_next
            && clocks.iter().all(|(peer, clock)| self.document.clock(*peer) >= *clock)
    }

    fn merge_neighbour(&mut self, early: Early, step: &mut Step) {
        let Early { peer, entry, outgoing, .. } = early;
        match self.document.merge(&outgoing.update) {
            Ok(touched) => step.touched.extend(touched),
            // Not what a tab writes. A part of it may be in the document.
            Err(_) => {
                self.closing.get_or_insert(Cause::Neighbours);
                return;
            }
        }
        self.generation = self.generation.max(outgoing.generation.saturating_add(1));
        self.texts.wrote(peer, entry, &outgoing.edits);
        self.outbox.load(peer, entry, outgoing);
        self.agreed = false;
    }

    /// Tells the other tabs what was stored.
    pub(super) fn tell(&self, stored: &[Write], step: &mut Step) {
        let (mut entries, mut carried, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for write in stored {
            match write {
                Write::PutOutbox { peer, entry, outgoing } => {
                    entries.push((*peer, *entry, outgoing.clone()));
                }
                Write::Carry { peer, entry, outgoing } => {
                    entries.push((*peer, *entry, outgoing.clone()));
                    if !carried.contains(peer) {
                        carried.push(*peer);
                    }
                }
                Write::Quarantine { peer, from, code } => refused.push((*peer, *from, *code)),
                _ => {}
            }
        }
        if entries.is_empty() && refused.is_empty() {
            return;
        }
        let others = self
            .outbox
            .all()
            .map(|(peer, ..)| peer)
            .filter(|peer| entries.iter().all(|(writer, ..)| writer != peer));
        let mut clocks: Vec<(Peer, u32)> =
            others.map(|peer| (peer, self.document.clock(peer))).collect();
        clocks.dedup();
        let cursor = self.cursor;
        step.outputs.push(Output::Tell(News { entries, carried, refused, cursor, clocks }));
    }
}
