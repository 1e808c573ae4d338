//! Files that a person saves and chooses.

use std::{fs, path::Path};

use anyhow::Result;
use serde_json::json;
use thirtyfour::By;

use super::{Browser, wait_until};

impl Browser {
    /// Chooses a file in the panel.
    pub async fn choose_file(&self, path: &Path) -> Result<()> {
        let input = self.driver().find(By::Id("import-file")).await?;
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
