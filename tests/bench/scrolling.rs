//! Scrolling through the table with the wheel.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::Browser;

const WHEEL: f64 = 240.0;
const EVERY: Duration = Duration::from_millis(33);
const TURNS: usize = 90;

/// Where the parts of a table are in its page, as selectors.
pub struct Table {
    pub scroller: &'static str,
    pub header: &'static str,
    pub row: &'static str,
}

/// Frames per second while the wheel turns, and the most frames in a row in which part of the view
/// had no rows.
pub async fn down(browser: &Browser, table: &Table) -> Result<Value> {
    let script = "
        const [scrollers, headers, ofRows] = arguments;
        const scroller = document.querySelector(scrollers);
        scroller.scrollTop = 0;
        const began = performance.now();
        const run = { scroller, frames: 0, blank: 0, longest: 0, began, on: true };
        const { port1, port2 } = new MessageChannel();
        // After the frame, when asking for places costs nothing.
        port1.onmessage = () => {
            const rows = [...document.querySelectorAll(ofRows)];
            const places = rows.map((row) => row.getBoundingClientRect());
            const { bottom } = scroller.getBoundingClientRect();
            const { bottom: top } = document.querySelector(headers).getBoundingClientRect();
            const first = Math.min(...places.map((place) => place.top));
            const last = Math.max(...places.map((place) => place.bottom));
            run.blank = first > top + 1 || last < bottom - 20 ? run.blank + 1 : 0;
            run.longest = Math.max(run.longest, run.blank);
        };
        const frame = () => {
            run.frames += 1;
            port2.postMessage(0);
            if (run.on) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        window.scrolling = run;
        const { left, top, width, height } = scroller.getBoundingClientRect();
        return [left + width / 2, top + height / 2];";
    let parts = vec![json!(table.scroller), json!(table.header), json!(table.row)];
    let (x, y): (f64, f64) = browser.driver().execute(script, parts).await?.convert()?;
    let cdp = browser.driver().cdp();
    let mut turn = interval(EVERY);
    turn.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for _ in 0..TURNS {
        turn.tick().await;
        let wheel = json!({ "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": WHEEL });
        cdp.send_raw("Input.dispatchMouseEvent", wheel).await?;
    }
    let script = "const run = window.scrolling;
        run.on = false;
        const seconds = (performance.now() - run.began) / 1000;
        return [run.frames / seconds, run.longest, run.scroller.scrollTop, seconds];";
    let (fps, blank, distance, seconds): (f64, u32, f64, f64) =
        browser.driver().execute(script, vec![]).await?.convert()?;
    Ok(json!({
        "fps": (fps * 10.0).round() / 10.0,
        "blank_frames": blank,
        "px_per_second": (distance / seconds).round(),
    }))
}
