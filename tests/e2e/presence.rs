//! People who work beside each other see where the others are, and write into the same text.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use thirtyfour::{By, Key, TypingData};

use crate::harness::{Browser, Screen, Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn people_see_who_is_here_where_they_are_and_can_follow_them() -> Result<()> {
    let server = Server::start("presence", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    let reviewer = server.browser("sercotec", Screen::Tablet).await?;
    for browser in [&ana, &bruno, &reviewer] {
        browser.sign_in(browser.person()).await?;
        browser.open_focus().await?;
    }
    // Ana sees Bruno, in the header and at his cell; who reviews is seen by nobody of the region.
    bruno.go_to("emprende", "budget").await?;
    ana.find(".people-button").await?;
    let label = ana.text_of(".people-button .visually-hidden").await?;
    ensure!(label.starts_with("1 persona más aquí"), "{label}");
    ana.find(".grid-other").await?;
    wait_until("Bruno's frame to lie on his cell", async || {
        ana.frame_is_on("emprende", "budget").await
    })
    .await?;
    wait_until("the reviewer to see both", async || {
        reviewer.find(".people-button").await?;
        let label = reviewer.text_of(".people-button .visually-hidden").await?;
        Ok(label.starts_with("2 personas más aquí"))
    })
    .await?;

    reviewer.click(".people-button").await?;
    reviewer.see("Profesional GORE").await?;
    reviewer.picture("tablet").await?;

    // What is being typed shows before it is kept.
    bruno.press("777").await?;
    wait_until("Bruno's figure to grow before Ana's eyes", async || {
        Ok(ana.text_of(".grid-other-name").await?.ends_with(": 777"))
    })
    .await?;
    ana.picture("typing").await?;
    bruno.press(TypingData::from("") + Key::Escape).await?;
    wait_until("it to go", async || Ok(!ana.text_of(".grid-other-name").await?.contains(':')))
        .await?;

    // Ana follows Bruno to another table, until she touches something.
    ana.click(".people-button").await?;
    ana.see("Focalización · fila").await?;
    ana.picture("list").await?;
    ana.choose("Seguir").await?;
    ana.see("Sigues a").await?;
    bruno.choose("Desafíos").await?;
    wait_until("Ana to be where Bruno is", async || {
        Ok(ana.driver().current_url().await?.path().ends_with("/challenges"))
    })
    .await?;
    ana.picture("following").await?;
    ana.press(Key::Shift + "").await?;
    ana.see_no_more("Sigues a").await?;
    bruno.choose("Focalización").await?;
    wait_until("Ana's list to say where Bruno went", async || {
        Ok(ana.text_of(".person-about small:last-child").await? == "Focalización")
    })
    .await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    ensure!(ana.driver().current_url().await?.path().ends_with("/challenges"), "she stays");

    // Who leaves the exercise is gone.
    bruno.open("/").await?;
    wait_until("Bruno to be gone", async || {
        Ok(ana.driver().find(By::Css(".people-button")).await.is_err())
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_type_in_one_cell_with_latency_and_carets_stay() -> Result<()> {
    let server = Server::start("same_cell", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    let bruno = server.browser("bruno", Screen::Laptop).await?;
    for browser in [&ana, &bruno] {
        browser.enter_focus().await?;
        browser.network().delay(Duration::from_millis(150));
    }
    // Ana at the beginning of the text, Bruno at its end.
    ana.go_to("emprende", "description").await?;
    ana.press(Key::F2 + Key::Control + Key::Home + Key::Null).await?;
    bruno.go_to("emprende", "description").await?;
    bruno.press(Key::F2 + Key::Control + Key::End + Key::Null).await?;
    for browser in [&ana, &bruno] {
        browser.find(".caret").await?;
    }
    let original = ana.open_text().await?.value;
    ensure!(!original.is_empty(), "the demo has a text there");

    // Both type at once; accents included, so that bytes and units differ.
    let hers: String = "Añadió Ana: ¿qué más? ".into();
    let his: String = " Según Bruno, también él.".into();
    let typing = async |browser: &Browser, text: &str| -> Result<()> {
        for character in text.chars() {
            browser.press(character.to_string().as_str()).await?;
            tokio::time::sleep(Duration::from_millis(40)).await;
            let at = browser.open_text().await?;
            ensure!(at.value.is_char_boundary(0), "a text");
        }
        Ok(())
    };
    // Meanwhile each caret of the other only ever stands at the end of what that one typed.
    let watching = async |browser: &Browser, others: &str, end: bool| -> Result<usize> {
        let mut seen = 0;
        for _ in 0..40 {
            let open = browser.open_text().await?;
            if let Some(before) = &open.before {
                seen += 1;
                let is_theirs = if end {
                    before.ends_with('.') || others.chars().any(|c| before.ends_with(c))
                } else {
                    others.starts_with(before.as_str())
                };
                ensure!(is_theirs, "{}: the other's caret is behind «{before}»", browser.person());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Ok(seen)
    };
    let (typed_hers, typed_his) = tokio::join!(typing(&ana, &hers), typing(&bruno, &his));
    typed_hers?;
    typed_his?;
    let whole = format!("{hers}{original}{his}");
    for browser in [&ana, &bruno] {
        wait_until(
            "both texts to be whole",
            async || Ok(browser.open_text().await?.value == whole),
        )
        .await?;
    }
    // Everybody's own caret is behind what they typed, and the other's is shown behind theirs.
    let end = |text: &str| text.encode_utf16().count();
    wait_until("the carets to arrive", async || {
        let (a, b) = (ana.open_text().await?, bruno.open_text().await?);
        Ok(a.before.as_deref() == Some(whole.as_str())
            && b.before.as_deref() == Some(hers.as_str()))
    })
    .await?;
    ensure!(ana.open_text().await?.caret == end(&hers));
    ensure!(bruno.open_text().await?.caret == end(&whole));
    for browser in [&ana, &bruno] {
        browser.picture("carets").await?;
    }

    // Ana goes on typing while Bruno rests: his caret stays behind his full stop at every moment.
    let more = "Y sigue escribiendo. ";
    let (typed, seen) = tokio::join!(typing(&ana, more), watching(&ana, &whole, true));
    typed?;
    ensure!(seen? > 10, "Bruno's caret was there all the time");
    let open = ana.open_text().await?;
    ensure!(open.before.as_deref() == Some(open.value.as_str()), "{open:?}");
    bruno.press(Key::Escape + "").await.ok();
    Ok(())
}

/// The open editor: its text, where the caret is (UTF-16), and the text before the other's caret.
#[derive(Debug, Deserialize)]
struct OpenText {
    value: String,
    caret: usize,
    before: Option<String>,
}

impl Browser {
    async fn open_text(&self) -> Result<OpenText> {
        let script = "const area = document.querySelector('.grid-editor textarea');
            const caret = document.querySelector('.caret');
            let before = null;
            if (caret) {
                before = '';
                for (let node = caret.parentNode.firstChild; node !== caret; node = node.nextSibling)
                    if (node.nodeType === Node.TEXT_NODE) before += node.data;
            }
            return { value: area.value, caret: area.selectionEnd, before };";
        let found = self.driver().execute(script, vec![]).await?;
        serde_json::from_value(found.json().clone()).context("what the script returns")
    }

    async fn text_of(&self, selector: &str) -> Result<String> {
        let script = format!("return document.querySelector('{selector}')?.textContent ?? '';");
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Whether the other person's frame lies on a cell.
    async fn frame_is_on(&self, row: &str, field: &str) -> Result<bool> {
        let script = format!(
            "const frame = document.querySelector('.grid-other')?.getBoundingClientRect();
             const cell = document.querySelector('[data-row=\"{row}\"] [data-field=\"{field}\"]')
                 ?.getBoundingClientRect();
             return !!frame && !!cell && ['left', 'top', 'width', 'height']
                 .every((side) => Math.abs(frame[side] - cell[side]) < 1.5);"
        );
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }
}
