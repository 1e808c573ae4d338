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
