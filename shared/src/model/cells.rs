//! The cells of one row.

use serde::{Deserialize, Serialize};

use super::Cell;

/// Cells by field name, in the order of the names: a list, because a row has a dozen of them, and
/// an exercise has thousands of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cells(Vec<(Box<str>, Cell)>);

impl Cells {
    /// The cell of a field; `None` where it is missing.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Cell> {
        self.place(field).ok().map(|place| &self.0[place].1)
    }

    /// Fields and cells, in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Cell)> {
        self.0.iter().map(|(field, cell)| (&**field, cell))
    }

    /// The fields that hold something, in the order of their names.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(field, _)| &**field)
    }

    /// Whether all cells are missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a cell in the place of what was there; `None` leaves it missing.
    pub(super) fn put(&mut self, field: &str, cell: Option<Cell>) {
        match (self.place(field), cell) {
            (Ok(place), Some(cell)) => self.0[place].1 = cell,
            (Ok(place), None) => {
                self.0.remove(place);
            }
            (Err(place), Some(cell)) => self.0.insert(place, (field.into(), cell)),
            (Err(_), None) => {}
        }
    }

    /// Puts a member into a set-valued cell, or takes it out; a set without members is missing.
    pub(super) fn put_member(&mut self, field: &str, member: &str, is_in: bool) {
        let place = self.place(field);
        if let (Err(place), true) = (place, is_in) {
            self.0.insert(place, (field.into(), Cell::Set([member.to_owned()].into())));
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

    fn place(&self, field: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| (**other).cmp(field))
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = (&'a str, &'a Cell);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, (Box<str>, Cell)>,
        fn(&'a (Box<str>, Cell)) -> (&'a str, &'a Cell),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(field, cell)| (&**field, cell))
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
                let field = format!("f{field}");
                let cell = value.map(|value| Cell::Value(Value::Integer(value)));
                cells.put(&field, cell.clone());
                match cell {
                    Some(cell) => map.insert(field, cell),
                    None => map.remove(&field),
                };
            }
            prop_assert!(cells.iter().eq(map.iter().map(|(field, cell)| (field.as_str(), cell))));
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
