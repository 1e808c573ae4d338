//! Pointing at cells, with a mouse and with a finger.

use std::time::Duration;

use anyhow::{Result, ensure};
use thirtyfour::{Key, TypingData};

use crate::{
    harness::{Browser, Point, Screen, Server},
    people::cell,
};

/// Clicks that are further apart than this are not a double click.
const APART: Duration = Duration::from_millis(800);

impl Browser {
    /// The text of the cell that is open in the editor, and where its caret is.
    async fn open_cell(&self) -> Result<Option<(String, usize)>> {
        let script = "const area = document.querySelector('.grid-editor.open textarea');
            return area && [area.value, area.selectionStart];";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_chooses_a_cell_and_a_double_click_opens_it_at_that_place() -> Result<()> {
    let server = Server::start("double_click", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;

    // On the cell that is current already, a further click opens nothing: what is typed replaces.
    for _ in 0..2 {
        ana.go_to("emprende", "budget").await?;
        tokio::time::sleep(APART).await;
        ensure!(ana.open_cell().await?.is_none(), "a click opened the cell");
    }
    ana.press(TypingData::from("1000") + Key::Enter).await?;
    ana.see_in("emprende", "budget", "$1.000").await?;

    // Two clicks open it, with the caret where they were.
    let at = ana.character(&cell("emprende", "description"), 7).await?;
    ana.double_click(at).await?;
    let (text, caret) = ana.open_cell().await?.expect("a double click opens the cell");
    ensure!(caret == 7 && text.len() > 7, "the caret is at {caret} of «{text}»");
    ana.picture("double-click").await?;
    ana.press(TypingData::from("¡aquí!") + Key::Enter).await?;
    let written = format!("{}¡aquí!{}", &text[..7], &text[7..20]);
    ana.see_in("emprende", "description", &written).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_chooses_a_cell_and_the_next_one_on_it_opens_it() -> Result<()> {
    let server = Server::start("taps", &["--demo"]).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    bruno.sign_in("bruno").await?;
    bruno.open_focus().await?;
    let budget = cell("emprende", "budget");
    bruno.tap(bruno.middle(&budget).await?).await?;
    bruno.find(&format!("{budget}.current")).await?;
    ensure!(bruno.open_cell().await?.is_none(), "the first tap opened the cell");

    // Scrolling twice from the current cell is not tapping on it.
    let at = bruno.middle(&budget).await?;
    for _ in 0..2 {
        bruno.swipe(at, Point { x: at.x, y: at.y - 60.0 }).await?;
        bruno.swipe(at, Point { x: at.x, y: at.y + 60.0 }).await?;
    }
    ensure!(bruno.open_cell().await?.is_none(), "scrolling opened the cell");

    bruno.tap(bruno.middle(&budget).await?).await?;
    let overflows = "const { scrollHeight, clientHeight } = document.scrollingElement;
        return scrollHeight > clientHeight;";
    let overflows: bool = bruno.driver().execute(overflows, vec![]).await?.convert()?;
    ensure!(!overflows, "the page itself scrolls: taps would land beside their cell");
    let (text, _) = bruno.open_cell().await?.expect("the second tap opens the cell");
    ensure!(text == "311.345.000", "{text}");
    bruno.picture("second-tap").await?;
    bruno.press(Key::Home + Key::Delete + Key::Enter).await?;
    bruno.see_in("emprende", "budget", "$11.345.000").await
}
