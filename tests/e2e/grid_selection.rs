//! Selecting, emptying and summing up ranges, with keys and mouse.

use anyhow::{Result, ensure};
use thirtyfour::{By, Key};

use crate::harness::{Screen, Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn ranges_are_selected_with_keys_and_mouse() -> Result<()> {
    let server = Server::start("grid_selection", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;

    // Shift with arrows, and what is selected sums up to.
    ana.go_to("emprende", "budget").await?;
    ana.see_selected(1).await?;
    for keys in ["Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight"] {
        ana.chord(keys).await?;
    }
    ana.see_selected(6).await?;
    ensure!(ana.selected().await?.contains(&"juntos/coverage".to_owned()));
    let sum = "6 celdas, 3 con datos · Suma de 2 montos: $395.734.000 · \
               Suma de 1 cantidad: 77 · 1 dato faltante";
    wait_until("the sum", async || Ok(ana.selection_line().await? == sum)).await?;
    ana.picture("range").await?;

    // Tab and Enter go round inside; the selection stays.
    ana.chord("Tab").await?;
    ana.see_cursor("emprende/funding").await?;
    ana.press("x").await?;
    ana.find(".picker input").await?;
    ana.chord("Escape").await?;
    ana.see_selected(6).await?;

    // To the edge of what is filled, rows, columns, everything.
    ana.go_to("emprende", "action").await?;
    ana.chord("Ctrl+Shift+ArrowDown").await?;
    ana.see_selected(10).await?;
    ana.go_to("emprende", "action").await?;
    ana.chord("Shift+Space").await?;
    ana.see_selected(25).await?;
    ana.chord("Ctrl+Space").await?;
    ana.see_selected(250).await?;
    ana.chord("Escape").await?;
    ana.see_selected(1).await?;
    ana.chord("Ctrl+Space").await?;
    ana.see_selected(10).await?;
    ana.chord("Ctrl+a").await?;
    ana.see_selected(250).await?;
    ana.chord("Escape").await?;

    // The mouse: a drag, Shift and a click, a row's number, a heading, the corner.
    ana.drag(("juntos", "instrument"), ("redes", "action")).await?;
    ana.see_selected(4).await?;
    ana.see_cursor("juntos/instrument").await?;
    let far = ana.find("[data-row=promocion] [data-field=action]").await?;
    let shift_click =
        ana.driver().action_chain().key_down(Key::Shift).click_element(&far).key_up(Key::Shift);
    shift_click.perform().await?;
    ana.see_selected(6).await?;
    ana.picture("dragged").await?;
    ana.find("[data-row=redes] [role=rowheader]").await?.click().await?;
    ana.see_selected(25).await?;
    let headings = ana.driver().find_all(By::Css("[role=columnheader]")).await?;
    headings[2].click().await?;
    ana.see_selected(10).await?;
    headings[0].click().await?;
    ana.see_selected(250).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn delete_empties_a_range_as_one_action() -> Result<()> {
    let server = Server::start("grid_clear", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.go_to("emprende", "instrument").await?;
    for _ in 0..2 {
        ana.chord("Shift+ArrowRight").await?;
    }
    ana.chord("Shift+ArrowDown").await?;
    ana.see_selected(6).await?;
    ana.chord("Delete").await?;
    ana.see("Vaciaste 6 celdas.").await?;
    for row in ["emprende", "juntos"] {
        for field in ["instrument", "action", "description"] {
            ana.see_empty(row, field).await?;
        }
    }
    ana.choose("Deshacer").await?;
    ana.see_in("juntos", "action", "Negocios asociativos").await?;
    ana.see_in("emprende", "instrument", "Emprende").await?;
    ana.see_in("emprende", "description", "Capital para negocios nuevos").await?;
    Ok(())
}
