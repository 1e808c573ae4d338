//! Who is in an exercise, as the server keeps it: in memory, for as long as people are heard of.
//!
//! Whatever changes between two tellings is told at once, so that what others get does not grow
//! with how often somebody moves. Who is told of whom is for [`Role::may_see`].

use std::collections::{BTreeMap, BTreeSet};

use super::room::{ConnId, Member, UserId};
use crate::{
    access::Role,
    ids::ExerciseId,
    protocol::{Place, Present, ToClient},
};

/// Who says nothing for so long is not there any more. Devices say it every twenty seconds.
const SILENCE_MS: i64 = 50_000;

/// The people in one exercise.
#[derive(Debug, Default)]
pub struct Presence {
    tabs: BTreeMap<ConnId, Tab>,
    /// Tabs that went since the last telling, with the role that decides who hears of it.
    left: Vec<(ConnId, UserId, Role)>,
}

#[derive(Debug)]
struct Tab {
    user: UserId,
    name: String,
    role: Role,
    place: Place,
    heard: i64,
    news: News,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Came,
    Moved,
    Nothing,
}

impl Presence {
    /// Somebody says where they are, or that they look elsewhere.
    pub fn say(&mut self, conn: ConnId, member: &Member, place: Option<Place>, now: i64) {
        let Some(place) = place else { return self.leave(conn) };
        match self.tabs.get_mut(&conn) {
            Some(tab) => {
                tab.heard = now;
                if tab.place != place {
                    tab.place = place;
                    tab.news = if tab.news == News::Came { News::Came } else { News::Moved };
                }
            }
            None => {
                let (user, name, role) = (member.user, member.name.clone(), member.grant.role);
                let tab = Tab { user, name, role, place, heard: now, news: News::Came };
                self.tabs.insert(conn, tab);
            }
        }
    }

    /// The connection is gone, or the person looks elsewhere.
    pub fn leave(&mut self, conn: ConnId) {
        if let Some(tab) = self.tabs.remove(&conn) {
            self.left.push((conn, tab.user, tab.role));
        }
    }

    /// Forgets who was not heard of for long.
    pub fn forget_silent(&mut self, now: i64) {
        let silent = self.tabs.iter().filter(|(_, tab)| now - tab.heard > SILENCE_MS);
        for conn in silent.map(|(conn, _)| *conn).collect::<Vec<_>>() {
            self.leave(conn);
        }
    }

    /// Whether nobody is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tabs.is_empty()
    }

    /// Whether there is something to tell.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.left.is_empty() || self.tabs.values().any(|tab| tab.news != News::Nothing)
    }

    /// What is new since the last telling, each message with whom it is for. Who came gets to know
    /// everybody.
    pub fn tell(&mut self, exercise: ExerciseId) -> Vec<(Vec<ConnId>, ToClient)> {
        let mut messages = Vec::new();
        let roles: BTreeSet<Role> = self.tabs.values().map(|tab| tab.role).collect();
        // Roles that see the same are told the same.
        let mut alike: BTreeMap<Vec<bool>, Vec<Role>> = BTreeMap::new();
        for role in roles {
            let sees = Role::ALL.iter().map(|other| role.may_see(*other)).collect();
            alike.entry(sees).or_default().push(role);
        }
        for roles in alike.into_values() {
            for is_new in [true, false] {
                let to: Vec<(ConnId, UserId)> = self
                    .tabs
                    .iter()
                    .filter(|(_, tab)| roles.contains(&tab.role))
                    .filter(|(_, tab)| (tab.news == News::Came) == is_new)
                    .map(|(conn, tab)| (*conn, tab.user))
                    .collect();
                if !to.is_empty()
                    && let Some(message) = self.news(exercise, roles[0], is_new, to)
                {
                    messages.push(message);
                }
            }
        }
        self.left.clear();
        self.tabs.values_mut().for_each(|tab| tab.news = News::Nothing);
        messages
    }

    /// What people of a role are told, and which of them it is news for: not those whose own doing
    /// is all of it.
    fn news(
        &self,
        exercise: ExerciseId,
        role: Role,
        is_new: bool,
        to: Vec<(ConnId, UserId)>,
    ) -> Option<(Vec<ConnId>, ToClient)> {
        let mut about = BTreeSet::new();
        let (mut came, mut moved, mut left) = (Vec::new(), Vec::new(), Vec::new());
        for (conn, tab) in self.tabs.iter().filter(|(_, tab)| role.may_see(tab.role)) {
            match tab.news {
                _ if is_new => came.push(tab.present(*conn)),
                News::Came => came.push(tab.present(*conn)),
                News::Moved => moved.push((*conn, tab.place.clone())),
                News::Nothing => continue,
            }
            about.insert(tab.user);
        }
        if !is_new {
            for (conn, user, _) in self.left.iter().filter(|(_, _, gone)| role.may_see(*gone)) {
                left.push(*conn);
                about.insert(*user);
            }
        }
        let concerns = |user: UserId| about.iter().any(|other| *other != user);
        let to: Vec<ConnId> =
            to.into_iter().filter(|(_, user)| concerns(*user)).map(|(conn, _)| conn).collect();
        if to.is_empty() {
            return None;
        }
        Some((to, ToClient::People { exercise, came, moved, left }))
    }
}

