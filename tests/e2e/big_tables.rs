//! Tables with long texts and many rows: heights that follow the text, nothing blank, and nothing
//! that jumps.

use anyhow::{Context as _, Result, ensure};
use thirtyfour::{Key, prelude::*};

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::cell,
};

const ROWS: usize = 2_000;
/// Its address.
pub const LARGE: &str = "/ejercicio/01-2027";

/// Place in the window and height of every row that is drawn, from top to bottom.
async fn drawn(browser: &Browser) -> Result<Vec<(String, f64, f64)>> {
    let script = "return [...document.querySelectorAll('[role=row][data-row]')].map((row) => {
            const { top, height } = row.getBoundingClientRect();
            return [row.dataset.row, top, height];
        }).sort((one, other) => one[1] - other[1]);";
    Ok(browser.driver().execute(script, vec![]).await?.convert()?)
}

/// Every row begins where the one before ends.
async fn ensure_rows_join(browser: &Browser) -> Result<()> {
    wait_until("rows that join", async || {
        let rows = drawn(browser).await?;
        Ok(!rows.is_empty()
            && rows.windows(2).all(|pair| (pair[0].1 + pair[0].2 - pair[1].1).abs() < 1.0))
    })
    .await
}

async fn top_of(browser: &Browser, row: &str) -> Result<f64> {
    let rows = drawn(browser).await?;
    let found = rows.iter().find(|(id, ..)| id == row);
    found.map(|(_, top, _)| *top).with_context(|| format!("{row} is not drawn"))
}

