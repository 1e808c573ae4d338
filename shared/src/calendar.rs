//! The legal calendar of an exercise: business days, and the milestones of Decreto 246.
//!
//! Fixed dates stay where the decree puts them. No text moves 15 November or 30 December to the
//! next business day when they fall on a weekend; [`rest_day`] lets the screen say that they do,
//! and the ruling is the institutions' own.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::norms::{DECREE_246, GUIDE_METHOD, Source};

/// The years whose holidays are known. In others only weekends count as rest days.
pub const HOLIDAY_YEARS: RangeInclusive<i32> = 2019..=2032;

fn holidays() -> &'static [(NaiveDate, &'static str)] {
    static HOLIDAYS: OnceLock<Vec<(NaiveDate, &'static str)>> = OnceLock::new();
    HOLIDAYS.get_or_init(|| parse(include_str!("../data/holidays.txt")))
}

fn parse(table: &'static str) -> Vec<(NaiveDate, &'static str)> {
    // Dates are written 20261208: the general date parser would weigh on the download.
    let day = |digits: &str| {
        let number: u32 = digits.parse().ok()?;
        let year = (number / 10_000).cast_signed();
        NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
    };
    let lines = table.lines().filter_map(|line| line.split_once('|'));
    let mut days: Vec<_> = lines
        .flat_map(|(name, dates)| dates.split(' ').map(move |date| (date, name)))
        .filter_map(|(date, name)| Some((day(date)?, name)))
        .collect();
    days.sort_unstable();
    days
}

/// The national holiday on that day. Elections and regional holidays are not known here.
#[must_use]
pub fn holiday(date: NaiveDate) -> Option<&'static str> {
    let days = holidays();
    days.binary_search_by_key(&date, |(day, _)| *day).ok().map(|at| days[at].1)
}

/// Why that day is not a business day (Ley 19.880, art. 25): the holiday, «sábado» or «domingo».
#[must_use]
pub fn rest_day(date: NaiveDate) -> Option<&'static str> {
    holiday(date).or(match date.weekday() {
        Weekday::Sat => Some("sábado"),
        Weekday::Sun => Some("domingo"),
        _ => None,
    })
}

/// Whether offices are open: Monday to Friday and no national holiday.
#[must_use]
pub fn is_business_day(date: NaiveDate) -> bool {
    rest_day(date).is_none()
}

/// The first business day on or after that day. `None` only at the end of the calendar.
#[must_use]
pub fn business_day_from(date: NaiveDate) -> Option<NaiveDate> {
    date.iter_days().find(|day| is_business_day(*day))
}

/// The business day that many business days after a day, which itself does not count.
/// `None` only at the end of the calendar.
#[must_use]
pub fn add_business_days(date: NaiveDate, days: u16) -> Option<NaiveDate> {
    match days.checked_sub(1) {
        None => Some(date),
        Some(before) => {
            date.iter_days().skip(1).filter(|day| is_business_day(*day)).nth(before.into())
        }
    }
}

/// The first business day of a month. `None` if there is no such month.
#[must_use]
pub fn first_business_day(year: i32, month: u32) -> Option<NaiveDate> {
    business_day_from(NaiveDate::from_ymd_opt(year, month, 1)?)
}

/// The acts of the exercise that have a date in the decree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Milestone {
    /// Sercotec opens the exercise with its *oficio conductor*.
    Opening,
    /// Sercotec sends the *presupuesto exploratorio*.
    ExploratoryBudget,
    /// The regional government sends the *focalización preliminar*.
    Preliminary,
    /// Sercotec answers it with its *observaciones*.
    Observations,
    /// Sercotec sends the *montos preliminares*.
    PreliminaryAmounts,
    /// The regional government sends the *focalización final* with the approval of the CORE.
    Final,
}

