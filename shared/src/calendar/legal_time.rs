//! Legal time: what a clock on the wall of the regional government shows at an instant.
//!
//! The server's instant decides a date, read in the region's legal time; no device's clock does.
//! Easter Island has an hour of its own, but belongs to Valparaíso, whose regional government sits on
//! the continent.
//!
//! The changes of hour are data. They follow the supreme decrees on the legal hour, as the public
//! time-zone database records them; a new decree is one more line of a table here.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

/// Instants are milliseconds since 1970 (UTC), as everywhere.
pub type UtcMillis = i64;

/// The regions with one hour all year, by CUT code, and since when.
const WITHOUT_WINTER: [(&str, NaiveDate); 2] = [
    // Aysén keeps UTC−3 all year: decreed in March 2025, when summer time was in force.
    ("11", crate::norms::date(2025, 3, 20)),
    // Magallanes y la Antártica Chilena, likewise, since the summer of 2016.
    ("12", crate::norms::date(2016, 12, 4)),
];

/// A yearly change of the continental hour: it begins with the first Sunday on or after a day, when
/// the Saturday before ends.
struct Change {
    /// The years in which it was so; the last ones hold until another decree.
    years: std::ops::RangeInclusive<i32>,
    month: u32,
    /// The Sunday is on this day of the month or within the six days after it.
    from_day: u32,
    /// The hour before and after it, from UTC.
    hours: (i8, i8),
}

const WINTER: (i8, i8) = (-3, -4);
const SUMMER: (i8, i8) = (-4, -3);

/// The continental changes since the first exercise was made; earlier years are read as summer.
const CHANGES: [Change; 6] = [
    // 2016 to 2018: from the second Saturday of May to the second of August.
    Change { years: 2016..=2018, month: 5, from_day: 9, hours: WINTER },
    Change { years: 2016..=2018, month: 8, from_day: 9, hours: SUMMER },
    // Since 2019: from the first Saturday of April to the first of September.
    Change { years: 2019..=i32::MAX, month: 4, from_day: 2, hours: WINTER },
    Change { years: 2019..=2021, month: 9, from_day: 2, hours: SUMMER },
    // 2022: a week later, because of the plebiscite on 4 September.
    Change { years: 2022..=2022, month: 9, from_day: 9, hours: SUMMER },
    Change { years: 2023..=i32::MAX, month: 9, from_day: 2, hours: SUMMER },
];

impl Change {
    /// The first instant of the new hour in a year, as the clock of UTC shows it.
    fn instant(&self, year: i32) -> Option<NaiveDateTime> {
        if !self.years.contains(&year) {
            return None;
        }
        let first = NaiveDate::from_ymd_opt(year, self.month, self.from_day)?;
        let sunday = first.iter_days().find(|day| day.weekday() == Weekday::Sun)?;
        sunday.and_hms_opt(0, 0, 0)?.checked_sub_signed(TimeDelta::hours(self.hours.0.into()))
    }
}

/// Hours from UTC in a region, at an instant that UTC's clock shows so.
fn hours(utc: NaiveDateTime, region: &str) -> i8 {
    let fixed = WITHOUT_WINTER.iter().find(|(code, _)| *code == region);
    if fixed.is_some_and(|(_, since)| *since <= utc.date()) {
        return -3;
    }
    let passed = CHANGES.iter().filter_map(|change| {
        let instant = change.instant(utc.year())?;
        (instant <= utc).then_some((instant, change.hours.1))
    });
    // A year begins in summer.
    passed.max_by_key(|(instant, _)| *instant).map_or(-3, |(_, hours)| hours)
}

/// Date and hour in a region, by its two-digit CUT code; any other text is read as the continent.
/// Instants that no calendar reaches are its first one.
#[must_use]
pub fn legal_time(at: UtcMillis, region: &str) -> NaiveDateTime {
    let utc = DateTime::from_timestamp_millis(at).map_or(NaiveDateTime::MIN, |at| at.naive_utc());
    let hours = TimeDelta::hours(hours(utc, region).into());
    utc.checked_add_signed(hours).unwrap_or(utc)
}

/// The date in a region at an instant.
#[must_use]
pub fn legal_date(at: UtcMillis, region: &str) -> NaiveDate {
    legal_time(at, region).date()
}

