//! The heights of all rows, and where each of them begins: prefix sums in a Fenwick tree, so that
//! neither a corrected height nor a place on the screen costs more than the logarithm of the rows.

/// The heights of the rows, in their order. CSS pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heights {
    heights: Vec<f64>,
    /// `sums[i]` is the sum of as many heights as the lowest set bit of `i` says, up to the `i`th.
    sums: Vec<f64>,
}

impl Heights {
    /// From all heights at once, in linear time.
    #[must_use]
    pub fn new(heights: Vec<f64>) -> Self {
        let mut sums = vec![0.0; heights.len() + 1];
        for at in 1..sums.len() {
            sums[at] += heights[at - 1];
            let above = at + lowest_bit(at);
            if above < sums.len() {
                sums[above] += sums[at];
            }
        }
        Self { heights, sums }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heights.len()
    }

    /// The height of a row; zero beyond the last.
    #[must_use]
    pub fn height(&self, row: usize) -> f64 {
        self.heights.get(row).copied().unwrap_or_default()
    }

    /// Gives a row another height.
    pub fn set(&mut self, row: usize, height: f64) {
        let Some(known) = self.heights.get_mut(row) else { return };
        let change = height - std::mem::replace(known, height);
        let mut at = row + 1;
        while at < self.sums.len() {
            self.sums[at] += change;
            at += lowest_bit(at);
        }
    }

    /// Where a row begins: the sum of the heights before it. Beyond the last, where that ends.
    #[must_use]
    pub fn top(&self, row: usize) -> f64 {
        let (mut at, mut sum) = (row.min(self.len()), 0.0);
        while at > 0 {
            sum += self.sums[at];
            at -= lowest_bit(at);
        }
        sum
    }

    /// Where the last row ends.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.top(self.len())
    }

    /// The row that covers this place; the first one before the start, the last one beyond the end.
    #[must_use]
    pub fn at(&self, place: f64) -> usize {
        let (mut row, mut left) = (0, place);
        let mut step = self.sums.len().next_power_of_two();
        while step > 0 {
            let next = row + step;
            if next < self.sums.len() && self.sums[next] <= left {
                row = next;
                left -= self.sums[next];
            }
            step /= 2;
        }
        row.min(self.len().saturating_sub(1))
    }
}

fn lowest_bit(number: usize) -> usize {
    number & number.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn model_at(heights: &[f64], place: f64) -> usize {
        let mut end = 0.0;
        let found = heights.iter().position(|height| {
            end += height;
            place < end
        });
        found.unwrap_or(heights.len().saturating_sub(1))
    }

    proptest! {
        #[test]
        fn sums_are_those_of_a_plain_list(
            heights in prop::collection::vec(1u32..400, 0..300),
            changes in prop::collection::vec((0usize..300, 1u32..400), 0..100),
            places in prop::collection::vec(-50i32..120_000, 20),
        ) {
            let mut plain: Vec<f64> = heights.into_iter().map(f64::from).collect();
            let mut sums = Heights::new(plain.clone());
            for (row, height) in changes {
                sums.set(row, height.into());
                if let Some(known) = plain.get_mut(row) {
                    *known = height.into();
                }
            }
            prop_assert_eq!(sums.len(), plain.len());
            for row in 0..=plain.len() + 2 {
                let top: f64 = plain.iter().take(row).sum();
                prop_assert_eq!(sums.top(row), top);
                prop_assert_eq!(sums.height(row), plain.get(row).copied().unwrap_or_default());
                if row < plain.len() {
                    prop_assert_eq!(sums.at(top), row, "a row covers where it begins");
                }
            }
            prop_assert_eq!(sums.total(), plain.iter().sum::<f64>());
            for place in places {
                prop_assert_eq!(sums.at(place.into()), model_at(&plain, place.into()));
            }
        }
    }

    #[test]
    fn no_rows_have_no_height() {
        let mut none = Heights::new(Vec::new());
        none.set(0, 10.0);
        assert_eq!((none.total(), none.at(5.0), none.top(3)), (0.0, 0, 0.0));
    }
}
