//! Telling that two texts say the same in almost the same words.

use rustc_hash::FxHashMap;

use crate::fold::fold;

/// Words that carry no meaning of their own.
const LINKING: [&str; 22] = [
    "a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "lo", "los", "o", "para", "por",
    "que", "su", "sus", "u", "un", "una", "y",
];

/// Words below which texts must agree in all of them: in «acortar la brecha digital», another word
/// is another matter.
const LONG: usize = 5;

/// The words of a text, in no order: the sum of their hashes, so that leaving one out is a
/// subtraction.
struct Words {
    all: u64,
    each: Vec<u64>,
}

impl Words {
    fn of(text: &str) -> Self {
        let folded = fold(text);
        let meaningful = folded.split(' ').filter(|word| !is_linking(word));
        let mut each: Vec<u64> = meaningful.map(hash).collect();
        each.sort_unstable();
        each.dedup();
        Self { all: each.iter().fold(0, |sum, word| sum.wrapping_add(*word)), each }
    }

    /// The sums with one word left out; none where the text is short.
    fn without_one(&self) -> impl Iterator<Item = u64> {
        let words = if self.each.len() >= LONG { Some(&self.each) } else { None };
        words.into_iter().flatten().map(|word| self.all.wrapping_sub(*word))
    }
}

fn is_linking(word: &str) -> bool {
    word.len() <= 4 && (word.is_empty() || LINKING.contains(&word))
}

/// FNV-1a, mixed once more: sums of bare ones of similar words cancel out too easily.
fn hash(word: &str) -> u64 {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Bytes by which two texts of almost the same words can differ: a long word and what links it.
const ONE_WORD: usize = 40;

/// Texts by their words.
pub(super) struct Wordings<T> {
    known: FxHashMap<u64, T>,
    shortest: usize,
    longest: usize,
}

impl<T: Copy> Wordings<T> {
    pub(super) fn new() -> Self {
        Self { known: FxHashMap::default(), shortest: usize::MAX, longest: 0 }
    }

    /// What was added before with these words, in whatever order, save one that was added, left out
    /// or replaced.
    pub(super) fn find(&self, text: &str) -> Option<T> {
        // Most texts are no candidates, and thousands are asked about.
        let length = text.trim().len();
        if self.is_near(length) { self.find_words(&Words::of(text)) } else { None }
    }

    /// Adds a text and returns what [`Wordings::find`] did before; that stays, where it has the
    /// same words.
    pub(super) fn add(&mut self, text: &str, value: T) -> Option<T> {
        let words = Words::of(text);
        if words.each.is_empty() {
            return None;
        }
        let length = text.trim().len();
        let found = if self.is_near(length) { self.find_words(&words) } else { None };
        self.shortest = self.shortest.min(length);
        self.longest = self.longest.max(length);
        self.known.entry(words.all).or_insert(value);
        for sum in words.without_one() {
            self.known.entry(sum).or_insert(value);
        }
        found
    }

    /// Whether a text of so many bytes can be one of those known, but for a word.
    fn is_near(&self, length: usize) -> bool {
        length + ONE_WORD >= self.shortest && length <= self.longest + ONE_WORD
    }

    fn find_words(&self, words: &Words) -> Option<T> {
        if words.each.is_empty() {
            return None;
        }
        let known = |sum: u64| self.known.get(&sum).copied();
        known(words.all).or_else(|| words.without_one().find_map(known))
    }
}

/// The bytes of a number that somebody typed before a text: `1.- `, `2) `, `3-`.
pub(super) fn typed_number(text: &str) -> Option<usize> {
    let start = text.trim_start();
    let rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = start.len() - rest.len();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let after = rest.trim_start().trim_start_matches(['.', '-', ')', '–']);
    let sign = after.len() < rest.trim_start().len();
    let after = after.trim_start();
    let is_text = after.is_empty() || after.starts_with(char::is_alphabetic);
    (sign && is_text).then_some(text.len() - after.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_accents_and_one_word_do_not_matter_in_long_texts() {
        let mut wordings = Wordings::new();
        wordings.add("Favorecer el desarrollo de la Economía Circular y la Industria 4.0.", 1);
        wordings.add("Disminuir la brecha digital", 2);
        for (text, found) in [
            ("Fomentar el desarrollo de la economía circular y la industria 4.0", Some(1)),
            ("Desarrollo de la economía circular y la industria 4.0", Some(1)),
            ("Favorecer mucho el desarrollo de la industria 4.0 y la economia circular", Some(1)),
            ("Favorecer el desarrollo del turismo y la industria 4.0", None),
            ("disminuir brecha DIGITAL", Some(2)),
            ("Disminuir la brecha salarial", None),
            (
                "Favorecer el desarrollo de la economía circular y de la industria desconocidísima 4.0",
                Some(1),
            ),
            ("", None),
            ("de la", None),
        ] {
            assert_eq!(wordings.find(text), found, "{text}");
        }
    }

    #[test]
    fn typed_numbers_are_told_from_figures() {
        for (text, bytes) in [
            ("1.- Articular la red", 4),
            (" 2) Turismo", 4),
            ("3-Potenciar", 2),
            ("10 . Ñandú", 5),
            ("7.-", 3),
        ] {
            assert_eq!(typed_number(text), Some(bytes), "{text}");
        }
        for text in [
            "90 % del suelo",
            "4.0 es la industria",
            "2.500 empresas",
            "",
            "Turismo",
            "12 comunas",
            "123.- x",
        ] {
            assert_eq!(typed_number(text), None, "{text}");
        }
    }
}
