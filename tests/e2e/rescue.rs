//! What a device could not send, brought to the server by another person, once.

use anyhow::{Result, ensure};

use crate::{
    harness::{Screen, Server, wait_until},
    people::EXERCISE,
};

const TEXT: &str = " Escrito en terreno.";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_brings_what_a_tablet_could_not_send() -> Result<()> {
    let server = Server::start("rescue", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Tablet).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    ana.enter_focus().await?;
    bruno.enter_focus().await?;
    ana.network().cut();
    ana.overwrite("juntos", "budget", "123456").await?;
    ana.append("juntos", "description", TEXT).await?;
    ana.see_status("por enviar").await?;
    ana.click(".status").await?;
    let folder = tempfile::tempdir()?;
    let file = ana.download(folder.path(), "Descargar respaldo").await?;
    for readable in ["<h2>Cambios que no están en el servidor</h2>", "$123.456", TEXT.trim()] {
        ensure!(file.contains(readable), "people read «{readable}» in it");
    }
    let path = std::fs::read_dir(folder.path())?.flatten().next().map(|entry| entry.path());
    let path = path.ok_or_else(|| anyhow::anyhow!("no file"))?;

    // Bruno brings it; a second time there is nothing to bring.
    bruno.choose("Archivos").await?;
    bruno.choose_file(&path).await?;
    bruno.see("Respaldo de").await?;
    bruno.picture("chosen").await?;
    bruno.choose("Traer los cambios").await?;
    bruno.see("Los cambios del respaldo están en este equipo").await?;
    bruno.see_in("juntos", "budget", "123.456").await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.choose_file(&path).await?;
    bruno.see("Todos están ya en este equipo").await?;
    bruno.picture("again").await?;

    ana.click(".panel-close").await?;

    // Ana's tablet comes back with the same, and another one of hers reads the file as well.
    ana.network().restore();
    ana.see_status("Todo en el servidor").await?;
    ana.append("juntos", "description", " Y de vuelta.").await?;
    ana.picture("back").await?;
    ana.see_status("Todo en el servidor").await?;
    wait_until("what she wrote since", async || {
        Ok(server.command(&["export", "01-2019"]).await?.contains("Y de vuelta."))
    })
    .await?;
    let laptop = server.browser("ana", Screen::Laptop).await?;
    laptop.sign_in("ana").await?;
    laptop.open(EXERCISE).await?;
    laptop.see_status("Todo en el servidor").await?;
    laptop.choose("Archivos").await?;
    laptop.choose_file(&path).await?;
    laptop.see("Todos están ya en este equipo").await?;
    let export = server.command(&["export", "01-2019"]).await?;
    ensure!(export.matches(TEXT.trim()).count() == 1, "once");
    ensure!(export.contains("123456") && export.contains("Y de vuelta."));

    // What is no rescue file any more is said.
    let cut = folder.path().join("cut.html");
    std::fs::write(&cut, &file[..file.len() - 40])?;
    laptop.choose_file(&cut).await?;
    laptop.see("está cortado o fue alterado").await
}
