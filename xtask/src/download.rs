//! What a first visit downloads.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::site;

/// What a first visit should download at most, in bytes: what a slow mobile link carries while a
/// person still waits. Not reached yet, see `docs/notes/`.
const TARGET: u64 = 450_000;
/// What no change may go beyond until the target is reached; it only ever goes down.
const CEILING: u64 = 600_000;

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
    let mut addresses = vec!["/index.html"];
    for address in local_addresses(&html) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
        .into_iter()
        .map(|address| {
            Ok(File { address: address.to_owned(), bytes: transferred(&dist, address)? })
        })
        .collect()
}

/// Fails when a first visit downloads more than it may, and says how far the target is.
pub fn check() -> Result<()> {
    let total: u64 = files()?.iter().map(|file| file.bytes).sum();
    if total > CEILING {
        bail!(
            "a first visit downloads {total} bytes, more than {CEILING}: see `cargo xtask bench`"
        );
    }
    eprintln!("a first visit downloads {total} bytes; the target is {TARGET}");
    Ok(())
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
