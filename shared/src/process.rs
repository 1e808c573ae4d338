//! The yearly process: what was officially done, what is due, and where an exercise stands.
//!
//! Everything official is an *act* in a register per exercise that only grows: who did it, when by the
//! server's clock, and its number. Acts are corrected or annulled by later acts. State, deadlines,
//! timeline and duties are a pure function of the acts, the calendar and the day in the region's legal
//! time, so that server and devices say the same.
//!
//! No deadline keeps anybody from writing, and a late submission is accepted and counted.

pub mod act;
pub mod board;
pub mod check;
pub mod council;
pub mod deadline;
pub mod duty;
pub mod letter;
pub mod milestone;
pub mod previous;
pub mod register;
pub mod reminder;
pub mod sha256;
pub mod state;
pub mod timeline;
pub mod version;

mod approval;
mod steps;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::{
    calendar::legal_time::{UtcMillis, legal_date},
    ids::ExerciseId,
};

pub use act::{Act, ActNumber, Author, Record};
pub use approval::Approval;
pub use deadline::{Deadline, Done};
pub use milestone::{Institution, Milestone};
pub use previous::Previous;
pub use register::Register;
pub use sha256::Fingerprint;
pub use state::{State, Step};
pub use timeline::Event;

/// An exercise on a day.
#[derive(Debug, Clone)]
pub struct Process<'a> {
    /// The acts.
    pub register: Register<'a>,
    /// The day in the region's legal time.
    pub today: NaiveDate,
    /// Where the acts alone leave the exercise.
    pub settled: State,
    /// Where it stands today: as the acts say, or in the focus of the year before because the last day
    /// passed without a final (CON-08).
    pub state: State,
    /// All milestones, in the order of the catalogue.
    pub deadlines: Vec<Deadline>,
    /// What happened, in the order of the register; what time brought comes last.
    pub timeline: Vec<Event<'a>>,
    /// What would be executed if no final is sent; `None` where there is none before (INC-01).
    pub previous: Option<Previous>,
}

impl<'a> Process<'a> {
    /// Reads the acts, which are in the order of their numbers, as of an instant of the server's
    /// clock.
    #[must_use]
    pub fn new(
        exercise: ExerciseId,
        records: &'a [Record],
        now: UtcMillis,
        previous: Option<Previous>,
    ) -> Self {
        let register = Register::new(exercise, records);
        let today = legal_date(now, exercise.region());
        let deadlines = deadline::deadlines(&register);
        let (settled, mut timeline) = timeline::events(&register, &deadlines);
        let mut state = settled;
        if let Some(event) = timeline::expiry(&deadlines, settled, today) {
            state = State::FallbackPreviousYear;
            timeline.push(event);
        }
        Self { register, today, settled, state, deadlines, timeline, previous }
    }

    /// A milestone with its days.
    #[must_use]
    pub fn deadline(&self, milestone: Milestone) -> &Deadline {
        &self.deadlines[milestone as usize]
    }

    /// Whether the council's approval covers the final that was sent, or what is to be sent.
    #[must_use]
    pub fn approval(&self) -> Approval {
        approval::approval(&self.register, ActNumber::MAX)
    }

    /// Whether Sercotec declared that the focus of the year before is executed.
    #[must_use]
    pub fn is_fallback_declared(&self) -> bool {
        self.register.acts().any(|standing| matches!(standing.act, Act::Fallback(_)))
    }
}
