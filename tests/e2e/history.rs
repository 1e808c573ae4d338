//! What became of a cell, and the exercise at another moment.

use anyhow::{Result, ensure};

use crate::harness::{Screen, Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_tells_its_history_and_gives_a_value_back() -> Result<()> {
    let server = Server::start("history", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
    }
    ana.overwrite("juntos", "budget", "111").await?;
    bruno.see_in("juntos", "budget", "111").await?;
    bruno.overwrite("juntos", "budget", "222").await?;
    ana.see_in("juntos", "budget", "222").await?;
    bruno.see_status("Todo en el servidor").await?;

    // Who, when, before and after; then the value before it, restored by an edit that all see.
    ana.go_to("juntos", "budget").await?;
    ana.choose("Historial").await?;
    ana.see("Restaurar este valor").await?;
    let panel = ana.find(".panel").await?.text().await?;
    let order = ["$111", "$222", "$111"];
    let mut rest = panel.as_str();
    for amount in order {
        let at = rest.find(amount);
        ensure!(at.is_some(), "«{amount}» in its order in\n{panel}");
        rest = &rest[at.unwrap_or_default() + amount.len()..];
    }
    ana.picture("cell").await?;
    ana.click(".history-step:nth-child(2) .button").await?;
    ana.see("Restaurado.").await?;
    bruno.see_in("juntos", "budget", "$111").await?;

    // Without a network: what this device has.
    ana.network().cut();
    ana.overwrite("juntos", "budget", "333").await?;
    ana.go_to("mejora", "budget").await?;
    ana.go_to("juntos", "budget").await?;
    ana.see("Sin conexión: se muestra lo que este equipo tiene").await?;
    ana.see("$333").await?;
    ana.picture("offline").await?;
    ana.network().restore();
    ana.see_status("Todo en el servidor").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exercise_is_seen_as_it_was_and_a_row_comes_back() -> Result<()> {
    let server = Server::start("past", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    let before = ana.shown("juntos", "budget").await?;
    // The only session of work ends here.
    let script = "const done = arguments[0];
        fetch('/api/exercises/01-2019/sessions').then((answer) => answer.json())
            .then((sessions) => done(sessions.at(-1).to));";
    let moment: i64 = ana.driver().execute_async(script, vec![]).await?.convert()?;
    ana.overwrite("juntos", "budget", "444").await?;
    ana.overwrite("juntos", "coverage", "7").await?;
    ana.see_status("Todo en el servidor").await?;

    ana.choose("Historial").await?;
    ana.choose("Ver el ejercicio en otro momento").await?;
    ana.see("El ejercicio en otro momento").await?;
    ana.find(".past-moment").await?;
    ana.picture("moments").await?;
    ana.open(&format!("/ejercicio/01-2019/historial?momento={moment}")).await?;
    ana.see("2 diferencias con hoy").await?;
    ana.see("$444").await?;
    ana.see(&before).await?;
    ana.picture("since").await?;
    ana.click(".past-tab:nth-child(2)").await?;
    ana.find(".past-table td.different").await?;
    let table = ana.find(".past-table").await?.text().await?;
    ensure!(table.contains(&before) && !table.contains("$444"), "as it was:\n{table}");
    ana.picture("tables").await?;

    ana.click(".past-tab:nth-child(1)").await?;
    ana.choose("Restaurar fila").await?;
    ana.see("Restaurado.").await?;
    ana.choose("Volver a las matrices").await?;
    ana.see_in("juntos", "budget", &before).await?;
    wait_until("it to be on the server", async || {
        Ok(ana.status().await?.contains("Todo en el servidor"))
    })
    .await?;
    Ok(())
}
