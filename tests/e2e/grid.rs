//! What people do in a grid, in the words of the scenarios.

use anyhow::Result;
use thirtyfour::{By, Key, TypingData};

use crate::{
    harness::{Browser, wait_until},
    people::cell,
};

impl Browser {
    /// Presses keys as the list of shortcuts writes them: `Ctrl+Shift+ArrowDown`.
    pub async fn chord(&self, keys: &str) -> Result<()> {
        let mut parts: Vec<&str> = keys.split('+').collect();
        let key = parts.pop().unwrap_or_default();
        let mut typed = TypingData::from("");
        for held in parts {
            typed = typed
                + match held {
                    "Ctrl" => Key::Control,
                    "Alt" => Key::Alt,
                    _ => Key::Shift,
                };
        }
        let typed = match key {
            "ArrowUp" => typed + Key::Up,
            "ArrowDown" => typed + Key::Down,
            "ArrowLeft" => typed + Key::Left,
            "ArrowRight" => typed + Key::Right,
            "Home" => typed + Key::Home,
            "End" => typed + Key::End,
            "PageUp" => typed + Key::PageUp,
            "PageDown" => typed + Key::PageDown,
            "Tab" => typed + Key::Tab,
            "Enter" => typed + Key::Enter,
            "Escape" => typed + Key::Escape,
            "Delete" => typed + Key::Delete,
            "Backspace" => typed + Key::Backspace,
            "Space" => typed + Key::Space,
            "F1" => typed + Key::F1,
            "F2" => typed + Key::F2,
            "F3" => typed + Key::F3,
            "F10" => typed + Key::F10,
            character => typed + character,
        };
        self.press(typed + Key::Null).await
    }

    /// The cells in the page that a screen reader is told are selected, as `row/field`. Cells out
    /// of view are not in the page.
    pub async fn selected(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('[role=gridcell][aria-selected=true]')]
            .map((cell) => cell.closest('[data-row]').dataset.row + '/' + cell.dataset.field);";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Waits until so many cells are selected: as the line below the grid counts them, and none in
    /// the page beyond them. Of a single cell the line says nothing.
    pub async fn see_selected(&self, count: usize) -> Result<()> {
        wait_until(&format!("{count} selected cells"), async || {
            let line = self.selection_line().await?;
            let counted = line.split(' ').next().and_then(|number| number.parse().ok());
            let in_page = self.selected().await?.len();
            Ok(counted.unwrap_or(1) == count && (1..=count).contains(&in_page))
        })
        .await
    }

    /// The line that says what is selected.
    pub async fn selection_line(&self) -> Result<String> {
        let script = "return document.querySelector('[data-selection-sum]').innerText;";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Drags with the mouse from one cell to another.
    pub async fn drag(&self, from: (&str, &str), to: (&str, &str)) -> Result<()> {
        let from = self.driver().find(By::Css(cell(from.0, from.1))).await?;
        let to = self.driver().find(By::Css(cell(to.0, to.1))).await?;
        let driver = self.driver();
        let chain = driver.action_chain().move_to_element_center(&from).click_and_hold();
        Ok(chain.move_to_element_center(&to).release().perform().await?)
    }

    /// The cell of the cursor, as `row/field`.
    pub async fn cursor(&self) -> Result<String> {
        let script = "const id = document.activeElement.getAttribute('aria-activedescendant');
            const cell = id && document.getElementById(id);
            return cell ? cell.closest('[data-row]').dataset.row + '/' + cell.dataset.field : '';";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Waits until the cursor is on a cell, named as `row/field`.
    pub async fn see_cursor(&self, at: &str) -> Result<()> {
        wait_until(&format!("the cursor on {at}"), async || Ok(self.cursor().await? == at)).await
    }

    /// Waits until a cell shows nothing.
    pub async fn see_empty(&self, row: &str, field: &str) -> Result<()> {
        wait_until(&format!("nothing in {row}/{field}"), async || {
            Ok(self.shown(row, field).await?.is_empty())
        })
        .await
    }
}
