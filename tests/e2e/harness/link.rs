//! How a poor link carries bytes: how late, how fast, with which losses.
//!
//! Bytes on a TCP connection are never lost, they are late: a segment that was lost is sent again
//! after a while, and what came behind it waits for it. That is what a page sees, and all of it.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::Chance;

/// Bytes of one segment, as Ethernet has them.
const SEGMENT: usize = 1_400;
/// What TCP and IP put in front of each.
const HEADERS: usize = 40;
/// Segments that wait at the beginning of a slow lane before it takes no more: the buffer of a
/// modem, at 50 kbit/s the traffic of five seconds.
const BUFFERED: usize = 24;

/// What a link is like, in each of its directions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// What everything takes at least: half of what a question and its answer take.
    pub delay: Duration,
    /// Bytes that pass in a second; `None` where there is no limit.
    pub bytes_per_second: Option<u32>,
    /// So many of a hundred segments are lost, and sent again after one to three seconds.
    pub lost_percent: u64,
}

impl Quality {
    /// The poorest link to design for: 50 kbit/s, two seconds to and fro, one segment of twenty
    /// lost.
    pub const POOR: Self =
        Self { delay: Duration::from_secs(1), bytes_per_second: Some(50_000 / 8), lost_percent: 5 };

    /// As much of these bytes as travels in one piece.
    pub(super) fn pieces<'a>(&self, bytes: &'a [u8]) -> std::slice::Chunks<'a, u8> {
        let is_slow = self.bytes_per_second.is_some() || self.lost_percent > 0;
        bytes.chunks(if is_slow { SEGMENT } else { bytes.len().max(1) })
    }

    /// How many pieces wait before a connection takes no more.
    pub(super) const fn buffered() -> usize {
        BUFFERED
    }
}

/// One direction of a link, which all its connections share.
#[derive(Debug)]
pub(super) struct Lane(Mutex<State>);

#[derive(Debug)]
struct State {
    /// When it has passed on what it took.
    free: Instant,
    chance: Chance,
}

impl Lane {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(State { free: Instant::now(), chance: Chance::new(seed) }))
    }

    /// When a piece that is sent now arrives, unless what is before it on its connection arrives
    /// later.
    pub fn arrival(&self, quality: Quality, bytes: usize) -> Instant {
        let mut state = self.0.lock().expect("nobody panics meanwhile");
        let mut late = quality.delay;
        let is_lost = state.chance.below(100) < quality.lost_percent;
        if is_lost {
            late += Duration::from_millis(1_000 + state.chance.below(2_000));
        }
        if let Some(rate) = quality.bytes_per_second {
            let times = if is_lost { 2 } else { 1 };
            let takes = f64::from(times) * (bytes + HEADERS) as f64 / f64::from(rate);
            state.free = state.free.max(Instant::now()) + Duration::from_secs_f64(takes);
            return state.free + late;
        }
        Instant::now() + late
    }
}
