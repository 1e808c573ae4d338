//! A line per region for Sercotec: where each stands, what is due, what is missing; the most urgent
//! first.

use chrono::NaiveDate;

use super::{
    Process,
    duty::{Duty, Status, duties},
    milestone::{Institution, Milestone},
    state::State,
};
use crate::{ids::ExerciseId, territory};

/// A region's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Region and budget year.
    pub exercise: ExerciseId,
    /// Where it stands.
    pub state: State,
    /// Whose turn it is.
    pub turn: Option<Institution>,
    /// When Sercotec received the preliminary.
    pub received: Option<NaiveDate>,
    /// The mandatory duty that is most urgent: Sercotec's own first where both are late or due on one
    /// day.
    pub next: Option<Duty>,
    /// Mandatory duties whose last day has passed, of anybody.
    pub overdue: usize,
    /// What is missing, with the milestone that it belongs to.
    pub missing: Vec<(Milestone, &'static str)>,
}

impl Line {
    /// The line of an exercise.
    #[must_use]
    pub fn new(process: &Process<'_>) -> Self {
        let duties: Vec<Duty> =
            duties(process).into_iter().filter(|duty| duty.is_mandatory).collect();
        let is_overdue = |duty: &&Duty| matches!(duty.status, Status::Overdue { .. });
        let is_ahead = |duty: &&Duty| days_left(duty).is_some();
        let next = duties
            .iter()
            .filter(is_ahead)
            .min_by_key(|duty| (days_left(duty), !duty.owed_by.is_central()));
        let missing = duties.iter().filter(|duty| !matches!(duty.status, Status::Moot));
        Self {
            exercise: process.register.exercise,
            state: process.state,
            turn: process.state.turn(),
            received: process.register.preliminary_received(),
            next: next.cloned(),
            overdue: duties.iter().filter(is_overdue).count(),
            missing: missing
                .flat_map(|duty| duty.missing.iter().map(|text| (duty.deadline.milestone, *text)))
                .collect(),
        }
    }

    /// Days to the most urgent last day; below zero after it.
    #[must_use]
    pub fn days_left(&self) -> Option<i64> {
        self.next.as_ref().and_then(days_left)
    }
}

fn days_left(duty: &Duty) -> Option<i64> {
    match duty.status {
        Status::Overdue { days } => Some(-days),
        Status::Open { days_left } => days_left,
        _ => None,
    }
}

/// The lines of these exercises, the most urgent first; of equal ones Sercotec's turn first, then from
/// north to south.
#[must_use]
pub fn board<'a, 'b: 'a>(processes: impl IntoIterator<Item = &'a Process<'b>>) -> Vec<Line> {
    let mut lines: Vec<Line> = processes.into_iter().map(Line::new).collect();
    let place = |line: &Line| {
        territory::regions().iter().position(|region| region.code == line.exercise.region())
    };
    lines.sort_by_key(|line| {
        let is_ours = line.next.as_ref().is_some_and(|duty| duty.owed_by.is_central());
        (line.days_left().unwrap_or(i64::MAX), !is_ours, place(line))
    });
    lines
}

#[cfg(test)]
mod tests;
