//! A task of `cargo xtask` that is done beside others.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context as _, Result, bail};

use crate::workspace::{announce, root, target};

/// A task under way, stopped when dropped.
pub struct Background {
    task: &'static str,
    process: Child,
    /// What it says, so that it does not get between the lines of others.
    log: PathBuf,
}

impl Background {
    /// Begins a task.
    pub fn start(task: &'static str) -> Result<Self> {
        announce(&format!("Beginning `{task}` in the background"));
        let log = target().join(format!("{task}.log"));
        let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let process = Command::new(env::current_exe()?)
            .arg(task)
            .current_dir(root())
            .stdout(said.try_clone()?)
            .stderr(said)
            .spawn()
            .with_context(|| format!("cannot start `{task}`"))?;
        Ok(Self { task, process, log })
    }

    /// Waits until it is done, and shows what it said if it failed.
    pub fn finish(mut self) -> Result<()> {
        announce(&format!("Waiting for `{}`", self.task));
        let status = self.process.wait()?;
        if !status.success() {
            eprintln!("{}", fs::read_to_string(&self.log).unwrap_or_default());
            bail!("`{}` failed ({status})", self.task);
        }
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail only where it ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
