//! Rescue files, and devices that are lost.

use std::collections::BTreeSet;

use shared::{
    doc::MergeError,
    ids::Peer,
    protocol::EntryNo,
    sync::journal::{Outgoing, Stored},
};

use crate::{
    model::Id,
    world::{Checked, World},
};

impl World {
    /// A tab reads what another device had stored and not sent. It may have been sent meanwhile, by
    /// that device or by another one.
    pub fn carry(&mut self, from: usize, tab: usize) -> Checked {
        let mut entries: Vec<(Peer, EntryNo, Outgoing)> = self.devices[from].stored.outbox.clone();
        entries.sort_by_key(|(peer, entry, outgoing)| (outgoing.generation, *peer, *entry));
        let of_others = self.locked_elsewhere(tab);
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        entries.retain(|(peer, _, outgoing)| open.replica.lacks(*peer, outgoing));
        let peers: BTreeSet<Peer> = entries.iter().map(|(peer, ..)| *peer).collect();
        if !peers.is_disjoint(&of_others) {
            // As the application: another tab of the device has it, and sends it.
            return Ok(());
        }
        let count = entries.len();
        match open.replica.carry(entries, Vec::new()) {
            Ok(step) => {
                // From now on, although the tab adopts them when it opens again.
                open.peers.extend(peers);
                *self.counts.entry("carried").or_default() += count;
                self.perform(tab, step)
            }
            // It builds on what this device has not got.
            Err(MergeError::Incomplete) => {
                self.count("carried too early");
                Ok(())
            }
            Err(error) => Err(format!("a rescue file is not read: {error:?}")),
        }
    }

    /// A device is gone with its store, and what it called saved with it; what it was told that the
    /// server has, the server must have.
    pub fn lose_device(&mut self, device: usize) {
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].device == device {
                self.disconnect(tab);
                self.tabs[tab].open = None;
            }
        }
        let saved = self.model.saved.iter().copied();
        let gone: Vec<Id> = saved.filter(|id| self.model.is_of(device, *id)).collect();
        self.model.gone.extend(gone);
        self.devices[device].stored = Stored::default();
        self.count("devices lost");
    }
}
