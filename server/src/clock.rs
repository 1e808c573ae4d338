//! The only file that reads time.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, NaiveDate, TimeDelta};

/// Milliseconds by which this clock goes ahead of the machine's, where a rehearsal sets it.
static AHEAD: AtomicI64 = AtomicI64::new(0);
/// How often the file of a rehearsal is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Milliseconds since 1970 (UTC).
#[must_use]
pub fn now() -> i64 {
    machine().saturating_add(AHEAD.load(Ordering::Relaxed))
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn machine() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Goes by a file for as long as the server runs, so that a year can be rehearsed in an hour: it holds
/// the milliseconds since 1970 (UTC) that it is when the file is written.
pub async fn rehearse(file: PathBuf) {
    let mut last = String::new();
    loop {
        if let Ok(text) = tokio::fs::read_to_string(&file).await
            && text != last
            && let Ok(moment) = text.trim().parse::<i64>()
        {
            AHEAD.store(moment - machine(), Ordering::Relaxed);
            last = text;
            tracing::warn!(moment, "REHEARSAL: the clock was set");
        }
        tokio::time::sleep(LOOK).await;
    }
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
