//! Selecting more than one cell.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{edit::Edit, ids::RowId, key::Key, model::Cell};

use super::{
    columns::GridColumn,
    moves::{Extent, Move, Spot, moved},
    notice::Notice,
    order::Order,
    place::Rect,
    selection::{Range, Selection, Whole},
    sheet::{Cursor, Sheet},
};
use crate::store::Way;

/// The cells of the selection, or the cursor's own where nothing else is selected. Reactive.
pub(super) fn selected(
    cursor: RwSignal<Option<Cursor>>,
    selection: RwSignal<Option<Selection>>,
    order: Memo<Arc<Order>>,
    columns: Memo<Arc<Vec<GridColumn>>>,
) -> Option<Range> {
    let (order, columns) = (order.get(), columns.get());
    let spot = |at: &Cursor| {
        let row = order.place(&at.row)?;
        let column = columns.iter().position(|column| column.field == at.field)?;
        Some(Spot { row, column })
    };
    let of_selection = selection.with(|selection| {
        let selection = selection.as_ref()?;
        let range = Range::between(spot(&selection.anchor)?, spot(&selection.head)?);
        let (rows, columns) = (order.rows().len(), columns.len());
        Some(range.taking_in(selection.whole, Extent { rows, columns, page: 1 }))
    });
    let of_cursor = || {
        let at = cursor.with(|cursor| cursor.as_ref().and_then(spot))?;
        Some(Range::between(at, at))
    };
    of_selection.or_else(of_cursor)
}

impl Sheet {
    /// The selected cells: those of the selection, or the cursor's own.
    #[must_use]
    pub fn selected(self) -> Option<Range> {
        self.range.get_untracked()
    }

    /// The selected cells, where they are more than one.
    #[must_use]
    pub fn selected_many(self) -> Option<Range> {
        self.selected().filter(|range| !range.is_one())
    }

    /// The rows and columns of a range.
    #[must_use]
    pub fn rows_and_columns(self, range: Range) -> (Vec<RowId>, Vec<GridColumn>) {
        let rows = self.order.with_untracked(|order| {
            order.rows().get(range.top..=range.bottom).unwrap_or_default().to_vec()
        });
        let columns = self.columns.with_untracked(|columns| {
            columns.get(range.left..=range.right).unwrap_or_default().to_vec()
        });
        (rows, columns)
    }

    /// Selects from where the selection began, or else from the cursor, to a cell.
    pub fn extend_to(self, to: Spot, whole: Whole) {
        let began = self.selection.get_untracked().map(|selection| selection.anchor);
        let anchor = began.filter(|anchor| self.spot_of(anchor).is_some());
        let (Some(anchor), Some(head)) = (anchor.or(self.cursor.get_untracked()), self.at(to))
        else {
            return;
        };
        let selection = Selection { anchor, head, whole };
        let is_one = whole == Whole::Neither && selection.anchor == selection.head;
        let selection = Some(selection).filter(|_| !is_one);
        if self.selection.with_untracked(|old| *old != selection) {
            self.selection.set(selection);
        }
    }

    /// Selects a range.
    pub fn select_range(self, range: Range) {
        self.put_cursor(Spot { row: range.top, column: range.left });
        self.extend_to(Spot { row: range.bottom, column: range.right }, Whole::Neither);
    }

    /// Moves the far corner of the selection, and shows it.
    pub fn extend(self, step: Move) {
        let Some(cursor) = self.spot() else { return self.go(step) };
        let (head, whole) = match self.selection.get_untracked() {
            Some(selection) => (self.spot_of(&selection.head).unwrap_or(cursor), selection.whole),
            None => (cursor, Whole::Neither),
        };
        let to = moved(head, step, self.extent(), |spot| self.is_filled(spot));
        self.extend_to(to, whole);
        self.reveal(to);
        self.announce_selection();
    }

    /// Selects whole rows or columns of what is selected, or everything.
    pub fn select(self, whole: Whole) {
        let Some(cursor) = self.cursor.get_untracked() else { return self.focus() };
        let (anchor, head, whole) = match self.selection.get_untracked() {
            // The rows of whole columns are all there is.
            Some(selection) if selection.whole != Whole::Neither && selection.whole != whole => {
                (selection.anchor, selection.head, Whole::All)
            }
            Some(selection) => (selection.anchor, selection.head, whole),
            None => (cursor.clone(), cursor, whole),
        };
        self.selection.set(Some(Selection { anchor, head, whole }));
        self.announce_selection();
    }

