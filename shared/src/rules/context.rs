//! What rules need to know beside the exercise.

use chrono::NaiveDate;

use crate::{
    calendar::{final_due, preliminary_due},
    ids::ExerciseId,
    norms::REGULATION,
};

/// The version of the *focalización* that is being prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// *Focalización preliminar*, due on 15 November.
    Preliminary,
    /// *Focalización final*, due on 30 December, and what is adjusted after it.
    Final,
}

impl Stage {
    /// What the screen calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Preliminary => "focalización preliminar",
            Self::Final => "focalización final",
        }
    }
}

/// The day and the stage of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The day of the evaluation.
    pub today: NaiveDate,
    /// The day whose law applies to the exercise.
    pub reference_date: NaiveDate,
    /// What is being prepared.
    pub stage: Stage,
}

impl Context {
    /// The context of an exercise on a day.
    ///
    /// Its law is that of the day on which the final version is due. An exercise that is older
    /// than the first *Reglamento* is checked with that: the pilot had no text of its own.
    #[must_use]
    pub fn of(id: ExerciseId, today: NaiveDate) -> Self {
        let year = i32::from(id.budget_year);
        let first = REGULATION.in_force.from.unwrap_or(NaiveDate::MIN);
        let is_early = preliminary_due(year).is_some_and(|due| today <= due);
        let stage = if is_early { Stage::Preliminary } else { Stage::Final };
        let reference_date = final_due(year).map_or(first, |due| due.max(first));
        Self { today, reference_date, stage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::date;

    #[test]
    fn the_day_decides_the_stage_and_the_year_the_law() {
        let id = ExerciseId::new("01", 2027).unwrap();
        let before = Context::of(id, date(2026, 11, 15));
        let after = Context::of(id, date(2026, 11, 16));
        assert_eq!((before.stage, after.stage), (Stage::Preliminary, Stage::Final));
        assert_eq!(after.reference_date, date(2026, 12, 30));
        let pilot = Context::of(ExerciseId::new("01", 2019).unwrap(), date(2026, 11, 20));
        assert_eq!(pilot.reference_date, date(2021, 5, 13));
    }
}
