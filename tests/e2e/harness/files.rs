//! Files that a person saves and chooses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use thirtyfour::By;

use super::{Browser, Engine, wait_until};

/// The endings of files that Chromium, Firefox and WebKit have not saved whole yet.
const PARTS: [&str; 3] = ["crdownload", "part", "wkdownload"];

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
        if self.engine() == Engine::WebKit {
            // Its driver refuses every file whose ending it does not know, accepted or not.
            let script = "arguments[0].removeAttribute('accept');";
            self.driver().execute(script, vec![input.to_json()?]).await?;
        }
        Ok(input.send_keys(path.to_string_lossy().as_ref()).await?)
    }

    /// The text of the file that a button saves.
    pub async fn download(&self, folder: &Path, button: &str) -> Result<String> {
        Ok(fs::read_to_string(self.save(folder, button).await?)?)
    }

    /// The file that a button saves.
    pub async fn save(&self, folder: &Path, button: &str) -> Result<PathBuf> {
        self.choose(button).await?;
        let mut file = None;
        wait_until("the file to be saved", async || {
            let mut entries = Vec::new();
            for entry in fs::read_dir(self.downloads())?.flatten() {
                entries.push(entry.path());
            }
            // Until it is whole, it or what stands beside it has another ending.
            let is_part = |path: &PathBuf| {
                path.extension().is_some_and(|end| PARTS.iter().any(|part| end == *part))
            };
            if entries.iter().any(is_part) {
                return Ok(false);
            }
            file = entries.into_iter().find(|path| fs::metadata(path).is_ok_and(|it| it.len() > 0));
            Ok(file.is_some())
        })
        .await?;
        let saved = file.context("no file")?;
        let place = folder.join(saved.file_name().context("a file has a name")?);
        fs::rename(saved, &place)?;
        Ok(place)
    }
}
