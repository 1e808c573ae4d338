//! The history of a cell without the server: from what this device stores.

use std::collections::BTreeMap;

use shared::{
    doc::{self, Document},
    history::{Author, Entry, Step, Trace},
    ids::{ExerciseId, Peer},
    key::Key,
    limits,
    protocol::{Seq, ToClient},
    sync::journal::Stored,
};
use wasm_bindgen_futures::spawn_local;

use super::Open;
use crate::storage::Failure;

impl Open {
    /// The steps of a cell, the latest first.
    pub(super) async fn history_here(&self, key: &Key) -> Result<Vec<Step>, Failure> {
        let own = self.own_writers();
        let Stored { base, log, outbox, writers, .. } = self.keeper().stored(&own).await?;
        let id = self.exercise();
        let mut trace = match base {
            None => Trace::new(id),
            Some((seq, base)) => match Document::load(id, Peer::SERVER, [base.as_slice()]) {
                Ok(document) => Trace::from(document, seq),
                Err(_) => return Ok(Vec::new()),
            },
        };
        let mut last = trace.seq();
        let committed = log.iter().map(|(seq, update)| (*seq, None, update));
        let mut waiting: Vec<_> = outbox.iter().collect();
        waiting.sort_by_key(|(_, entry, outgoing)| (outgoing.generation, *entry));
        let waiting =
            waiting.into_iter().map(|(peer, _, outgoing)| (0, Some(*peer), &outgoing.update));
        for (seq, peer, update) in committed.chain(waiting) {
            let at = (seq > 0).then(|| self.moment(seq)).flatten();
            last = if seq == 0 { last + 1 } else { seq };
            let author = || doc::authors(update).ok()?.into_iter().next();
            let peer = peer.or_else(author).unwrap_or(Peer::SERVER);
            // What does not follow is not shown: history repairs nothing.
            if trace.add(Entry { seq: last, peer, at, update }).is_err() {
                break;
            }
        }
        let names: BTreeMap<Peer, Author> = writers
            .into_iter()
            .map(|writer| (writer.peer, Author { name: writer.name, role: writer.role }))
            .collect();
        let me = self.author();
        let who =
            |peer| if own.contains(&peer) { Some(me.clone()) } else { names.get(&peer).cloned() };
        Ok(trace.steps(key, limits::HISTORY_STEPS, who))
    }

    /// Remembers when entries were committed.
    pub(super) fn note_moments(&self, message: &ToClient) {
        let mut moments = self.moments.borrow_mut();
        let is_news = match message {
            ToClient::Opened { epoch, .. } => {
                moments.belong_to(*epoch);
                false
            }
            ToClient::Updates { first, entries, .. } => {
                let places = (*first..).zip(entries);
                places.fold(false, |news, (seq, entry)| moments.note(seq, entry.at) || news)
            }
            _ => false,
        };
        if is_news {
            let (session, moments) = (self.session, moments.clone());
            let name = moments_name(self.exercise());
            spawn_local(async move { session.remember(&name, Some(&moments)).await });
        }
    }

    /// About when an entry was committed.
    fn moment(&self, seq: Seq) -> Option<i64> {
        self.moments.borrow().at(seq)
    }
}

/// What the device remembers moments as.
pub(super) fn moments_name(exercise: ExerciseId) -> String {
    format!("moments/{exercise}")
}
