//! `dist/`: everything the server hands out as files.
//!
//! Files below `dist/assets/` carry a hash of their content in their address and never change;
//! all others may change at every build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::page::{self, Assets};
use crate::workspace::{WASM, announce, cargo, ensure_wasm_target, root, run, target};
use crate::{bundle, compress, service_worker};

/// How the browser part is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Small: what is delivered.
    Web,
    /// Quick to build, with function names.
    WebDev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::WebDev => "web-dev",
        }
    }
}

/// Where the site is written.
pub fn directory() -> PathBuf {
    root().join("dist")
}

/// Where it is written which files each part of the application consists of.
pub fn parts_list() -> PathBuf {
    target().join("dist.parts.json")
}

/// Builds the site; does nothing but ask Cargo when its inputs are those of the last build.
pub fn build(profile: Profile) -> Result<()> {
    ensure_wasm_target()?;
    announce("Building the application for the browser");
    run(&mut cargo([
        "build",
        "--package",
        "app",
        "--features",
        "split",
        "--target",
        WASM,
        "--profile",
        profile.name(),
    ]))?;
    let wasm = target().join(WASM).join(profile.name()).join("app.wasm");

    let inputs = fingerprint(&wasm)?;
    let stamp = target().join("dist.inputs");
    let unchanged = fs::read_to_string(&stamp).is_ok_and(|last| last == inputs);
    if unchanged && directory().join("index.html").is_file() {
        return Ok(());
    }
    announce("Packing dist/");
    // A build that is interrupted must not look finished.
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    write(&wasm, profile)?;
    announce("Compressing dist/");
    let effort = match profile {
        Profile::Web => compress::Effort::Most,
        Profile::WebDev => compress::Effort::Little,
    };
    compress::tree(&directory(), effort)?;
    fs::write(&stamp, inputs)?;
    Ok(())
}

/// Writes `dist/` anew.
fn write(wasm: &Path, profile: Profile) -> Result<()> {
    let dist = directory();
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    let assets = dist.join("assets");
    fs::create_dir_all(&assets)?;

    let fonts = write_public(&dist)?;
    let with_fonts =
        |text: String| fonts.iter().fold(text, |text, (plain, hashed)| text.replace(plain, hashed));

    // The files that wasm-bindgen writes name each other, so the hash is in their directory.
    let bundle = target().join("bundle");
    let mut parts = bundle::write(wasm, &bundle, profile == Profile::WebDev)?;
    let program = format!("/assets/{}", hash_tree(&bundle)?);
    for file in parts.values_mut().flatten() {
        *file = format!("{program}/{file}");
    }
    fs::write(parts_list(), serde_json::to_string(&parts)?)?;
    copy_tree(&bundle, &dist.join(&program[1..]))?;
    let script = format!("{program}/app.js");

    let html = read(&root().join("app/index.html"))?;
    let mut style = String::new();
    for sheet in page::style_sheets(&html)? {
        style.push_str(&read(&root().join("app").join(sheet))?);
        style.push('\n');
    }
    let style = write_hashed(&assets, "style", "css", &with_fonts(style))?;
    let loader = read(&root().join("app/loader.js"))?.replace("./app.js", &script);
    let loader = write_hashed(&assets, "loader", "js", &loader)?;

    let parts = format!("{program}/{}", bundle::PARTS);
    let wasm = format!("{program}/app_bg.wasm");
    let assets = Assets { style, loader, script, parts, wasm };
    let page = page::fill_in(&with_fonts(html), &assets)?;
    fs::write(dist.join("index.html"), page)?;
    service_worker::write(&dist, &read(&root().join("app").join(service_worker::FILE))?)
}

/// Copies `public/`; its fonts go to `assets/` under a hashed name.
/// Returns the pairs of plain and hashed address of each font.
fn write_public(dist: &Path) -> Result<Vec<(String, String)>> {
    copy_tree(&root().join("public"), dist)?;
    let mut fonts = Vec::new();
    for entry in fs::read_dir(dist.join("fonts"))? {
        let path = entry?.path();
        let (Some(stem), Some("woff2")) = (name(path.file_stem()), name(path.extension())) else {
            continue;
        };
        let content = fs::read(&path)?;
        let hashed = format!("/assets/{stem}-{}.woff2", hash([content.as_slice()]));
        fs::rename(&path, dist.join(&hashed[1..]))?;
        fonts.push((format!("/fonts/{stem}.woff2"), hashed));
    }
    Ok(fonts)
}

fn name(part: Option<&std::ffi::OsStr>) -> Option<&str> {
    part.and_then(|part| part.to_str())
}

/// Writes `stem-HASH.extension` and returns its address.
fn write_hashed(assets: &Path, stem: &str, extension: &str, content: &str) -> Result<String> {
    let file = format!("{stem}-{}.{extension}", hash([content.as_bytes()]));
    fs::write(assets.join(&file), content)?;
    Ok(format!("/assets/{file}"))
}

/// A hash of everything that `dist/` is made of, this program included.
fn fingerprint(wasm: &Path) -> Result<String> {
    let mut parts = vec![fs::read(wasm)?, fs::read(std::env::current_exe()?)?];
    let app = root().join("app");
    for path in ["index.html", "loader.js", service_worker::FILE].map(|file| app.join(file)) {
        parts.push(fs::read(path)?);
    }
    parts.push(hash_tree(&app.join("style"))?.into_bytes());
    parts.push(hash_tree(&root().join("public"))?.into_bytes());
    Ok(hash(parts))
}

/// A hash of the names and contents of all files below a directory.
fn hash_tree(directory: &Path) -> Result<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .with_context(|| format!("cannot read {}", directory.display()))?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<Result<_>>()?;
    names.sort();
    let mut parts = Vec::new();
    for name in names {
        let path = directory.join(&name);
        parts.push(name.into_encoded_bytes());
        parts.push(if path.is_dir() { hash_tree(&path)?.into_bytes() } else { fs::read(&path)? });
    }
    Ok(hash(parts))
}

/// 16 hexadecimal digits: short enough for an address, long enough to tell builds apart.
pub fn hash(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize()[..8])
}

/// Two digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
