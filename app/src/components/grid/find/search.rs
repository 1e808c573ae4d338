//! Finding a text in other texts, with or without accents and capitals, and replacing it.

/// A text to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted(Vec<char>);

impl Wanted {
    /// `None` for a text of nothing but blanks.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let plain: Vec<char> = text.chars().map(plain).collect();
        (!text.trim().is_empty()).then_some(Self(plain))
    }

    /// Whether a text holds it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// The text with something else in its place; `None` where it is not in the text.
    #[must_use]
    pub fn replaced(&self, text: &str, with: &str) -> Option<String> {
        let (mut new, mut done) = (String::new(), 0);
        for (from, to) in self.places(text) {
            new.push_str(&text[done..from]);
            new.push_str(with);
            done = to;
        }
        if done == 0 {
            return None;
        }
        new.push_str(&text[done..]);
        Some(new)
    }

    /// From and to of each place, in bytes; none overlap.
    fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            loop {
                let first = text[from..].chars().next()?;
                match self.length_at(&text[from..]) {
                    Some(length) => {
                        let found = (from, from + length);
                        from += length;
                        return Some(found);
                    }
                    None => from += first.len_utf8(),
                }
            }
        })
    }

    fn length_at(&self, text: &str) -> Option<usize> {
        let mut length = 0;
        let mut characters = text.chars();
        for wanted in &self.0 {
            let character = characters.next()?;
            if plain(character) != *wanted {
                return None;
            }
            length += character.len_utf8();
        }
        Some(length)
    }
}

/// Small, and without an accent. «ñ» stays what it is: it is a letter of its own.
fn plain(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    match character {
        'á' | 'à' | 'ä' | 'â' | 'Á' | 'À' | 'Ä' | 'Â' => 'a',
        'é' | 'è' | 'ë' | 'ê' | 'É' | 'È' | 'Ë' | 'Ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' | 'Í' | 'Ì' | 'Ï' | 'Î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'Ó' | 'Ò' | 'Ö' | 'Ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' | 'Ú' | 'Ù' | 'Ü' | 'Û' => 'u',
        other => other.to_lowercase().next().unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn accents_and_capitals_do_not_matter() {
        let wanted = Wanted::new("AÑO").unwrap();
        assert!(wanted.is_in("el próximo año") && !wanted.is_in("la mano"));
        let wanted = Wanted::new("accion").unwrap();
        let replaced = wanted.replaced("Acción y otra ACCIÓN", "obra");
        assert_eq!(replaced.as_deref(), Some("obra y otra obra"));
        assert_eq!(wanted.replaced("nada", "obra"), None);
        assert!(Wanted::new("  ").is_none());
    }

    proptest! {
        #[test]
        fn what_is_replaced_is_no_longer_there(text in "[aábñ🙂 ]{0,20}", wanted in "[aábñ]{1,3}") {
            let search = Wanted::new(&wanted).unwrap();
            match search.replaced(&text, "-") {
                Some(replaced) => prop_assert!(!search.is_in(&replaced)),
                None => prop_assert!(!search.is_in(&text)),
            }
        }
    }
}
