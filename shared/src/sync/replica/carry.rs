//! Taking over what another device, or this one before, could not send: see [`crate::rescue`].
//!
//! The entries keep their writer and number. So it does not matter how often a file is read, on how
//! many devices, or whether the device that it came from sends them too: they are the same entries.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Replica, Step};
use crate::{
    doc::{self, Document, MergeError},
    ids::Peer,
    protocol::EntryNo,
    sync::journal::{Outgoing, Refused, Write},
};

impl Replica {
    /// Whether an entry is not here yet. Of the last one of a writer that only takes something away
    /// nobody can tell: it is taken again, and dropped again.
    #[must_use]
    pub fn lacks(&self, peer: Peer, outgoing: &Outgoing) -> bool {
        let here = self.document.clock(peer);
        let adds_nothing = || doc::authors(&outgoing.update).is_ok_and(|all| all.is_empty());
        here < outgoing.clock || here == outgoing.clock && adds_nothing()
    }

    /// Whether each entry goes on where its writer ends here, by its operations and by its number. The
    /// CRDT takes one after a gap too, and shows it.
    fn follow_each_other(&self, entries: &[(Peer, EntryNo, Outgoing)]) -> Result<(), MergeError> {
        let mut ends: BTreeMap<Peer, (u32, Option<EntryNo>)> = BTreeMap::new();
        for (peer, entry, outgoing) in entries {
            let (end, last) = ends
                .entry(*peer)
                .or_insert_with(|| (self.document.clock(*peer), self.outbox.last(*peer)));
            if last.is_some_and(|last| *entry > last + 1) {
                return Err(MergeError::Incomplete);
            }
            *last = Some(*entry);
            if let Some(span) = doc::span(&outgoing.update, *peer)? {
                if span.start > *end {
                    return Err(MergeError::Incomplete);
                }
                *end = span.end;
            }
        }
        // Nor may a gap come to be before what waits here already, as after a restored backup.
        let is_before = |(peer, (_, last)): (&Peer, &(u32, Option<EntryNo>))| {
            self.outbox.first(*peer).zip(*last).is_some_and(|(first, last)| last + 1 < first)
        };
        if ends.iter().any(is_before) { Err(MergeError::Incomplete) } else { Ok(()) }
    }

    /// Takes over the entries that are not here yet, to be shown and sent like one's own. Nothing of
    /// them is taken where one is not what its writer wrote, or builds on what is not here either
    /// ([`MergeError::Incomplete`]): a device that meets the server first may take them then. No other
    /// tab of the device may be one of their writers.
    /// What was refused there is kept aside here.
    pub fn carry(
        &mut self,
        entries: Vec<(Peer, EntryNo, Outgoing)>,
        refused: Vec<Refused>,
    ) -> Result<Step, MergeError> {
        for (peer, _, outgoing) in &entries {
            if doc::authors(&outgoing.update)?.iter().any(|author| author != peer) {
                return Err(MergeError::Foreign);
            }
        }
        let mut lacking = entries;
        lacking.retain(|(peer, _, outgoing)| self.lacks(*peer, outgoing));
        let mut step = Step::default();
        if !lacking.is_empty() {
            self.follow_each_other(&lacking)?;
            let present = self.document.snapshot();
            let updates = lacking.iter().map(|(_, _, outgoing)| outgoing.update.as_slice());
            let updates = std::iter::once(present.as_slice()).chain(updates);
            Document::load(self.exercise, self.document.peer(), updates)?;
            let mut begun = BTreeSet::new();
            for (peer, entry, outgoing) in lacking {
                // What comes before it is here without waiting, so the server has it. Another tab of
                // the device may have carried that, and been closed.
                let is_first = begun.insert(peer) && self.outbox.last(peer).is_none();
                if is_first && entry > 1 && doc::span(&outgoing.update, peer)?.is_some() {
                    self.transactions.add(Write::DropOutbox { peer, up_to: entry - 1 });
                }
                self.transactions.add(Write::Carry { peer, entry, outgoing });
            }
            self.closing.get_or_insert(Cause::Carried);
        }
        for refused in refused {
            self.transactions.add(Write::PutRefused(refused));
            self.closing.get_or_insert(Cause::Carried);
        }
        self.go_on(&mut step);
        Ok(step)
    }
}
