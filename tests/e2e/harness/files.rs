//! Files that a person saves and chooses.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde_json::json;
use thirtyfour::By;

use super::{Browser, wait_until};

impl Browser {
    /// Chooses a file in the panel.
    pub async fn choose_file(&self, path: &Path) -> Result<()> {
        // The panel may still be on its way, and the field itself is never seen.
        let field = async || self.driver().find_all(By::Id("import-file")).await;
        wait_until("the panel", async || Ok(!field().await?.is_empty())).await?;
        let input = field().await?.into_iter().next().context("the panel closed")?;
        Ok(input.send_keys(path.to_string_lossy().as_ref()).await?)
    }

    /// The text of the file that a button saves.
    pub async fn download(&self, folder: &Path, button: &str) -> Result<String> {
        let place = json!({ "behavior": "allow", "downloadPath": folder });
        self.driver().cdp().send_raw("Browser.setDownloadBehavior", place).await?;
        self.choose(button).await?;
        let mut text = String::new();
        wait_until("the file to be saved", async || {
            for entry in fs::read_dir(folder)?.flatten() {
                // Until it is whole it has another ending.
                if entry.path().extension().is_some_and(|ending| ending != "crdownload") {
                    text = fs::read_to_string(entry.path())?;
                }
            }
            Ok(!text.is_empty())
        })
        .await?;
        Ok(text)
    }
}
