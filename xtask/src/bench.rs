//! `cargo xtask bench`: measures what is promised.
//!
//! Figures of time are of this machine with everything else that runs on it: only a quiet one shows
//! how far a target is.

mod promises;
mod startup;

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use crate::workspace::{announce, cargo, output, run as run_command, target};
use crate::{chromium, download, npm, serve, site};

use promises::PROMISES;

/// Builds what is delivered and prints the measurements with their targets, as a table or as one
/// JSON object.
pub fn run(as_json: bool) -> Result<()> {
    chromium::ensure()?;
    npm::ensure("lighthouse")?;
    npm::ensure("yardstick")?;
    site::build(site::Profile::Web)?;
    // The same command as that of `cargo xtask run`: what is measured is what is delivered.
    let server = serve::build()?;
    announce("Building the programs that measure");
    let programs =
        ["--package", "tests", "--features", "bench", "--bin", "load", "--bin", "browser"];
    run_command(cargo(["build", "--release"]).args(programs))?;
    let measuring = |name: &str| {
        Command::new(
            target().join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)),
        )
    };

    announce("Measuring a second start");
    let startup = startup::second()?;
    announce("Measuring the server");
    let load = output(measuring("load").arg("--json").arg("--server").arg(&server))?;
    announce("Measuring the application in Chromium");
    let browser = output(measuring("browser").env("FOCALIZA", &server))?;
    let report = json!({
        "first_visit": first_visit()?,
        "second_start_s": startup.as_secs_f64(),
        "server": serde_json::from_str::<Value>(&load)?,
        "browser": serde_json::from_str::<Value>(&browser)?,
        "machine": machine(),
    });
    print(&report, as_json)
}

fn first_visit() -> Result<Value> {
    let files = download::files()?;
    let total: u64 = files.iter().map(|file| file.bytes).sum();
    let files: Map<_, _> =
        files.into_iter().map(|file| (file.address, file.bytes.into())).collect();
    Ok(json!({ "bytes": total, "files": files }))
}

/// What the figures depend on.
fn machine() -> Value {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let of_a_minute = load.split(' ').next().and_then(|load| load.parse::<f64>().ok());
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    json!({ "processors": processors, "load": of_a_minute })
}

fn print(report: &Value, as_json: bool) -> Result<()> {
    let mut figures = Vec::new();
    for promise in PROMISES {
        let value = report.pointer(promise.place).and_then(Value::as_f64);
        let value = value.with_context(|| format!("no figure at {}", promise.place))?;
        figures.push((promise, value));
    }
    if as_json {
        let figures = figures.iter().map(|(promise, value)| promise.as_json(*value));
        let figures: Vec<Value> = figures.collect();
        println!("{:#}", json!({ "figures": figures, "details": report }));
        return Ok(());
    }
    for (promise, value) in figures {
        println!("{}", promise.line(value));
    }
    let machine = &report["machine"];
    println!("\nOn {} processors with a load of {}.", machine["processors"], machine["load"]);
    Ok(())
}
