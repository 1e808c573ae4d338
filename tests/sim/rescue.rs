//! Rescue files, devices that are lost, and devices that become what they were.

use std::collections::BTreeSet;

use shared::{
    doc::MergeError,
    ids::Peer,
    protocol::EntryNo,
    sync::{
        journal::{Outgoing, Stored},
        replica::Replica,
    },
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
        let stored = &self.devices[self.tabs[tab].device].stored;
        let Some(open) = &mut self.tabs[tab].open else { return Ok(()) };
        entries.retain(|(peer, _, outgoing)| open.replica.lacks(*peer, outgoing));
        let peers: BTreeSet<Peer> = entries.iter().map(|(peer, ..)| *peer).collect();
        if !peers.is_disjoint(&of_others) {
            // As the application: another tab of the device has it, and sends it.
            return Ok(());
        }
        let is_left = |peer: &Peer| peers.contains(peer) && !open.replica.sends_for(*peer);
        if stored.outbox.iter().any(|(peer, ..)| is_left(peer)) {
            // As the application: what a tab that is gone had carried of them comes first, with what
            // was built on it.
            let known = stored.last_entries.iter().map(|last| last.peer);
            let waiting = stored.outbox.iter().map(|(peer, ..)| *peer);
            open.peers.extend(known.chain(waiting).filter(|peer| !of_others.contains(peer)));
            return self.run_tab(tab, Replica::take_over);
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
        self.wipe(device);
        self.count("devices lost");
    }

    fn wipe(&mut self, device: usize) {
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
    }

    /// The device gets back what it stored at some time: a disk image, a copied profile. What it wrote
    /// since is gone, unless the server has it; what it had then is there again, sent or not.
    pub fn restore_device(&mut self, device: usize) {
        let Some(backup) = self.devices[device].backup.clone() else { return };
        self.wipe(device);
        for (peer, entry, _) in &backup.outbox {
            if self.model.is_of(device, (*peer, *entry)) {
                self.model.gone.remove(&(*peer, *entry));
            }
        }
        let of = &mut self.devices[device];
        (of.stored, of.was_returned) = (backup, true);
        self.count("devices restored");
    }
}
