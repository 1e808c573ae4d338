//! The synchronisation, with everything that can go wrong: lost, repeated, late and damaged
//! frames, crashes of devices and server, disks that fail, permissions that end, backups.
//!
//! The machines are the real ones; only what drives them is from here. A run is a [`Plan`] made
//! from a seed: so many steps, then everything is healed, and what must hold is checked.
//! `SIM_SEED=123` runs one seed, `SIM_SEEDS` and `SIM_STEPS` more or longer ones. A plan that
//! fails is shortened and saved in `plans/`, where it is replayed for ever.

mod checks;
mod device;
mod fault;
mod fuzz;
mod meeting;
mod model;
mod plan;
mod random;
mod rescue;
mod server;
mod world;

use std::{
    collections::BTreeMap,
    fs,
    hash::Hasher,
    num::NonZero,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use fault::Fault;
use plan::Plan;
use world::{Violation, World};

/// What a run without a violation comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    /// Names all that was sent on the way.
    trace: u64,
    /// How often what happened.
    counts: BTreeMap<&'static str, usize>,
}

fn run(plan: &Plan, fault: Option<Fault>) -> Result<End, Violation> {
    let mut world = World::new(plan, fault);
    world.start_server()?;
    for tab in 0..world.tabs.len() {
        world.open_tab(tab, 0)?;
        world.connect(tab)?;
    }
    for (place, action) in plan.steps.iter().enumerate() {
        world.step(action).map_err(|violation| format!("step {place}, {action:?}: {violation}"))?;
    }
    world.heal()?;
    world.check_at_rest()?;
    world.count_what_is_left();
    Ok(End { trace: world.trace.finish(), counts: world.counts })
}

fn number(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

fn plans() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sim/plans")
}

/// Shortens a plan that fails, saves it, and says what to read.
fn report(plan: &Plan) -> String {
    let short = plan::shrink(plan, |plan| run(plan, None).is_err());
    let violation = run(&short, None).expect_err("it still fails");
    let file = plans().join(format!("{}.json", plan.seed));
    let text = serde_json::to_string_pretty(&short).expect("a plan is plain data");
    fs::write(&file, text + "\n").expect("the plan can be saved");
    format!("seed {}: {violation}\n{short:#?}\nsaved as {}", plan.seed, file.display())
}

#[test]
fn nothing_is_lost_and_everybody_agrees() {
    let steps = number("SIM_STEPS", 500) as usize;
    let one = std::env::var("SIM_SEED").is_ok();
    let first = number("SIM_SEED", 0);
    let seeds = if one { 1 } else { number("SIM_SEEDS", 2_000) };
    let next = AtomicU64::new(first);
    let work = || {
        let mut failed = Vec::new();
        while failed.is_empty() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds {
                break;
            }
            let plan = Plan::new(seed, steps);
            match run(&plan, None) {
                Ok(end) if one => println!("{end:#?}"),
                Ok(_) => {}
                Err(_) => failed.push(report(&plan)),
            }
        }
        failed
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let failed: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a run")).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn what_failed_once_fails_no_more() {
    let files = fs::read_dir(plans()).expect("the saved plans");
    for file in files.flatten().filter(|file| file.path().extension().is_some_and(|e| e == "json"))
    {
        let text = fs::read_to_string(file.path()).expect("a plan");
        let plan: Plan = serde_json::from_str(&text).expect("a plan");
        if let Err(violation) = run(&plan, None) {
            panic!("{}: {violation}", file.path().display());
        }
    }
}

#[test]
fn the_same_seed_runs_the_same() {
    let mut traces = Vec::new();
    for seed in 0..20 {
        let end = run(&Plan::new(seed, 300), None).expect("no violation");
        assert_eq!(run(&Plan::new(seed, 300), None), Ok(end.clone()), "seed {seed}");
        traces.push(end.trace);
    }
    traces.sort_unstable();
    traces.dedup();
    assert_eq!(traces.len(), 20, "other seeds run otherwise");
}

/// A simulation in which little happens finds nothing.
#[test]
fn all_there_is_to_go_wrong_goes_wrong() {
    let mut sum: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..100 {
        let end = run(&Plan::new(seed, 500), None).expect("no violation");
        for (what, count) in end.counts {
            *sum.entry(what).or_default() += count;
        }
    }
    for (what, least) in [
        ("entries", 4_000),
        ("acknowledgements", 500),
        ("updates", 2_000),
        ("answers", 1_000),
        ("bases offered", 100),
        ("pieces", 150),
        ("bases stored", 100),
        ("reads", 400),
        ("refusals", 50),
        ("failures", 10),
        ("tabs opened again", 50),
        ("rooms loaded again", 50),
        ("entries from elsewhere", 50),
        ("columns that nobody here knows", 50),
        ("decisions left", 100),
        ("carried", 50),
        ("devices lost", 10),
        ("devices restored", 10),
        ("taken to a meeting", 20),
        ("entries of meetings", 50),
        ("news shown", 500),
        ("tabs opened beside others that wait", 50),
    ] {
        let count = sum.get(what).copied().unwrap_or(0);
        assert!(count >= least, "{what}: only {count}");
    }
}

#[test]
fn every_planted_bug_is_found() {
    for fault in Fault::ALL {
        let find = |seed| Some((seed, run(&Plan::new(seed, 500), Some(fault)).err()?));
        match (0..2_000).find_map(find) {
            Some((seed, violation)) => println!("{fault:?}, seed {seed}: {violation:.100}"),
            None => panic!("{fault:?} is not found"),
        }
    }
}
