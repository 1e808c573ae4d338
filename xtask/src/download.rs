//! What a first visit downloads: at once, and until a matrix is on the screen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::site;

/// What a first visit may download at once, in bytes: what a slow mobile link carries while a
/// person still waits.
pub const LIMIT: u64 = 450_000;
/// What no change may go beyond until a matrix is on the screen. It goes down; it went up when the
/// browser part was compiled for speed (decision 31), for the cipher, rescue files and what people wrote
/// apart (decisions 35 to 38), and for what unpacks the exercise itself, which is so much smaller
/// (decision 39).
pub const MATRIX_LIMIT: u64 = 1_070_000;

/// One file of the first visit.
pub struct File {
    /// Address from the root of the site.
    pub address: String,
    /// Bytes as transferred: brotli where it was worthwhile.
    pub bytes: u64,
}

/// Everything that the page loads at once, the page first.
pub fn files() -> Result<Vec<File>> {
    let dist = site::directory();
    let html = fs::read_to_string(dist.join("index.html"))?;
    let mut addresses = vec!["/index.html".to_owned()];
    for address in local_addresses(&html) {
        if !addresses.iter().any(|known| known == address) {
            addresses.push(address.to_owned());
        }
    }
    measured(addresses)
}

/// The part of the application that shows an exercise.
const EXERCISE: &str = "exercise";

/// What is fetched beyond [`files`] when an exercise is opened for the first time.
pub fn exercise_files() -> Result<Vec<File>> {
    let list = fs::read_to_string(site::parts_list())?;
    let mut parts: BTreeMap<String, Vec<String>> = serde_json::from_str(&list)?;
    let addresses = parts.remove(EXERCISE).context("no part of the application is `exercise`")?;
    measured(addresses)
}

fn measured(addresses: impl IntoIterator<Item = String>) -> Result<Vec<File>> {
    let dist = site::directory();
    addresses
        .into_iter()
        .map(|address| Ok(File { bytes: transferred(&dist, &address)?, address }))
        .collect()
}

/// Fails when a first visit downloads more than it may.
pub fn check() -> Result<()> {
    let at_once = total(&files()?);
    let matrix = at_once + total(&exercise_files()?);
    eprintln!("a first visit downloads {at_once} bytes at once, {matrix} until a matrix is shown");
    if at_once > LIMIT || matrix > MATRIX_LIMIT {
        bail!("that is more than {LIMIT} and {MATRIX_LIMIT}: see `cargo xtask bench`");
    }
    Ok(())
}

/// Bytes of all these files.
pub fn total(files: &[File]) -> u64 {
    files.iter().map(|file| file.bytes).sum()
}

/// Values of `href` and `src` that are files of this site.
fn local_addresses(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"")
        .skip(1)
        .chain(html.split("src=\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with('/') && !address.ends_with('/'))
}

fn transferred(dist: &Path, address: &str) -> Result<u64> {
    let path = dist.join(&address[1..]);
    let compressed = format!("{}.br", path.display());
    let metadata = fs::metadata(compressed).or_else(|_| fs::metadata(&path));
    Ok(metadata.with_context(|| format!("{address}, which the page loads, is missing"))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_sites_and_pages_are_not_counted() {
        let html = r##"<link href="/a.css"><a href="#top"><a href="https://x.cl/b"><a href="/">
            <script src="/c.js">"##;
        let found: Vec<_> = local_addresses(html).collect();
        assert_eq!(found, ["/a.css", "/c.js"]);
    }
}
