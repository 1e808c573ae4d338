//! What the people of the demo do, in the words of the scenarios.

use std::{ops::RangeInclusive, time::Duration};

use anyhow::{Context as _, Result};
use thirtyfour::{By, Key, TypingData};

use crate::harness::{Browser, PATIENCE, wait_long, wait_until};

/// The demo's exercise.
pub const EXERCISE: &str = "/ejercicio/01-2019";
const PASSWORD: &str = "demo-focaliza";

impl Browser {
    /// Signs in as a person of the demo.
    pub async fn sign_in(&self, login: &str) -> Result<()> {
        self.open("/").await?;
        self.type_into("#login", login).await?;
        self.type_into("#password", PASSWORD).await?;
        self.click("button[type=submit]").await?;
        self.see("Salir").await
    }

    /// Opens the demo's *Matriz Focalización* and waits until it is on the screen.
    pub async fn open_focus(&self) -> Result<()> {
        self.open(EXERCISE).await?;
        self.find(&cell("emprende", "budget")).await?;
        Ok(())
    }

    /// Signs in as whose browser it is, and waits until the *Matriz Focalización* is what the server
    /// has.
    pub async fn enter_focus(&self) -> Result<()> {
        self.sign_in(self.person()).await?;
        self.open_focus().await?;
        self.see_status("Todo en el servidor").await
    }

    /// Clicks the button or link that says this.
    pub async fn choose(&self, words: &str) -> Result<()> {
        let path = format!("//*[self::button or self::a][contains(normalize-space(.), '{words}')]");
        wait_until(&format!("«{words}» to click"), async || {
            Ok(match self.driver().find(By::XPath(path.as_str())).await {
                Ok(element) => element.click().await.is_ok(),
                Err(_) => false,
            })
        })
        .await
    }