/// The first instant that does not belong to the day any more: a term that ends with the day is open
/// until right before it. `None` only at the end of the calendar.
#[must_use]
pub fn end_of_day(day: NaiveDate, region: &str) -> Option<UtcMillis> {
    let midnight = day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)?;
    // Where the hour changes at midnight, one of the two offsets leads back to the day itself.
    let instant = |hours: i64| midnight.checked_add_signed(TimeDelta::hours(hours));
    let candidates = [instant(3)?, instant(4)?].map(|utc| utc.and_utc().timestamp_millis());
    candidates
        .into_iter()
        .find(|at| legal_date(*at, region) > day && legal_date(at.saturating_sub(1), region) <= day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::norms::date;

    fn utc(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> UtcMillis {
        let at = date(year, month, day).and_hms_opt(hour, minute, 0).unwrap();
        at.and_utc().timestamp_millis()
    }

    fn shown(at: UtcMillis, region: &str) -> String {
        legal_time(at, region).to_string()
    }

    #[test]
    fn the_last_minute_of_the_final_is_summer_time() {
        // 30 December 2026, 23:59 in Tarapacá is 02:59 UTC of the next day.
        assert_eq!(shown(utc(2026, 12, 31, 2, 59), "01"), "2026-12-30 23:59:00");
        assert_eq!(legal_date(utc(2026, 12, 31, 3, 0), "01"), date(2026, 12, 31));
        assert_eq!(end_of_day(date(2026, 12, 30), "01"), Some(utc(2026, 12, 31, 3, 0)));
    }

    #[test]
    fn winter_begins_when_the_first_saturday_of_april_ends() {
        // Saturday 4 April 2026: at 24:00 it is 23:00 again.
        assert_eq!(shown(utc(2026, 4, 5, 2, 59), "13"), "2026-04-04 23:59:00");
        assert_eq!(shown(utc(2026, 4, 5, 3, 0), "13"), "2026-04-04 23:00:00");
        assert_eq!(shown(utc(2026, 4, 5, 4, 0), "13"), "2026-04-05 00:00:00");
        assert_eq!(end_of_day(date(2026, 4, 4), "13"), Some(utc(2026, 4, 5, 4, 0)));
    }

    #[test]
    fn summer_begins_when_the_first_saturday_of_september_ends() {
        // Saturday 5 September 2026: midnight is one o'clock of the Sunday.
        assert_eq!(shown(utc(2026, 9, 6, 3, 59), "13"), "2026-09-05 23:59:00");
        assert_eq!(shown(utc(2026, 9, 6, 4, 0), "13"), "2026-09-06 01:00:00");
        assert_eq!(end_of_day(date(2026, 9, 5), "13"), Some(utc(2026, 9, 6, 4, 0)));
    }

    /// The Sundays of the public time-zone database (`America/Santiago`).
    #[test]
    fn the_changes_of_the_continent() {
        for (winter, summer) in [
            ((2017, 5, 14), (2017, 8, 13)),
            ((2018, 5, 13), (2018, 8, 12)),
            ((2019, 4, 7), (2019, 9, 8)),
            ((2020, 4, 5), (2020, 9, 6)),
            ((2021, 4, 4), (2021, 9, 5)),
            ((2022, 4, 3), (2022, 9, 11)),
            ((2023, 4, 2), (2023, 9, 3)),
            ((2024, 4, 7), (2024, 9, 8)),
            ((2025, 4, 6), (2025, 9, 7)),
            ((2026, 4, 5), (2026, 9, 6)),
            ((2027, 4, 4), (2027, 9, 5)),
            ((2028, 4, 2), (2028, 9, 3)),
            ((2029, 4, 8), (2029, 9, 2)),
            ((2030, 4, 7), (2030, 9, 8)),
            ((2031, 4, 6), (2031, 9, 7)),
        ] {
            let hours = |(year, month, day), hour| {
                let at = date(year, month, day).and_hms_opt(hour, 0, 0).unwrap();
                super::hours(at, "05")
            };
            assert_eq!((hours(winter, 2), hours(winter, 3)), (-3, -4), "{winter:?}");
            assert_eq!((hours(summer, 3), hours(summer, 4)), (-4, -3), "{summer:?}");
        }
    }

    #[test]
    fn magallanes_and_aysen_have_no_winter() {
        let june = |year| utc(year, 6, 15, 3, 30);
        assert_eq!(shown(june(2026), "12"), "2026-06-15 00:30:00");
        assert_eq!(shown(june(2017), "12"), "2017-06-15 00:30:00");
        assert_eq!(shown(june(2016), "12"), "2016-06-14 23:30:00");
        assert_eq!(shown(june(2025), "11"), "2025-06-15 00:30:00");
        assert_eq!(shown(june(2024), "11"), "2024-06-14 23:30:00");
        // Easter Island is of Valparaíso, whose government sits on the continent.
        assert_eq!(shown(june(2026), "05"), "2026-06-14 23:30:00");
    }

    #[test]
    fn instants_out_of_reach_are_no_panic() {
        for at in [i64::MIN, i64::MAX] {
            let _ = legal_time(at, "01");
        }
        assert_eq!(end_of_day(NaiveDate::MAX, "01"), None);
    }

    proptest! {
        #[test]
        fn a_day_ends_once(offset in 0..9_000_i64, region in prop::sample::select(vec!["01", "11", "12"])) {
            let day = date(2016, 1, 1) + TimeDelta::days(offset);
            let end = end_of_day(day, region).unwrap();
            prop_assert_eq!(legal_date(end - 1, region), day);
            prop_assert_eq!(legal_date(end, region), day.succ_opt().unwrap());
        }
    }
}
