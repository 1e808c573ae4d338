//! Memory of a tab: of the process that draws it, so that WebAssembly and elements count too.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::harness::Browser;

/// Megabytes that the process of the tab has for itself: the largest of the browser's renderers.
pub fn of_tab(browser: &Browser) -> Result<f64> {
    let group = browser.process_group().context("the browser is not open")?;
    let mut largest = None::<f64>;
    for process in fs::read_dir("/proc")?.flatten() {
        // Processes end while they are looked at.
        if let Some(memory) = of_renderer(&process.path(), group) {
            largest = Some(largest.unwrap_or_default().max(memory));
        }
    }
    largest.context("no process draws the tab")
}

fn of_renderer(process: &Path, group: u32) -> Option<f64> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name before it may hold blanks.
    let group_of_it = stat.rsplit(") ").next()?.split(' ').nth(2)?;
    let line = fs::read(process.join("cmdline")).ok()?;
    let is_renderer = String::from_utf8_lossy(&line).contains("--type=renderer");
    if group_of_it.parse() != Ok(group) || !is_renderer {
        return None;
    }
    let memory = fs::read_to_string(process.join("smaps_rollup")).ok()?;
    let of = |name: &str| {
        let line = memory.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse::<f64>().ok()
    };
    Some((of("Private_Dirty:")? + of("Swap:")?) / 1024.0)
}
