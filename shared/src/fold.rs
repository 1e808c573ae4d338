//! Comparing names as people write them.

/// The name reduced to what identifies it: lower case, without accents, and one space in place of
/// every run of other characters. «O’Higgins», «O'HIGGINS» and «o higgins» become the same text.
///
/// «ñ» becomes «n»: on foreign keyboards «Nuble» is what gets typed, and no two names of our
/// tables differ by that letter alone (a test of each table holds it).
#[must_use]
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    let mut push = |character: char| {
        // The marks that files from macOS write after the letter.
        if matches!(character, '\u{300}'..='\u{36f}') {
            return;
        }
        let plain = match character {
            'á' | 'à' | 'ä' | 'â' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            'ñ' => 'n',
            other => other,
        };
        if plain.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(plain);
        } else {
            gap = true;
        }
    };
    for character in name.chars() {
        // Nearly all are ASCII, and rules fold every text of a matrix after each change.
        if character.is_ascii() {
            push(character.to_ascii_lowercase());
        } else {
            character.to_lowercase().for_each(&mut push);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    #[test]
    fn spellings_of_one_name_meet() {
        for (written, folded) in [
            ("Ñuble", "nuble"),
            ("  ÑUBLE ", "nuble"),
            ("N\u{303}uble", "nuble"),
            ("Llay-Llay", "llay llay"),
            ("O’Higgins", "o higgins"),
            ("Marchigüe", "marchigue"),
            ("", ""),
            ("¿?", ""),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,30}") {
            let once = fold(&name);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
