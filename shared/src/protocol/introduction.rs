//! What a side says of itself at the beginning: its build, and what it understands beyond the first
//! version, so that neither says anything that the other cannot read.

/// Word of a side that understands presence.
pub const PRESENCE: &str = "presence";
/// Word of a side that takes entries out of rescue files.
pub const CARRY: &str = "carry";

/// Word of a side that packs bases, or unpacks them.
pub const PACKED: &str = "packed";
/// Word of a server that tells the log where it would rather offer a base.
pub const LOG: &str = "log";
/// Word of a server that takes the frames of several tabs on one connection.
pub const LANES: &str = "lanes";

/// What a side says of itself in `Hello` and `Welcome`: its build, then a word for each thing that
/// it understands beyond the first version. Older ones read the whole as the name of a build.
#[must_use]
pub fn introduction(build: &str) -> String {
    format!("{build} {PRESENCE} {CARRY} {PACKED} {LOG} {LANES}")
}

/// The build in an introduction.
#[must_use]
pub fn build_of(introduction: &str) -> &str {
    introduction.split(' ').next().unwrap_or_default()
}

/// Whether who introduced itself so understands what goes by this word.
#[must_use]
pub fn understands(introduction: &str, word: &str) -> bool {
    introduction.split(' ').skip(1).any(|known| known == word)
}

/// What a server understands beyond the first version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    /// [`PRESENCE`].
    pub presence: bool,
    /// [`CARRY`].
    pub carry: bool,
    /// [`PACKED`].
    pub packed: bool,
    /// [`LOG`].
    pub log: bool,
    /// [`LANES`].
    pub lanes: bool,
}

impl Words {
    /// What it says of itself.
    #[must_use]
    pub fn of(introduction: &str) -> Self {
        let knows = |word| understands(introduction, word);
        let (presence, carry) = (knows(PRESENCE), knows(CARRY));
        let (packed, log, lanes) = (knows(PACKED), knows(LOG), knows(LANES));
        Self { presence, carry, packed, log, lanes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_by_those_who_know_them_and_no_part_of_the_build() {
        let introduced = introduction("0.1.0");
        for word in [PRESENCE, CARRY, PACKED, LOG, LANES] {
            assert!(understands(&introduced, word), "{word}");
        }
        assert_eq!(build_of(&introduced), "0.1.0");
        let all = Words { presence: true, carry: true, packed: true, log: true, lanes: true };
        assert_eq!((Words::of(&introduced), Words::of("0.1.0")), (all, Words::default()));
        for other in ["", "0.1.0", "presence", "0.1.0 presences carry2"] {
            assert!(!understands(other, PRESENCE) && !understands(other, CARRY), "{other}");
        }
    }
}
