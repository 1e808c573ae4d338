//! `cargo xtask bench`: measures what is promised.

use anyhow::Result;

use crate::{download, site};

/// Builds what is delivered and prints the measurements, as text or as one JSON object.
pub fn run(json: bool) -> Result<()> {
    site::build(site::Profile::Web)?;
    let files = download::files()?;
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    if json {
        let files: serde_json::Map<_, _> =
            files.into_iter().map(|file| (file.address, file.bytes.into())).collect();
        println!("{}", serde_json::json!({ "first_visit": { "bytes": total, "files": files } }));
    } else {
        println!("First visit, bytes as transferred (brotli):");
        for file in files {
            println!("{:>9}  {}", file.bytes, file.address);
        }
        println!("{total:>9}  in all");
    }
    Ok(())
}
