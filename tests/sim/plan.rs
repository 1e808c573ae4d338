//! What happens in one run, step by step. A plan says everything: replaying it needs no seed, and
//! leaving steps out of it leaves a plan.

use serde::{Deserialize, Serialize};

use crate::random::Random;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it was made from; only to name it.
    pub seed: u64,
    /// Tabs of each device.
    pub devices: Vec<u8>,
    /// What happens, before everything is healed and checked.
    pub steps: Vec<Action>,
}

/// One step. Numbers name something that there is, counted round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Somebody edits, several cells at once.
    Edit { tab: u8, edits: Vec<Sketch> },
    /// Frames arrive, in their order.
    Flow { tab: u8, way: Way, count: u8 },
    /// A frame overtakes those before it.
    Overtake { tab: u8, way: Way, place: u8 },
    /// A frame is lost.
    Lose { tab: u8, way: Way, place: u8 },
    /// A frame comes twice.
    Double { tab: u8, way: Way, place: u8 },
    /// A bit of a frame changes.
    Damage { tab: u8, way: Way, bit: u16 },
    /// The connection ends; what was on its way is lost.
    Disconnect { tab: u8 },
    /// There is a connection again, if both are there.
    Connect { tab: u8 },
    /// No frame gets through, and nobody notices.
    Silence { device: u8, silent: bool },
    /// The device's transaction ends.
    Store { tab: u8, ok: bool },
    /// The server's transaction ends.
    Commit { how: Outcome },
    /// The server read what it was asked to.
    Read { ok: bool },
    /// The server loaded the exercise again.
    Reload,
    /// Two seconds pass.
    Tick { tab: u8 },
    /// The tab is killed; its transaction may have been written.
    CrashTab { tab: u8, written: bool },
    /// The device is switched off.
    CrashDevice { device: u8, written: bool },
    /// The tab is opened again, as the writer that this number picks.
    OpenTab { tab: u8, pick: u8 },
    /// The server is killed; its transaction may have been written.
    CrashServer { written: bool },
    /// The server starts.
    StartServer,
    /// Something else than the room writes into the log.
    WriteElsewhere { edits: Vec<Sketch> },
    /// The server's database is lost, and replaced by a backup that lacks so many entries.
    Restore { lost: u8 },
    /// Somebody may do more or less from now on.
    Role { device: u8, role: u8 },
    /// A tab hears what another one of its device told.
    Hear { tab: u8 },
    /// The device makes a base of its log.
    CompactTab { tab: u8 },
    /// The server stores a base.
    CompactServer,
    /// What a device has not sent is read by a tab of another one, from a rescue file.
    Carry { from: u8, tab: u8 },
    /// The device is lost, with all that it stored.
    LoseDevice { device: u8 },
    /// The exercise goes to a meeting, or what is new of it.
    TakeToMeeting,
    /// Somebody writes there, as the writer that this number picks.
    WriteAtMeeting { pick: u8, edits: Vec<Sketch> },
    /// What was written there is brought back.
    BringBack,
    /// The server's clock is put on or back by so many milliseconds.
    TurnClock { by: i32 },
    /// A copy of what the device stores is put away.
    BackUpDevice { device: u8 },
    /// The device gets back what was put away, and knows nothing of it.
    RestoreDevice { device: u8 },
}

/// Direction of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    Up,
    Down,
}

/// How the server's transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Written.
    Done,
    /// Not written, and said so.
    Failed,
    /// Written, but said to have failed.
    Doubtful,
}

/// An edit; the numbers say which once it is known what there is to edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    pub kind: u8,
    pub row: u8,
    pub number: u32,
}

impl Plan {
    /// A plan of so many steps.
    pub fn new(seed: u64, steps: usize) -> Self {
        let mut random = Random::new(seed);
        let devices: Vec<u8> =
            (0..2 + random.below(3)).map(|_| if random.percent(40) { 2 } else { 1 }).collect();
        // Not both at once, nor rescue files with the latter: where others hold entries that neither
        // server nor device have any more, what they build on them may come to stand on others of
        // the same names.
        let (backups, returns) = match random.below(100) {
            0..15 => (true, false),
            15..35 => (false, true),
            _ => (false, false),
        };
        // Some runs are mostly well, some hardly ever.
        let mood = Mood {
            trouble: 1 + random.below(12),
            roles: random.percent(40),
            losses: random.percent(15),
            meeting: random.percent(25),
            backups,
            returns,
        };
        let tabs = devices.iter().copied().sum::<u8>();
        let devices_count = devices.len() as u8;
        let steps = (0..steps).map(|_| step(&mut random, &mood, tabs, devices_count)).collect();
        Self { seed, devices, steps }
    }
}