impl Milestone {
    /// Identifier in the catalogue of requirements.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Opening => "CAL-01",
            Self::ExploratoryBudget => "CAL-02",
            Self::Preliminary => "CAL-10",
            Self::Observations => "CAL-11",
            Self::PreliminaryAmounts => "CAL-12",
            Self::Final => "CAL-14",
        }
    }

    /// Its name on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opening => "Oficio de inicio",
            Self::ExploratoryBudget => "Presupuesto exploratorio",
            Self::Preliminary => "Focalización preliminar",
            Self::Observations => "Observaciones de Sercotec",
            Self::PreliminaryAmounts => "Montos preliminares",
            Self::Final => "Focalización final",
        }
    }

    /// Whether the regional government answers for it; else Sercotec does.
    #[must_use]
    pub const fn is_regional(self) -> bool {
        matches!(self, Self::Preliminary | Self::Final)
    }

    const fn source(self) -> Source {
        DECREE_246.at(match self {
            Self::Opening => "condiciones de ejercicio, párrafo 1",
            Self::ExploratoryBudget => "condiciones de ejercicio, párrafo 2",
            Self::Preliminary => "condiciones de ejercicio, párrafo 3",
            Self::Observations => "condiciones de ejercicio, párrafo 4",
            Self::PreliminaryAmounts => "condiciones de ejercicio, párrafo 5",
            Self::Final => "condiciones de ejercicio, párrafo 6",
        })
    }
}

/// When a milestone is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The act.
    pub milestone: Milestone,
    /// First day of its legal window, where it has one.
    pub opens: Option<NaiveDate>,
    /// Last day, exactly as the decree sets it.
    pub due: NaiveDate,
    /// The text that sets it.
    pub source: Source,
    /// An earlier day that the Guía aims at (CON-01): a target and never the deadline.
    pub target: Option<(NaiveDate, Source)>,
}

/// The deadlines of the exercise for a budget year, in the order of their dates; all fall in the
/// year before.
///
/// That of the observations runs from the day on which Sercotec received the preliminary, and is
/// absent until that is known. Empty only for years that the calendar does not reach.
#[must_use]
pub fn milestones(budget_year: i32, preliminary_received: Option<NaiveDate>) -> Vec<Deadline> {
    let day = |month, day| NaiveDate::from_ymd_opt(budget_year.checked_sub(1)?, month, day);
    let deadline = |milestone: Milestone, opens, due| {
        Some(Deadline { milestone, opens, due: due?, source: milestone.source(), target: None })
    };
    let amounts = || {
        let first = business_day_from(day(12, 1)?);
        let target = day(11, 30).map(|date| (date, GUIDE_METHOD.at("C.4")));
        Some(Deadline { target, ..deadline(Milestone::PreliminaryAmounts, None, first)? })
    };
    let mut deadlines: Vec<Deadline> = [
        deadline(Milestone::Opening, day(3, 1), day(3, 15)),
        deadline(Milestone::ExploratoryBudget, day(6, 16), day(6, 30)),
        deadline(Milestone::Preliminary, day(11, 1), day(11, 15)),
        deadline(Milestone::Observations, None, preliminary_received.and_then(observations_due)),
        amounts(),
        deadline(Milestone::Final, None, day(12, 30)),
    ]
    .into_iter()
    .flatten()
    .collect();
    deadlines.sort_by_key(|deadline| deadline.due);
    deadlines
}

