//! Fractional indices: where a row stands, as a text that sorts.
//!
//! A row put between two others gets a text between theirs, so that moving a row writes one cell.
//! Four leading digits count rows added at either end, which keeps the texts short however many
//! are appended. The salt (the row's own id) keeps two people who insert at the same place apart.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const COUNTER: usize = 4;
/// The first row of a table: as much room before it as after it.
const START: usize = 62usize.pow(COUNTER as u32) / 2;

/// A text strictly between two others; `None` stands for the ends of the table. Where `after` is
/// not greater than `before`, only `before` counts.
#[must_use]
pub fn between(before: Option<&str>, after: Option<&str>, salt: &str) -> String {
    let mut text = match (before, after.filter(|after| before.is_none_or(|before| *after > before)))
    {
        (None, None) => count(START),
        (Some(low), None) => count(counter(low) + 1),
        (None, Some(high)) if counter(high) > 0 => count(counter(high) - 1),
        (low, high) => middle(low.unwrap_or(""), high),
    };
    // The salt only ever makes it longer, hence greater than `low`; it stays below `high` because
    // what precedes it already differs from `high`.
    text.extend(salt.chars().filter(char::is_ascii_alphanumeric).take(2));
    text.push('V'); // never ends in the lowest digit: nothing fits below that
    text
}

fn digit(text: &str, at: usize) -> Option<usize> {
    text.as_bytes().get(at).and_then(|byte| DIGITS.iter().position(|digit| digit == byte))
}

fn counter(text: &str) -> usize {
    (0..COUNTER).fold(0, |sum, at| sum * DIGITS.len() + digit(text, at).unwrap_or(0))
}

fn count(number: usize) -> String {
    let at = |place: u32| DIGITS[number / DIGITS.len().pow(place) % DIGITS.len()];
    (0..COUNTER as u32).rev().map(|place| char::from(at(place))).collect()
}

fn middle(low: &str, high: Option<&str>) -> String {
    let mut text = String::new();
    let mut bounded = high;
    for at in 0.. {
        let from = digit(low, at).unwrap_or(0);
        let to = bounded.map_or(DIGITS.len(), |high| digit(high, at).unwrap_or(0));
        if to > from + 1 {
            text.push(char::from(DIGITS[from + (to - from) / 2]));
            break;
        }
        text.push(char::from(DIGITS[from]));
        if to > from {
            bounded = None;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn appended_rows_stay_short() {
        let mut last = None;
        for _ in 0..5_000 {
            let next = between(last.as_deref(), None, "ab");
            assert!(last.as_deref() < Some(next.as_str()));
            last = Some(next);
        }
        let longest = last.map_or(0, |text| text.len());
        assert!(longest <= 8, "{longest}");
    }

    proptest! {
        #[test]
        fn a_row_goes_where_it_is_put(places in prop::collection::vec((0usize..64, "[0-9a-z]{8}"), 1..200)) {
            let mut rows: Vec<String> = Vec::new();
            for (place, salt) in places {
                let at = place % (rows.len() + 1);
                let before = at.checked_sub(1).map(|i| rows[i].as_str());
                let text = between(before, rows.get(at).map(String::as_str), &salt);
                rows.insert(at, text);
            }
            prop_assert!(rows.is_sorted_by(|a, b| a < b), "{rows:?}");
        }
    }
}
