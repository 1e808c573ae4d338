//! Exercises that are brought up to date one after the other while none is open: the device keeps
//! what others wrote, and the server gets what waits.

use std::collections::{BTreeMap, VecDeque};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{ExerciseSummary, Person},
    ids::ExerciseId,
};

use crate::{
    api,
    lazy::lazy_view,
    session::{Session, use_session},
    storage::Holding,
    store::{Hindrance, refresh},
    text,
};

/// Where an exercise is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Others come first.
    Waiting,
    /// Its content arrives: so many percent are there.
    Arriving(u8),
    /// It did not arrive, and why.
    Failed(String),
}

/// The exercises that a page brings up to date.
#[derive(Clone, Copy)]
pub struct Refreshing {
    session: Session,
    person: StoredValue<Person>,
    works: RwSignal<BTreeMap<ExerciseId, Work>>,
    queue: StoredValue<VecDeque<ExerciseId>>,
    is_running: StoredValue<bool>,
    /// Counts those that are through.
    arrived: RwSignal<u32>,
}

impl Refreshing {
    /// Nothing yet, for the page that calls this.
    #[must_use]
    pub fn new(person: Person) -> Self {
        Self {
            session: use_session(),
            person: StoredValue::new(person),
            works: RwSignal::default(),
            queue: StoredValue::default(),
            is_running: StoredValue::new(false),
            arrived: RwSignal::new(0),
        }
    }

    /// Where an exercise is on its way. Reactive.
    #[must_use]
    pub fn work(self, exercise: ExerciseId) -> Option<Work> {
        self.works.with(|works| works.get(&exercise).cloned())
    }

    /// Those that are under way. Reactive.
    #[must_use]
    pub fn under_way(self) -> Vec<ExerciseId> {
        self.works.with(|works| {
            let works = works.iter().filter(|(_, work)| !matches!(work, Work::Failed(_)));
            works.map(|(id, _)| *id).collect()
        })
    }

    /// Makes the caller run again when one is through.
    pub fn track(self) {
        self.arrived.track();
    }

    /// Brings an exercise up to date after those that wait.
    pub fn add(self, exercise: ExerciseId) {
        let is_new = self.queue.try_update_value(|queue| {
            let is_new = !queue.contains(&exercise);
            if is_new {
                queue.push_back(exercise);
            }
            is_new
        });
        if is_new == Some(true) {
            self.set(exercise, Some(Work::Waiting));
        }
        if self.is_running.try_update_value(|running| std::mem::replace(running, true))
            == Some(false)
        {
            spawn_local(self.run());
        }
    }

    /// Brings up to date what the device holds and is not what the server has, as far as it answers.
    pub fn add_outdated(self) {
        spawn_local(async move {
            let held = self.session.holdings().await;
            if let Ok(listed) = api::exercises().await {
                outdated(&held, &listed).into_iter().for_each(|id| self.add(id));
            }
        });
    }

    async fn run(self) {
        while let Some(Some(exercise)) = self.queue.try_update_value(VecDeque::pop_front) {
            let Some(person) = self.person.try_get_value() else { return };
            self.set(exercise, Some(Work::Arriving(0)));
            let is_wanted = move || !self.works.is_disposed();
            let told = move |done: u32, size: u32| {
                let percent = u64::from(done) * 100 / u64::from(size.max(1));
                self.set(exercise, Some(Work::Arriving(percent.min(100) as u8)));
            };
            let work = match refresh(self.session, person, exercise, is_wanted, told).await {
                Ok(()) => None,
                Err(Hindrance::Left) => return,
                Err(hindrance) => Some(Work::Failed(text::hindrance(&hindrance))),
            };
            self.set(exercise, work);
            self.arrived.try_update(|count| *count += 1);
        }
        self.is_running.try_set_value(false);
    }

    fn set(self, exercise: ExerciseId, work: Option<Work>) {
        self.works.try_update(|works| match work {
            Some(work) => works.insert(exercise, work),
            None => works.remove(&exercise),
        });
    }
}

lazy_view!(pub up_to_date in beside, UpToDate);

/// What the device holds, as the page around shows it.
#[derive(Clone, Copy)]
pub struct Held(pub RwSignal<BTreeMap<ExerciseId, Holding>>);

/// Brings up to date what the device holds, and says so while it does.
#[component]
pub fn UpToDate() -> impl IntoView {
    let session = use_session();
    let Held(shown) = expect_context();
    let Some(person) = session.person() else { return ().into_any() };
    let refreshing = Refreshing::new(person);
    Effect::new(move |first: Option<()>| {
        refreshing.track();
        if first.is_some() {
            spawn_local(async move {
                let held = session.holdings().await;
                shown.try_set(held);
            });
        }
    });
    refreshing.add_outdated();
    let words = move || {
        let names: Vec<String> = refreshing.under_way().into_iter().map(text::exercise).collect();
        (!names.is_empty()).then(|| format!("Sincronizando {}…", names.join(", ")))
    };
    view! { <p class="hint" role="status">{words}</p> }.into_any()
}

/// Which of the exercises that the device holds are not what the server has.
#[must_use]
pub fn outdated(
    held: &BTreeMap<ExerciseId, Holding>,
    listed: &[ExerciseSummary],
) -> Vec<ExerciseId> {
    let is_outdated = |summary: &&ExerciseSummary| {
        held.get(&summary.id)
            .is_some_and(|held| held.unsent > 0 || held.copy && held.seq < summary.head)
    };
    listed.iter().filter(is_outdated).map(|summary| summary.id).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_waits_or_is_behind_is_brought_up_to_date() {
        let id = |year| ExerciseId::new("01", year).unwrap();
        let summary =
            |year, head| ExerciseSummary { id: id(year), head, changed: 0, may_edit: true };
        let holding = |copy, unsent, seq| Holding { copy, unsent, seq, ..Holding::default() };
        let held = [
            (id(2025), holding(true, 0, 7)),
            (id(2026), holding(true, 0, 6)),
            (id(2027), holding(false, 1, 0)),
            (id(2028), holding(false, 0, 0)),
        ];
        let listed = [2025, 2026, 2027, 2028, 2029].map(|year| summary(year, 7));
        assert_eq!(outdated(&held.into(), &listed), [id(2026), id(2027)]);
    }
}
