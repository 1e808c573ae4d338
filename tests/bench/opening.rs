//! Opening an exercise that the device has.

use std::time::Duration;

use anyhow::Result;

use crate::{EXERCISE, ROW, harness::Browser};

const OPENINGS: usize = 7;

/// Milliseconds from the click on the exercise in the list to its first rows on the screen, read
/// from the device's store. The exercise is open afterwards.
pub async fn times(browser: &Browser) -> Result<Vec<f64>> {
    // The first time it comes from the server.
    browser.open(EXERCISE).await?;
    browser.find(ROW).await?;
    browser.see_status("Todo en el servidor").await?;
    // The device replaces its log by a base when it has a moment, and keeps what it shows after ten
    // seconds of rest.
    tokio::time::sleep(Duration::from_secs(14)).await;
    let script = format!(
        "const done = arguments[0];
         const start = performance.now();
         document.querySelector(\"a[href='{EXERCISE}']\").click();
         const look = () => {{
             if (!document.querySelector('{ROW}')) {{
                 return requestAnimationFrame(look);
             }}
             const {{ port1, port2 }} = new MessageChannel();
             port1.onmessage = () => done(performance.now() - start);
             requestAnimationFrame(() => port2.postMessage(0));
         }};
         look();"
    );
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        browser.open("/").await?;
        browser.find(&format!("a[href='{EXERCISE}']")).await?;
        // What the list itself still fetches is not what is measured.
        tokio::time::sleep(Duration::from_millis(500)).await;
        times.push(browser.driver().execute_async(script.as_str(), vec![]).await?.convert()?);
    }
    browser.see_status("Todo en el servidor").await?;
    Ok(times)
}
