//! The days of the law: business days, calendar days, and the dates that several parts need. All
//! milestones with their dates are in [`crate::process::milestone`].
//!
//! Fixed dates stay where the decree puts them. No text moves 15 November or 30 December to the
//! next business day when they fall on a weekend; [`rest_day`] lets the screen say that they do,
//! and the ruling is the institutions' own.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};

pub mod legal_time;

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

/// A day of the year in which the exercise of a budget year is made: the one before it. `None` if
/// there is no such day.
#[must_use]
pub fn exercise_day(budget_year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(budget_year.checked_sub(1)?, month, day)
}

/// The last day for the preliminary: 15 November (CAL-10).
#[must_use]
pub fn preliminary_due(budget_year: i32) -> Option<NaiveDate> {
    exercise_day(budget_year, 11, 15)
}

/// The last day for the final: 30 December (CAL-14).
#[must_use]
pub fn final_due(budget_year: i32) -> Option<NaiveDate> {
    exercise_day(budget_year, 12, 30)
}

/// Calendar days that Sercotec has for its observations (CAL-11).
pub const OBSERVATION_DAYS: u64 = 15;

/// The last day for the observations: fifteen calendar days, the first being the day after
/// Sercotec received the preliminary. `None` only at the end of the calendar.
#[must_use]
pub fn observations_due(received: NaiveDate) -> Option<NaiveDate> {
    received.checked_add_days(Days::new(OBSERVATION_DAYS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::date;

    #[test]
    fn observations_run_fifteen_days_from_the_day_after_reception() {
        assert_eq!(observations_due(date(2026, 11, 16)), Some(date(2026, 12, 1)));
        assert_eq!(observations_due(NaiveDate::MAX), None);
    }

    #[test]
    fn years_out_of_reach_have_no_days() {
        assert_eq!(preliminary_due(i32::MIN), None);
        assert_eq!(final_due(i32::MAX), None);
        assert_eq!(final_due(2027), Some(date(2026, 12, 30)));
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