    /// Has it read aloud how much is selected.
    pub fn announce_selection(self) {
        if let Some(range) = self.selected_many() {
            let many =
                |count, one, more| format!("{count} {}", if count == 1 { one } else { more });
            self.announce(format!(
                "{} por {} seleccionadas.",
                many(range.rows(), "fila", "filas"),
                many(range.columns(), "columna", "columnas"),
            ));
        }
    }

    /// Puts the cursor on the next cell of the selection, or the one before. `false` where there is
    /// none.
    pub fn go_round(self, along_rows: bool, backward: bool) -> bool {
        let (Some(range), Some(at)) = (self.selected_many(), self.spot()) else { return false };
        self.place_cursor(range.next(at, along_rows, backward));
        true
    }

    /// Empties the selected cells, as one.
    pub fn clear_range(self, range: Range) {
        let (rows, columns) = self.rows_and_columns(range);
        let (mut edits, mut cells, mut kept) = (Vec::new(), 0_usize, 0_usize);
        self.store.with(|exercise| {
            for row in rows.iter().filter_map(|row| exercise.row(self.table, row)) {
                for column in &columns {
                    let Some(cell) = row.cells.get(&column.field) else { continue };
                    let key = Key::cell(self.table, &row.id, &column.field);
                    if self.store.may_write(&key) {
                        cells += 1;
                        edits.extend(emptied(&key, cell));
                    } else {
                        kept += 1;
                    }
                }
            }
        });
        let mut text = match cells {
            0 => "No había nada que vaciar.".to_owned(),
            1 => "Vaciaste una celda.".to_owned(),
            cells => format!("Vaciaste {} celdas.", shared::format::format_integer(cells as i64)),
        };
        if kept > 0 {
            text += " Las que no puedes editar quedaron como estaban.";
        }
        if edits.is_empty() || self.apply(edits) {
            self.notice.set(Some(self.way_back(text, cells > 0)));
        }
    }

    /// What was just done as one action, with a button that takes it back.
    #[must_use]
    pub(super) fn way_back(self, text: String, is_done: bool) -> Notice {
        match self.undo {
            Some(undo) if is_done => {
                let action = self.store.action();
                Notice::undoable(text, move || {
                    // The last action is another one by now.
                    if self.store.action() == action {
                        undo.take(Way::Back);
                    } else {
                        self.announce("Después hiciste otros cambios: deshazlos con Ctrl+Z.");
                    }
                })
            }
            _ => Notice::plain(text),
        }
    }

    /// Whether a cell holds anything.
    #[must_use]
    pub fn is_filled(self, at: Spot) -> bool {
        self.at(at).is_some_and(|cursor| {
            self.store.with(|exercise| {
                exercise.row(self.table, &cursor.row).is_some_and(|row| row.has(&cursor.field))
            })
        })
    }

    /// Where a range lies on the canvas, the frozen column where it is before scrolling. Reactive.
    #[must_use]
    pub fn rectangle(self, range: Range) -> Option<Rect> {
        let (top, height) = self.with_heights(|heights| {
            let top = heights.top(range.top);
            (top, heights.top(range.bottom) + heights.height(range.bottom) - top)
        });
        self.layout.with(|layout| {
            let (left, _) = *layout.columns.get(range.left)?;
            let (last, width) = *layout.columns.get(range.right)?;
            Some(Rect { left, top: layout.head + top, width: last + width - left, height })
        })
    }

    /// The cell at a point of the window, or the nearest one to it.
    #[must_use]
    pub fn spot_near(self, x: f64, y: f64) -> Option<Spot> {
        let scroller = self.scroller.get_untracked()?;
        let edges = scroller.get_bounding_client_rect();
        let (top, left) = (f64::from(scroller.scroll_top()), f64::from(scroller.scroll_left()));
        let extent = self.extent();
        let layout = self.layout.get_untracked();
        let column = layout.column_at(x - edges.left(), left)?;
        let down = (y - edges.top() - layout.head).max(0.0) + top;
        let last = extent.rows.checked_sub(1)?;
        let row = untrack(|| self.with_heights(|heights| heights.at(down))).min(last);
        Some(Spot { row, column })
    }
}

/// The edits that empty a cell.
pub(super) fn emptied(key: &Key, cell: &Cell) -> Vec<Edit> {
    match cell {
        Cell::Value(_) => vec![Edit::SetCell { key: key.clone(), value: None }],
        Cell::Narrative(text) => Edit::splice(key.clone(), text, "").into_iter().collect(),
        Cell::Set(members) => members
            .iter()
            .map(|code| Edit::SetMember {
                key: Key::member(key.table, &key.row, &key.field, code),
                present: false,
            })
            .collect(),
    }
}
