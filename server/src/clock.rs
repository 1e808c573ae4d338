//! The only file that reads time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate, TimeDelta};

/// Milliseconds since 1970 (UTC).
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The civil date in Chile, whose mainland is four hours behind UTC, or three in summer.
#[must_use]
pub fn today() -> NaiveDate {
    let here = DateTime::from_timestamp_millis(now()).unwrap_or_default() - TimeDelta::hours(4);
    here.date_naive()
}

/// A point on the steady clock, for measuring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn steady() -> std::time::Instant {
    std::time::Instant::now()
}
