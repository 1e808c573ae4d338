//! What the page writes to the console.

use std::fs;
use std::sync::atomic::Ordering;

use anyhow::Result;

use super::{Browser, Engine};

impl Browser {
    /// Errors the page wrote to the console since the last call: panics and, in Chromium, refused
    /// resources and failed requests.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        if self.engine() == Engine::Chromium {
            let entries = self.driver().browser_log().await?;
            let errors = entries.into_iter().filter(|entry| entry.level == "SEVERE");
            return Ok(errors.map(|entry| entry.message).collect());
        }
        let mut lines = self.printed()?;
        // As Firefox and as WebKit mark them. Firefox also has something to say of its own parts.
        let marks = ["console.error:", "JavaScript error: http", " JS ERROR "];
        let own = ["resource://", "RSLoader"];
        lines.retain(|line| {
            let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
            has(&marks) && !has(&own)
        });
        Ok(lines)
    }

    /// All that was written to the console since the last look at it.
    pub async fn console(&self) -> Result<Vec<String>> {
        if self.engine() == Engine::Chromium {
            let entries = self.driver().browser_log().await?;
            return Ok(entries.into_iter().map(|entry| entry.message).collect());
        }
        self.printed()
    }

    /// Firefox and WebKit print what pages log, and no driver of theirs tells it.
    fn printed(&self) -> Result<Vec<String>> {
        let output = String::from_utf8_lossy(&fs::read(self.output())?).into_owned();
        let lines: Vec<_> = output.lines().map(ToOwned::to_owned).collect();
        let read = self.read_lines.swap(lines.len(), Ordering::Relaxed);
        Ok(lines.into_iter().skip(read).collect())
    }
}
