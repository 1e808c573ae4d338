//! The names of cells: `table/row/field`, or `table/row/field/member` for one member of a set.
//!
//! In the document each writer has an entry of its own under a cell's name, `key@writer`. Who
//! writes removes the entries that it saw, so the entries that are left are exactly the values
//! that were written without knowledge of each other.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BadId, Peer, RowId, is_member, is_name},
    template::TableId,
};

/// Field of the fractional index that orders a row; a row exists once it has one.
pub const ORDER: &str = "_order";
/// Field of the mark that a row was deleted. Rows are marked, never removed.
pub const DELETED: &str = "_deleted";

/// The name of one cell, or of one member of a set-valued cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    /// The table.
    pub table: TableId,
    /// The row in it.
    pub row: RowId,
    /// The column's field name, or [`ORDER`] or [`DELETED`].
    pub field: String,
    /// For a set-valued field, the member.
    pub member: Option<String>,
}

impl Key {
    /// The name of a cell.
    #[must_use]
    pub fn cell(table: TableId, row: &RowId, field: &str) -> Self {
        Self { table, row: row.clone(), field: field.into(), member: None }
    }

    /// The name of a member of a set-valued cell.
    #[must_use]
    pub fn member(table: TableId, row: &RowId, field: &str, member: &str) -> Self {
        Self { member: Some(member.into()), ..Self::cell(table, row, field) }
    }

    /// Reads `table/row/field` or `table/row/field/member`.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let mut parts = text.split('/');
        let mut next = || parts.next().ok_or(BadId);
        let (table, row, field) = (next()?, next()?, next()?);
        let member = parts.next();
        let table = TableId::parse(table).ok_or(BadId)?;
        if parts.next().is_some()
            || !is_name(field, 40)
            || member.is_some_and(|member| !is_member(member))
        {
            return Err(BadId);
        }
        Ok(Self {
            table,
            row: RowId::new(row)?,
            field: field.into(),
            member: member.map(Into::into),
        })
    }

    /// Splits `key@writer`.
    pub fn split_entry(entry: &str) -> Result<(&str, Peer), BadId> {
        let (key, peer) = entry.rsplit_once('@').ok_or(BadId)?;
        Ok((key, peer.parse()?))
    }

    /// The name of the text that a narrative cell is.
    #[must_use]
    pub fn text_name(&self) -> String {
        format!("{TEXT}{self}")
    }

    /// The inverse of [`Key::text_name`].
    pub fn from_text_name(name: &str) -> Result<Self, BadId> {
        Self::parse(name.strip_prefix(TEXT).ok_or(BadId)?)
    }
}

const TEXT: &str = "text:";

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table.as_str(), self.row, self.field)?;
        match &self.member {
            Some(member) => write!(f, "/{member}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        Self::parse(&text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_what_they_write() {
        for text in ["focus/r1/budget", "focus/r1/objectives/o1", "general/main/_order"] {
            assert_eq!(Key::parse(text).unwrap().to_string(), text);
        }
        for bad in ["", "focus", "focus/r1", "nada/r1/f", "focus/R1/f", "focus/r/f/m/x", "focus//f"]
        {
            assert!(Key::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn entries_name_their_writer() {
        let peer = Peer::from_random(77_777);
        let entry = format!("focus/r1/budget@{peer}");
        assert_eq!(Key::split_entry(&entry), Ok(("focus/r1/budget", peer)));
        assert!(Key::split_entry("focus/r1/budget").is_err());
    }
}
