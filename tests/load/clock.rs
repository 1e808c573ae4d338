//! Time, as measured.

use std::time::Instant;

/// A point in time.
#[expect(clippy::disallowed_methods, reason = "this is a clock")]
pub fn now() -> Instant {
    Instant::now()
}
