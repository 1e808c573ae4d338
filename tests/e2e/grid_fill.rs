//! Filling with the mouse: the corner is dragged or clicked twice.

use anyhow::Result;
use thirtyfour::Key;

use crate::{
    harness::{Browser, Screen, Server},
    people::cell,
};

impl Browser {
    /// Drags the corner of the selection to a cell, with a key held.
    async fn drag_corner(&self, row: &str, field: &str, held: Option<Key>) -> Result<()> {
        let handle = self.find(".grid-handle").await?;
        let to = self.find(&cell(row, field)).await?;
        let mut chain = self.driver().action_chain();
        if let Some(key) = held.clone() {
            chain = chain.key_down(key);
        }
        chain = chain.move_to_element_center(&handle).click_and_hold();
        chain = chain.move_to_element_center(&to).release();
        if let Some(key) = held {
            chain = chain.key_up(key);
        }
        Ok(chain.perform().await?)
    }

    /// Selects from a cell down to another of its column.
    async fn select_down(&self, row: &str, field: &str, more: usize) -> Result<()> {
        self.go_to(row, field).await?;
        for _ in 0..more {
            self.chord("Shift+ArrowDown").await?;
        }
        self.see_selected(more + 1).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_corner_carries_a_series_on_or_copies_it() -> Result<()> {
    let server = Server::start("grid_series", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.overwrite("emprende", "budget", "1.000.000").await?;
    ana.overwrite("juntos", "budget", "1.500.000").await?;

    // Two amounts are the beginning of a series.
    ana.select_down("emprende", "budget", 1).await?;
    ana.drag_corner("promocion", "budget", None).await?;
    ana.see_in("redes", "budget", "$2.000.000").await?;
    ana.see_in("promocion", "budget", "$2.500.000").await?;
    ana.see_selected(4).await?;
    ana.picture("series").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("redes", "budget", "$31.141.000").await?;

    // With Ctrl they are copied.
    ana.select_down("emprende", "budget", 1).await?;
    ana.drag_corner("promocion", "budget", Some(Key::Control)).await?;
    ana.see_in("redes", "budget", "$1.000.000").await?;
    ana.see_in("promocion", "budget", "$1.500.000").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("redes", "budget", "$31.141.000").await?;

    // One value is copied; with Ctrl it goes on.
    ana.overwrite("emprende", "action", "Feria 1").await?;
    // The row becomes lower, and those below it move, when typing has come to rest.
    ana.see_status("Todo en el servidor").await?;
    ana.go_to("emprende", "action").await?;
    ana.drag_corner("juntos", "action", None).await?;
    ana.see_in("juntos", "action", "Feria 1").await?;
    ana.chord("Ctrl+z").await?;
    ana.go_to("emprende", "action").await?;
    ana.drag_corner("redes", "action", Some(Key::Control)).await?;
    ana.see_in("juntos", "action", "Feria 2").await?;
    ana.see_in("redes", "action", "Feria 3").await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_on_the_corner_fill_down_beside_what_is_there() -> Result<()> {
    let server = Server::start("grid_fill_beside", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.overwrite("emprende", "action", "Etapa 1").await?;
    ana.overwrite("juntos", "action", "Etapa 2").await?;
    ana.select_down("emprende", "action", 1).await?;
    ana.double_click(ana.middle(".grid-handle").await?).await?;
    // Every row has an instrument.
    ana.see_in("redes", "action", "Etapa 3").await?;
    ana.see_in("gremios", "action", "Etapa 10").await?;
    ana.see_selected(10).await?;
    ana.picture("filled").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("gremios", "action", "Fortalecimiento de gremios").await
}
