//! Time and chance: the only file of the application that reads either.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use chrono::NaiveDate;
use gloo_timers::future::TimeoutFuture;
use js_sys::Date;
use shared::ids::{Peer, RowId};
use wasm_bindgen::JsValue;

/// Milliseconds since 1970, UTC.
#[must_use]
pub fn now() -> i64 {
    Date::now() as i64
}

/// The day on this device's calendar.
#[must_use]
pub fn today() -> NaiveDate {
    local(&Date::new_0()).0
}

/// Day, hour and minute of a moment on this device's clock.
#[must_use]
pub fn local_time(moment: i64) -> (NaiveDate, u32, u32) {
    local(&Date::new(&JsValue::from_f64(moment as f64)))
}

/// The moment of a day and time of this device's clock, as fields of browsers write them
/// («2026-11-26T14:05»): its end, so that all of that minute is before it.
#[must_use]
pub fn moment_of(local: &str) -> Option<i64> {
    let moment = Date::new(&JsValue::from_str(local)).get_time();
    (!moment.is_nan()).then(|| moment as i64 + 59_999)
}

fn local(date: &Date) -> (NaiveDate, u32, u32) {
    let day =
        NaiveDate::from_ymd_opt(date.get_full_year() as i32, date.get_month() + 1, date.get_date());
    (day.unwrap_or_default(), date.get_hours(), date.get_minutes())
}

/// What the future gives, or `None` after so many milliseconds.
pub async fn within<R>(milliseconds: u32, future: impl Future<Output = R>) -> Option<R> {
    let mut future = pin!(future);
    let mut watchdog = pin!(TimeoutFuture::new(milliseconds));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => watchdog.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// What the work gives. How long it took is noted under this name, for the browser's developer
/// tools and `cargo xtask bench`; the browser keeps the last time only.
pub fn measured<R>(name: &str, work: impl FnOnce() -> R) -> R {
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else {
        return work();
    };
    performance.clear_marks_with_mark_name(name);
    performance.clear_measures_with_measure_name(name);
    // Fails only for names that browsers keep for themselves.
    let _ = performance.mark(name);
    let result = work();
    let _ = performance.measure_with_start_mark(name, name);
    result
}

/// An identifier for a new row.
#[must_use]
pub fn new_row_id() -> RowId {
    RowId::from_random(random_bits())
}

/// A writer that nobody has been.
#[must_use]
pub fn new_peer() -> Peer {
    Peer::from_random(random_bits())
}

/// A length of time, up to half longer or shorter, so that many devices do not come at once.
#[must_use]
pub fn scattered(milliseconds: u32) -> u32 {
    milliseconds / 2 + (f64::from(milliseconds) * js_sys::Math::random()) as u32
}

fn random_bits() -> u64 {
    u64::from_le_bytes(random_bytes())
}

/// Bytes that nobody can guess.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    crypto
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("every browser that runs WebAssembly has random numbers");
    bytes
}
