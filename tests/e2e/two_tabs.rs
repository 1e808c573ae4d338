//! One person with the same exercise in two tabs, without a network.

use anyhow::{Result, ensure};
use thirtyfour::WindowHandle;

use crate::{
    harness::{Browser, Screen, Server, wait_until},
    people::EXERCISE,
};

impl Browser {
    /// Opens the exercise in one more tab, and goes there.
    async fn open_tab(&self) -> Result<WindowHandle> {
        let tab = self.driver().new_tab().await?;
        self.go_to_tab(&tab).await?;
        self.open_focus().await?;
        Ok(tab)
    }

    async fn go_to_tab(&self, tab: &WindowHandle) -> Result<()> {
        Ok(self.driver().switch_to_window(tab.clone()).await?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_write_offline_and_both_are_there_afterwards() -> Result<()> {
    let server = Server::start("two_tabs", &["--demo"]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.see_kept().await?;
    let first = ana.driver().window().await?;
    let second = ana.open_tab().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.network().cut();
    // Turn and turn about, in cells of their own and in one text.
    for round in 1..=3 {
        ana.go_to_tab(&first).await?;
        ana.overwrite("juntos", "budget", &format!("{round}111")).await?;
        ana.append("emprende", "description", &format!(" Primera {round}.")).await?;
        ana.see_status("Guardado en este equipo").await?;
        ana.go_to_tab(&second).await?;
        ana.overwrite("mejora", "budget", &format!("{round}222")).await?;
        ana.append("emprende", "description", &format!(" Segunda {round}.")).await?;
        ana.see_status("Guardado en este equipo").await?;
        // Each shows what the other wrote, and writes on it.
        for tab in [&first, &second] {
            ana.go_to_tab(tab).await?;
            ana.ensure_both_are_there(round).await?;
        }
    }
    ana.see_waiting(12..=24).await?;
    ana.close().await?;

    // Opened again, one tab has what both wrote, and sends it all.
    ana.reopen().await?;
    ana.open(EXERCISE).await?;
    let first = ana.driver().window().await?;
    ana.ensure_both_are_there(3).await?;
    ana.see_waiting(12..=24).await?;

    // Both write once more, and the second is closed: what it left is sent by the first, which
    // nobody touches.
    ana.overwrite("juntos", "budget", "4111").await?;
    ana.see_status("Guardado en este equipo").await?;
    ana.open_tab().await?;
    ana.overwrite("mejora", "budget", "4222").await?;
    ana.see_status("Guardado en este equipo").await?;
    ana.driver().close_window().await?;
    ana.go_to_tab(&first).await?;
    ana.network().restore();
    ana.see_status("Todo en el servidor").await?;
    wait_until("what the closed tab left to be on the server", async || {
        let export = server.command(&["export", "01-2019"]).await?;
        Ok(export.contains("4111") && export.contains("4222"))
    })
    .await?;
    ana.see_status("Todo en el servidor").await?;
    ana.ensure_both_are_there(4).await?;
    // Whose pen it is does not matter: the tab goes on writing.
    ana.overwrite("mejora", "budget", "5222").await?;
    ana.see_status("Todo en el servidor").await?;
    let export = server.command(&["export", "01-2019"]).await?;
    ensure!(export.contains("5222"), "what the tab wrote after it took over");
    Ok(())
}

/// Sockets that are open, as the server's log tells.
fn sockets(server: &Server) -> Result<usize> {
    let log = server.log()?;
    Ok(log.matches("socket opened").count() - log.matches("socket closed").count())
}

async fn see_one_socket(server: &Server) -> Result<()> {
    wait_until("one socket for all tabs", async || Ok(sockets(server)? == 1)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_share_one_connection_and_hand_it_over() -> Result<()> {
    let server = Server::start("two_tabs_share", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    let first = ana.driver().window().await?;
    let second = ana.open_tab().await?;
    let third = ana.open_tab().await?;
    ana.see_status("Todo en el servidor").await?;
    see_one_socket(&server).await?;
    for (tab, budget) in [(&second, "6111"), (&third, "6222"), (&first, "6333")] {
        ana.go_to_tab(tab).await?;
        ana.overwrite("juntos", "budget", budget).await?;
        ana.see_status("Todo en el servidor").await?;
        ensure!(server.command(&["export", "01-2019"]).await?.contains(budget), "{budget}");
    }
    see_one_socket(&server).await?;

    // The tab that has it ends; another one has it from then on.
    ana.go_to_tab(&first).await?;
    ana.driver().close_window().await?;
    ana.go_to_tab(&second).await?;
    ana.overwrite("mejora", "budget", "7111").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.go_to_tab(&third).await?;
    ana.see_in("mejora", "budget", "7.111").await?;
    ana.see_status("Todo en el servidor").await?;
    see_one_socket(&server).await?;

    // The network goes and comes back: one of them connects, and the other by way of it.
    ana.network().cut();
    ana.overwrite("mejora", "budget", "7222").await?;
    ana.see_status("Guardado en este equipo").await?;
    ana.network().restore();
    for tab in [&second, &third] {
        ana.go_to_tab(tab).await?;
        ana.see_status("Todo en el servidor").await?;
        ana.see_in("mejora", "budget", "7.222").await?;
    }
    see_one_socket(&server).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_in_one_tab_is_out_in_all_and_loses_nothing() -> Result<()> {
    let server = Server::start("two_tabs_sign_out", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    let first = ana.driver().window().await?;
    let second = ana.open_tab().await?;
    ana.see_status("Todo en el servidor").await?;
    // A cell is open in the first one.
    ana.go_to_tab(&first).await?;
    ana.go_to("juntos", "budget").await?;
    ana.press("8111").await?;
    ana.go_to_tab(&second).await?;
    ana.choose("Salir").await?;
    ana.find("#login").await?;
    ana.go_to_tab(&first).await?;
    ana.find("#login").await?;
    ana.picture("signed out in the other tab").await?;
    ana.sign_in("ana").await?;
    ana.open(EXERCISE).await?;
    ana.see_in("juntos", "budget", "8.111").await?;
    ana.see_status("Todo en el servidor").await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_come_back_online_together_send_all_of_both() -> Result<()> {
    let server = Server::start("two_tabs_online", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    let first = ana.driver().window().await?;
    let second = ana.open_tab().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.network().cut();
    for (tab, row, budget) in [(&first, "juntos", "3111"), (&second, "mejora", "3222")] {
        ana.go_to_tab(tab).await?;
        ana.overwrite(row, "budget", budget).await?;
        let order = if tab == &first { "Primera" } else { "Segunda" };
        for round in 1..=3 {
            ana.append("emprende", "description", &format!(" {order} {round}.")).await?;
        }
        ana.see_status("Guardado en este equipo").await?;
    }
    ana.network().restore();
    for tab in [&first, &second] {
        ana.go_to_tab(tab).await?;
        ana.see_status("Todo en el servidor").await?;
        ana.ensure_both_are_there(3).await?;
    }
    Ok(())
}

impl Browser {
    /// Waits for the budgets of both tabs, and looks for all that they wrote into one text.
    async fn ensure_both_are_there(&self, round: usize) -> Result<()> {
        self.see_in("juntos", "budget", &format!("{round}.111")).await?;
        self.see_in("mejora", "budget", &format!("{round}.222")).await?;
        for tab in ["Primera", "Segunda"] {
            for round in 1..=round.min(3) {
                self.see_in("emprende", "description", &format!(" {tab} {round}.")).await?;
            }
        }
        Ok(())
    }
}
