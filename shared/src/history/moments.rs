//! When entries were committed, as a device remembers it: its copy of the log holds no moments.

use serde::{Deserialize, Serialize};

use crate::protocol::Seq;

/// Entries closer together than this are of one moment: nobody reads a history by the second.
const NEAR_MS: i64 = 60_000;
/// Moments that are remembered; the oldest are forgotten first.
const MOST: usize = 5_000;

/// From which place of the log on which moment holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moments {
    /// Identity of the log.
    epoch: u64,
    /// Ascending by place.
    marks: Vec<(Seq, i64)>,
}

impl Moments {
    /// The log is this one; what is known of another is forgotten.
    pub fn belong_to(&mut self, epoch: u64) {
        if self.epoch != epoch {
            *self = Self { epoch, marks: Vec::new() };
        }
    }

    /// An entry was committed at this moment. Whether that is worth remembering anew.
    pub fn note(&mut self, seq: Seq, at: i64) -> bool {
        let is_news = self
            .marks
            .last()
            .is_none_or(|(last, known)| seq > *last && (at - known).abs() >= NEAR_MS);
        if is_news {
            self.marks.push((seq, at));
            let surplus = self.marks.len().saturating_sub(MOST);
            self.marks.drain(..surplus);
        }
        is_news
    }

    /// About when an entry was committed; `None` before the first that is remembered.
    #[must_use]
    pub fn at(&self, seq: Seq) -> Option<i64> {
        let after = self.marks.partition_point(|(place, _)| *place <= seq);
        Some(self.marks[after.checked_sub(1)?].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_known_to_the_minute_from_the_first_on() {
        let mut moments = Moments::default();
        moments.belong_to(7);
        assert!(moments.note(10, 100_000));
        assert!(!moments.note(11, 130_000), "the same moment");
        assert!(moments.note(12, 200_000));
        assert!(!moments.note(12, 900_000), "told again");
        for (seq, at) in [(9, None), (10, Some(100_000)), (11, Some(100_000)), (99, Some(200_000))]
        {
            assert_eq!(moments.at(seq), at, "{seq}");
        }
        moments.belong_to(7);
        assert_eq!(moments.at(11), Some(100_000));
        moments.belong_to(8);
        assert_eq!(moments.at(11), None, "another log");
    }

    #[test]
    fn memory_is_bounded() {
        let mut moments = Moments::default();
        for seq in 1..=2 * MOST as Seq {
            moments.note(seq, seq as i64 * NEAR_MS);
        }
        assert_eq!(moments.marks.len(), MOST);
        assert_eq!(moments.at(2 * MOST as Seq), Some(2 * MOST as i64 * NEAR_MS));
    }
}
