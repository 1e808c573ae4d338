//! Which rows are drawn, and how far to scroll to show a cell. All lengths in CSS pixels.

use std::ops::Range;

use super::heights::Heights;

/// Rows drawn beyond each edge of what is in view, so that scrolling does not meet blanks.
const OVERSCAN: usize = 6;
/// The window moves by this many rows at once: fewer, larger steps while scrolling.
const STEP: usize = 4;
/// Columns are drawn as soon as they are this close to the view.
const AHEAD: f64 = 240.0;

/// The rows to draw, where `height` is in view from `top` on.
#[must_use]
pub fn drawn(top: f64, height: f64, heights: &Heights) -> Range<usize> {
    let rows = heights.len();
    if rows == 0 {
        return 0..0;
    }
    // Negative while a tablet's page bounces.
    let top = top.max(0.0);
    let (first, last) = (heights.at(top), heights.at(top + height.max(0.0)));
    let start = first.saturating_sub(OVERSCAN) / STEP * STEP;
    let end = (last + 1 + OVERSCAN).div_ceil(STEP) * STEP;
    start..end.min(rows)
}

/// The columns to draw beside the first, which is frozen and always drawn: those of `columns`
/// (left edge and width) that show in `width` from `left` on.
#[must_use]
pub fn drawn_columns(left: f64, width: f64, columns: &[(f64, f64)]) -> Range<usize> {
    let frozen = columns.first().map_or(0.0, |(left, width)| left + width);
    let (from, to) = (left + frozen - AHEAD, left + width + AHEAD);
    let start = columns.partition_point(|(left, width)| left + width <= from).max(1);
    let end = columns.partition_point(|(left, _)| *left < to);
    start.min(columns.len())..end.max(start).min(columns.len())
}

/// How far to scroll along one axis so that `from..to` is in view, where the first `frozen` of
/// `length` are covered. As little as possible; the start, where it does not fit.
#[must_use]
pub fn revealed(scroll: f64, length: f64, frozen: f64, from: f64, to: f64) -> f64 {
    if from < scroll + frozen || to - from > length - frozen {
        (from - frozen).max(0.0)
    } else if to > scroll + length {
        to - length
    } else {
        scroll
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn uneven(rows: usize) -> Heights {
        Heights::new((0..rows).map(|row| 36.0 + (row * 7 % 9) as f64 * 14.0).collect())
    }

    #[test]
    fn what_is_in_view_is_drawn_with_a_margin() {
        let heights = uneven(5_000);
        let total = heights.total();
        for top in (0..300_000).step_by(731) {
            let top = f64::from(top);
            let drawn = drawn(top, 600.0, &heights);
            assert!(heights.top(drawn.start) <= top);
            assert!(heights.top(drawn.end) >= (top + 600.0).min(total));
            assert!(drawn.len() <= 17 + 2 * (OVERSCAN + STEP), "{drawn:?}");
        }
    }

    #[test]
    fn small_movements_draw_nothing_new() {
        let heights = Heights::new(vec![60.0; 5_000]);
        assert_eq!(drawn(6_010.0, 600.0, &heights), drawn(6_030.0, 600.0, &heights));
    }

    #[test]
    fn odd_measures_draw_what_there_is() {
        assert_eq!(drawn(0.0, 600.0, &Heights::default()), 0..0);
        assert_eq!(drawn(-80.0, 600.0, &uneven(3)), 0..3);
        assert_eq!(drawn(0.0, -1.0, &uneven(3)), 0..3);
        let beyond = drawn(1e9, 600.0, &uneven(10));
        assert!(beyond.start <= beyond.end && beyond.end == 10, "{beyond:?}");
    }

    #[test]
    fn columns_in_view_are_drawn_and_the_first_is_not_drawn_twice() {
        let columns: Vec<(f64, f64)> =
            (0..20).map(|at| (56.0 + 200.0 * f64::from(at), 200.0)).collect();
        assert_eq!(drawn_columns(0.0, 1_000.0, &columns), 1..6);
        let middle = drawn_columns(1_500.0, 1_000.0, &columns);
        assert!(columns[middle.start].0 <= 1_756.0 && middle.start > 5, "{middle:?}");
        assert!(columns[middle.end - 1].0 + 200.0 >= 2_500.0 && middle.end < 18, "{middle:?}");
        assert_eq!(drawn_columns(9e9, 1_000.0, &columns), 20..20);
        assert_eq!(drawn_columns(0.0, 1_000.0, &columns[..1]), 1..1);
        assert_eq!(drawn_columns(0.0, 1_000.0, &[]), 0..0);
    }

    #[test]
    fn revealing_scrolls_as_little_as_needed() {
        assert_eq!(revealed(100.0, 500.0, 40.0, 300.0, 360.0), 100.0, "in view already");
        assert_eq!(revealed(100.0, 500.0, 40.0, 580.0, 640.0), 140.0, "below");
        assert_eq!(revealed(100.0, 500.0, 40.0, 120.0, 180.0), 80.0, "under the header");
        assert_eq!(revealed(100.0, 500.0, 40.0, 20.0, 60.0), 0.0, "not before the start");
        assert_eq!(revealed(0.0, 300.0, 40.0, 400.0, 900.0), 360.0, "wider than the view");
    }
}
