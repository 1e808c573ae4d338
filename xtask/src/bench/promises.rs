//! Every figure with its target, and where it stands in the report.

use serde_json::{Value, json};

/// One figure that is promised, or told for comparison.
pub struct Promise {
    name: &'static str,
    /// JSON pointer into the report.
    pub place: &'static str,
    unit: &'static str,
    target: Target,
}

/// What a figure should be.
#[derive(Clone, Copy)]
enum Target {
    AtMost(f64),
    AtLeast(f64),
    None,
}
use Target::{AtLeast, AtMost};

/// All of them, in the order in which they are printed.
pub const PROMISES: &[Promise] = &[
    of("First visit", "/first_visit/bytes", "bytes", AtMost(450_000.0)),
    of("Second `cargo xtask run` serves", "/second_start_s", "s", AtMost(10.0)),
    of("Opening 5,000 rows from the device", "/browser/open_ms/p50", "ms", AtMost(300.0)),
    of("All rules on 5,000 rows", "/browser/rules_ms/p50", "ms", AtMost(50.0)),
    of("Key to paint, p95", "/browser/plain/key_ms/p95", "ms", AtMost(17.0)),
    of("Scrolling", "/browser/plain/scroll/fps", "fps", AtLeast(58.0)),
    of("Scrolling: blank frames in a row", "/browser/plain/scroll/blank_frames", "", AtMost(1.0)),
    of("Lighthouse, mobile: performance", "/browser/lighthouse/performance", "", AtLeast(95.0)),
    of("… accessibility", "/browser/lighthouse/accessibility", "", AtLeast(100.0)),
    of("… best practices", "/browser/lighthouse/best-practices", "", AtLeast(100.0)),
    of("Memory of the tab", "/browser/tab_mb", "MB", AtMost(150.0)),
    of("4× slower: key to paint, p95", "/browser/slow/key_ms/p95", "ms", AtMost(33.0)),
    of("4× slower: first key, p95", "/browser/slow/first_key_ms/p95", "ms", AtMost(50.0)),
    of("4× slower: scrolling", "/browser/slow/scroll/fps", "fps", AtLeast(40.0)),
    of("4× slower: blank frames in a row", "/browser/slow/scroll/blank_frames", "", AtMost(1.0)),
    of(
        "… and 50 edits/s: key to paint, p95",
        "/browser/slow_and_busy/key_ms/p95",
        "ms",
        AtMost(33.0),
    ),
    of(
        "… and 50 edits/s: first key, p95",
        "/browser/slow_and_busy/first_key_ms/p95",
        "ms",
        AtMost(50.0),
    ),
    of("Pasting 1,000 × 10 cells", "/browser/pasted_ms", "ms", AtMost(1_000.0)),
    of("4× slower: pasting them", "/browser/pasted_slow_ms", "ms", AtMost(1_000.0)),
    // On the machine of the targets, AG Grid took 36 ms for a key and scrolled with 14 fps.
    of("AG Grid, 4× slower: key, p95", "/browser/yardstick/key_ms/p95", "ms", Target::None),
    of("… first key, p95", "/browser/yardstick/first_key_ms/p95", "ms", Target::None),
    of("… scrolling", "/browser/yardstick/scroll/fps", "fps", Target::None),
    // So the targets, 33 ms and 50 ms, are these parts of what it takes for a key, on any machine.
    of("Of AG Grid's key: ours", "/browser/beside_the_yardstick/key", "", AtMost(0.92)),
    of("… first key", "/browser/beside_the_yardstick/first_key", "", AtMost(1.39)),
    of("… with 50 edits/s: key", "/browser/beside_the_yardstick/busy_key", "", AtMost(0.92)),
    of("… first key", "/browser/beside_the_yardstick/busy_first_key", "", AtMost(1.39)),
    of("Edit to another of 50 devices, p50", "/server/latency_ms/p50", "ms", AtMost(1.5)),
    of("Edit to another of 50 devices, p99", "/server/latency_ms/p99", "ms", AtMost(8.0)),
    of(
        "Edits per CPU-second of the server",
        "/server/throughput/edits_per_cpu_second",
        "",
        AtLeast(17_000.0),
    ),
    of("Memory with 200 devices", "/server/memory_mb/active", "MB", AtMost(60.0)),
    of("An edit, from its writer", "/server/bytes_per_edit/up", "bytes", AtMost(60.0)),
    of("… each of ten together", "/server/bytes_per_edit/of_ten", "bytes", AtMost(30.0)),
    of("An edit, acknowledged", "/server/bytes_per_edit/acknowledgement", "bytes", Target::None),
    of("An edit, to each other device", "/server/bytes_per_edit/down", "bytes", Target::None),
    of("A day of work, both ways", "/server/day_bytes/writer", "bytes", Target::None),
    of("… to a colleague", "/server/day_bytes/colleague", "bytes", Target::None),
    of("First opening of 60,000 cells", "/server/first_opening_bytes", "bytes", AtMost(400_000.0)),
    of("Coming back with 10,000 edits, 1 Mbit/s", "/server/comeback/seconds", "s", AtMost(5.0)),
];

const fn of(
    name: &'static str,
    place: &'static str,
    unit: &'static str,
    target: Target,
) -> Promise {
    Promise { name, place, unit, target }
}

impl Promise {
    /// As a line of the table.
    pub fn line(&self, value: f64) -> String {
        let (target, verdict) = match self.target {
            AtMost(most) => (format!("≤ {most}"), self.verdict(value)),
            AtLeast(least) => (format!("≥ {least}"), self.verdict(value)),
            Target::None => (String::new(), ""),
        };
        let value = if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") };
        format!("{:<36}{value:>10} {:<6}{target:>9}  {verdict}", self.name, self.unit)
    }

    /// As an object with all that the line says.
    pub fn as_json(&self, value: f64) -> Value {
        let (relation, target) = match self.target {
            AtMost(most) => ("at most", Some(most)),
            AtLeast(least) => ("at least", Some(least)),
            Target::None => ("", None),
        };
        json!({
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "relation": relation,
            "target": target,
            "met": target.map(|_| self.is_met(value)),
        })
    }

    fn verdict(&self, value: f64) -> &'static str {
        if self.is_met(value) { "met" } else { "MISSED" }
    }

    fn is_met(&self, value: f64) -> bool {
        match self.target {
            AtMost(most) => value <= most,
            AtLeast(least) => value >= least,
            Target::None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_target() {
        let most = of("Key to paint", "/key", "ms", AtMost(17.0));
        assert!(most.line(17.0).ends_with("met") && most.line(17.1).ends_with("MISSED"));
        let least = of("Scrolling", "/fps", "fps", AtLeast(58.0));
        assert_eq!(least.as_json(57.0)["met"], false);
        let told = of("An edit", "/up", "bytes", Target::None);
        assert_eq!(told.as_json(35.0)["met"], Value::Null);
    }
}
