//! Places in a narrative cell that stay with their text, whoever writes around them.

use serde::{Deserialize, Serialize};
use yrs::{
    Assoc, ClientID, ID, IndexScope, IndexedSequence, ReadTxn, StickyIndex, Transact,
    branch::{Branch, BranchPtr},
};

use super::{Document, bytes_of, units_of};
use crate::{ids::Peer, key::Key};

/// A place in a text: behind one of its characters, which is named and not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// At the beginning.
    Start,
    /// Behind a character.
    Behind {
        /// Who wrote it.
        writer: Peer,
        /// Its number among all that the writer wrote.
        clock: u32,
    },
}

impl Document {
    /// The anchor of a place in a narrative cell, given in bytes. `None` where there is no such
    /// place.
    #[must_use]
    pub fn anchor(&self, key: &Key, at: usize) -> Option<Anchor> {
        if at == 0 {
            return Some(Anchor::Start);
        }
        let name = key.text_name();
        let units = units_of(self.texts.get(name.as_str())?.get(..at)?);
        let txn = self.doc.transact();
        let sticky = txn.get_text(name.as_str())?.sticky_index(&txn, units, Assoc::Before)?;
        let id = sticky.id()?;
        Some(Anchor::Behind { writer: Peer::new(id.client.get()).ok()?, clock: id.clock })
    }

    /// Where an anchor is now, in bytes of the present text. `None` where its character did not
    /// arrive here yet. One that was deleted is remembered by what stood before it.
    #[must_use]
    pub fn place(&self, key: &Key, anchor: Anchor) -> Option<usize> {
        let Anchor::Behind { writer, clock } = anchor else { return Some(0) };
        let name = key.text_name();
        let text = self.texts.get(name.as_str())?;
        let id = ID { client: ClientID::new(writer.number()), clock };
        let txn = self.doc.transact();
        let sticky = StickyIndex::new(IndexScope::Relative(id), Assoc::Before);
        let offset = sticky.get_offset(&txn)?;
        // A character of another text would be a place of that one.
        let own = txn.get_text(name.as_str())?;
        let own: &Branch = own.as_ref();
        (offset.branch == BranchPtr::from(own)).then(|| bytes_of(text, offset.index))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{edit::Edit, ids::ExerciseId};

    fn document(peer: u64) -> Document {
        Document::new(ExerciseId::new("01", 2027).unwrap(), Peer::new(peer).unwrap())
    }

    fn key() -> Key {
        Key::parse("focus/r1/description").unwrap()
    }

    fn splice(document: &mut Document, at: usize, delete: usize, insert: &str) -> Vec<u8> {
        let edit = Edit::SpliceText { key: key(), at, delete, insert: insert.into() };
        document.apply(&[edit]).unwrap().update
    }

    fn text(document: &Document) -> String {
        let row = document.exercise().row(key().table, &key().row).unwrap();
        row.text("description").to_owned()
    }

    #[test]
    fn a_caret_stays_behind_its_character_while_both_write() {
        let (mut ana, mut bruno) = (document(2), document(3));
        let first = splice(&mut ana, 0, 0, "añ🙂o");
        bruno.merge(&first).unwrap();
        let behind_smile = "añ🙂".len();
        let anchor = bruno.anchor(&key(), behind_smile).unwrap();
        let before = splice(&mut ana, 0, 0, "ñandú ");
        assert_eq!(ana.place(&key(), anchor), Some("ñandú añ🙂".len()));
        assert_eq!(bruno.place(&key(), anchor), Some(behind_smile), "did not arrive yet");

        // What Bruno writes there goes on before it reaches Ana.
        let update = splice(&mut bruno, behind_smile, 0, "é");
        let later = bruno.anchor(&key(), behind_smile + "é".len()).unwrap();
        assert_eq!(ana.place(&key(), later), None, "of a character that is not here yet");
        ana.merge(&update).unwrap();
        bruno.merge(&before).unwrap();
        assert_eq!(text(&ana), "ñandú añ🙂éo");
        for document in [&ana, &bruno] {
            assert_eq!(document.place(&key(), later), Some("ñandú añ🙂é".len()));
        }
        // A character that is deleted leaves its caret where it was.
        splice(&mut ana, "ñandú a".len(), "ñ🙂é".len(), "");
        assert_eq!(ana.place(&key(), later), Some("ñandú a".len()));
    }

    #[test]
    fn anchors_of_elsewhere_are_no_places() {
        let mut document = document(2);
        splice(&mut document, 0, 0, "abc");
        let other = Key::parse("focus/r2/description").unwrap();
        let anchor = document.anchor(&key(), 2).unwrap();
        assert_eq!(document.place(&other, anchor), None);
        let edit = Edit::SpliceText { key: other.clone(), at: 0, delete: 0, insert: "x".into() };
        document.apply(&[edit]).unwrap();
        assert_eq!(document.place(&other, anchor), None);
        assert_eq!(document.place(&other, Anchor::Start), Some(0));
        assert_eq!(document.anchor(&key(), 9), None);
        let far = Anchor::Behind { writer: Peer::new(2).unwrap(), clock: u32::MAX };
        assert_eq!(document.place(&key(), far), None);
        let marks = (0..20).map(|clock| Anchor::Behind { writer: document.peer(), clock });
        for anchor in marks {
            let _ = document.place(&key(), anchor);
        }
    }

    proptest! {
        #[test]
        fn any_place_is_found_again(
            splices in prop::collection::vec((0usize..20, 0usize..4, "[añ🙂é]{0,4}"), 1..12),
            turns in prop::collection::vec(0usize..2, 12),
        ) {
            let mut documents = [document(2), document(3)];
            for ((at, delete, insert), who) in splices.into_iter().zip(turns) {
                let present = documents[who].exercise().row(key().table, &key().row)
                    .map(|row| row.cells.get("description").cloned());
                let present = match present.flatten() {
                    Some(crate::model::Cell::Narrative(text)) => text,
                    _ => String::new(),
                };
                let edges: Vec<usize> =
                    present.char_indices().map(|(at, _)| at).chain([present.len()]).collect();
                let from = at.min(edges.len() - 1);
                let to = (from + delete).min(edges.len() - 1);
                let (from, to) = (edges[from], edges[to]);
                let update = splice(&mut documents[who], from, to - from, &insert);
                if !update.is_empty() {
                    documents[1 - who].merge(&update).unwrap();
                }
                let text = {
                    let mut text = present;
                    text.replace_range(from..to, &insert);
                    text
                };
                for place in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
                    let Some(anchor) = documents[who].anchor(&key(), place) else { continue };
                    prop_assert_eq!(documents[who].place(&key(), anchor), Some(place));
                    if text.is_empty() {
                        continue;
                    }
                    prop_assert_eq!(documents[1 - who].place(&key(), anchor), Some(place));
                }
            }
        }
    }
}
