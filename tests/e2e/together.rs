//! Two people of a region edit the same rows without a network, and come back.

use anyhow::Result;

use crate::harness::{Screen, Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_edit_the_same_rows_offline_and_nothing_is_lost() -> Result<()> {
    let server = Server::start("together", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Tablet).await?;
    for (browser, login) in [(&ana, "ana"), (&bruno, "bruno")] {
        browser.sign_in(login).await?;
        browser.open_focus().await?;
        browser.see_status("Todo en el servidor").await?;
    }
    ana.see("$1.252.784.000").await?;
    ana.see("$1.051.444.000").await?;
    ana.see("947 (3 datos faltantes)").await?;

    ana.network().cut();
    bruno.network().cut();
    // The same figure, the same text, the same set of links, and one cell each of their own.
    ana.overwrite("emprende", "budget", "300000000").await?;
    bruno.overwrite("emprende", "budget", "320 MM$").await?;
    ana.append("emprende", "description", " Ana agrega ferias costeras.").await?;
    bruno.append("emprende", "description", " Bruno agrega mentorías.").await?;
    ana.overwrite("juntos", "coverage", "12").await?;
    bruno.overwrite("mejora", "coverage", "31").await?;
    for browser in [&ana, &bruno] {
        browser.see_status("Guardado en este equipo · ").await?;
        browser.see_status("por enviar").await?;
        browser.picture("offline").await?;
    }
    ana.see_in("emprende", "budget", "300.000.000").await?;
    bruno.see_in("emprende", "budget", "320.000.000").await?;

    ana.network().restore();
    bruno.network().restore();
    for browser in [&ana, &bruno] {
        browser.see_status("Todo en el servidor").await?;
        browser.see_in("juntos", "coverage", "12").await?;
        browser.see_in("mejora", "coverage", "31").await?;
        browser.choose("1 por decidir").await?;
        browser.see("300.000.000").await?;
        browser.see("320.000.000").await?;
        browser.see_in("emprende", "description", "Ana agrega ferias costeras.").await?;
        browser.see_in("emprende", "description", "Bruno agrega mentorías.").await?;
        browser.picture("together").await?;
    }
    assert_eq!(ana.table().await?, bruno.table().await?);

    // Ana decides; Bruno sees the decision.
    ana.choose("Usar la").await?;
    for browser in [&ana, &bruno] {
        browser.see_no_more("1 por decidir").await?;
        browser.see_status("Todo en el servidor").await?;
    }
    wait_until("both tables to be equal", async || Ok(ana.table().await? == bruno.table().await?))
        .await?;
    bruno.picture("decided").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_exercise_opens_while_the_server_is_stopped() -> Result<()> {
    let mut server = Server::start("server_stopped", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;
    ana.see_status("Todo en el servidor").await?;
    ana.choose("Ejercicios").await?;
    ana.see("Disponible sin conexión").await?;
    server.kill().await?;
    ana.click("table a").await?;
    ana.see_in("emprende", "budget", "311.345.000").await?;
    ana.overwrite("emprende", "budget", "1000").await?;
    ana.see_status("Guardado en este equipo · 1 cambio por enviar").await?;
    ana.picture("stopped").await?;
    server.start_again().await?;
    ana.see_status("Todo en el servidor").await?;
    Ok(())
}
