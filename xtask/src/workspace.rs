//! Where things are, and how other programs are called.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::clock;

/// The target triple of the browser part.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The directory of the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies inside the workspace")
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Tells the person what is being done now, and how many minutes and seconds have passed.
pub fn announce(step: &str) {
    let seconds = clock::elapsed().as_secs();
    eprintln!("\x1b[1m[{:02}:{:02}] {step}\x1b[0m", seconds / 60, seconds % 60);
}

/// `cargo` with these arguments, to be run in the workspace.
pub fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end; anything but success is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let line = display(command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it wrote to standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let line = display(command);
    let output = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({}):\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Installs the browser target of the pinned toolchain where it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    let rustc = || {
        let mut command = Command::new("rustc");
        command.current_dir(root());
        command
    };
    let library = output(rustc().args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    announce("Installing the WebAssembly target of the pinned toolchain");
    run(Command::new("rustup").args(["target", "add", WASM]).current_dir(root())).context(
        "Rust's target wasm32-unknown-unknown is missing and could not be installed: \
         install it with rustup (https://rustup.rs) or your system's packages and try again",
    )
}

/// The command as a person would type it.
fn display(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    if let Some(name) = Path::new(&line).file_name() {
        line = name.to_string_lossy().into_owned();
    }
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// All files below a directory, in no order.
pub fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
