//! Which rows are drawn, and how far to scroll to show a cell. All lengths in CSS pixels.

use std::ops::Range;

/// Rows drawn beyond each edge of what is in view, so that scrolling does not meet blanks.
const OVERSCAN: usize = 6;
/// The window moves by this many rows at once: fewer, larger steps while scrolling.
const STEP: usize = 4;

/// The rows to draw, out of `rows` of equal height, where `height` is in view from `top` on.
#[must_use]
pub fn drawn(top: f64, height: f64, row_height: f64, rows: usize) -> Range<usize> {
    if rows == 0 || row_height <= 0.0 {
        return 0..0;
    }
    // Negative while a tablet's page bounces; `as` saturates.
    let first = (top.max(0.0) / row_height) as usize;
    let last = ((top.max(0.0) + height.max(0.0)) / row_height).ceil() as usize;
    let start = first.min(rows).saturating_sub(OVERSCAN) / STEP * STEP;
    let end = (last + OVERSCAN).div_ceil(STEP) * STEP;
    start..end.min(rows).max(start)
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
    use super::*;

    #[test]
    fn what_is_in_view_is_drawn_with_a_margin() {
        for top in (0..300_000).step_by(731) {
            let top = f64::from(top);
            let drawn = drawn(top, 600.0, 60.0, 5_000);
            assert!(drawn.start as f64 * 60.0 <= top);
            assert!(drawn.end as f64 * 60.0 >= (top + 600.0).min(300_000.0));
            assert!(drawn.len() <= 11 + 2 * (OVERSCAN + STEP), "{drawn:?}");
        }
    }

    #[test]
    fn small_movements_draw_nothing_new() {
        assert_eq!(drawn(6_010.0, 600.0, 60.0, 5_000), drawn(6_030.0, 600.0, 60.0, 5_000));
    }

    #[test]
    fn odd_measures_draw_what_there_is() {
        assert_eq!(drawn(0.0, 600.0, 60.0, 0), 0..0);
        assert_eq!(drawn(0.0, 600.0, 0.0, 10), 0..0);
        assert_eq!(drawn(-80.0, 600.0, 60.0, 3), 0..3);
        assert_eq!(drawn(0.0, -1.0, 60.0, 3), 0..3);
        let beyond = drawn(1e9, 600.0, 60.0, 10);
        assert!(beyond.start <= beyond.end && beyond.end == 10, "{beyond:?}");
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
