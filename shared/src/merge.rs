//! Texts that two people changed: what one did is put onto what the other did, and neither is
//! lost.

use crate::edit::Splice;

/// Cells of the table that compares two texts; larger ones are compared as a whole.
const COMPARED: usize = 1_000_000;

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

/// A text with the changes of both sides. Where they meet, no character that either wrote is
/// lost; what both would have taken away goes.
#[must_use]
pub fn merged(base: &str, here: &str, there: &str) -> String {
    let (ours, theirs) = (differences(base, here), differences(base, there));
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    let (mut text, mut done) = (String::with_capacity(there.len()), 0);
    loop {
        let start = [ours.peek(), theirs.peek()].into_iter().flatten().map(|it| it.at).min();
        let Some(start) = start else { break };
        let mut end = start;
        let (mut in_ours, mut in_theirs) = (Vec::new(), Vec::new());
        // All that touch each other are merged as one.
        loop {
            if let Some(splice) = ours.next_if(|it| it.at <= end) {
                end = end.max(splice.at + splice.delete);
                in_ours.push(splice);
            } else if let Some(splice) = theirs.next_if(|it| it.at <= end) {
                end = end.max(splice.at + splice.delete);
                in_theirs.push(splice);
            } else {
                break;
            }
        }
        let part = &base[start..end];
        let changed = |splices: &[&Splice]| {
            let mut text = part.to_owned();
            for splice in splices.iter().rev() {
                Splice { at: splice.at - start, ..(*splice).clone() }.apply(&mut text);
            }
            text
        };
        text.push_str(&base[done..start]);
        text.push_str(&both(part, &changed(&in_ours), changed(&in_theirs)));
        done = end;
    }
    text.push_str(&base[done..]);
    text
}

fn both(base: &str, here: &str, there: String) -> String {
    let mut text = there;
    match (Splice::between(base, here), Splice::between(base, &text)) {
        (Some(here), Some(there)) => {
            rebased(&here, &there).iter().for_each(|splice| splice.apply(&mut text));
        }
        (Some(here), None) => here.apply(&mut text),
        (None, _) => {}
    }
    text
}

/// The replacements that turn one text into another, word by word; their places are in the first
/// text, ascending.
#[must_use]
pub fn differences(from: &str, to: &str) -> Vec<Splice> {
    let Some(whole) = Splice::between(from, to) else { return Vec::new() };
    let old = words(&from[whole.at..whole.at + whole.delete]);
    let new = words(&whole.insert);
    if old.len() * new.len() > COMPARED {
        return vec![whole];
    }
    let width = new.len() + 1;
    // How many words the rests of both have in common, from each pair of words on.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for (i, word) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i * width + j] = if word == other {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut splices, mut at, mut i, mut j) = (Vec::<Splice>::new(), whole.at, 0, 0);
    let mut open = false;
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            at += old[i].len();
            (i, j, open) = (i + 1, j + 1, false);
            continue;
        }
        if !std::mem::replace(&mut open, true) {
            splices.push(Splice { at, delete: 0, insert: String::new() });
        }
        let splice = splices.last_mut().expect("one was opened");
        let takes_old = j == new.len()
            || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]);
        if takes_old {
            splice.delete += old[i].len();
            at += old[i].len();
            i += 1;
        } else {
            splice.insert.push_str(new[j]);
            j += 1;
        }
    }
    // Within a word only what changed of it.
    splices
        .into_iter()
        .filter_map(|splice| {
            let inner =
                Splice::between(&from[splice.at..splice.at + splice.delete], &splice.insert)?;
            Some(Splice { at: splice.at + inner.at, ..inner })
        })
        .collect()
}

/// Runs of letters and digits; everything else by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        if !character.is_alphanumeric() {
            if start < at {
                words.push(&text[start..at]);
            }
            start = at + character.len_utf8();
            words.push(&text[at..start]);
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            ("", "ñandú", "🙂", "ñandú🙂"),
            ("abc", "abc", "abd", "abd"),
            // Others wrote at both ends: what was written here still goes.
            ("ana mía luis", "ana luis", "hola ana mía luis chao", "hola ana luis chao"),
        ] {
            assert_eq!(merged(base, here, there), both, "{base} | {here} | {there}");
        }
    }

    #[test]
    fn large_texts_are_compared_as_a_whole() {
        let old: String = (0..3_000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..3_000).map(|n| format!("b{n} ")).collect();
        assert_eq!(differences(&old, &new).len(), 1);
    }

    proptest! {
        #[test]
        fn differences_turn_one_text_into_the_other(from in "[añ 🙂.]{0,20}", to in "[añ 🙂.]{0,20}") {
            let mut text = from.clone();
            for splice in differences(&from, &to).iter().rev() {
                splice.apply(&mut text);
            }
            prop_assert_eq!(text, to);
        }

        #[test]
        fn nothing_that_either_side_wrote_is_lost(
            base in "[ab ñ]{0,12}", at in 0usize..13, gone in 0usize..4, new in "[XYÉ]{0,3}",
            other_at in 0usize..13, other_gone in 0usize..4, other_new in "[PQÓ]{0,3}",
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
