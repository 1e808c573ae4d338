//! What waits to be sent to one connection.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use shared::protocol::{self, Blob, ToClient};
use tokio::sync::Notify;

/// Bytes that may wait. A device that takes so much longer than the others is disconnected; it
/// comes back and goes on from where it was.
const MOST: usize = 2 * 1024 * 1024;
/// Bytes below which a device that catches up gets more.
const NEARLY_SENT: usize = 128 * 1024;

/// The connection is over, or has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

/// The queue of frames for one connection, or for a tab that shares it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    queue: Arc<Queue>,
    lane: Option<u32>,
}

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    /// There are frames, or it is closed.
    ready: Notify,
    /// Frames were taken, or it is closed.
    taken: Notify,
}

#[derive(Debug, Default)]
struct State {
    frames: Vec<Bytes>,
    bytes: usize,
    is_closed: bool,
}

impl Outgoing {
    /// The same queue, of which each frame is for this tab: see [`ToClient::Lane`].
    #[must_use]
    pub fn of_lane(&self, lane: u32) -> Self {
        Self { queue: Arc::clone(&self.queue), lane: Some(lane) }
    }

    /// Adds a frame. Never waits.
    pub fn push(&self, frame: Bytes) {
        let frame = match self.lane {
            Some(lane) => {
                let frame = Blob(frame.into());
                Bytes::from(protocol::encode(&ToClient::Lane { lane, frame }))
            }
            None => frame,
        };
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        state.bytes += frame.len();
        state.frames.push(frame);
        if state.bytes > MOST {
            tracing::warn!(bytes = state.bytes, "slow connection dropped");
            drop(state);
            return self.close();
        }
        drop(state);
        self.queue.ready.notify_one();
    }

    /// Waits until there are frames, and takes all of them, in their order. What was pushed before
    /// closing is still handed out.
    pub async fn take(&self) -> Result<Vec<Bytes>, Closed> {
        loop {
            {
                let mut state = self.state();
                if !state.frames.is_empty() {
                    state.bytes = 0;
                    let frames = mem::take(&mut state.frames);
                    self.queue.taken.notify_waiters();
                    return Ok(frames);
                }
                if state.is_closed {
                    return Err(Closed);
                }
            }
            self.queue.ready.notified().await;
        }
    }

    /// Waits until little is left to send.
    pub async fn nearly_sent(&self) {
        loop {
            let taken = self.queue.taken.notified();
            {
                let state = self.state();
                if state.is_closed || state.bytes <= NEARLY_SENT {
                    return;
                }
            }
            taken.await;
        }
    }

    /// Ends the connection.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.queue.ready.notify_one();
        self.queue.taken.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.queue.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn frames_come_out_together_and_in_order() {
        let outgoing = Outgoing::default();
        outgoing.push(Bytes::from_static(b"a"));
        outgoing.push(Bytes::from_static(b"b"));
        assert_eq!(outgoing.take().await.unwrap(), ["a", "b"]);
        outgoing.push(Bytes::from_static(b"c"));
        outgoing.close();
        assert_eq!(outgoing.take().await.unwrap(), ["c"], "the last words are sent");
        assert_eq!(outgoing.take().await, Err(Closed));
    }

    #[tokio::test]
    async fn who_is_too_slow_is_dropped() {
        let outgoing = Outgoing::default();
        let large = Bytes::from(vec![0; MOST / 2]);
        outgoing.push(large.clone());
        outgoing.push(large.clone());
        let waiting = outgoing.clone();
        let room = tokio::spawn(async move { waiting.nearly_sent().await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!room.is_finished());
        outgoing.push(large);
        room.await.unwrap();
        assert!(outgoing.state().is_closed);
    }
}
