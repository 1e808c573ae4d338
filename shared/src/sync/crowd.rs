//! The other people in an exercise, as a device knows them from what the server tells.

use std::collections::BTreeMap;

use crate::protocol::{Place, Present};

/// Colours that people are told apart by; whoever comes when all are taken shares one.
pub const COLOURS: u8 = 8;

/// Everybody who is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crowd {
    tabs: BTreeMap<u64, Tab>,
    colours: BTreeMap<i64, u8>,
    changes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tab {
    present: Present,
    changed: u64,
}

/// Somebody else, wherever they last moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somebody {
    /// Number of the account.
    pub user: i64,
    /// The person's name.
    pub name: String,
    /// The person's role.
    pub role: String,
    /// Which of [`COLOURS`]; kept while the person is there.
    pub colour: u8,
    /// Where the person is.
    pub place: Place,
}

impl Crowd {
    /// Takes what [`crate::protocol::ToClient::People`] says.
    pub fn take(&mut self, came: Vec<Present>, moved: Vec<(u64, Place)>, left: &[u64]) {
        self.changes += 1;
        let changed = self.changes;
        for tab in left {
            self.tabs.remove(tab);
        }
        for present in came {
            self.tabs.insert(present.tab, Tab { present, changed });
        }
        for (tab, place) in moved {
            if let Some(tab) = self.tabs.get_mut(&tab) {
                (tab.present.place, tab.changed) = (place, changed);
            }
        }
        let users: Vec<i64> = self.tabs.values().map(|tab| tab.present.user).collect();
        self.colours.retain(|user, _| users.contains(user));
        for user in users {
            if !self.colours.contains_key(&user) {
                let wanted = user.rem_euclid(i64::from(COLOURS)) as u8;
                let others = (0..COLOURS).map(|step| (wanted + step) % COLOURS);
                let is_free = |colour: &u8| self.colours.values().all(|taken| taken != colour);
                let colour = others.into_iter().find(is_free).unwrap_or(wanted);
                self.colours.insert(user, colour);
            }
        }
    }

    /// Forgets everybody: the connection is gone.
    pub fn clear(&mut self) {
        *self = Self { changes: self.changes, ..Self::default() };
    }

    /// The people beside this one, by name.
    #[must_use]
    pub fn others(&self, me: i64) -> Vec<Somebody> {
        let mut latest: BTreeMap<i64, &Tab> = BTreeMap::new();
        for tab in self.tabs.values().filter(|tab| tab.present.user != me) {
            let known = latest.entry(tab.present.user).or_insert(tab);
            if tab.changed >= known.changed {
                *known = tab;
            }
        }
        let somebody = |tab: &Tab| Somebody {
            user: tab.present.user,
            name: tab.present.name.clone(),
            role: tab.present.role.clone(),
            colour: self.colours.get(&tab.present.user).copied().unwrap_or(0),
            place: tab.present.place.clone(),
        };
        let mut others: Vec<_> = latest.into_values().map(somebody).collect();
        others.sort_by(|a, b| (&a.name, a.user).cmp(&(&b.name, b.user)));
        others
    }
}

/// The first letters of the first two words of a name: «AR».
#[must_use]
pub fn initials(name: &str) -> String {
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let letters = name.split_whitespace().filter_map(first).take(2);
    letters.flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::TableId;

    fn present(tab: u64, user: i64) -> Present {
        let place = Place::at(TableId::Focus);
        Present { tab, user, name: format!("P {user}"), role: "r".into(), place }
    }

    #[test]
    fn two_tabs_are_one_person_where_they_last_were() {
        let mut crowd = Crowd::default();
        crowd.take(vec![present(1, 7), present(2, 8), present(3, 8)], vec![], &[]);
        assert_eq!(crowd.others(7).len(), 1);
        assert_eq!(crowd.others(9).len(), 2);
        crowd.take(vec![], vec![(2, Place::at(TableId::Strategic)), (99, place())], &[]);
        assert_eq!(crowd.others(7)[0].place.table, TableId::Strategic);
        crowd.take(vec![], vec![], &[2]);
        assert_eq!(crowd.others(7)[0].place.table, TableId::Focus, "the tab that is left");
        crowd.take(vec![], vec![], &[3]);
        assert_eq!(crowd.others(7), []);
    }

    fn place() -> Place {
        Place::at(TableId::Focus)
    }

    #[test]
    fn colours_differ_and_stay() {
        let mut crowd = Crowd::default();
        let colours = |crowd: &Crowd| -> BTreeMap<i64, u8> {
            crowd.others(0).into_iter().map(|one| (one.user, one.colour)).collect()
        };
        crowd.take(vec![present(1, 1), present(2, 9)], vec![], &[]);
        let before = colours(&crowd);
        assert_eq!(before[&1], 1);
        assert_ne!(before[&1], before[&9], "both would have liked the same");
        crowd.take((3..30).map(|user| present(user as u64 + 10, user)).collect(), vec![], &[1]);
        assert_eq!(colours(&crowd)[&9], before[&9]);
        assert!(colours(&crowd).values().all(|colour| *colour < COLOURS));
    }

    #[test]
    fn names_have_initials() {
        for (name, expected) in
            [("Ana Rojas Vera", "AR"), ("ñusta", "Ñ"), ("  (Luis)  Díaz ", "LD"), ("", "")]
        {
            assert_eq!(initials(name), expected);
        }
    }
}
