//! The only file of this crate that reads the time, for the progress lines.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

static START: OnceLock<Instant> = OnceLock::new();

/// Time since this function was first called.
#[expect(clippy::disallowed_methods, reason = "this is clock.rs")]
pub fn elapsed() -> Duration {
    START.get_or_init(Instant::now).elapsed()
}
