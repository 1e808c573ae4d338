//! What a person did, to be taken back and done again, one step at a time.

use serde::{Deserialize, Serialize};

use super::{Return, Step};
use crate::{key::Key, model::Exercise};

/// As many steps as people can remember the order of.
const STEPS: usize = 200;
/// Bytes of all steps together: a paste of a thousand rows takes two million.
const BYTES: usize = 4_000_000;

/// The steps of one person on one device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether typing goes on in the text that the last step changed.
    #[serde(skip)]
    typing: bool,
}

impl History {
    /// Adds what was just done. What was taken back before cannot be done again then.
    pub fn record(&mut self, step: Step) {
        if step.is_empty() {
            return;
        }
        self.undone.clear();
        let joins = self.typing && self.done.last_mut().is_some_and(|last| last.join(&step));
        if joins {
            return;
        }
        self.done.push(step);
        self.typing = true;
        self.trim();
    }

    /// What is typed from now on is a step of its own.
    pub fn seal(&mut self) {
        self.typing = false;
    }

    /// How to take back the last step. Steps of which nothing is left to take back are passed over.
    /// To be followed by [`History::undone`], once the edits are applied.
    #[must_use]
    pub fn undo(&self, exercise: &Exercise, is_mine: impl Fn(&Key) -> bool) -> Option<Planned> {
        plan(&self.done, exercise, is_mine)
    }

    /// How to do again what was taken back last. To be followed by [`History::redone`].
    #[must_use]
    pub fn redo(&self, exercise: &Exercise, is_mine: impl Fn(&Key) -> bool) -> Option<Planned> {
        plan(&self.undone, exercise, is_mine)
    }

    /// The planned return was applied.
    pub fn undone(&mut self, planned: &Planned) {
        self.typing = false;
        self.done.truncate(planned.left);
        self.undone.extend(Some(planned.way.inverse.clone()).filter(|step| !step.is_empty()));
    }

    /// The planned repetition was applied.
    pub fn redone(&mut self, planned: &Planned) {
        self.typing = false;
        self.undone.truncate(planned.left);
        self.done.extend(Some(planned.way.inverse.clone()).filter(|step| !step.is_empty()));
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn has_done(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn has_undone(&self) -> bool {
        !self.undone.is_empty()
    }

    fn trim(&mut self) {
        let mut bytes = 0;
        let kept = self.done.iter().rev().take(STEPS).take_while(|step| {
            bytes += step.size();
            bytes <= BYTES
        });
        // The last one stays, however large.
        let kept = kept.count().max(1);
        self.done.drain(..self.done.len() - kept);
    }
}

/// A step that is about to be taken back or done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// How.
    pub way: Return,
    /// How many steps are left then.
    left: usize,
}

fn plan(steps: &[Step], exercise: &Exercise, is_mine: impl Fn(&Key) -> bool) -> Option<Planned> {
    let ways = steps.iter().enumerate().rev();
    ways.map(|(left, step)| Planned { way: step.take_back(exercise, &is_mine), left })
        .find(|Planned { way, left }| !way.edits.is_empty() || !way.kept.is_empty() || *left == 0)
}
