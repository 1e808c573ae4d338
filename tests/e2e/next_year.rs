//! The exercise of a year, begun from the one before.

use anyhow::{Result, ensure};

use crate::harness::{Screen, Server};

#[tokio::test(flavor = "multi_thread")]
async fn a_year_begins_as_the_one_before_leaves_it_and_without_its_figures() -> Result<()> {
    let server = Server::start("next_year", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    let begin = async |year: &str, with_actions: bool| {
        ana.open("/").await?;
        ana.choose("Crear un ejercicio…").await?;
        let field = ana.find("#year").await?;
        field.clear().await?;
        field.send_keys(year).await?;
        ana.find("#partir").await?;
        if with_actions {
            ana.find("#con-acciones").await?.click().await?;
        }
        ana.picture("create").await?;
        ana.choose("Crear y abrir").await
    };
    begin("2020", true).await?;
    ana.see_status("Todo en el servidor").await?;
    ana.see("Tarapacá 2020").await?;
    ana.open("/ejercicio/01-2020/focus").await?;
    ensure!(!ana.shown("emprende", "action").await?.is_empty(), "its actions are taken over");
    ana.picture("begun").await?;
    ensure!(ana.shown("emprende", "budget").await?.trim().is_empty(), "budgets are said anew");
    // What has a content already is not written over.
    begin("2020", false).await?;
    ana.see("El ejercicio ya tiene contenido. No se importó nada.").await
}
