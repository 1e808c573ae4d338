//! What this person and others wrote apart: noted as it arrives, kept on the device, forgotten in
//! time.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::{
    ids::{Peer, RowId},
    key::{DELETED, Key},
    protocol::ToClient,
    review::Review,
    sync::replica::{Apart, Link},
    template::TableId,
};
use wasm_bindgen_futures::spawn_local;

use super::{Open, Store};
use crate::{clock, text};

impl Open {
    /// Finds what was not looked at before the page was loaded again.
    pub(super) async fn recall_review(&self) {
        if let Some(review) = self.session().recall::<Review>(&self.review_name()).await {
            self.review.set(review);
        }
    }

    /// Where the server answers a new connection, what waits was written without one.
    pub(super) fn note_waiting(&self, message: &ToClient) {
        let is_answer = matches!(message, ToClient::Opened { .. });
        if !is_answer || self.replica().status().link == Link::Following {
            return;
        }
        self.review.update_untracked(|review| {
            let replica = self.replica();
            let edits = replica.unsent().flat_map(|(_, _, outgoing)| &outgoing.edits);
            edits.for_each(|edit| review.wrote(&edit.key()));
        });
    }

    /// Notes what was written apart.
    pub(super) fn note_apart(&self, found: Vec<Apart>) {
        if found.is_empty() {
            return;
        }
        let mut review = self.review.get_untracked();
        let (mut rows, mut is_news) = (BTreeSet::new(), false);
        for apart in found {
            let (table, row) = apart.row();
            let mark = Key::cell(table, row, DELETED);
            let is_mine = self.replica().document().writers(&mark).any(|peer| self.is_own(peer));
            rows.insert((table, row.clone()));
            let by = self.called(apart.by());
            is_news |= review.note(apart, by, is_mine, clock::now());
        }
        if is_news {
            self.set_review(review, &rows);
        }
    }

    /// Some seconds passed: what is old is marked no longer.
    pub(super) fn tidy_review(&self) {
        if self.is_reopening.get() || self.review.with_untracked(Review::is_empty) {
            return;
        }
        let mut review = self.review.get_untracked();
        let old = review.tidy(self.replica().document().exercise(), clock::now());
        if let Some(old) = old {
            self.set_review(review, &old.into_iter().map(|key| (key.table, key.row)).collect());
        }
    }

    fn set_review(&self, review: Review, rows: &BTreeSet<(TableId, RowId)>) {
        self.review.set(review.clone());
        self.tell_rows(rows);
        let (session, name) = (self.session(), self.review_name());
        let review = (!review.is_empty()).then_some(review);
        spawn_local(async move { session.remember(&name, review.as_ref()).await });
    }

    /// A writer, as the beginning of a sentence.
    fn called(&self, peer: Option<Peer>) -> String {
        match peer {
            Some(peer) if self.is_by_person(peer) => "Tu otra sesión".into(),
            Some(peer) => self.writer(peer).map_or_else(|| "Otra persona".into(), |it| it.name),
            None => "Otra persona".into(),
        }
    }

    fn review_name(&self) -> String {
        format!("review/{}/{}", self.user(), self.exercise())
    }
}

impl Store {
    /// What is to be looked at because people wrote apart. Reactive.
    #[must_use]
    pub fn review(&self) -> ArcRwSignal<Review> {
        self.open.get_value().review.clone()
    }

    /// What is said of a text that was merged and not looked at. Changes are told by
    /// [`Store::track_row`].
    #[must_use]
    pub fn merged(&self, key: &Key) -> Option<String> {
        let open = self.open.get_value();
        open.review.with_untracked(|review| review.text(key).map(|it| text::merged(&it.by)))
    }

    /// The person has looked at a merged text.
    pub fn looked_at(&self, key: &Key) {
        let open = self.open.get_value();
        let mut review = open.review.get_untracked();
        review.looked_at(key);
        open.set_review(review, &[(key.table, key.row.clone())].into());
    }

    /// The person has read what became of a row, named by its mark of deletion.
    pub fn read_about(&self, mark: &Key) {
        let open = self.open.get_value();
        let mut review = open.review.get_untracked();
        review.read(mark);
        open.set_review(review, &BTreeSet::new());
    }

    /// Who wrote what a cell holds, by name; this person is «ti».
    #[must_use]
    pub fn writers_of(&self, key: &Key) -> BTreeSet<String> {
        let open = self.open.get_value();
        let writers: Vec<Peer> = open.replica().document().writers(key).collect();
        let name = |peer| match open.is_by_person(peer) {
            true => Some("ti".to_owned()),
            false => Some(open.writer(peer)?.name),
        };
        writers.into_iter().filter_map(name).collect()
    }
}
