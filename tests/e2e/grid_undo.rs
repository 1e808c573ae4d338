//! Taking back what one did oneself, also after a reload, and nothing of what others did.

use anyhow::{Result, ensure};

use crate::harness::{Screen, Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_what_is_mine_and_survives_a_reload() -> Result<()> {
    let server = Server::start("grid_undo", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for (browser, login) in [(&ana, "ana"), (&bruno, "bruno")] {
        browser.sign_in(login).await?;
        browser.open_focus().await?;
        browser.see_status("Todo en el servidor").await?;
    }
    ana.overwrite("emprende", "budget", "1000").await?;
    ana.overwrite("juntos", "budget", "2000").await?;
    ana.append("juntos", "description", " Ana agrega esto.").await?;
    ana.see_status("Todo en el servidor").await?;
    bruno.see_in("juntos", "description", "Ana agrega esto.").await?;
    bruno.append("juntos", "description", " Bruno agrega lo suyo.").await?;
    bruno.overwrite("emprende", "budget", "777").await?;
    ana.see_in("emprende", "budget", "$777").await?;
    ana.see_in("juntos", "description", "Bruno agrega lo suyo.").await?;

    // It is kept a moment after the last change.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    ana.reload().await?;
    ana.find("[data-row=juntos] [data-field=description]").await?;
    ana.go_to("redes", "action").await?;
    ana.chord("Ctrl+z").await?;
    wait_until("Ana's text to go", async || {
        Ok(!ana.shown("juntos", "description").await?.contains("Ana agrega"))
    })
    .await?;
    ana.see_in("juntos", "description", "conjunto. Bruno agrega lo suyo.").await?;
    ana.see_cursor("juntos/description").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("juntos", "budget", "$84.389.000").await?;
    ana.chord("Ctrl+z").await?;
    ana.see("cambió 1 celda después; esa no se tocó.").await?;
    ana.see_in("emprende", "budget", "$777").await?;
    ana.picture("kept").await?;

    ana.chord("Ctrl+y").await?;
    ana.see_in("juntos", "budget", "$2.000").await?;
    ana.chord("Ctrl+Shift+z").await?;
    ana.see_in("juntos", "description", "Ana agrega esto.").await?;
    bruno.see_in("juntos", "budget", "$2.000").await?;
    ana.click("[aria-label=Deshacer]").await?;
    ana.click("[aria-label=Deshacer]").await?;
    ana.see_in("juntos", "budget", "$84.389.000").await?;
    bruno.see_in("juntos", "budget", "$84.389.000").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_inside_an_open_editor_is_the_editors_own() -> Result<()> {
    let server = Server::start("grid_undo_editor", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.overwrite("redes", "action", "Otro nombre").await?;
    ana.see_in("redes", "action", "Otro nombre").await?;
    ana.go_to("redes", "action").await?;
    ana.chord("F2").await?;
    ana.press(" mejor").await?;
    ana.chord("Ctrl+z").await?;
    let typed = "return document.activeElement.value";
    let value: String = ana.driver().execute(typed, vec![]).await?.convert()?;
    ensure!(value == "Otro nombre" || value.is_empty(), "{value}");
    ana.chord("Escape").await?;
    ana.see_in("redes", "action", "Otro nombre").await?;
    ana.chord("Ctrl+z").await?;
    ana.see_in("redes", "action", "Encuentros de negocios").await?;

    // Rows come and go as one action each.
    ana.chord("Ctrl+Delete").await?;
    ana.see_no_more("Encuentros de negocios").await?;
    ana.chord("Ctrl+z").await?;
    ana.see("Encuentros de negocios").await?;
    Ok(())
}