impl Tab {
    fn present(&self, conn: ConnId) -> Present {
        Present {
            tab: conn,
            user: self.user,
            name: self.name.clone(),
            role: self.role.title().into(),
            place: self.place.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Grant, template::TableId};

    fn id() -> ExerciseId {
        ExerciseId::new("01", 2027).unwrap()
    }

    fn member(user: UserId, role: Role) -> Member {
        let region = role.is_regional().then(|| "01".into());
        Member { user, name: format!("p{user}"), grant: Grant { role, region } }
    }

    /// To whom; who came, moved, left.
    type Told = (Vec<ConnId>, Vec<u64>, Vec<u64>, Vec<u64>);

    fn told(presence: &mut Presence) -> Vec<Told> {
        let messages = presence.tell(id()).into_iter().map(|(to, message)| {
            let ToClient::People { came, moved, left, .. } = message else { panic!() };
            let came = came.into_iter().map(|present| present.tab).collect();
            (to, came, moved.into_iter().map(|(tab, _)| tab).collect(), left)
        });
        messages.collect()
    }

    #[test]
    fn who_comes_meets_everybody_and_others_only_what_is_new() {
        let mut presence = Presence::default();
        let (ana, bruno) = (member(7, Role::GoreEditor), member(8, Role::DrLeader));
        let focus = Place::at(TableId::Focus);
        presence.say(1, &ana, Some(focus.clone()), 0);
        assert_eq!(told(&mut presence), [], "nobody else is there");
        presence.say(2, &bruno, Some(focus.clone()), 0);
        let news = told(&mut presence);
        assert!(news.contains(&(vec![2], vec![1, 2], vec![], vec![])), "{news:?}");
        assert!(news.contains(&(vec![1], vec![2], vec![], vec![])), "{news:?}");

        let there = Place::at(TableId::Strategic);
        for place in [focus.clone(), there.clone(), focus.clone(), there] {
            presence.say(1, &ana, Some(place), 0);
        }
        assert_eq!(
            told(&mut presence),
            [(vec![2], vec![], vec![1], vec![])],
            "once, and to others"
        );
        assert!(!presence.has_news());
        presence.say(1, &ana, None, 0);
        assert_eq!(told(&mut presence), [(vec![2], vec![], vec![], vec![1])]);
        assert_eq!(told(&mut presence), []);
    }

    #[test]
    fn silence_is_leaving() {
        let mut presence = Presence::default();
        let focus = || Some(Place::at(TableId::Focus));
        presence.say(1, &member(7, Role::GoreEditor), focus(), 0);
        presence.say(2, &member(8, Role::GoreEditor), focus(), 0);
        told(&mut presence);
        presence.say(2, &member(8, Role::GoreEditor), focus(), SILENCE_MS);
        presence.forget_silent(SILENCE_MS + 1);
        assert_eq!(told(&mut presence), [(vec![2], vec![], vec![], vec![1])]);
    }

    #[test]
    fn reviewers_are_seen_by_their_own_and_see_all() {
        let mut presence = Presence::default();
        let focus = || Some(Place::at(TableId::Focus));
        let reviewer = member(9, Role::SercotecReviewer);
        presence.say(1, &member(7, Role::GoreEditor), focus(), 0);
        told(&mut presence);
        presence.say(2, &reviewer, focus(), 0);
        assert_eq!(told(&mut presence), [(vec![2], vec![1, 2], vec![], vec![])]);
        presence.say(3, &member(10, Role::SercotecManager), focus(), 0);
        let news = told(&mut presence);
        assert_eq!(news.len(), 2, "{news:?}");
        assert!(news.iter().all(|(to, ..)| !to.contains(&1)), "{news:?}");
        presence.say(2, &reviewer, Some(Place::at(TableId::Documents)), 0);
        presence.leave(3);
        let news = told(&mut presence);
        assert!(news.iter().all(|(to, ..)| !to.contains(&1)), "{news:?}");
    }
}
