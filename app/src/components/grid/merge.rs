//! A text that is open in the editor while others change it: what was typed here and not yet sent
//! is put onto what arrived, and neither is lost.

use shared::edit::Splice;

/// What was changed here, as changes to a text that others changed meanwhile: to be applied in
/// this order. Both changes started from the same text.
#[must_use]
pub fn rebased(here: &Splice, there: &Splice) -> Vec<Splice> {
    let shift = |place: usize| place - there.delete + there.insert.len();
    let (here_end, there_end) = (here.at + here.delete, there.at + there.delete);
    if here_end <= there.at {
        return vec![here.clone()];
    }
    if here.at >= there_end {
        return vec![Splice { at: shift(here.at), ..here.clone() }];
    }
    // Both took away a common part. What only this side took away goes now, behind what the
    // others wrote first, so that the places before it still hold.
    let mut splices = Vec::new();
    let after = here_end.saturating_sub(there_end);
    if after > 0 {
        splices.push(Splice { at: shift(there_end), delete: after, insert: String::new() });
    }
    let before = there.at.saturating_sub(here.at);
    splices.push(Splice {
        at: if before > 0 { here.at } else { there.at + there.insert.len() },
        delete: before,
        insert: here.insert.clone(),
    });
    splices.retain(|splice| splice.delete > 0 || !splice.insert.is_empty());
    splices
}

/// From and to of a replacement, in the units that browsers count text in.
#[must_use]
pub fn in_utf16(text: &str, splice: &Splice) -> (u32, u32) {
    let count = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(u32::MAX);
    let start = count(&text[..splice.at]);
    (start, start + count(&text[splice.at..splice.at + splice.delete]))
}

/// The bytes before a place that a browser counts in its units.
#[must_use]
pub fn in_bytes(text: &str, units: u32) -> usize {
    let mut rest = units as usize;
    let beyond = text.char_indices().find(|(_, character)| {
        let is_beyond = rest == 0;
        rest = rest.saturating_sub(character.len_utf16());
        is_beyond
    });
    beyond.map_or(text.len(), |(at, _)| at)
}

/// Where a place in a text is after a replacement: with the text before it. Inside of what goes, it
/// is where that was.
#[must_use]
pub fn moved(place: usize, splice: &Splice) -> usize {
    if place <= splice.at {
        place
    } else if place >= splice.at + splice.delete {
        place - splice.delete + splice.insert.len()
    } else {
        splice.at
    }
}

/// A text cut at these places, which ascend: what is before the first, then what is behind each.
#[must_use]
pub fn at_carets(text: &str, places: &[usize]) -> (String, Vec<String>) {
    let edge = |place: usize| text.floor_char_boundary(place.min(text.len()));
    let ends = places.iter().skip(1).map(|place| edge(*place)).chain([text.len()]);
    let parts = places.iter().zip(ends).map(|(from, to)| text[edge(*from)..to].to_owned());
    let first = text[..places.first().map_or(text.len(), |place| edge(*place))].to_owned();
    (first, parts.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merged(base: &str, here: &str, there: &str) -> String {
        let mut text = there.to_owned();
        match (Splice::between(base, here), Splice::between(base, there)) {
            (Some(here), Some(there)) => {
                rebased(&here, &there).iter().for_each(|splice| splice.apply(&mut text));
            }
            (Some(here), None) => here.apply(&mut text),
            (None, _) => {}
        }
        text
    }

    #[test]
    fn both_sides_stay() {
        for (base, here, there, both) in [
            (
                "uno dos tres",
                "uno dos tres cuatro",
                "cero uno dos tres",
                "cero uno dos tres cuatro",
            ),
            (
                "uno dos tres",
                "cero uno dos tres",
                "uno dos tres cuatro",
                "cero uno dos tres cuatro",
            ),
            ("uno dos tres", "uno tres", "uno dos y tres", "uno y tres"),
            ("uno dos tres", "uno tres", "uno", "uno"),
            ("uno dos", "uno DOS", "uno TRES", "uno TRESDOS"),
            ("", "ñandú", "🙂", "ñandú🙂"),
            ("abc", "abc", "abd", "abd"),
        ] {
            assert_eq!(merged(base, here, there), both, "{base} | {here} | {there}");
        }
    }

    #[test]
    fn browsers_count_in_utf16() {
        let splice = Splice { at: "añ🙂".len(), delete: "é".len(), insert: String::new() };
        assert_eq!(in_utf16("añ🙂éz", &splice), (4, 5));
    }

    #[test]
    fn places_move_with_the_text_before_them() {
        let splice = Splice { at: 4, delete: 3, insert: "abcde".into() };
        for (place, expected) in [(0, 0), (4, 4), (5, 4), (6, 4), (7, 9), (10, 12)] {
            assert_eq!(moved(place, &splice), expected, "{place}");
        }
        let insertion = Splice { at: 4, delete: 0, insert: "ñ".into() };
        assert_eq!(moved(4, &insertion), 4, "a caret stays behind its own character");
        assert_eq!(moved(5, &insertion), 7);
    }

    #[test]
    fn a_text_is_cut_at_its_carets() {
        let cut = |places: &[usize]| at_carets("añ🙂b", places);
        let owned =
            |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        assert_eq!(cut(&[]), ("añ🙂b".into(), vec![]));
        assert_eq!(cut(&[0, 3, 3, 8]), (String::new(), owned(&["añ", "", "🙂b", ""])));
        assert_eq!(cut(&[2, 99]), ("a".into(), owned(&["ñ🙂b", ""])), "never inside a character");
        for (units, bytes) in [(0, 0), (1, 1), (2, 3), (4, 7), (5, 8), (99, 8)] {
            assert_eq!(in_bytes("añ🙂b", units), bytes, "{units}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_either_side_wrote_is_lost(
            base in "[abñ]{0,8}", at in 0usize..9, gone in 0usize..4, new in "[XYÉ]{0,3}",
            other_at in 0usize..9, other_gone in 0usize..4, other_new in "[PQÓ]{0,3}",
        ) {
            let edited = |at: usize, gone: usize, new: &str| {
                let characters: Vec<char> = base.chars().collect();
                let at = at.min(characters.len());
                let end = (at + gone).min(characters.len());
                let mut text: String = characters[..at].iter().collect();
                text.push_str(new);
                text.extend(&characters[end..]);
                text
            };
            let both =
                merged(&base, &edited(at, gone, &new), &edited(other_at, other_gone, &other_new));
            let written = |letters: &str| -> String {
                both.chars().filter(|c| letters.contains(*c)).collect()
            };
            prop_assert_eq!(written("XYÉ"), new);
            prop_assert_eq!(written("PQÓ"), other_new);
        }
    }
}
