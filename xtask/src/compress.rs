//! Compression once at build time instead of at every request: as far as it goes for what is
//! delivered, quickly while developing.

use std::io::Write as _;
use std::path::Path;
use std::{fs, thread};

use anyhow::{Context as _, Result};

use crate::workspace::files_below;

/// Below this size (bytes) the headers of the answer outweigh what compression saves.
const WORTHWHILE: u64 = 512;

/// Kinds of files that are compressed already.
const COMPRESSED: [&str; 6] = ["woff2", "png", "jpg", "webp", "br", "gz"];

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Smallest result; half a minute for the application.
    Most,
    /// Some seconds.
    Little,
}

/// Writes `name.br` and `name.gz` beside every file below `directory` that gains from it.
pub fn tree(directory: &Path, effort: Effort) -> Result<()> {
    let mut files = files_below(directory)?;
    files.retain(|path| gains(path));
    // One thread per file: one file (the WASM) takes longer than all others together.
    thread::scope(|scope| {
        let running: Vec<_> =
            files.iter().map(|path| scope.spawn(move || compress(path, effort))).collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

/// Whether it is worthwhile. A file that cannot be read fails when it is compressed.
fn gains(path: &Path) -> bool {
    let kind = path.extension().and_then(|extension| extension.to_str());
    fs::metadata(path).map_or(true, |metadata| metadata.len() >= WORTHWHILE)
        && !kind.is_some_and(|kind| COMPRESSED.contains(&kind))
}

fn compress(path: &Path, effort: Effort) -> Result<()> {
    let content = fs::read(path)?;
    write_beside(path, "br", &brotli(&content, effort)?)?;
    write_beside(path, "gz", &gzip(&content, effort)?)
}

fn write_beside(path: &Path, extension: &str, content: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    fs::write(&name, content).with_context(|| format!("cannot write {}", name.display()))
}

fn brotli(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: if effort == Effort::Most { 11 } else { 4 },
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Most => flate2::Compression::best(),
        Effort::Little => flate2::Compression::fast(),
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
