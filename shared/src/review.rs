//! What a person should look at because they and others worked apart: texts that were merged by
//! character, rows that one deleted and another wrote into. Kept on the device.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ids::RowId,
    key::{DELETED, Key},
    merge::merged,
    model::Exercise,
    sync::replica::Apart,
    template::TableId,
};

/// A merged text is marked for so long.
const TEXT_MS: i64 = 24 * 60 * 60 * 1000;
/// A row that was deleted and written into is told of for so long: what was written is out of sight,
/// and who went home on Friday looks again on Monday.
const ROW_MS: i64 = 30 * TEXT_MS;

/// A text into which this person and others wrote apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// When it was last merged, in milliseconds since 1970 (UTC).
    at: i64,
    /// The text without what the others wrote.
    pub mine: String,
    /// The text with it.
    pub merged: String,
    /// The others.
    pub by: BTreeSet<String>,
}

/// A row that somebody deleted and somebody wrote into, apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Crossed {
    at: i64,
    /// Who deleted it, where this person had written into it without a connection.
    pub deleted_by: Option<String>,
    /// Who wrote into it without knowing that it was deleted.
    pub written_by: BTreeSet<String>,
    /// Whether it was this person who deleted it.
    pub is_mine: bool,
    /// The person has read it.
    is_known: bool,
}

impl Crossed {
    /// Whether this person is one of the two, and has not read it.
    #[must_use]
    pub fn is_news(&self) -> bool {
        !self.is_known && (self.deleted_by.is_some() || self.is_mine && !self.written_by.is_empty())
    }
}

/// All of it, for one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Review {
    texts: BTreeMap<Key, Merged>,
    /// By the row's mark of deletion.
    rows: BTreeMap<Key, Crossed>,
    /// Rows into which this person wrote without a connection, since the page was loaded.
    #[serde(skip)]
    written: BTreeSet<(TableId, RowId)>,
}

