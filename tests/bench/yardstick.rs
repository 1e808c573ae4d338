//! AG Grid, measured in the same way: machines differ by more than half, and what a key costs can
//! only be compared between two grids on one of them. It has a page of its own, without a server,
//! without rules and with nothing to store.

use anyhow::Result;
use serde_json::{Value, json};

use crate::{
    ROUNDS, best,
    harness::{Screen, Server, target, wait_until},
    scrolling::{self, Table},
    slow_down, summary, typing,
};

const PAGE: &str = include_str!("../yardstick/page.html");
const TABLE: Table = Table {
    scroller: ".ag-grid-viewport",
    header: ".ag-header",
    row: ".ag-grid-scrolling-container [role=row]",
};

/// Keys and scrolling, so many times slower than the machine is.
pub async fn working(server: &Server, slower: f64) -> Result<Value> {
    let page = target().join("yardstick/page.html");
    std::fs::write(&page, PAGE)?;
    let browser = server.browser("yardstick", Screen::Laptop).await?;
    browser.driver().goto(format!("file://{}", page.display())).await?;
    wait_until("the yardstick's rows", async || {
        let script = "return document.querySelector('[role=row] [col-id=c0]') !== null;";
        Ok(browser.driver().execute(script, vec![]).await?.convert()?)
    })
    .await?;
    slow_down(&browser, slower).await?;
    typing::watch(&browser).await?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let to_the_cell = "grid.ensureIndexVisible(0, 'top'); grid.setFocusedCell(3, 'c3');";
        browser.driver().execute(to_the_cell, vec![]).await?;
        rounds.push(json!({
            "first_key_ms": summary(typing::first_keys(&browser).await?),
            "key_ms": summary(typing::keys(&browser).await?),
            "scroll": scrolling::down(&browser, &TABLE).await?,
        }));
    }
    Ok(best(&rounds))
}
