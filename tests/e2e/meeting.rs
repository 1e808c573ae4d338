//! An exercise that goes to a meeting without a network, is worked on by tablets there, and comes
//! back.

use anyhow::{Context as _, Result, ensure};

use crate::{
    harness::{Screen, Server},
    people::{EXERCISE, cell},
};

#[tokio::test(flavor = "multi_thread")]
async fn tablets_join_a_meeting_and_their_work_comes_back() -> Result<()> {
    let central = Server::start("meeting", &["--demo"]).await?;
    let ana = central.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.choose("Archivos").await?;
    ana.find("a[href$='/meeting']").await?;
    ana.picture("files").await?;
    let taken = tempfile::tempdir()?;
    let file = ana.save(taken.path(), "Descargar para una reunión").await?;
    ensure!(file.ends_with("reunion-01-2019.focaliza"), "{}", file.display());

    // In the hall: nobody there reaches the central server.
    let laptop = Server::meeting("meeting_laptop", &file).await?;
    let printed = laptop.log()?;
    let code = printed.split_once("/reunion/").context("it names no way in")?.1;
    let code = code.lines().next().unwrap_or_default().trim();
    let bruno = laptop.browser("bruno", Screen::Tablet).await?;
    bruno.open("/reunion/OTRACOSA").await?;
    bruno.see("El código no es el de esta reunión").await?;
    bruno.open(&format!("/reunion/{code}")).await?;
    bruno.see("¿Quién eres?").await?;
    bruno.find("img[alt^='Código']").await?;
    bruno.picture("joining").await?;
    bruno.choose("Bruno Rojas").await?;
    bruno.find(&cell("emprende", "budget")).await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.overwrite("juntos", "budget", "123456").await?;
    bruno.append("mejora", "description", " Acordado en la reunión.").await?;
    bruno.see_status("Todo en el servidor").await?;
    bruno.picture("working").await?;

    // Meanwhile the others go on.
    ana.click(".panel-close").await?;
    ana.overwrite("crece", "budget", "777000").await?;
    ana.see_status("Todo en el servidor").await?;

    bruno.choose("Archivos").await?;
    let back = tempfile::tempdir()?;
    let file = bruno.save(back.path(), "Descargar para una reunión").await?;
    ana.choose("Archivos").await?;
    ana.choose_file_for("meeting-file", &file).await?;
    ana.see("De la reunión se sumaron").await?;
    ana.picture("brought").await?;
    ana.see_in("juntos", "budget", "$123.456").await?;
    ana.choose_file_for("meeting-file", &file).await?;
    ana.see("Todo lo de la reunión ya estaba aquí").await?;
    ana.click(".panel-close").await?;
    ana.see_in("crece", "budget", "$777.000").await?;
    let export = central.command(&["export", "01-2019"]).await?;
    ensure!(export.contains("Acordado en la reunión."), "the text came along");

    // It says who wrote it.
    ana.open(EXERCISE).await?;
    ana.go_to("juntos", "budget").await?;
    ana.choose("Historial").await?;
    ana.see("Bruno Rojas").await?;
    ana.see("traído por Ana Soto").await?;
    ana.picture("author").await?;
    Ok(())
}
