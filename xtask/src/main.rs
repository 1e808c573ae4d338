//! `cargo xtask …`: builds, serves and checks Focaliza with nothing installed but Rust.

mod background;
mod bench;
mod bundle;
mod check;
mod chromium;
mod clock;
mod compress;
mod download;
mod engine;
mod guards;
mod npm;
mod page;
mod programs;
mod serve;
mod service_worker;
mod site;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::site::Profile;

const USAGE: &str = "\
cargo xtask run  [--port 8080] [--data data] [--demo] [--fast]   build everything and serve it
cargo xtask test                                                 all checks and tests
cargo xtask e2e  [--fast] [NAME…]                                browser tests whose name contains a NAME
cargo xtask sim  [SEED]                                          simulation of the synchronisation
cargo xtask kill [TIMES]                                         kill browsers and servers, 200 times each unless told
cargo xtask rules                                                write docs/reglas.md anew
cargo xtask bench [--json]                                       measure what is promised
cargo xtask dist [--fast]                                        build the browser part into dist/

--fast   quick build of the browser part: larger, with names, for development

FOCALIZA_ENGINE=firefox or webkit has `e2e` and `kill` run in that engine, without a NAME those
tests that every engine can run.";

/// What the person asked for.
#[derive(Debug, PartialEq)]
enum Task {
    Run(serve::Options, Profile),
    Test,
    EndToEnd(Vec<OsString>, Profile),
    Simulate(Option<u64>),
    Kill(u32),
    Rules,
    Bench { json: bool },
    Dist(Profile),
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
    let mut task = match parser.next()? {
        None | Some(Short('h') | Long("help")) => Task::Help,
        Some(Value(name)) => match name.string()?.as_str() {
            "run" => Task::Run(serve::Options::default(), Profile::Web),
            "test" => Task::Test,
            "e2e" => Task::EndToEnd(Vec::new(), Profile::Web),
            "sim" => Task::Simulate(None),
            "kill" => Task::Kill(200),
            "rules" => Task::Rules,
            "bench" => Task::Bench { json: false },
            "dist" => Task::Dist(Profile::Web),
            unknown => bail!("there is no task `{unknown}`\n\n{USAGE}"),
        },
        Some(other) => return Err(other.unexpected().into()),
    };
    while let Some(argument) = parser.next()? {
        match (&mut task, argument) {
            (
                Task::Run(_, profile) | Task::EndToEnd(_, profile) | Task::Dist(profile),
                Long("fast"),
            ) => *profile = Profile::WebDev,
            (Task::Run(options, _), Long("port")) => options.port = parser.value()?.parse()?,
            (Task::Run(options, _), Long("data")) => options.data = parser.value()?.into(),
            (Task::Run(options, _), Long("demo")) => options.demo = true,
            (Task::EndToEnd(names, _), Value(name)) => names.push(name),
            (Task::Simulate(seed @ None), Value(value)) => *seed = Some(value.parse()?),
            (Task::Kill(times), Value(value)) => *times = value.parse()?,
            (Task::Bench { json }, Long("json")) => *json = true,
            (_, argument) => return Err(argument.unexpected().into()),
        }
    }
    Ok(task)
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Run(options, profile) => {
            site::build(profile)?;
            serve::run(&options)
        }
        Task::Test => check::all(),
        Task::EndToEnd(names, profile) => check::end_to_end(profile, &names),
        Task::Simulate(seed) => check::simulate(seed),
        Task::Kill(times) => check::kill(times),
        Task::Rules => check::write_rules(),
        Task::Bench { json } => bench::run(json),
        Task::Dist(profile) => site::build(profile),
        Task::Help => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn parsed(line: &str) -> Result<Task> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn run_takes_its_options() {
        let options =
            serve::Options { port: 9000, data: PathBuf::from("/srv/focaliza"), demo: true };
        assert_eq!(
            parsed("run --port 9000 --data /srv/focaliza --demo --fast").unwrap(),
            Task::Run(options, Profile::WebDev)
        );
    }

    #[test]
    fn each_task_takes_what_is_its_own() {
        assert_eq!(
            parsed("e2e offline --fast").unwrap(),
            Task::EndToEnd(vec!["offline".into()], Profile::WebDev)
        );
        assert_eq!(parsed("sim 123").unwrap(), Task::Simulate(Some(123)));
        assert_eq!(parsed("bench --json").unwrap(), Task::Bench { json: true });
        assert_eq!(parsed("").unwrap(), Task::Help);
    }

    #[test]
    fn mistakes_are_refused() {
        for line in [
            "run --prot 1",
            "run --port many",
            "dist --demo",
            "sim 1 2",
            "sim first",
            "test --fast",
            "fly",
            "--x",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
