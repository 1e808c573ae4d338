//! A network that answers everything itself, as those of hotels and buses do until somebody signs
//! in: with its page, or with the address of its page.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    harness::{Browser, GREETING, Portal, Screen, Server, wait_long, wait_until},
    people::EXERCISE,
};

/// What is behind a portal, and its end, is found out with the next attempt: a minute and a half is
/// the longest pause between two.
const LONGEST_PAUSE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_answers_with_its_page_is_no_server() -> Result<()> {
    let server = Server::start("portal_page", &["--demo"]).await?;
    work_behind(Portal::Page, &server).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_redirects_to_its_page_is_no_server() -> Result<()> {
    let server = Server::start("portal_redirect", &["--demo"]).await?;
    work_behind(Portal::Redirect, &server).await
}

/// Whether a request, «GET /api/sync?user=1», is of this kind, «GET /api/sync».
fn is_of(asked: &str, kind: &str) -> bool {
    asked.split('?').next().unwrap_or_default().ends_with(kind)
}

async fn work_behind(portal: Portal, server: &Server) -> Result<()> {
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    ana.enter_focus().await?;
    ana.see_kept().await?;
    let copy = ana.kept_copy().await?;
    ana.close().await?;
    ana.network().capture(portal);

    ana.reopen().await?;
    ana.open(EXERCISE).await?;
    ana.overwrite("juntos", "budget", "123456").await?;
    ana.append("emprende", "description", " Detrás del portal.").await?;
    ana.see_waiting(2..=4).await?;
    // Sockets and requests, several times, and all of them answered by the portal.
    let asked =
        |path: &str| ana.network().captured().iter().filter(|asked| is_of(asked, path)).count();
    wait_until("the portal to be asked", async || {
        ana.ensure_untouched_by_portal().await?;
        Ok(asked("GET /api/sync") > 2 && asked("GET /api/session") > 2)
    })
    .await?;
    ana.picture("behind the portal").await?;

    // Looking for a newer build finds none, and leaves the one that is here.
    let look = "const done = arguments[0];
        navigator.serviceWorker.getRegistration().then((found) => found.update())
            .then(() => done('newer'), () => done('none'));";
    let found: String = ana.driver().execute_async(look, vec![]).await?.convert()?;
    ensure!(found == "none" && asked("/service-worker.js") > 0, "{found}");
    ensure!(ana.kept_copy().await? == copy, "the copy of the application is another");

    // Everything else of the application, and a cold start once more.
    ana.open("/").await?;
    ana.see("Sin conexión").await?;
    ana.see("Disponible sin conexión · ").await?;
    ana.see("cambios por enviar").await?;
    ana.ensure_untouched_by_portal().await?;
    ana.close().await?;
    ana.reopen().await?;
    ana.open(EXERCISE).await?;
    ana.see_in("juntos", "budget", "123.456").await?;
    ana.overwrite("mejora", "coverage", "31").await?;
    ana.see_waiting(3..=5).await?;
    ana.ensure_untouched_by_portal().await?;

    // The portal goes away: nobody presses anything.
    ana.network().restore();
    ana.see_status_within(LONGEST_PAUSE, "Todo en el servidor").await?;
    let export = server.command(&["export", "01-2019"]).await?;
    for written in ["123456", "Detrás del portal.", "31"] {
        ensure!(export.contains(written), "{written} did not reach the server");
    }
    ensure!(ana.kept_copy().await? == copy, "the copy of the application is another");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_behind_a_portal_is_signed_out() -> Result<()> {
    let server = Server::start("portal_sign_out", &["--demo"]).await?;
    for portal in [Portal::Page, Portal::Redirect] {
        let ana = server.browser("ana", Screen::Laptop).await?;
        ana.sign_in("ana").await?;
        ana.see_kept().await?;
        ana.network().capture(portal);
        ana.choose("Salir").await?;
        ana.find("#login").await?;

        // What the portal says to a password is no session, and is said in words.
        ana.type_into("#login", "ana").await?;
        ana.type_into("#password", "demo-focaliza").await?;
        ana.click("button[type=submit]").await?;
        ana.see("No se pudo llegar al servidor").await?;
        ensure!(!ana.text().await?.contains(GREETING));

        // The server learns of it as soon as it can be told.
        ana.network().restore();
        ana.open("/").await?;
        ana.find("#login").await?;
        wait_long(LONGEST_PAUSE, "the session to end", async || {
            let script = "const done = arguments[0];
                fetch('/api/session').then(({ status }) => done(status));";
            let status: u16 = ana.driver().execute_async(script, vec![]).await?.convert()?;
            Ok(status == 401)
        })
        .await?;
        ana.reload().await?;
        ana.find("#login").await?;
    }
    Ok(())
}

impl Browser {
    /// Fails where a word of the portal, or of the trouble that it makes, is on the screen, where
    /// anything is said to be on the server, or somebody is asked to sign in.
    async fn ensure_untouched_by_portal(&self) -> Result<()> {
        let text = self.text().await?;
        let wrong = [GREETING, "<", "SyntaxError", "JSON", "Error", "en el servidor", "Ingresar"];
        for word in wrong {
            ensure!(!text.contains(word), "{}: «{word}» in\n{text}", self.person());
        }
        let status = self.status().await?;
        ensure!(!status.contains("Sesión vencida"), "{status}");
        Ok(())
    }

    /// Every file of the application that the device keeps, with what it holds.
    async fn kept_copy(&self) -> Result<Vec<String>> {
        let script = "const done = arguments[0];
            (async () => {
                const found = [];
                for (const name of await caches.keys()) {
                    const cache = await caches.open(name);
                    for (const { url } of await cache.keys()) {
                        const bytes = await (await cache.match(url)).arrayBuffer();
                        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
                        found.push(`${name} ${url} ${Array.from(digest)}`);
                    }
                }
                done(found.sort());
            })();";
        let copy: Vec<String> = self.driver().execute_async(script, vec![]).await?.convert()?;
        ensure!(!copy.is_empty(), "nothing is kept");
        Ok(copy)
    }
}