    /// Makes a cell the current one.
    pub async fn go_to(&self, row: &str, field: &str) -> Result<()> {
        wait_until(&format!("{row}/{field} to click"), async || {
            let target = self.find(&cell(row, field)).await?;
            // In the middle, and not below the frozen column. Columns that come into view draw their
            // rows anew: then the cell is another element, perhaps a little elsewhere.
            let script = "const done = arguments[1];
                arguments[0].scrollIntoView({ block: 'center', inline: 'center' });
                requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));";
            let scrolled = self.driver().execute_async(script, vec![target.to_json()?]).await;
            let target = self.find(&cell(row, field)).await?;
            let is_clicked = scrolled.is_ok() && target.click().await.is_ok();
            Ok(is_clicked && self.has_selected(row, field).await?)
        })
        .await
    }

    /// Whether a cell becomes the selected one. Rows may still come to rest, so that a click meets
    /// another; a second one where the first had met would open the cell.
    async fn has_selected(&self, row: &str, field: &str) -> Result<bool> {
        let script = "const [wanted, done] = arguments;
            const start = performance.now();
            const look = () => document.querySelector(wanted) ? done(true)
                : performance.now() - start > 2000 ? done(false) : setTimeout(look, 20);
            look();";
        let wanted = format!("{}[aria-selected=true]", cell(row, field));
        Ok(self.driver().execute_async(script, vec![wanted.into()]).await?.convert()?)
    }

    /// Replaces what a cell holds, as typing over it does.
    pub async fn overwrite(&self, row: &str, field: &str, text: &str) -> Result<()> {
        self.go_to(row, field).await?;
        self.press(TypingData::from(text) + Key::Enter).await
    }

    /// Adds to the end of a cell.
    pub async fn append(&self, row: &str, field: &str, text: &str) -> Result<()> {
        self.go_to(row, field).await?;
        self.press(Key::F2 + Key::Control + Key::End + Key::Null + text + Key::Enter).await
    }

    /// What a cell shows; nothing where it is not in the page.
    pub async fn shown(&self, row: &str, field: &str) -> Result<String> {
        let script = format!(
            "const cell = document.querySelector('{}'); return cell ? cell.innerText : null;",
            cell(row, field).replace('\'', "\\'")
        );
        for _ in 0..12 {
            let text: Option<String> = self.driver().execute(&script, vec![]).await?.convert()?;
            if let Some(text) = text {
                return Ok(text.trim().to_owned());
            }
            self.turn_grid().await?;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(String::new())
    }

    /// Waits until the pill says that the device stores so many changes that wait. A text that is
    /// typed slowly is several.
    pub async fn see_waiting(&self, expected: RangeInclusive<u32>) -> Result<()> {
        wait_until(&format!("{expected:?} changes to wait, stored"), async || {
            let status = self.status().await?;
            let waiting = status.strip_prefix("Guardado en este equipo · ");
            let count = waiting.and_then(|rest| rest.split(' ').next()?.parse().ok());
            Ok(count.is_some_and(|count| expected.contains(&count)))
        })
        .await
    }

    /// What a cell shows and what the status pill says, at one moment.
    pub async fn shown_and_status(&self, row: &str, field: &str) -> Result<(String, String)> {
        let script = format!(
            "return ['{}', '#status-text'].map((place) => document.querySelector(place).innerText);",
            cell(row, field)
        );
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Signs in again behind the application's back, as its form would.
    pub async fn renew_session(&self, login: &str) -> Result<()> {
        let script = format!(
            "const done = arguments[0];
             fetch('/api/session', {{ method: 'POST',
                 headers: {{ 'content-type': 'application/json' }},
                 body: JSON.stringify({{ login: '{login}', password: '{PASSWORD}' }}) }})
                 .then(({{ ok }}) => done(ok));"
        );
        let is_signed_in: bool = self.driver().execute_async(script, vec![]).await?.convert()?;
        anyhow::ensure!(is_signed_in, "{login} could not sign in again");
        Ok(())
    }

    /// Waits until a cell shows a text.
    pub async fn see_in(&self, row: &str, field: &str, text: &str) -> Result<()> {
        self.see_in_within(PATIENCE, row, field, text).await
    }

    /// The same for what may take longer by its nature.
    pub async fn see_in_within(
        &self,
        patience: Duration,
        row: &str,
        field: &str,
        text: &str,
    ) -> Result<()> {
        wait_long(patience, &format!("«{text}» in {row}/{field}"), async || {
            Ok(self.shown(row, field).await?.contains(text))
        })
        .await
    }

    /// The sentence of the status pill.
    pub async fn status(&self) -> Result<String> {
        let script = "const pill = document.getElementById('status-text');
            return pill ? pill.innerText : '';";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Waits until the status pill says this.
    pub async fn see_status(&self, text: &str) -> Result<()> {
        self.see_status_within(PATIENCE, text).await
    }

    /// The same for what may take longer by its nature.
    pub async fn see_status_within(&self, patience: Duration, text: &str) -> Result<()> {
        let mut status = String::new();
        wait_long(patience, &format!("the status «{text}»"), async || {
            status = self.status().await?;
            Ok(status.contains(text))
        })
        .await
        .with_context(|| format!("the status of {} is «{status}»", self.person()))
    }

    /// The texts of all cells of the table that is open, row by row, without the marks of
    /// decisions, which name people as «tú», and of merged texts, which are this device's.
    pub async fn table(&self) -> Result<Vec<String>> {
        let script = "const done = arguments[0];
            const grid = document.querySelector('.grid-scroller');
            const painted = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
            const rows = {};
            (async () => {
                const place = [0, grid.scrollTop];
                // What is out of view is not in the page, and where a screen stands is its own.
                for (let top = 0; top < grid.scrollHeight; top += grid.clientHeight / 2) {
                    for (let left = 0; left < grid.scrollWidth; left += grid.clientWidth / 2) {
                        grid.scrollTo(left, top);
                        await painted();
                        await painted();
                        for (const row of grid.querySelectorAll('[role=row][data-row]')) {
                            const cells = rows[row.dataset.row] ??= {};
                            for (const cell of row.querySelectorAll('[role=gridcell]')) {
                                cells[cell.ariaColIndex.padStart(3, '0')] =
                                    cell.innerText.split(/\\n[⇄¶]/)[0].trim();
                            }
                        }
                    }
                }
                grid.scrollTo(...place);
                done(Object.entries(rows).map(([row, cells]) => row + ': ' + Object.keys(cells)
                    .sort().map((at) => cells[at]).join(' | ')).sort());
            })();";
        Ok(self.driver().execute_async(script, vec![]).await?.convert()?)
    }
}

/// The selector of a cell.
pub fn cell(row: &str, field: &str) -> String {
    format!("[data-row=\"{row}\"] [data-field=\"{field}\"]")
}