struct Mood {
    /// Faults in a hundred steps.
    trouble: u64,
    /// Whether permissions change.
    roles: bool,
    /// Whether the server's disk breaks.
    backups: bool,
    /// Whether devices are lost.
    losses: bool,
    /// Whether there is a meeting.
    meeting: bool,
    /// Whether devices become what they were.
    returns: bool,
}

fn step(random: &mut Random, mood: &Mood, tabs: u8, devices: u8) -> Action {
    let tab = random.below(tabs.into()) as u8;
    let device = random.below(devices.into()) as u8;
    if random.percent(mood.trouble) {
        return trouble(random, mood, tab, device);
    }
    if mood.meeting && random.percent(8) {
        return match random.below(8) {
            0 => Action::TakeToMeeting,
            1 => Action::BringBack,
            _ => {
                let pick = random.below(4) as u8;
                Action::WriteAtMeeting { pick, edits: sketches(random) }
            }
        };
    }
    match random.below(100) {
        0..18 => Action::Edit { tab, edits: sketches(random) },
        18..52 => Action::Flow { tab, way: way(random), count: 1 + random.below(6) as u8 },
        52..54 => Action::Hear { tab },
        54..66 => Action::Store { tab, ok: true },
        66..78 => Action::Commit { how: Outcome::Done },
        78..81 => Action::Read { ok: true },
        81..83 => Action::Reload,
        83..87 => Action::Connect { tab },
        87..90 => Action::Tick { tab },
        90..92 => Action::OpenTab { tab, pick: random.below(4) as u8 },
        92..95 => Action::StartServer,
        95..97 => Action::CompactTab { tab },
        97 => Action::CompactServer,
        _ => Action::Silence { device, silent: false },
    }
}

fn trouble(random: &mut Random, mood: &Mood, tab: u8, device: u8) -> Action {
    let way = way(random);
    let place = random.below(4) as u8;
    match random.below(24) {
        0 | 1 => Action::Disconnect { tab },
        // A connection keeps its order. The machines bear it where it does not, but for devices
        // that become what they were.
        2..=4 if mood.returns => Action::Disconnect { tab },
        2 => Action::Overtake { tab, way, place },
        3 | 4 => Action::Lose { tab, way, place },
        5 => Action::Double { tab, way, place },
        6 => Action::Damage { tab, way, bit: random.below(4_000) as u16 },
        7 => Action::Silence { device, silent: true },
        8 | 9 => Action::Store { tab, ok: false },
        10 => Action::Commit { how: Outcome::Failed },
        11 => Action::Commit { how: Outcome::Doubtful },
        12 => Action::Read { ok: false },
        13 => Action::CrashTab { tab, written: random.percent(50) },
        14 => Action::CrashDevice { device, written: random.percent(50) },
        15 => Action::CrashServer { written: random.percent(50) },
        16 if mood.backups => Action::Restore { lost: random.below(20) as u8 },
        17 => Action::WriteElsewhere { edits: sketches(random) },
        18 | 19 if !mood.returns => Action::Carry { from: device, tab: random.below(8) as u8 },
        20 if mood.losses => Action::LoseDevice { device },
        21 if mood.returns => Action::BackUpDevice { device },
        22 if mood.returns => Action::RestoreDevice { device },
        23 => Action::TurnClock { by: random.below(1 << 31) as i32 - (1 << 30) },
        _ if mood.roles => Action::Role { device, role: random.below(5) as u8 },
        _ => Action::CompactServer,
    }
}

fn way(random: &mut Random) -> Way {
    if random.percent(50) { Way::Up } else { Way::Down }
}

fn sketches(random: &mut Random) -> Vec<Sketch> {
    let count = if random.percent(80) { 1 } else { 2 + random.below(3) };
    let mut sketch = || Sketch {
        kind: random.below(16) as u8,
        row: random.below(3) as u8,
        number: random.below(1 << 20) as u32,
    };
    (0..count).map(|_| sketch()).collect()
}

/// Leaves out of a plan whatever it fails without.
pub fn shrink(plan: &Plan, fails: impl Fn(&Plan) -> bool) -> Plan {
    let mut plan = plan.clone();
    let mut size = plan.steps.len() / 2;
    while size > 0 {
        let mut start = 0;
        while start < plan.steps.len() {
            let mut shorter = plan.clone();
            shorter.steps.drain(start..(start + size).min(plan.steps.len()));
            if fails(&shorter) {
                plan = shorter;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    plan
}
