//! From the compiler's WASM file to what a browser loads.

use std::fs;
use std::path::Path;

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `app.js` and `app_bg.wasm` (and `snippets/`, if a library brings JavaScript of its own)
/// to `directory`. `names` keeps function names, for readable panics.
pub fn write(wasm: &Path, directory: &Path, names: bool) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .demangle(names)
        .remove_name_section(!names)
        .remove_producers_section(true)
        // The library's default leaves `init()` without a path to the WASM file.
        .omit_default_module_path(false)
        .generate(directory)
}
