//! Files that a person saves and chooses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::json;
use thirtyfour::By;

use super::{Browser, wait_until};

impl Browser {
    /// Chooses a file in the panel.
    pub async fn choose_file(&self, path: &Path) -> Result<()> {
        self.choose_file_for("import-file", path).await
    }

    /// Chooses a file for the field of this id.
    pub async fn choose_file_for(&self, field: &str, path: &Path) -> Result<()> {
        // The panel may still be on its way, and the field itself is never seen.
        let field = async || self.driver().find_all(By::Id(field)).await;
        wait_until("the panel", async || Ok(!field().await?.is_empty())).await?;
        let input = field().await?.into_iter().next().context("the panel closed")?;
        Ok(input.send_keys(path.to_string_lossy().as_ref()).await?)
    }

    /// The text of the file that a button saves.
    pub async fn download(&self, folder: &Path, button: &str) -> Result<String> {
        Ok(fs::read_to_string(self.save(folder, button).await?)?)
    }

    /// The file that a button saves.
    pub async fn save(&self, folder: &Path, button: &str) -> Result<PathBuf> {
        let place = json!({ "behavior": "allow", "downloadPath": folder });
        self.driver().cdp().send_raw("Browser.setDownloadBehavior", place).await?;
        self.choose(button).await?;
        let mut file = None;
        wait_until("the file to be saved", async || {
            for entry in fs::read_dir(folder)?.flatten() {
                // Until it is whole it has another ending.
                let is_whole = entry.path().extension().is_some_and(|it| it != "crdownload");
                if is_whole && entry.metadata()?.len() > 0 {
                    file = Some(entry.path());
                }
            }
            Ok(file.is_some())
        })
        .await?;
        file.context("no file")
    }
}
