//! The milestones of one exercise with their days: when each is due, when it was done, how late.
//!
//! Dispatch, reception and delivery are three days. The sender's duty counts by the dispatch, what
//! runs from a reception by the reception; which of the two Sercotec goes by is not written
//! anywhere, so both are told.

use chrono::NaiveDate;

use super::{
    act::{Act, ActNumber, ReportKind},
    letter::days_late,
    milestone::{Milestone, Timing},
    register::{Register, Standing},
};
use crate::{
    calendar::{business_day_from, exercise_day, first_business_day, observations_due, rest_day},
    norms::{LAW_19880, Source},
};

/// A milestone in an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Which one.
    pub milestone: Milestone,
    /// The first day of its legal window, where it has one.
    pub opens: Option<NaiveDate>,
    /// The last day, exactly as the text sets it; `None` where it sets none, or where it depends on
    /// what has not happened yet.
    pub legal: Option<NaiveDate>,
    /// How the authority reads that day, with the act that says so.
    pub ruling: Option<(NaiveDate, ActNumber)>,
    /// An earlier day that a weaker text aims at.
    pub target: Option<(NaiveDate, Source)>,
    /// The day that region and *Dirección Regional* agreed. It never takes the place of the legal one.
    pub agreed: Option<NaiveDate>,
    /// What was done.
    pub done: Option<Done>,
}

/// When something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// The act that shows it.
    pub act: ActNumber,
    /// The day that counts for who owed it: that of the dispatch, or else of the event.
    pub on: NaiveDate,
    /// The day on which the register learnt of it, by the server's clock: people write when a letter
    /// left, and this day shows how much later they did.
    pub registered: NaiveDate,
    /// When it was received, where that is known.
    pub received: Option<NaiveDate>,
    /// When it reached those who work on it, where that is known.
    pub delivered: Option<NaiveDate>,
    /// Whether an official letter shows it, as the norm asks.
    pub by_letter: bool,
}

