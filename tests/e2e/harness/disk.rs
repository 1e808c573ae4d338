//! A device that has no room left, as far as a page can tell.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Browser, Engine};

/// Stores blocks in a database of their own, ever smaller ones, until not even the smallest finds
/// room.
const FILL: &str = "const done = arguments[0];
    const opening = indexedDB.open('filler');
    opening.onupgradeneeded = () =>
        opening.result.createObjectStore('blocks', { autoIncrement: true });
    opening.onerror = () => done(String(opening.error));
    opening.onsuccess = async () => {
        const database = opening.result;
        const put = (bytes) => new Promise((ended) => {
            const blocks = new Uint8Array(bytes);
            // What compresses would not fill anything.
            const chance = crypto.getRandomValues(new Uint8Array(Math.min(bytes, 65536)));
            for (let at = 0; at < bytes; at += chance.length) blocks.set(chance, at);
            try {
                const transaction = database.transaction('blocks', 'readwrite');
                transaction.oncomplete = () => ended(true);
                transaction.onabort = () => ended(false);
                transaction.objectStore('blocks').add(blocks);
            } catch { ended(false); }
        });
        for (let bytes = 16 << 20; bytes >= 512; bytes >>= 1) while (await put(bytes));
        database.close();
        done(null);
    };";

const EMPTY: &str = "const done = arguments[0];
    const removing = indexedDB.deleteDatabase('filler');
    removing.onsuccess = () => done(null);
    removing.onerror = () => done(String(removing.error));";

impl Browser {
    /// Leaves the page no room to store anything, or next to none.
    pub async fn fill_disk(&self) -> Result<()> {
        match self.engine() {
            Engine::Chromium => self.override_quota(Some(1)).await,
            Engine::Firefox | Engine::WebKit => self.told_nothing(FILL).await,
        }
    }

    /// Gives it room again.
    pub async fn empty_disk(&self) -> Result<()> {
        match self.engine() {
            Engine::Chromium => self.override_quota(None).await,
            Engine::Firefox | Engine::WebKit => self.told_nothing(EMPTY).await,
        }
    }

    /// Chromium has its quota for the asking, and one far too large to be filled.
    async fn override_quota(&self, bytes: Option<u64>) -> Result<()> {
        let mut limit = json!({ "origin": self.network().address() });
        if let Some(bytes) = bytes {
            limit["quotaSize"] = bytes.into();
        }
        self.driver().cdp().send_raw("Storage.overrideQuotaForOrigin", limit).await?;
        Ok(())
    }

    async fn told_nothing(&self, script: &str) -> Result<()> {
        let error: Option<String> = self.driver().execute_async(script, vec![]).await?.convert()?;
        ensure!(error.is_none(), "{error:?}");
        Ok(())
    }
}
