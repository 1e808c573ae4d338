//! The application loads and starts, and the stage does what it promises.

use anyhow::Result;

use crate::harness::{Browser, Screen, Server};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens() -> Result<()> {
    let server = Server::start("the_page_opens", &[]).await?;
    for (person, screen) in [("laptop", Screen::Laptop), ("tablet", Screen::Tablet)] {
        let browser = server.browser(person, screen).await?;
        browser.open("/").await?;
        browser.see("Focaliza").await?;
        browser.picture("open").await?;
        // Nobody is signed in, which the browser reports as a failed request.
        let mut errors = browser.console_errors().await?;
        errors.retain(|error| !error.contains("/api/session"));
        assert_eq!(errors, Vec::<String>::new());
    }
    Ok(())
}

/// Whether the page can fetch something from the server just now.
async fn reaches_server(browser: &Browser) -> Result<bool> {
    let script = "const done = arguments[0];
        fetch('/api/health').then(() => done(true), () => done(false));";
    let answer = browser.driver().execute_async(script, vec![]).await?;
    Ok(answer.convert()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn network_server_and_browser_can_fail_one_by_one() -> Result<()> {
    let mut server = Server::start("network_server_and_browser_can_fail", &[]).await?;
    let mut ana = server.browser("ana", Screen::Laptop).await?;
    let luis = server.browser("luis", Screen::Laptop).await?;
    ana.open("/").await?;
    luis.open("/").await?;

    ana.network().cut();
    assert!(!reaches_server(&ana).await?);
    assert!(reaches_server(&luis).await?);
    ana.network().restore();
    assert!(reaches_server(&ana).await?);

    server.kill().await?;
    assert!(!reaches_server(&luis).await?);
    server.start_again().await?;
    assert!(reaches_server(&luis).await?);

    let write = "const done = arguments[0];
        indexedDB.open('stage').onupgradeneeded = ({ target }) => {
            target.result.createObjectStore('kept');
            target.transaction.oncomplete = () => done(true);
        };";
    ana.driver().execute_async(write, vec![]).await?;
    ana.kill().await?;
    ana.reopen().await?;
    ana.open("/").await?;
    let read = "const done = arguments[0];
        indexedDB.databases().then((all) => done(all.map(({ name }) => name)));";
    let databases: Vec<String> = ana.driver().execute_async(read, vec![]).await?.convert()?;
    assert!(databases.contains(&"stage".to_owned()), "{databases:?}");
    Ok(())
}