/// A server that has an exercise with so many rows.
pub async fn with_large_exercise(scenario: &str, rows: usize) -> Result<Server> {
    let mut server = Server::start(scenario, &["--demo"]).await?;
    server.kill().await?;
    let file = server.data().join("large.json");
    let document = tests::large_exercise(rows);
    std::fs::write(&file, shared::exchange::export(document.exercise()))?;
    server.command(&["import", file.to_str().context("a temporary path is text")?]).await?;
    server.start_again().await?;
    Ok(server)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_as_high_as_their_texts_or_all_the_same() -> Result<()> {
    let server = Server::start("row_heights", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ensure_rows_join(&ana).await?;
    let text = "Ferias itinerantes con producción local en las caletas. ".repeat(4);
    ana.go_to("emprende", "action").await?;
    ana.press(Key::Control + Key::Enter).await?;
    ana.find(".grid-row.current:not([data-row=emprende])").await?;
    let script = "return document.querySelector('.grid-row.current').dataset.row;";
    let row: String = ana.driver().execute(script, vec![]).await?.convert()?;
    let before = ana.height_of(&row).await?;
    ensure!((36.0..45.0).contains(&before), "an empty row of {before} pixels");
    ana.overwrite(&row, "description", &text).await?;
    ana.see_in(&row, "description", "Ferias itinerantes").await?;
    wait_until("the row to grow", async || Ok(ana.height_of(&row).await? > before + 30.0)).await?;
    ensure_rows_join(&ana).await?;
    ana.picture("by-text").await?;

    // Beyond the most that a row takes, the text is cut and read below the table.
    ana.overwrite(&row, "description", &format!("{} Fin.", text.repeat(6))).await?;
    ana.go_to(&row, "description").await?;
    wait_until("the whole text below the table", async || {
        let script = "return document.querySelector('.grid-detail').innerText;";
        let detail: String = ana.driver().execute(script, vec![]).await?.convert()?;
        Ok(detail.contains("Fin."))
    })
    .await?;
    let cut = ana.height_of(&row).await?;
    ensure!((150.0..170.0).contains(&cut), "a cut row of {cut} pixels");

    ana.choose("Vista").await?;
    ana.choose_label("Compacto").await?;
    ana.press(Key::Escape + "").await?;
    wait_until("rows of one height", async || {
        let heights: Vec<f64> = drawn(&ana).await?.into_iter().map(|(.., height)| height).collect();
        Ok(heights.iter().all(|height| (height - 64.0).abs() < 0.5))
    })
    .await?;
    ensure_rows_join(&ana).await?;
    ana.picture("compact").await?;
    // The choice is remembered.
    ana.reload().await?;
    wait_until("rows of one height again", async || {
        let rows = drawn(&ana).await?;
        Ok(!rows.is_empty() && rows.iter().all(|(.., height)| (height - 64.0).abs() < 0.5))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_rows_scroll_without_blanks() -> Result<()> {
    let server = with_large_exercise("large_scroll", ROWS).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open(LARGE).await?;
    ana.find(&cell("r3", "description")).await?;
    // At any moment few cells are in the page, and after every step each place shows a row.
    let script = "const done = arguments[0];
        const grid = document.querySelector('.grid-scroller');
        const { left, top, height } = grid.getBoundingClientRect();
        const frame = () => new Promise((go) => requestAnimationFrame(go));
        (async () => {
            let blanks = 0, cells = 0;
            for (let step = 0; step < 120; step++) {
                grid.scrollTop += step < 60 ? 137 : -411;
                await frame();
                await frame();
                for (let y = top + 60; y < top + height - 30; y += 20) {
                    const hit = document.elementFromPoint(left + 100, y);
                    if (!hit?.closest('[data-row]')) blanks++;
                }
                cells = Math.max(cells, grid.querySelectorAll('[role=gridcell]').length);
            }
            done([blanks, cells]);
        })();";
    let (blanks, cells): (usize, usize) =
        ana.driver().execute_async(script, vec![]).await?.convert()?;
    ensure!(blanks == 0, "{blanks} blank places");
    ensure!(cells < 500, "{cells} cells in the page");
    ensure_rows_join(&ana).await?;

    // To the last row and back, however wrong the heights were guessed.
    ana.go_to(&drawn(&ana).await?[6].0, "instrument").await?;
    ana.press(Key::Control + Key::End).await?;
    let last = format!("r{}", ROWS - 1);
    ana.find(&format!("[data-row={last}] .current")).await?;
    ensure_rows_join(&ana).await?;
    let in_view = "const cell = document.querySelector('.grid-cell.current').getBoundingClientRect();
        const grid = document.querySelector('.grid-scroller').getBoundingClientRect();
        return cell.bottom <= grid.bottom + 1 && cell.top >= grid.top && cell.right <= grid.right + 1;";
    wait_until("the last cell in view", async || {
        Ok(ana.driver().execute(in_view, vec![]).await?.convert()?)
    })
    .await?;
    ana.picture("end").await?;
    // What assistive technology is told: all rows and columns, and where this cell is.
    let script = "const grid = document.querySelector('[role=grid]');
        const cell = document.querySelector('.grid-cell.current');
        return [grid.ariaRowCount, grid.ariaColCount, cell.ariaColIndex,
            cell.closest('[role=row]').ariaRowIndex].map(Number);";
    let told: Vec<usize> = ana.driver().execute(script, vec![]).await?.convert()?;
    let columns = shared::template::TableId::Focus.columns().len() + 1;
    assert_eq!(told, [ROWS + 1, columns, columns, ROWS + 1]);
    ana.press(Key::Control + Key::Home).await?;
    ana.find("[data-row=r0] .current").await?;
    let mut errors = ana.console_errors().await?;
    errors.retain(|error| !error.contains("/api/session"));
    assert_eq!(errors, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_reads_stays_where_it_is_while_others_write_above() -> Result<()> {
    let server = with_large_exercise("large_anchor", ROWS).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for (browser, login) in [(&ana, "ana"), (&bruno, "bruno")] {
        browser.sign_in(login).await?;
        browser.open(LARGE).await?;
        browser.find(&cell("r3", "instrument")).await?;
        browser.see_status("Todo en el servidor").await?;
    }
    let script = "document.querySelector('.grid-scroller').scrollTop = 900;";
    ana.driver().execute(script, vec![]).await?;
    ensure_rows_join(&ana).await?;
    let row = drawn(&ana).await?[8].0.clone();
    let before = top_of(&ana, &row).await?;

    // A long text and three new rows, all above what Ana sees.
    bruno.overwrite("r0", "description", &"Apoyo a ferias del borde costero. ".repeat(9)).await?;
    bruno.go_to("r1", "instrument").await?;
    for _ in 0..3 {
        bruno.press(Key::Control + Key::Enter).await?;
    }
    bruno.see_status("Todo en el servidor").await?;
    let rows = "return Number(document.querySelector('[role=grid]').ariaRowCount);";
    wait_until("the new rows to arrive", async || {
        let count: usize = ana.driver().execute(rows, vec![]).await?.convert()?;
        Ok(count == ROWS + 4)
    })
    .await?;
    let after = top_of(&ana, &row).await?;
    ensure!((after - before).abs() <= 1.5, "{row} went from {before} to {after}");
    ensure_rows_join(&ana).await
}

impl Browser {
    /// The height of a row.
    async fn height_of(&self, row: &str) -> Result<f64> {
        let rows = drawn(self).await?;
        let found = rows.into_iter().find(|(id, ..)| id == row);
        found.map(|(.., height)| height).with_context(|| format!("{row} is not drawn"))
    }

    /// Clicks the label that says this.
    pub async fn choose_label(&self, words: &str) -> Result<()> {
        let path = format!("//label[contains(normalize-space(.), '{words}')]");
        wait_until(&format!("the label «{words}»"), async || {
            Ok(match self.driver().find(By::XPath(path.as_str())).await {
                Ok(element) => element.click().await.is_ok(),
                Err(_) => false,
            })
        })
        .await
    }
}
