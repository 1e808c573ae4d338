//! The open exercises.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use shared::ids::ExerciseId;
use tokio::sync::mpsc;

use super::room::{self, Told};
use crate::{clock, store::Store};

type Doors = HashMap<ExerciseId, mpsc::Sender<Told>>;

/// Finds the room of an exercise, and opens it where it is closed. Cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    store: Store,
    open: Arc<Mutex<Doors>>,
}

impl Rooms {
    /// No room is open yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, open: Arc::default() }
    }

    /// Where to tell the room of an exercise something. It stays open while this is kept.
    pub fn enter(&self, exercise: ExerciseId) -> mpsc::Sender<Told> {
        let mut open = self.open();
        match open.get(&exercise) {
            Some(door) if !door.is_closed() => door.clone(),
            _ => {
                let (door, told) = mpsc::channel(room::WAITING);
                tokio::spawn(room::run(exercise, self.store.clone(), self.clone(), told));
                open.insert(exercise, door.clone());
                door
            }
        }
    }

    /// Has an open room read what somebody else wrote into its log.
    pub async fn refresh(&self, exercise: ExerciseId) {
        let door = self.open().get(&exercise).cloned();
        if let Some(door) = door {
            // A room that closes meanwhile reads it when it is opened again.
            let _ = door.send(Told::Written).await;
        }
    }

    /// Has it noted that somebody opened an exercise; nobody waits for that.
    pub fn note_opened(&self, user: i64, exercise: ExerciseId) {
        let store = self.store.clone();
        tokio::spawn(async move {
            if let Err(error) = store.note_opened(user, exercise, clock::now()).await {
                tracing::error!(cause = %error, "not noted in the audit");
            }
        });
    }

    /// Closes a room unless somebody is in it, or about to be.
    pub fn close(&self, exercise: ExerciseId, told: &mpsc::Receiver<Told>) -> bool {
        let mut open = self.open();
        // The one that is left is the one kept here; nobody gets another while this is locked.
        let is_unused = told.is_empty() && told.sender_strong_count() <= 1;
        if is_unused {
            open.remove(&exercise);
        }
        is_unused
    }

    /// Lets the next who enters open the room anew.
    pub fn forget(&self, exercise: ExerciseId) {
        self.open().remove(&exercise);
    }

    fn open(&self) -> MutexGuard<'_, Doors> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
