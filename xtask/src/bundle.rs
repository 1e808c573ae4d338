//! From the compiler's WASM file to what a browser loads.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// Name of the script that fetches the parts, next to `app.js`.
pub const PARTS: &str = "parts.js";

/// The files that make up each part, by the part's name.
pub type Parts = HashMap<String, Vec<String>>;

/// Writes to `directory` what a browser loads at once, `app.js` and `app_bg.wasm`, and the parts
/// that it fetches when they are needed (`lazy_view!` in the application). `names` keeps function
/// names, for readable panics.
pub fn write(wasm: &Path, directory: &Path, names: bool) -> Result<Parts> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    let whole = fs::read(wasm)?;
    // The library writes what is left to a file and names the parts' script in it.
    let main = directory.join("app.wasm");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = directory;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    let link_name = format!("./{PARTS}");
    options.link_name = &link_name;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split {}: {error:#}", wasm.display()))?;
    Bindgen::new()
        .input_path(&main)
        .web(true)?
        .typescript(false)
        .demangle(names)
        .remove_name_section(!names)
        .remove_producers_section(true)
        // Parts are linked with what the first one exports.
        .keep_lld_exports(true)
        // The library's default leaves `init()` without a path to the WASM file.
        .omit_default_module_path(false)
        .generate(directory)?;
    fs::remove_file(&main)?;
    if !names {
        for part in &parts.split_modules {
            let bytes = fs::read(part)?;
            fs::write(part, without_custom_sections(&bytes)?)?;
        }
    }
    let mut files = parts.prefetch_map;
    for file in files.values_mut().flatten() {
        file.push_str(".wasm");
    }
    Ok(files)
}

/// The module without names and whatever else does not change what it does.
fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    const CUSTOM: u8 = 0;
    let end_of = |bytes: &[u8]| anyhow!("a WASM part ends early, {} bytes before", bytes.len());
    let (header, mut rest) = module.split_at_checked(HEADER).ok_or_else(|| end_of(module))?;
    let mut kept = header.to_vec();
    while let Some((&id, after_id)) = rest.split_first() {
        let (length, size_of_length) = unsigned_leb128(after_id).ok_or_else(|| end_of(rest))?;
        let size = 1 + size_of_length + length;
        let (section, after) = rest.split_at_checked(size).ok_or_else(|| end_of(rest))?;
        if id != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(kept)
}

/// A number as WASM writes it, and how many bytes it takes.
fn unsigned_leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_all_others_stay() {
        let header = *b"\0asm\x01\0\0\0";
        let types = [1, 4, 1, 0x60, 0, 0];
        let mut names = vec![0, 0x85, 0x01, 4];
        names.extend_from_slice(b"name");
        names.resize(3 + 0x85, 7);
        let module = [&header[..], &names, &types, &names].concat();
        assert_eq!(without_custom_sections(&module).unwrap(), [&header[..], &types].concat());
        assert!(without_custom_sections(&module[..40]).is_err(), "ends within a section");
    }
}
