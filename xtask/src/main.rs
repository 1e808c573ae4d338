//! `cargo xtask …`: builds, serves and checks Focaliza with nothing installed but Rust.

mod bundle;
mod compress;
mod page;
mod serve;
mod site;
mod workspace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const USAGE: &str = "\
cargo xtask run  [--port 8080] [--data data] [--demo] [--fast]   build everything and serve it
cargo xtask dist [--fast]                                        build the browser part into dist/

--fast   quick build of the browser part: larger, with names, for development";

/// What the person asked for.
enum Task {
    Run {
        options: serve::Options,
        profile: site::Profile,
    },
    Dist {
        profile: site::Profile,
    },
    Help,
}

fn main() -> ExitCode {
    match parse(std::env::args_os().skip(1)).and_then(perform) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Task> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let task = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let mut profile = site::Profile::Web;
    let mut options = serve::Options::default();
    while let Some(argument) = parser.next()? {
        match (task.as_str(), argument) {
            ("run" | "dist", Long("fast")) => profile = site::Profile::WebDev,
            ("run", Long("port")) => options.port = parser.value()?.parse()?,
            ("run", Long("data")) => options.data = PathBuf::from(parser.value()?),
            ("run", Long("demo")) => options.demo = true,
            (_, argument) => return Err(argument.unexpected().into()),
        }
    }
    Ok(match task.as_str() {
        "run" => Task::Run { options, profile },
        "dist" => Task::Dist { profile },
        "help" => Task::Help,
        unknown => bail!("there is no task `{unknown}`\n\n{USAGE}"),
    })
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Run { options, profile } => {
            site::build(profile)?;
            serve::run(&options)
        }
        Task::Dist { profile } => site::build(profile),
        Task::Help => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn run_takes_its_options() {
        let Ok(Task::Run { options, profile }) =
            parsed("run --port 9000 --data /srv/focaliza --demo --fast")
        else {
            panic!("not a run");
        };
        assert_eq!(options.port, 9000);
        assert_eq!(options.data, PathBuf::from("/srv/focaliza"));
        assert!(options.demo);
        assert_eq!(profile, site::Profile::WebDev);
    }

    #[test]
    fn mistakes_are_named() {
        for line in [
            "run --prot 1",
            "run --port many",
            "dist --demo",
            "fly",
            "--x",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
