//! `cargo xtask test`: everything that must hold before a change is delivered.

use std::ffi::OsString;
use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::background::Background;
use crate::workspace::{WASM, announce, cargo, ensure_wasm_target, root, run, target};
use crate::{chromium, download, engine, guards, npm, site};

/// The crates of the server's side. One selection for every command: another would have Cargo
/// unite other features and build the libraries again.
const NATIVE: [&str; 7] =
    ["--workspace", "--exclude", "app", "--exclude", "xtask", "--features", "tests/e2e"];

/// Runs all checks, the quick ones first.
pub fn all() -> Result<()> {
    announce("Format");
    run(&mut cargo(["fmt", "--all", "--check"]))?;

    announce("Direction of dependencies");
    guards::check()?;

    ensure_wasm_target()?;
    announce("Lints");
    lint(cargo(["clippy", "--package", "xtask", "--all-targets"]))?;
    let mut server_side = native("clippy");
    server_side.args(["--all-targets", "--test", "e2e", "--features", "tests/bench"]);
    lint(server_side)?;
    lint(cargo(["clippy", "--package", "app", "--package", "shared", "--target", WASM]))?;

    // Linking the browser part keeps one processor busy for minutes. Its folders are its own.
    let dist = Background::start("dist")?;
    announce("Tests");
    run(&mut cargo(["test", "--package", "xtask"]))?;
    npm::ensure_from("server/tests", "oidc")?;
    run(native("test").arg("--no-fail-fast"))?;

    chromium::ensure()?;
    wasm_tests()?;

    dist.finish()?;
    announce("Size of a first visit");
    download::check()?;
    browser_tests(&[])
}

/// Builds what the browser tests need and runs those whose name contains one of `filters`.
pub fn end_to_end(profile: site::Profile, filters: &[OsString]) -> Result<()> {
    engine::ensure()?;
    site::build(profile)?;
    browser_tests(filters)
}

/// Runs the simulation: all its seeds, or one with its trace.
pub fn simulate(seed: Option<u64>) -> Result<()> {
    let mut simulation = cargo(["test", "--package", "tests", "--release", "--test", "sim"]);
    if let Some(seed) = seed {
        simulation.env("SIM_SEED", seed.to_string());
    }
    run(simulation.args(["--", "--nocapture"]))
}

/// Kills browsers and servers this many times, and looks for what they had called saved.
pub fn kill(times: u32) -> Result<()> {
    engine::ensure()?;
    site::build(site::Profile::Web)?;
    run(native("build").args(["--bin", "focaliza"]))?;
    let mut tests = native("test");
    tests.args(["--test", "e2e", "--", "killed", "--nocapture", "--test-threads", "1"]);
    run(tests.env("KILLS", times.to_string()))
}

/// Writes the page of rules anew.
pub fn write_rules() -> Result<()> {
    run(cargo(["test", "--package", "tests", "rules_page"]).env("UPDATE", "1"))
}

fn browser_tests(filters: &[OsString]) -> Result<()> {
    npm::ensure("axe")?;
    npm::ensure_from("server/tests", "oidc")?;
    announce("Browser tests");
    run(native("build").args(["--bin", "focaliza"]))?;
    let mut tests = native("test");
    tests.args(["--test", "e2e", "--"]).args(filters);
    if filters.is_empty() {
        tests.args(engine::tests());
    }
    run(&mut tests)
}

/// Runs the tests for the browser of every crate that has some.
fn wasm_tests() -> Result<()> {
    announce("Tests in WebAssembly");
    run(&mut cargo([
        "build",
        "--package",
        "xtask",
        "--bin",
        "wasm_test_runner",
        "--features",
        "wasm-tests",
    ]))?;
    for package in ["app", "shared", "tests"] {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml"))?;
        if !manifest.contains("wasm-bindgen-test") {
            continue;
        }
        // Of the crate of tests, only the corpus is for any engine.
        let only: &[&str] = if package == "tests" { &["--test", "corpus"] } else { &[] };
        let runner = target().join("debug/wasm_test_runner");
        run(cargo(["test", "--target", WASM, "--package", package])
            .args(only)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("WASM_BINDGEN_USE_BROWSER", "1"))?;
    }
    Ok(())
}

fn native(subcommand: &str) -> Command {
    let mut command = cargo([subcommand]);
    command.args(NATIVE);
    command
}

fn lint(mut command: Command) -> Result<()> {
    run(command.args(["--", "--deny", "warnings"]))
}
