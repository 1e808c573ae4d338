//! The cells of one row.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize, Serializer};

use super::Cell;

/// Cells by field name, in the order of the names: a list, because a row has a dozen of them, and
/// an exercise has thousands of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "Vec<(Box<str>, Cell)>")]
pub struct Cells(Vec<(Name, Cell)>);

/// A field name that is compared as one number: rules look up cells by the hundred thousand, and
/// comparing texts byte by byte took most of their time in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    start: u64,
    text: Box<str>,
}

impl Name {
    fn new(text: Box<str>) -> Self {
        Self { start: start(&text), text }
    }

    /// As the texts compare.
    #[inline]
    fn cmp(&self, start: u64, text: &str) -> Ordering {
        // Names hold no zeros, so that short ones are all in their start.
        self.start.cmp(&start).then_with(|| rest(&self.text).iter().cmp(rest(text)))
    }
}

/// The first eight bytes, with zeros behind a shorter text. Where the compiler sees the text, it is
/// a constant.
#[inline]
fn start(text: &str) -> u64 {
    match text.as_bytes().first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let start = text.bytes().fold(0, |start, byte| start << 8 | u64::from(byte));
            // At most seven bytes are left of eight; none of them leaves nothing to move.
            start.checked_shl(64 - 8 * text.len() as u32).unwrap_or_default()
        }
    }
}

/// Whether texts that start alike are the same. Up to sixteen bytes, and nearly all names are of so
/// few, the last eight tell it; they are one number too.
#[inline]
fn same_rest(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.as_bytes().last_chunk::<8>() == other.as_bytes().last_chunk()
        && (one.len() <= 16 || one == other)
}

fn rest(text: &str) -> &[u8] {
    text.as_bytes().get(8..).unwrap_or_default()
}

impl Cells {
    /// The cell of a field; `None` where it is missing.
    #[must_use]
    #[inline]
    pub fn get(&self, field: &str) -> Option<&Cell> {
        self.find(start(field), field)
    }

    /// Only numbers are compared until one is equal: names with the same start are neighbours, and
    /// few. Whole texts at each step took twice the time.
    fn find(&self, start: u64, field: &str) -> Option<&Cell> {
        let first = self.0.partition_point(|(name, _)| name.start < start);
        let mut neighbours = self.0[first..].iter().take_while(|(name, _)| name.start == start);
        neighbours.find(|(name, _)| same_rest(&name.text, field)).map(|(_, cell)| cell)
    }

    /// Fields and cells, in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Cell)> {
        self.0.iter().map(|(name, cell)| (&*name.text, cell))
    }

    /// The fields that hold something, in the order of their names.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(name, _)| &*name.text)
    }

    /// Whether all cells are missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a cell in the place of what was there; `None` leaves it missing.
    pub(super) fn put(&mut self, field: &str, cell: Option<Cell>) {
        match (self.place(start(field), field), cell) {
            (Ok(place), Some(cell)) => self.0[place].1 = cell,
            (Ok(place), None) => {
                self.0.remove(place);
            }
            (Err(place), Some(cell)) => self.0.insert(place, (Name::new(field.into()), cell)),
            (Err(_), None) => {}
        }
    }

    /// Puts a member into a set-valued cell, or takes it out; a set without members is missing.
    pub(super) fn put_member(&mut self, field: &str, member: &str, is_in: bool) {
        let place = self.place(start(field), field);
        if let (Err(place), true) = (place, is_in) {
            let set = Cell::Set([member.to_owned()].into());
            self.0.insert(place, (Name::new(field.into()), set));
        } else if let Ok(place) = place
            && let Cell::Set(members) = &mut self.0[place].1
        {
            if is_in {
                members.insert(member.to_owned());
            } else {
                members.remove(member);
                if members.is_empty() {
                    self.0.remove(place);
                }
            }
        }
    }

    /// Where a field is, or would be. Its start is a constant to most who ask.
    fn place(&self, start: u64, field: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(name, _)| name.cmp(start, field))
    }
}

impl From<Vec<(Box<str>, Cell)>> for Cells {
    /// Whatever their order.
    fn from(cells: Vec<(Box<str>, Cell)>) -> Self {
        let mut cells: Vec<_> =
            cells.into_iter().map(|(field, cell)| (Name::new(field), cell)).collect();
        cells.sort_by(|(a, _), (b, _)| a.cmp(b.start, &b.text));
        Self(cells)
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::value::Value;

    proptest! {
        #[test]
        fn they_are_what_a_map_would_be(writes in prop::collection::vec((0..6_u8, any::<Option<i64>>()), 0..40)) {
            let (mut cells, mut map) = (Cells::default(), BTreeMap::new());
            for (field, value) in writes {
                // Shorter than what is compared at once, as long, and longer with one start.
                let fields = ["", "fiel", "field_of", "field_of_a", "field_of_b", "field_ob"];
                let field = fields[usize::from(field)];
                let cell = value.map(|value| Cell::Value(Value::Integer(value)));
                cells.put(field, cell.clone());
                match cell {
                    Some(cell) => map.insert(field, cell),
                    None => map.remove(field),
                };
            }
            prop_assert!(cells.iter().eq(map.iter().map(|(field, cell)| (*field, cell))));
            prop_assert!(map.iter().all(|(field, cell)| cells.get(field) == Some(cell)));
        }
    }

    #[test]
    fn a_set_lasts_as_long_as_its_members() {
        let mut cells = Cells::default();
        cells.put_member("places", "01101", false);
        assert!(cells.is_empty());
        cells.put_member("places", "01107", true);
        cells.put_member("places", "01101", true);
        let both = Cell::Set(["01101".to_owned(), "01107".to_owned()].into());
        assert_eq!(cells.get("places"), Some(&both));
        cells.put_member("places", "01101", false);
        cells.put_member("places", "01107", false);
        assert!(cells.is_empty());
    }
}
