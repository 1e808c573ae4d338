//! The load driver: devices that speak the real protocol with a real server on this machine.
//!
//! It starts the server itself, each time with a database of its own, so that it can read how much
//! processor time and memory the server took. All figures are of this machine with the driver on
//! it: on a busy one they are lower bounds.

mod clock;
mod costs;
mod device;
mod measure;
mod server;
mod watcher;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Result;
use lexopt::{Arg::Long, ValueExt as _};
use serde_json::json;

const USAGE: &str = "\
load [--clients 50] [--rate 50] [--seconds 10] [--rows 500] [--crowd 200] [--server PATH] [--json]

--clients   devices in one exercise
--rate      edits per second of all of them together, while latency is measured
--seconds   how long each measurement takes
--rows      rows of the exercise at the beginning
--crowd     devices in one exercise while memory is measured
--server    the program; otherwise target/release/focaliza";

/// What to measure with.
pub struct Options {
    /// Devices in one exercise.
    pub clients: usize,
    /// Edits per second of all of them together, while latency is measured.
    pub rate: f64,
    /// How long each measurement takes.
    pub duration: Duration,
    /// Rows of the exercise at the beginning.
    pub rows: usize,
    /// Devices in one exercise while memory is measured.
    pub crowd: usize,
    /// The server.
    pub program: PathBuf,
}

fn main() -> ExitCode {
    match parse().and_then(|(options, json)| run(&options, json)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<(Options, bool)> {
    let mut options = Options {
        clients: 50,
        rate: 50.0,
        duration: Duration::from_secs(10),
        rows: 500,
        crowd: 200,
        program: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/focaliza")),
    };
    let mut json = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("clients") => options.clients = parser.value()?.parse()?,
            Long("rate") => options.rate = parser.value()?.parse()?,
            Long("seconds") => {
                options.duration = Duration::from_secs(parser.value()?.parse()?);
            }
            Long("rows") => options.rows = parser.value()?.parse()?,
            Long("crowd") => options.crowd = parser.value()?.parse()?,
            Long("server") => options.program = parser.value()?.into(),
            Long("json") => json = true,
            Long("help") => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((options, json))
}

fn run(options: &Options, as_json: bool) -> Result<()> {
    // Everybody's devices on one processor: of two, the other one is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let latency = runtime.block_on(measure::latency(options))?;
    drop(runtime);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (throughput, memory, bytes, costs) = runtime.block_on(async {
        let throughput = measure::throughput(options).await?;
        let memory = measure::memory(options).await?;
        let bytes = measure::bytes(options).await?;
        anyhow::Ok((throughput, memory, bytes, costs::measure(options).await?))
    })?;
    if as_json {
        let report = json!({
            "latency_ms": {
                "clients": options.clients,
                "rate": options.rate,
                "edits": latency.edits,
                "p50": latency.p50,
                "p95": latency.p95,
                "p99": latency.p99,
            },
            "throughput": {
                "clients": options.clients,
                "edits_per_second": throughput.per_second,
                "edits_per_cpu_second": throughput.per_cpu_second,
            },
            "memory_mb": {
                "clients": options.crowd,
                "idle": memory.idle,
                "active": memory.active,
                "peak": memory.peak,
            },
            "bytes_per_edit": {
                "up": bytes.up,
                "acknowledgement": bytes.acknowledgement,
                "down": bytes.down,
                "of_ten": costs.of_ten,
            },
            "day_bytes": { "writer": costs.day, "colleague": costs.day_of_other },
            "first_opening_bytes": costs.first_opening,
            "comeback": { "bytes": costs.comeback, "seconds": costs.comeback_seconds },
        });
        println!("{report:#}");
        return Ok(());
    }
    println!(
        "Edit to another of {} devices, ms: p50 {:.2}, p95 {:.2}, p99 {:.2} ({} edits, {} per second)",
        options.clients, latency.p50, latency.p95, latency.p99, latency.edits, options.rate
    );
    println!(
        "Edits with {} devices at full speed: {:.0} per second, {:.0} per second of processor time",
        options.clients, throughput.per_second, throughput.per_cpu_second
    );
    println!(
        "Memory with {} devices, MB: {:.1} idle, {:.1} active, {:.1} at most",
        options.crowd, memory.idle, memory.active, memory.peak
    );
    println!(
        "Bytes of an edit with its WebSocket frame: {:.0} up, {:.0} acknowledged, {:.0} to each other",
        bytes.up, bytes.acknowledgement, bytes.down
    );
    println!(
        "First opening of 60,000 cells: {} bytes; each of ten edits together: {:.0}; coming back with \
         10,000 edits over 1 Mbit/s: {} bytes, {:.1} s; a day of work: {} bytes, {} to a colleague",
        costs.first_opening,
        costs.of_ten,
        costs.comeback,
        costs.comeback_seconds,
        costs.day,
        costs.day_of_other
    );
    Ok(())
}
