//! The program `focaliza`. What it can do: `focaliza --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
