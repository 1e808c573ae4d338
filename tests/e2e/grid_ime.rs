//! Accents, dead keys and input methods, from the first key on.

use anyhow::Result;
use serde_json::{Value, json};

use crate::harness::{Browser, Screen, Server, wait_until};

impl Browser {
    async fn cdp(&self, command: &str, parameters: Value) -> Result<()> {
        self.driver().cdp().send_raw(command, parameters).await?;
        Ok(())
    }

    /// An input method shows what it has so far.
    async fn compose(&self, text: &str) -> Result<()> {
        let end = text.encode_utf16().count();
        let parameters = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.cdp("Input.imeSetComposition", parameters).await
    }

    /// It writes what it settled on.
    async fn compose_done(&self, text: &str) -> Result<()> {
        self.cdp("Input.insertText", json!({ "text": text })).await
    }

    async fn see_typed(&self, text: &str) -> Result<()> {
        wait_until(&format!("«{text}» in the editor"), async || {
            let script = "return document.activeElement.value;";
            let value: String = self.driver().execute(script, vec![]).await?.convert()?;
            Ok(value == text)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_accent_and_no_first_character_is_lost() -> Result<()> {
    let server = Server::start("grid_ime", &["--demo"]).await?;
    let ana = server.browser("ana", Screen::Laptop).await?;
    ana.sign_in("ana").await?;
    ana.open_focus().await?;

    // A dead key on a cell that is not open: the accent waits, then becomes one with its letter.
    ana.go_to("redes", "action").await?;
    ana.compose("´").await?;
    ana.find(".grid-editor.open").await?;
    ana.see_typed("´").await?;
    ana.compose_done("Á").await?;
    ana.press("rbol").await?;
    ana.see_typed("Árbol").await?;
    ana.chord("Enter").await?;
    ana.see_in("redes", "action", "Árbol").await?;

    // An input method: Enter and Escape are its own while it composes.
    ana.go_to("promocion", "action").await?;
    for text in ["に", "にほ", "にほん"] {
        ana.compose(text).await?;
    }
    let key = |key: &str| json!({ "type": "rawKeyDown", "key": key, "code": key, "windowsVirtualKeyCode": 229 });
    ana.cdp("Input.dispatchKeyEvent", key("Enter")).await?;
    ana.cdp("Input.dispatchKeyEvent", key("Escape")).await?;
    ana.find(".grid-editor.open").await?;
    ana.compose_done("日本").await?;
    ana.see_typed("日本").await?;
    ana.chord("Enter").await?;
    ana.see_in("promocion", "action", "日本").await?;

    // What is inserted as a whole: dictation, emoji.
    ana.go_to("almacenes", "action").await?;
    ana.compose_done("Ñuñoa 🦤").await?;
    ana.see_typed("Ñuñoa 🦤").await?;
    ana.chord("Tab").await?;
    ana.see_in("almacenes", "action", "Ñuñoa 🦤").await?;

    // Giving a composition up leaves the cell as it was.
    ana.go_to("crece", "action").await?;
    ana.compose("´").await?;
    ana.compose("").await?;
    ana.chord("Escape").await?;
    ana.see_in("crece", "action", "Crece en territorios priorizados").await
}