impl Review {
    /// Whether there is nothing to look at and nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.rows.is_empty()
    }

    /// This person wrote a cell without a connection.
    pub fn wrote(&mut self, key: &Key) {
        if !key.field.starts_with('_') {
            self.written.insert((key.table, key.row.clone()));
        }
    }

    /// Notes what was written apart, by somebody of this name. Whether there is more to look at;
    /// `is_mine` says whether this person deleted the row that it is about.
    pub fn note(&mut self, apart: Apart, by: String, is_mine: bool, now: i64) -> bool {
        match apart {
            Apart::Text { key, before, after, .. } => {
                let mut mine = before.clone();
                let mut names = BTreeSet::from([by]);
                if let Some(known) = self.texts.remove(&key) {
                    // What this person wrote since then belongs to them, too.
                    mine = merged(&known.merged, &known.mine, &before);
                    names.extend(known.by);
                }
                let is_merged = mine != after;
                if is_merged {
                    self.texts.insert(key, Merged { at: now, mine, merged: after, by: names });
                }
                is_merged
            }
            Apart::Deleted { table, row, .. } => {
                if !self.written.contains(&(table, row.clone())) {
                    return false;
                }
                let crossed = self.row(table, &row, now);
                crossed.deleted_by = Some(by);
                true
            }
            Apart::Wrote { table, row, .. } => {
                let crossed = self.row(table, &row, now);
                crossed.is_mine |= is_mine;
                crossed.written_by.insert(by);
                true
            }
        }
    }

    fn row(&mut self, table: TableId, row: &RowId, now: i64) -> &mut Crossed {
        let crossed = self.rows.entry(Key::cell(table, row, DELETED)).or_default();
        (crossed.at, crossed.is_known) = (now, false);
        crossed
    }

    /// A merged text that was not looked at.
    #[must_use]
    pub fn text(&self, key: &Key) -> Option<&Merged> {
        self.texts.get(key)
    }

    /// All merged texts that were not looked at.
    pub fn texts(&self) -> impl Iterator<Item = (&Key, &Merged)> {
        self.texts.iter()
    }

    /// What is known of a deleted row.
    #[must_use]
    pub fn crossed(&self, table: TableId, row: &RowId) -> Option<&Crossed> {
        self.rows.get(&Key::cell(table, row, DELETED))
    }

    /// The rows that the person must be told of.
    pub fn news(&self) -> impl Iterator<Item = (&Key, &Crossed)> {
        self.rows.iter().filter(|(_, crossed)| crossed.is_news())
    }

    /// The person has looked at a merged text.
    pub fn looked_at(&mut self, key: &Key) {
        self.texts.remove(key);
    }

    /// The person has read about a row.
    pub fn read(&mut self, mark: &Key) {
        if let Some(crossed) = self.rows.get_mut(mark) {
            crossed.is_known = true;
        }
    }

    /// Forgets what is old, and rows that were restored. The texts that are no longer marked; `None`
    /// where nothing was forgotten.
    pub fn tidy(&mut self, exercise: &Exercise, now: i64) -> Option<Vec<Key>> {
        let is_old = |merged: &Merged| now - merged.at >= TEXT_MS;
        let old = self.texts.extract_if(.., |_, merged| is_old(merged)).map(|(key, _)| key);
        let old: Vec<Key> = old.collect();
        let rows = self.rows.len();
        self.rows.retain(|mark, crossed| {
            let is_deleted = exercise.row(mark.table, &mark.row).is_some_and(|row| row.deleted);
            is_deleted && now - crossed.at < ROW_MS
        });
        (!old.is_empty() || self.rows.len() < rows).then_some(old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doc::Document,
        edit::Edit,
        ids::{ExerciseId, Peer},
    };

    const NOW: i64 = 1_000_000;

    fn key() -> Key {
        Key::parse("focus/r1/description").unwrap()
    }

    fn text(before: &str, after: &str) -> Apart {
        Apart::Text { key: key(), before: before.into(), after: after.into(), by: None }
    }

    fn row() -> (TableId, RowId) {
        (TableId::Focus, RowId::new("r1").unwrap())
    }

    fn deleted() -> Apart {
        let (table, row) = row();
        Apart::Deleted { table, row, by: None }
    }

    fn wrote() -> Apart {
        let (table, row) = row();
        Apart::Wrote { table, row, by: None }
    }

    /// An exercise whose row is deleted, or not.
    fn exercise(deleted: bool) -> Exercise {
        let mut document = Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::SERVER);
        let (table, row) = row();
        let place = Edit::PlaceRow { table, row: row.clone(), order: "V".into() };
        document.apply(&[place, Edit::DeleteRow { table, row, deleted }]).unwrap();
        document.exercise().clone()
    }

    #[test]
    fn a_merged_text_is_marked_for_a_day_or_until_it_was_looked_at() {
        let mut review = Review::default();
        assert!(review.note(text("Yo digo.", "Yo digo. Ana dice."), "Ana".into(), false, NOW));
        assert_eq!(review.text(&key()).unwrap().mine, "Yo digo.");
        let stored = serde_json::to_string(&review).unwrap();
        assert_eq!(serde_json::from_str::<Review>(&stored).unwrap(), review);

        let exercise = exercise(false);
        assert_eq!(review.tidy(&exercise, NOW + TEXT_MS - 1), None);
        let mut later = review.clone();
        assert_eq!(later.tidy(&exercise, NOW + TEXT_MS), Some(vec![key()]));
        review.looked_at(&key());
        assert_eq!((review, later), Default::default());
    }

    #[test]
    fn only_what_others_wrote_stands_out_when_a_text_is_merged_again() {
        let mut review = Review::default();
        review.note(text("Yo digo.", "Ana dice. Yo digo."), "Ana".into(), false, NOW);
        // This person went on writing, and was cut off once more.
        let before = "Ana dice. Yo digo. Y más.";
        review.note(text(before, &format!("{before} Eva dice.")), "Eva".into(), false, NOW + 5);
        let merged = review.text(&key()).unwrap().clone();
        assert_eq!(merged.mine, "Yo digo. Y más.");
        assert_eq!(merged.merged, "Ana dice. Yo digo. Y más. Eva dice.");
        assert_eq!(merged.by, BTreeSet::from(["Ana".into(), "Eva".into()]));
        // What they wrote went again.
        review.note(text(&merged.merged, "Yo digo. Y más."), "Ana".into(), false, NOW + 6);
        assert_eq!(review.text(&key()), None);
    }

    #[test]
    fn who_wrote_into_a_row_is_told_who_deleted_it() {
        let mut review = Review::default();
        let (table, id) = row();
        assert!(!review.note(deleted(), "Ana".into(), false, NOW), "nothing of mine was in it");
        review.wrote(&Key::cell(table, &id, "_order"));
        assert!(!review.note(deleted(), "Ana".into(), false, NOW), "moving it is not writing");
        review.wrote(&Key::cell(table, &id, "budget"));
        assert!(review.note(deleted(), "Ana".into(), false, NOW));
        let (mark, crossed) = review.news().next().unwrap();
        assert_eq!(crossed.deleted_by.as_deref(), Some("Ana"));
        let mark = mark.clone();
        review.read(&mark);
        assert_eq!(review.news().count(), 0);
        assert!(review.crossed(table, &id).is_some(), "among the deleted rows it is still told");
        assert_eq!(review.tidy(&exercise(true), NOW + TEXT_MS), None, "for longer than a day");
        assert_eq!(review.clone().tidy(&exercise(false), NOW), Some(vec![]), "restored");
        assert_eq!(review.tidy(&exercise(true), NOW + ROW_MS), Some(vec![]));
    }

    #[test]
    fn who_deleted_a_row_is_told_who_wrote_into_it() {
        let (mut mine, mut anybody) = (Review::default(), Review::default());
        assert!(mine.note(wrote(), "Bruno".into(), true, NOW));
        assert!(anybody.note(wrote(), "Bruno".into(), false, NOW));
        assert_eq!((mine.news().count(), anybody.news().count()), (1, 0));
        let (table, row) = row();
        let named = BTreeSet::from(["Bruno".into()]);
        assert_eq!(anybody.crossed(table, &row).unwrap().written_by, named);
        let mark = Key::cell(table, &row, DELETED);
        mine.read(&mark);
        mine.note(wrote(), "Eva".into(), true, NOW + 1);
        assert_eq!(mine.news().count(), 1, "there is more to read");
    }
}
