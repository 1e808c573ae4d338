//! The installed application: without a network from the first moment, with a newer build, with a
//! copy that was damaged.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, ensure};
use sha2::{Digest as _, Sha256};
use thirtyfour::Key;

use crate::{
    harness::{Browser, Screen, Server, root, wait_until},
    people::EXERCISE,
};

impl Browser {
    /// Waits until the device keeps the application.
    pub async fn see_kept(&self) -> Result<()> {
        let is_kept = "const done = arguments[0];
            navigator.serviceWorker.getRegistration().then((found) => done(
                Boolean(found?.active) && Boolean(navigator.serviceWorker.controller)));";
        wait_until("the device to keep the application", async || {
            Ok(self.driver().execute_async(is_kept, vec![]).await?.convert()?)
        })
        .await
    }

    /// Has the browser look for a newer build, and waits until it is on the device.
    async fn fetch_newer_build(&self) -> Result<()> {
        let look = "const done = arguments[0];
            navigator.serviceWorker.getRegistration().then((found) => found.update())
                .then(() => done(null), (error) => done(String(error)));";
        let error: Option<String> = self.driver().execute_async(look, vec![]).await?.convert()?;
        ensure!(error.is_none(), "{error:?}");
        self.see("Hay una versión nueva de la aplicación").await
    }

    /// Whether the page is of the build that [`write_newer_build`] wrote.
    async fn shows_newer_build(&self) -> Result<bool> {
        let script = "return document.body.innerHTML.includes('<!-- newer -->');";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_opens_cold_while_no_server_runs() -> Result<()> {
    let mut server = Server::start("opens_cold", &["--demo"]).await?;
    for (person, screen) in [("ana", Screen::Laptop), ("bruno", Screen::Tablet)] {
        let mut browser = server.browser(person, screen).await?;
        browser.sign_in(person).await?;
        browser.open(EXERCISE).await?;
        browser.see_status("Todo en el servidor").await?;
        browser.see_kept().await?;
        browser.close().await?;
        server.kill().await?;

        browser.reopen().await?;
        browser.open("/").await?;
        browser.see("Sin conexión").await?;
        browser.open(EXERCISE).await?;
        browser.overwrite("juntos", "budget", "123456").await?;
        browser.see_status("Guardado en este equipo").await?;
        browser.picture("without a server").await?;
        browser.close().await?;

        browser.reopen().await?;
        browser.open(EXERCISE).await?;
        browser.see_in("juntos", "budget", "123.456").await?;
        server.start_again().await?;
        browser.see_status("Todo en el servidor").await?;
        let export = server.command(&["export", "01-2019"]).await?;
        ensure!(export.contains("123456"), "the server has what was written without it");
        browser.overwrite("juntos", "budget", "654321").await?;
        browser.see_status("Todo en el servidor").await?;
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_build_waits_for_whoever_writes_and_for_the_next_start() -> Result<()> {
    let dist = tempfile::tempdir()?;
    let copied =
        Command::new("cp").arg("-r").arg(root().join("dist/.")).arg(dist.path()).status()?;
    ensure!(copied.success(), "the build is copied");
    let path = dist.path().to_string_lossy().into_owned();
    let server = Server::start("newer_build", &["--demo", "--dist", &path]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let mut bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
        browser.see_kept().await?;
    }
    write_newer_build(dist.path())?;
    ana.fetch_newer_build().await?;
    bruno.fetch_newer_build().await?;

    // What is refused stays in its cell, and is nowhere else.
    ana.overwrite("juntos", "budget", "abc").await?;
    ana.choose("Actualizar ahora").await?;
    ana.see("Primero termina o cancela lo que estás escribiendo").await?;
    ana.picture("a newer build waits").await?;
    ensure!(!ana.shows_newer_build().await?, "the page with the open cell stays");
    ana.click(".grid-editor textarea").await?;
    ana.press(Key::Escape).await?;
    ana.overwrite("juntos", "budget", "4321").await?;
    ana.see_status("Todo en el servidor").await?;
    ana.choose("Actualizar ahora").await?;
    wait_until("the newer build", async || ana.shows_newer_build().await).await?;
    ana.see_in("juntos", "budget", "4.321").await?;

    // An older build goes on: it writes, and the server takes it.
    bruno.overwrite("mejora", "budget", "8765").await?;
    bruno.see_status("Todo en el servidor").await?;
    ensure!(!bruno.shows_newer_build().await?, "nobody asked for it here");
    bruno.close().await?;
    bruno.reopen().await?;
    bruno.open(EXERCISE).await?;
    wait_until("the newer build", async || bruno.shows_newer_build().await).await?;
    bruno.see_in("mejora", "budget", "8.765").await
}

/// Changes the page and names it in the service worker, as `cargo xtask dist` does.
fn write_newer_build(dist: &Path) -> Result<()> {
    let digest = |text: &str| -> String {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let page = fs::read_to_string(dist.join("index.html"))?;
    let newer = page.replace("</body>", "<!-- newer --></body>");
    let worker = fs::read_to_string(dist.join("service-worker.js"))?;
    let (build, rest) = worker.split_once("BUILD = \"").expect("the build is named");
    let worker = format!("{build}BUILD = \"newer{rest}").replace(&digest(&page), &digest(&newer));
    ensure!(worker.contains(&digest(&newer)), "the page is among the files of the build");
    for (name, text) in [("index.html", newer), ("service-worker.js", worker)] {
        fs::write(dist.join(name), text)?;
        for compressed in ["br", "gz"] {
            fs::remove_file(dist.join(format!("{name}.{compressed}")))?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_of_the_application_gives_way_to_the_server() -> Result<()> {
    let server = Server::start("damaged_copy", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.see_kept().await?;
    let spoil = |act: &str| {
        format!(
            "const done = arguments[0];
             (async () => {{
                 for (const name of await caches.keys()) {{
                     const cache = await caches.open(name);
                     for (const {{ url }} of await cache.keys()) {{
                         if (url.endsWith('/app_bg.wasm')) {{ {act} }}
                     }}
                 }}
                 done(null);
             }})();"
        )
    };
    for act in ["await cache.delete(url);", "await cache.put(url, new Response('no program'));"] {
        ana.driver().execute_async(spoil(act), vec![]).await?;
        ana.reload().await?;
        ana.see_status("Todo en el servidor").await?;
        ana.see_kept().await?;
        let has_program = "const done = arguments[0];
            caches.keys().then((names) => Promise.all(names.map(async (name) =>
                (await (await caches.open(name)).keys())
                    .some(({ url }) => url.endsWith('/app_bg.wasm')))))
                .then((found) => done(found.includes(true)));";
        wait_until("the copy to be whole again", async || {
            Ok(ana.driver().execute_async(has_program, vec![]).await?.convert()?)
        })
        .await?;
    }
    Ok(())
}
