//! Where cells stand on the canvas. Everything that is drawn over the grid asks [`Sheet::rect`].

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use shared::ids::RowId;

use super::{
    columns::Layout, estimate::estimated, heights::Heights, moves::Spot, order::Order, sheet::Sheet,
};

/// A rectangle on the canvas, which begins above the headings and scrolls with the rows. CSS
/// pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// From the left edge of the canvas. A cell of the frozen column moves with the scroller.
    pub left: f64,
    /// From its top, headings included.
    pub top: f64,
    /// To the right.
    pub width: f64,
    /// Downwards.
    pub height: f64,
}

/// The heights of the rows that are shown: estimated until they are drawn, then measured.
#[derive(Debug, Default)]
pub struct Stack {
    order: Arc<Order>,
    layout: Option<Arc<Layout>>,
    /// By row, so that a row that moves keeps what is known of it.
    known: HashMap<RowId, f64>,
    heights: Heights,
    anchor: Option<Anchor>,
    /// Whether the cell of the cursor was brought into view, and nobody scrolled since.
    reveals: bool,
}

impl Stack {
    /// The height of a row that was drawn.
    #[must_use]
    pub fn known(&self, row: &RowId) -> Option<f64> {
        self.known.get(row).copied()
    }
}

/// A row that must not move on the screen when heights above it turn out to be others, or rows
/// come and go.
#[derive(Debug, Clone)]
struct Anchor {
    row: RowId,
    /// From the top of what is in view, below the headings, to the top of the row.
    offset: f64,
}

impl Sheet {
    /// Reads the heights of the rows. Reactive.
    pub fn with_heights<R>(self, read: impl FnOnce(&Heights) -> R) -> R {
        self.stack_changed.track();
        let (order, layout) = (self.order.get(), self.layout.get());
        let mut stack = self.stack.write_value();
        if stack.layout.as_ref().is_none_or(|known| !Arc::ptr_eq(known, &layout)) {
            stack.known.clear();
        } else if Arc::ptr_eq(&stack.order, &order) {
            return read(&stack.heights);
        }
        let columns = self.columns.get_untracked();
        let heights = self.store.with(|exercise| {
            let table = exercise.table(self.table);
            let height = |row: &RowId| {
                if let Some(known) = stack.known.get(row) {
                    return *known;
                }
                let row = table.row(row);
                row.map_or(layout.row, |row| estimated(row, &columns, &layout))
            };
            order.rows().iter().map(height).collect()
        });
        stack.heights = Heights::new(heights);
        (stack.order, stack.layout) = (order, Some(layout));
        read(&stack.heights)
    }

    /// The rectangle of a cell; `None` where there is none. Reactive.
    #[must_use]
    pub fn rect(self, spot: Spot) -> Option<Rect> {
        let layout = self.layout.get();
        let (left, width) = *layout.columns.get(spot.column)?;
        let (top, height, rows) = self.with_heights(|heights| {
            (heights.top(spot.row), heights.height(spot.row), heights.len())
        });
        let left = if spot.column == 0 { left + self.left.get() } else { left };
        (spot.row < rows).then_some(Rect { left, top: layout.head + top, width, height })
    }

    /// Rows were drawn and measured. What is in view stays where it is.
    pub fn measured(self, rows: &[(RowId, f64)]) {
        let order = self.order.get_untracked();
        // Brings the heights up to date with the order first.
        untrack(|| self.with_heights(|_| ()));
        let mut stack = self.stack.write_value();
        let mut changed = false;
        for (row, height) in rows {
            let Some(place) = order.place(row) else { continue };
            stack.known.insert(row.clone(), *height);
            if (stack.heights.height(place) - height).abs() > 0.1 {
                stack.heights.set(place, *height);
                changed = true;
            }
        }
        drop(stack);
        if changed {
            self.stack_changed.notify();
        }
    }

    /// Remembers what is at the top of the view, or the row in which somebody works.
    pub fn hold(self) {
        let top = self.view.with_untracked(|view| view.top);
        let cursor = self.spot().map(|spot| spot.row);
        let order = self.order.get_untracked();
        let height =
            self.view.with_untracked(|view| view.height) - self.layout.get_untracked().head;
        let anchor = untrack(|| {
            self.with_heights(|heights| {
                let in_view = |row: &usize| (top..top + height).contains(&heights.top(*row));
                let place = cursor.filter(in_view).unwrap_or_else(|| heights.at(top));
                let row = order.rows().get(place)?.clone();
                Some(Anchor { row, offset: heights.top(place) - top })
            })
        });
        self.stack.write_value().anchor = anchor;
    }

    /// Brings the row of the cursor into view again, if rows that were drawn on the way to it
    /// turned out higher than was thought.
    pub fn reveal_again(self) {
        if self.stack.with_value(|stack| stack.reveals)
            && let Some(spot) = self.spot()
        {
            self.reveal_row(spot);
        }
    }

    /// Says whether the view is where it is for the sake of the cursor.
    pub fn set_reveals(self, reveals: bool) {
        self.stack.write_value().reveals = reveals;
    }

    /// Scrolls the rows to a place.
    pub fn scroll_to(self, top: f64) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let height = self.view.with_untracked(|view| view.height);
        let head = self.layout.with_untracked(|layout| layout.head);
        let total = untrack(|| self.with_heights(Heights::total));
        let top = top.min(head + total - height).max(0.0).round();
        if (top - self.view.with_untracked(|view| view.top)).abs() >= 1.0 {
            scroller.set_scroll_top(top as i32);
            self.view.update(|view| view.top = top);
        }
    }

    /// Where the view must begin so that what was held stands where it stood; `None` where
    /// nothing was, or it has gone. Reactive.
    #[must_use]
    pub fn held_top(self) -> Option<f64> {
        let anchor = self.stack.with_value(|stack| stack.anchor.clone())?;
        let place = self.order.get().place(&anchor.row)?;
        Some((self.with_heights(|heights| heights.top(place)) - anchor.offset).max(0.0))
    }
}
