//! Noting who did what, beside what the logs of the exercises keep, and forgetting it in time.

use std::{sync::Arc, time::Duration};

use shared::{api::people::Event, ids::ExerciseId};

use crate::{
    app::App,
    clock,
    store::{Account, Note},
};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// How long it is kept. What somebody did can be held against them for four years (Ley 18.834,
/// art. 158); a year more lets a case that began be read to its end.
const KEPT: i64 = 5 * 365 * DAY;
/// How often what is older goes.
const TIDIED: Duration = Duration::from_secs(24 * 60 * 60);

impl App {
    /// Notes it. What somebody did is not undone because there was no room for the note.
    pub async fn note(&self, note: Note) {
        if let Err(error) = self.store.note(note, clock::now()).await {
            tracing::error!(cause = %error, "not noted in the audit");
        }
    }

    /// Notes what somebody did with their own account.
    pub async fn note_account(&self, event: Event, account: &Account) {
        let note = Note { by: Some(account.id), about: None, ..of_account(event, account) };
        self.note(note).await;
    }

    /// Notes that somebody could not sign in to this account.
    pub async fn note_refused(&self, account: &Account) {
        self.note(of_account(Event::SignInRefused, account)).await;
    }

    /// Notes what somebody did with an exercise.
    pub async fn note_exercise(&self, event: Event, account: &Account, exercise: ExerciseId) {
        self.note(Note::of_exercise(event, account.id, exercise)).await;
    }
}

/// Something about an account, which nobody is known to have done.
fn of_account(event: Event, account: &Account) -> Note {
    Note {
        event,
        by: None,
        about: Some(account.id),
        exercise: None,
        region: account.grant.region.clone(),
        detail: String::new(),
    }
}

/// Forgets for ever what is old enough.
pub async fn tidy(app: Arc<App>) {
    loop {
        match app.store.forget_audit(clock::now() - KEPT).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old entries of the audit forgotten"),
            Err(error) => tracing::error!(cause = %error, "the audit was not tidied"),
        }
        tokio::time::sleep(TIDIED).await;
    }
}
