//! What a person can do to an exercise. Everything that changes a document is one of these.

use serde::{Deserialize, Serialize};

use crate::{
    ids::RowId,
    key::{DELETED, Key, ORDER},
    template::TableId,
    value::Value,
};

/// One change. A list of them is applied as one: all are seen by others at once, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Adds a row, or moves the one that there is, to a place in the order.
    PlaceRow {
        /// The table.
        table: TableId,
        /// The row, new or known.
        row: RowId,
        /// Fractional index, see [`crate::order`].
        order: String,
    },
    /// Marks a row as deleted, or takes the mark back.
    DeleteRow {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// `false` restores it.
        deleted: bool,
    },
    /// Writes a cell; `None` empties it.
    SetCell {
        /// The cell.
        key: Key,
        /// Its new value.
        value: Option<Value>,
    },
    /// Adds a member to a set-valued cell, or takes it out.
    SetMember {
        /// The member's key, with `member` filled in.
        key: Key,
        /// Whether it is in the set.
        present: bool,
    },
    /// Replaces a part of a narrative cell.
    SpliceText {
        /// The cell.
        key: Key,
        /// Where, in bytes of the present text, at the edge of a character.
        at: usize,
        /// How many bytes go, up to the edge of a character.
        delete: usize,
        /// What comes in their place.
        insert: String,
    },
}

impl Edit {
    /// The key that it writes.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::PlaceRow { table, row, .. } => Key::cell(*table, row, ORDER),
            Self::DeleteRow { table, row, .. } => Key::cell(*table, row, DELETED),
            Self::SetCell { key, .. }
            | Self::SetMember { key, .. }
            | Self::SpliceText { key, .. } => key.clone(),
        }
    }

    /// About how many bytes it takes in an update.
    #[must_use]
    pub fn size(&self) -> usize {
        // The cell's name, the writer's, and what the CRDT says of them.
        const FRAME: usize = 100;
        let content = match self {
            Self::PlaceRow { order, .. } => order.len(),
            Self::SetCell { value: Some(Value::Text(text) | Value::Code(text)), .. } => text.len(),
            Self::SpliceText { insert, .. } => insert.len(),
            Self::DeleteRow { .. } | Self::SetCell { .. } | Self::SetMember { .. } => 0,
        };
        FRAME + content
    }

    /// The one splice that turns a text into another: what an editor knows after a keystroke.
    /// `None` where they are equal.
    #[must_use]
    pub fn splice(key: Key, from: &str, to: &str) -> Option<Self> {
        let Splice { at, delete, insert } = Splice::between(from, to)?;
        Some(Self::SpliceText { key, at, delete, insert })
    }
}

/// A replacement inside a text. Places are bytes at the edges of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where.
    pub at: usize,
    /// How many bytes go.
    pub delete: usize,
    /// What comes in their place.
    pub insert: String,
}

impl Splice {
    /// The smallest one that turns a text into another; `None` where they are equal.
    #[must_use]
    pub fn between(from: &str, to: &str) -> Option<Self> {
        if from == to {
            return None;
        }
        let mut at = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
        while !from.is_char_boundary(at) || !to.is_char_boundary(at) {
            at -= 1;
        }
        let (old, new) = (&from[at..], &to[at..]);
        let mut same = old.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
        while !old.is_char_boundary(old.len() - same) || !new.is_char_boundary(new.len() - same) {
            same -= 1;
        }
        let insert = new[..new.len() - same].into();
        Some(Self { at, delete: old.len() - same, insert })
    }

    /// Makes the replacement.
    ///
    /// # Panics
    /// Where it does not fit the text.
    pub fn apply(&self, text: &mut String) {
        text.replace_range(self.at..self.at + self.delete, &self.insert);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_splice_turns_one_text_into_the_other(from in "[añé🙂]{0,9}", to in "[añé🙂]{0,9}") {
            let mut text = from.clone();
            if let Some(splice) = Splice::between(&from, &to) {
                splice.apply(&mut text);
            }
            prop_assert_eq!(text, to);
        }
    }
}
