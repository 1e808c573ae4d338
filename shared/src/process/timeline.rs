//! What happened, in the order of the register, and what each act made of the exercise.

use chrono::NaiveDate;

use super::{
    act::{Act, ActNumber, Author},
    deadline::Deadline,
    milestone::Milestone,
    register::{Register, Standing},
    state::{State, Step},
    steps::steps,
};
use crate::calendar::legal_time::UtcMillis;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// The act; `None` for what time brought.
    pub act: Option<ActNumber>,
    /// What it is, in Spanish.
    pub title: &'static str,
    /// The day on which it happened, which may be long before it was registered.
    pub on: NaiveDate,
    /// When it was registered.
    pub registered: Option<UtcMillis>,
    /// Who registered it.
    pub author: Option<&'a Author>,
    /// The milestone that it is about.
    pub milestone: Option<Milestone>,
    /// When that was due.
    pub due: Option<NaiveDate>,
    /// The state that it led to, where it changed.
    pub state: Option<State>,
    /// Whether it was annulled since, and does not count.
    pub is_annulled: bool,
}

impl Event<'_> {
    /// Days after it was due; below zero for days left. `None` where it was not due.
    #[must_use]
    pub fn days_after_due(&self) -> Option<i64> {
        self.due.map(|due| (self.on - due).num_days())
    }
}

/// All acts as events, and the state that those that count lead to.
pub(super) fn events<'a>(
    register: &Register<'a>,
    deadlines: &[Deadline],
) -> (State, Vec<Event<'a>>) {
    let mut state = State::Draft;
    let mut events = Vec::new();
    let mut standing = register.acts().peekable();
    for record in register.records() {
        let counts = standing.next_if(|standing| standing.record.number == record.number);
        let before = state;
        let act = counts.map_or(&record.act, |standing| standing.act);
        if let Some(standing) = &counts {
            for step in steps(register, standing) {
                state = state.next(step).unwrap_or(state);
            }
        }
        let milestone = act.milestone();
        // A ruling is about a date and does not meet it.
        let is_due = !matches!(act, Act::Ruling(_));
        let due =
            milestone.filter(|_| is_due).and_then(|milestone| deadlines[milestone as usize].due());
        let read = Standing { record, act };
        let is_amendment = matches!(record.act, Act::Correction(_) | Act::Annulment(_));
        events.push(Event {
            act: Some(record.number),
            title: act.label(),
            on: happened(register, &read),
            registered: Some(record.at),
            author: Some(&record.author),
            milestone,
            due,
            state: (state != before).then_some(state),
            is_annulled: counts.is_none() && !is_amendment,
        });
    }
    (state, events)
}

/// The passing of the last day without a final (INC-01), where the decree was in force then.
pub(super) fn expiry<'a>(
    deadlines: &[Deadline],
    settled: State,
    today: NaiveDate,
) -> Option<Event<'a>> {
    let closing = &deadlines[Milestone::Final as usize];
    let due = closing.due()?;
    let is_law = Milestone::Fallback.source().norm.in_force.contains(due);
    let falls_back = settled.is_before_final() && settled.next(Step::FallBack).is_some();
    (is_law && falls_back && closing.is_overdue(today)).then_some(Event {
        act: None,
        title: "Venció el plazo sin focalización final",
        on: due.succ_opt()?,
        registered: None,
        author: None,
        milestone: Some(Milestone::Fallback),
        due: None,
        state: Some(State::FallbackPreviousYear),
        is_annulled: false,
    })
}

/// The day on which an act says that something happened, or else on which it was registered.
fn happened(register: &Register<'_>, standing: &Standing<'_>) -> NaiveDate {
    let day = match standing.act {
        Act::Letter(letter) => {
            Some(letter.dispatch.as_ref().map_or(letter.date, |dispatch| dispatch.on))
        }
        Act::Dispatched(act) => Some(act.what.on),
        Act::Received(act) => Some(act.what.on),
        Act::Delivered(act) => Some(act.what.on),
        Act::AgreedCalendar(calendar) => Some(calendar.on),
        Act::Activity(activity) => activity.held.or(activity.called),
        Act::Council(decision) => Some(decision.held),
        Act::Remainders(remainders) => Some(remainders.on),
        Act::Report(report) => Some(report.on),
        Act::Version(version) => {
            version.letter.and_then(|letter| register.dispatch(letter)).map(|dispatch| dispatch.on)
        }
        _ => None,
    };
    day.unwrap_or_else(|| register.registered_on(standing.record))
}
