//! The service worker of a build: it names every file of it, and what each of them holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::site;
use crate::workspace::files_below;

/// Its address, which stays the same from build to build.
pub const FILE: &str = "service-worker.js";
/// What only the installation shows, and what only people read.
const NOT_NEEDED: [&str; 3] = ["/screenshots/", "/fonts/", "/icons/"];

/// Writes it to `dist`, where everything else is already: `source` with the build filled in.
pub fn write(dist: &Path, source: &str) -> Result<()> {
    let files = digests(dist)?;
    let list = serde_json::to_string_pretty(&files)?;
    let script = source.replace("{{build}}", &site::hash([&list])).replace("{{files}}", &list);
    fs::write(dist.join(FILE), script)?;
    Ok(())
}

/// The SHA-256 of each file by its address; the page's address is `/`.
fn digests(dist: &Path) -> Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for path in files_below(dist)? {
        let below = path.strip_prefix(dist)?.to_str().context("a name is no text")?;
        let address = format!("/{}", below.replace('\\', "/"));
        if NOT_NEEDED.iter().any(|start| address.starts_with(start)) {
            continue;
        }
        let address = if address == "/index.html" { "/".to_owned() } else { address };
        digests.insert(address, site::hex(&Sha256::digest(fs::read(&path)?)));
    }
    Ok(digests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_what_the_application_needs_and_changes_with_it() {
        let dist = std::env::temp_dir().join(format!("service-worker-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).unwrap();
        fs::create_dir_all(dist.join("screenshots")).unwrap();
        fs::write(dist.join("index.html"), "page").unwrap();
        fs::write(dist.join("assets/a.js"), "script").unwrap();
        fs::write(dist.join("screenshots/wide.png"), "picture").unwrap();
        let of = || {
            write(&dist, "{{build}} {{files}}").unwrap();
            let script = fs::read_to_string(dist.join(FILE)).unwrap();
            fs::remove_file(dist.join(FILE)).unwrap();
            script
        };
        let before = of();
        assert!(before.contains("\"/assets/a.js\"") && before.contains("\"/\""));
        assert!(!before.contains("wide.png") && !before.contains("index.html"));
        assert_eq!(before, of(), "the same files are the same build");
        fs::write(dist.join("assets/a.js"), "other script").unwrap();
        assert_ne!(before.split(' ').next(), of().split(' ').next());
        fs::remove_dir_all(dist).unwrap();
    }
}