/// The last day for the observations: fifteen calendar days, the first being the day after
/// Sercotec received the preliminary. `None` only at the end of the calendar.
#[must_use]
pub fn observations_due(received: NaiveDate) -> Option<NaiveDate> {
    received.checked_add_days(Days::new(15))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::date;

    fn due(budget_year: i32, milestone: Milestone) -> Deadline {
        let received = date(budget_year - 1, 11, 15);
        let all = milestones(budget_year, Some(received));
        *all.iter().find(|deadline| deadline.milestone == milestone).unwrap()
    }

    /// `requirements.md` §1.2: preliminary, observations if received that day, amounts by the
    /// decree, target of the Guía, final, and the days from amounts to final.
    #[test]
    fn the_computed_calendar_of_the_catalogue() {
        use Weekday::{Fri, Mon, Sat, Sun, Tue, Wed};
        for (year, preliminary, observed, amounts, target, last, left) in [
            (2025, Fri, Sat, (12, 2, Mon), Sat, Mon, 28),
            (2026, Sat, Sun, (12, 1, Mon), Sun, Tue, 29),
            (2027, Sun, Mon, (12, 1, Tue), Mon, Wed, 29),
        ] {
            let before = year - 1;
            let is = |found: NaiveDate, month, day, weekday| {
                assert_eq!((found, found.weekday()), (date(before, month, day), weekday), "{year}");
            };
            is(due(year, Milestone::Preliminary).due, 11, 15, preliminary);
            is(due(year, Milestone::Observations).due, 11, 30, observed);
            let sums = due(year, Milestone::PreliminaryAmounts);
            is(sums.due, amounts.0, amounts.1, amounts.2);
            is(sums.target.unwrap().0, 11, 30, target);
            let closing = due(year, Milestone::Final);
            is(closing.due, 12, 30, last);
            assert_eq!((closing.due - sums.due).num_days(), left, "{year}");
        }
    }

    #[test]
    fn windows_begin_where_the_decree_says() {
        for (milestone, opens, last) in [
            (Milestone::Opening, (3, 1), (3, 15)),
            (Milestone::ExploratoryBudget, (6, 16), (6, 30)),
            (Milestone::Preliminary, (11, 1), (11, 15)),
        ] {
            let found = due(2027, milestone);
            assert_eq!(found.opens, Some(date(2026, opens.0, opens.1)));
            assert_eq!(found.due, date(2026, last.0, last.1));
            assert!(found.source.strength().binding());
        }
    }

    #[test]
    fn observations_run_from_reception_and_nothing_else() {
        let ids = |received| {
            let all = milestones(2027, received);
            all.iter().map(|deadline| deadline.milestone.id()).collect::<Vec<_>>()
        };
        assert_eq!(ids(None), ["CAL-01", "CAL-02", "CAL-10", "CAL-12", "CAL-14"]);
        let late = Some(date(2026, 12, 10));
        assert_eq!(ids(late), ["CAL-01", "CAL-02", "CAL-10", "CAL-12", "CAL-11", "CAL-14"]);
        assert_eq!(observations_due(date(2026, 11, 16)), Some(date(2026, 12, 1)));
        assert_eq!(observations_due(NaiveDate::MAX), None);
    }

    #[test]
    fn years_out_of_reach_have_no_deadlines() {
        assert!(milestones(i32::MIN, None).is_empty());
        assert!(milestones(i32::MAX, None).is_empty());
        assert_eq!(milestones(2019, None).len(), 5);
    }

    #[test]
    fn holidays_of_the_table() {
        assert_eq!(holidays().len(), 231);
        assert!(holidays().iter().all(|(day, _)| HOLIDAY_YEARS.contains(&day.year())));
        for year in HOLIDAY_YEARS {
            assert_eq!(holiday(date(year, 9, 18)), Some("Independencia Nacional"));
            assert_eq!(holiday(date(year, 12, 8)), Some("Inmaculada Concepción"));
            assert!(holiday(date(year, 12, 31)).is_none(), "only banks close");
        }
        assert_eq!(rest_day(date(2026, 11, 15)), Some("domingo"));
        assert_eq!(rest_day(date(2026, 4, 4)), Some("Sábado Santo"));
        assert_eq!(rest_day(date(2026, 12, 30)), None);
        assert!(!is_business_day(date(2026, 9, 18)) && is_business_day(date(2026, 9, 21)));
    }

    #[test]
    fn business_days_are_counted_past_weekends_and_holidays() {
        assert_eq!(first_business_day(2024, 12), Some(date(2024, 12, 2)));
        assert_eq!(first_business_day(2026, 5), Some(date(2026, 5, 4)));
        assert_eq!(first_business_day(2026, 13), None);
        // Thursday 17 September 2026; the 18th and 19th are holidays.
        assert_eq!(add_business_days(date(2026, 9, 17), 1), Some(date(2026, 9, 21)));
        assert_eq!(add_business_days(date(2026, 9, 18), 0), Some(date(2026, 9, 18)));
        assert_eq!(add_business_days(date(2026, 11, 20), 5), Some(date(2026, 11, 27)));
        assert_eq!(add_business_days(NaiveDate::MAX, 1), None);
        assert_eq!(business_day_from(date(2026, 11, 15)), Some(date(2026, 11, 16)));
    }
}
