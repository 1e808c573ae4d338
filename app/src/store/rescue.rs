//! What this device has not sent, to be saved as a file; and such a file, to be sent from here.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use shared::{
    api::Person,
    doc::MergeError,
    ids::{ExerciseId, Peer},
    model::Exercise,
    protocol::EntryNo,
    rescue::Rescue,
    sync::{
        journal::{Outgoing, Stored},
        replica::{Cause, Replica},
    },
};

use super::{Keeper, Open, Rejection};
use crate::{clock, session::Session, storage::Failure, writers::Writers};

/// What this device has not sent of an exercise that is not open, and the exercise.
pub async fn rescue_apart(
    session: Session,
    person: &Person,
    exercise: ExerciseId,
) -> Result<(Rescue, Exercise), Failure> {
    let keeper = session.keeper(exercise, person);
    let writers = session.writers().ok_or(Failure::Unavailable)?;
    let replica = keeper.open(exercise, &writers, || {}).await?.replica;
    let rescue = rescue(&replica, stored(&keeper, &writers).await, &person.name);
    Ok((rescue, replica.document().exercise().clone()))
}

/// All that is stored, of all writers: nothing where storage does not give it.
async fn stored(keeper: &Keeper, writers: &Writers) -> Stored {
    let stored = match writers.all().await {
        Ok(writers) => keeper.stored(&writers.into_keys().collect()).await,
        Err(failure) => Err(failure),
    };
    stored.unwrap_or_else(|failure| {
        leptos::logging::error!("rescue without what is stored: {failure}");
        Stored::default()
    })
}

fn rescue(replica: &Replica, stored: Stored, author: &str) -> Rescue {
    let mut unsent: BTreeMap<_, _> = (stored.outbox.into_iter())
        .map(|(peer, entry, outgoing)| ((outgoing.generation, peer, entry), outgoing))
        .collect();
    for (peer, entry, outgoing) in replica.unsent() {
        unsent.insert((outgoing.generation, peer, entry), outgoing.clone());
    }
    Rescue {
        exercise: replica.document().exercise().id,
        made_at: clock::now(),
        author: author.into(),
        unsent: unsent.into_iter().map(|((_, peer, entry), sent)| (peer, entry, sent)).collect(),
        refused: stored.quarantine,
    }
}

impl Open {
    /// What this device has not sent of the exercise, in this tab and in others. What storage does
    /// not give is there as far as this tab has it.
    pub(super) async fn rescue(&self) -> Rescue {
        let stored = stored(self.keeper(), &self.writers).await;
        rescue(&self.replica(), stored, &self.author().name)
    }

    /// How many of the changes in a file are not here yet.
    pub(super) fn lacks(&self, rescue: &Rescue) -> usize {
        let replica = self.replica();
        rescue.unsent.iter().filter(|(peer, _, outgoing)| replica.lacks(*peer, outgoing)).count()
    }

    /// Takes over what a file holds and is not here yet.
    pub(super) async fn carry(self: &Rc<Self>, rescue: Rescue) -> Result<(), Rejection> {
        // What is here already has somebody who sends it.
        let is_new = |entry: &&(Peer, EntryNo, Outgoing)| self.replica().lacks(entry.0, &entry.2);
        let peers: BTreeSet<Peer> =
            rescue.unsent.iter().filter(is_new).map(|(peer, ..)| *peer).collect();
        if !self.writers.take_over(&peers).await {
            return Err(Rejection::OtherTab);
        }
        if self.is_reopening.get() {
            return Err(Rejection::Reopening);
        }
        // A tab that is gone had carried of them: that comes first, and what was built on it with it,
        // whoever is its writer.
        let waiting = stored(self.keeper(), &self.writers).await.outbox;
        let is_left = |peer: &Peer| peers.contains(peer) && !self.replica().sends_for(*peer);
        if waiting.iter().any(|(peer, ..)| is_left(peer)) {
            if let Err(failure) = self.writers.take().await {
                leptos::logging::error!("not taken over: {failure}");
            }
            let step = self.replica.borrow_mut().take_over();
            self.follow(step);
            return Err(Rejection::Reopening);
        }
        let taken = self.replica.borrow_mut().carry(rescue.unsent, rescue.refused);
        match taken {
            Ok(step) => self.follow(step),
            Err(error) => {
                // This tab holds their writers now, and must send what they left on this device.
                self.reopen(Cause::LeftBehind);
                return Err(match error {
                    MergeError::Incomplete => Rejection::Behind,
                    _ => Rejection::Foreign,
                });
            }
        }
        Ok(())
    }
}