impl Deadline {
    /// The day that counts: as ruled, or as the text sets it.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.ruling.map(|(due, _)| due).or(self.legal)
    }

    /// Days from today to the last day; below zero after it.
    #[must_use]
    pub fn days_left(&self, today: NaiveDate) -> Option<i64> {
        self.due().map(|due| (due - today).num_days())
    }

    /// How late it was done.
    #[must_use]
    pub fn days_late(&self) -> Option<u32> {
        days_late(self.due()?, self.done?.on)
    }

    /// How late it was received; a letter may be dated in time and arrive after it.
    #[must_use]
    pub fn days_received_late(&self) -> Option<u32> {
        days_late(self.due()?, self.done?.received?)
    }

    /// Whether it was done before its window opened. It counts all the same (CON-01).
    #[must_use]
    pub fn is_early(&self) -> bool {
        self.done.zip(self.opens).is_some_and(|(done, opens)| done.on < opens)
    }

    /// Whether its last day has passed without it.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.done.is_none() && self.due().is_some_and(|due| due < today)
    }

    /// Why its legal day is no business day.
    #[must_use]
    pub fn rest_day(&self) -> Option<&'static str> {
        self.legal.and_then(rest_day)
    }

    /// What the screen says where its legal day is no business day and nobody has ruled on it yet.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        if self.ruling.is_some() || !self.has_own_day() {
            return None;
        }
        let name = self.rest_day()?;
        Some(format!(
            "El plazo vence en día inhábil ({name}). La norma no lo traslada; si rige el artículo 25 \
             de la {}, es una decisión de la autoridad que se registra aquí.",
            LAW_19880.name
        ))
    }

    /// The days that a ruling may name: the legal one, or the next business day. Empty where there is
    /// nothing to rule on.
    #[must_use]
    pub fn rulings(&self) -> Vec<NaiveDate> {
        match self.legal {
            Some(legal) if self.has_own_day() && rest_day(legal).is_some() => {
                [Some(legal), business_day_from(legal)].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a text sets its day, and not that of another milestone.
    #[must_use]
    pub fn has_own_day(&self) -> bool {
        !matches!(self.milestone.timing(), Timing::Before(_) | Timing::After(_) | Timing::Undated)
    }
}

/// All milestones of an exercise, in the order of the catalogue.
#[must_use]
pub fn deadlines(register: &Register<'_>) -> Vec<Deadline> {
    Milestone::ALL.into_iter().map(|milestone| deadline(register, milestone)).collect()
}

/// One milestone of an exercise.
#[must_use]
pub fn deadline(register: &Register<'_>, milestone: Milestone) -> Deadline {
    let year = i32::from(register.exercise.budget_year);
    let day = |(month, day)| exercise_day(year, month, day);
    let (opens, legal) = match milestone.timing() {
        Timing::Window(from, to) => (day(from), day(to)),
        Timing::Until(to) => (None, day(to)),
        Timing::FirstBusinessDay(month) => (None, first_business_day(year - 1, month)),
        Timing::DaysAfterReception(_) => {
            (None, register.preliminary_received().and_then(observations_due))
        }
        // A recommendation sets no day for others.
        Timing::Before(next) if next.source().strength().binding() => {
            (None, deadline(register, next).due())
        }
        Timing::Before(_) | Timing::After(_) | Timing::Undated => (None, None),
    };
    let target = milestone.target().and_then(|(on, source)| Some((day(on)?, source)));
    let agreed =
        register.agreed_calendar().and_then(|calendar| calendar.days.get(&milestone).copied());
    let done = done(register, milestone);
    let mut deadline = Deadline { milestone, opens, legal, ruling: None, target, agreed, done };
    // A ruling on a day that a correction has moved since says nothing of the new one.
    let ruling = register.ruling(milestone).map(|(act, ruling)| (ruling.due, act));
    deadline.ruling = ruling.filter(|(due, _)| deadline.rulings().contains(due));
    deadline
}

/// What shows that a milestone was met. A letter says more than what went without one, and the
/// earliest of several counts; of the council, its last word.
fn done(register: &Register<'_>, milestone: Milestone) -> Option<Done> {
    if milestone == Milestone::ClosingReports {
        return closing_reports(register);
    }
    let found: Vec<Done> =
        register.acts().filter_map(|standing| shows(register, milestone, &standing)).collect();
    if milestone == Milestone::CouncilApproval {
        return found.last().copied();
    }
    let done = found.iter().min_by_key(|done| (!done.by_letter, done.on))?;
    // A version may have been received by itself, and its letter registered later.
    let received = done.received.or(found.iter().filter_map(|done| done.received).min());
    Some(Done { received, ..*done })
}

/// What one act shows of a milestone.
fn shows(register: &Register<'_>, milestone: Milestone, standing: &Standing<'_>) -> Option<Done> {
    let act = standing.record.number;
    let registered = register.registered_on(standing.record);
    let plain =
        |on| Done { act, on, registered, received: None, delivered: None, by_letter: false };
    // An act that goes with a letter was done when the letter left.
    let with = |letter: Option<ActNumber>| {
        let letter = letter.and_then(|letter| by_letter(register, letter));
        letter.map_or(plain(registered), |done| Done { act, registered, ..done })
    };
    match standing.act {
        Act::Letter(letter) if letter.kind.milestone() == Some(milestone) => {
            by_letter(register, act)
        }
        Act::Version(version) if version.kind.milestone() == Some(milestone) => {
            let received = register.reception(act).map(|reception| reception.on);
            Some(Done { received, ..with(version.letter) })
        }
        Act::Observations(act) if milestone == Milestone::Observations => Some(with(act.letter)),
        Act::Amounts(amounts) if amounts.basis.milestone() == milestone => {
            Some(with(amounts.letter))
        }
        Act::Fallback(remark) if milestone == Milestone::Fallback => Some(with(remark.letter)),
        Act::Council(decision)
            if milestone == Milestone::CouncilApproval && decision.is_approved =>
        {
            Some(plain(decision.held))
        }
        Act::AgreedCalendar(calendar) if milestone == Milestone::AgreedCalendar => {
            Some(plain(calendar.on))
        }
        Act::Activity(activity) if activity.milestone == milestone => {
            let is_called = matches!(milestone, Milestone::FirstSession | Milestone::ActorForms);
            let called = activity.called.filter(|_| is_called);
            called.or(activity.held).map(plain)
        }
        _ => None,
    }
}

/// The days of a letter that has left, or has come without anybody having noted when it left.
fn by_letter(register: &Register<'_>, act: ActNumber) -> Option<Done> {
    let letter = register.letter(act)?;
    let received = register.reception(act).map(|reception| reception.on);
    let on = match register.dispatch(act) {
        Some(dispatch) => dispatch.on,
        None => received.map(|_| letter.date)?,
    };
    let registered = register.registered_on(register.standing(act)?.record);
    let delivered = register.delivery(act).map(|delivery| delivery.on);
    Some(Done { act, on, registered, received, delivered, by_letter: true })
}

/// The day on which a version was sent: that of its letter, or else of its receipt.
pub(super) fn sent_on(register: &Register<'_>, version: ActNumber) -> Option<NaiveDate> {
    let standing = register.standing(version)?;
    let Act::Version(found) = standing.act else { return None };
    let letter = found.letter.and_then(|letter| by_letter(register, letter));
    Some(letter.map_or_else(|| register.registered_on(standing.record), |done| done.on))
}

/// Both reports that the Reglamento asks for: done with the later one.
fn closing_reports(register: &Register<'_>) -> Option<Done> {
    let report = |wanted: ReportKind| {
        register.acts().rev().find_map(|standing| match standing.act {
            Act::Report(report) if report.kind == wanted => Some((report.on, standing.record)),
            _ => None,
        })
    };
    let both = [report(ReportKind::Gore)?, report(ReportKind::RegionalOffice)?];
    let (on, record) = both.into_iter().max_by_key(|(on, record)| (*on, record.number))?;
    let registered = register.registered_on(record);
    let act = record.number;
    Some(Done { act, on, registered, received: None, delivered: None, by_letter: false })
}

#[cfg(test)]
mod tests;
