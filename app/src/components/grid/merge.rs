//! Places in a text as browsers count them.

use shared::edit::Splice;

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
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

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
}
