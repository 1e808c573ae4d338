//! The state of one grid on the screen: where its cursor is, what is open, what is in view.
//!
//! A [`Sheet`] is a handle that is passed around. The cursor is a row's id and a column's field,
//! never coordinates: others add and delete rows while somebody works.

use std::{ops::Range, sync::Arc};

use leptos::{html, prelude::*};
use shared::{
    ids::RowId,
    key::{Key, ORDER},
    template::{Kind, TableId},
};
use web_sys::ResizeObserver;

use super::{
    arrangement::Arrangement,
    card::{Shape, Shapes},
    columns::{GridColumn, Layout, columns},
    drag::Drag,
    editing::Session,
    find::Find,
    head_drag::Held,
    keys::Mode,
    lens::{Applied, Lens},
    look::Lenses,
    moves::{Extent, Move, Spot, moved},
    notice::Notice,
    order::Order,
    paste::Pasting,
    place::Stack,
    popup::Popup,
    press::Press,
    select::selected,
    selection::{Range as Selected, Selection},
    window::{drawn, drawn_columns, revealed},
};
use crate::{
    components::{
        panel::{Panel, PanelCell},
        undo::Undo,
    },
    store::Store,
};

/// The cell that the cursor is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Its row.
    pub row: RowId,
    /// The field of its column.
    pub field: Arc<str>,
}

/// A picker that is open over a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picking {
    /// The cell.
    pub key: Key,
    /// What it holds.
    pub kind: Kind,
    /// What it was opened with.
    pub typed: String,
}

/// The menu of a row, open at a place of the window.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMenu {
    /// The row.
    pub row: RowId,
    /// CSS pixels from the left of the window.
    pub x: f64,
    /// CSS pixels from its top.
    pub y: f64,
}

/// What the hand is doing; nothing on the screen depends on it.
#[derive(Debug, Default)]
pub struct Hand {
    /// Escape was pressed: the next Tab leaves the grid.
    pub leaving: bool,
    /// An accent or input method is composing.
    pub composing: bool,
    /// The pressed cell already had the cursor: the click may open it.
    pub armed: bool,
    /// A finger rests on a cell.
    pub press: Option<Press>,
    /// It has opened the menu: lifting it is no tap.
    pub pressed: bool,
    /// The column where a run of tabs began.
    pub run_start: Option<usize>,
    /// Dragging is under way.
    pub drag: Option<Drag>,
}

/// What is in view. CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct View {
    /// Scrolled down by.
    pub top: f64,
    /// Width of the scroller.
    pub width: f64,
    /// Height of the scroller.
    pub height: f64,
}

/// Handle of one grid.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// What is shown and written to.
    pub store: Store,
    /// The table.
    pub table: TableId,
    /// Its columns.
    pub columns: Memo<Arc<Vec<GridColumn>>>,
    /// Where they stand.
    pub layout: Memo<Arc<Layout>>,
    /// Its rows.
    pub order: Memo<Arc<Order>>,
    /// How this person likes to see the table.
    pub arrangement: RwSignal<Arrangement>,
    /// What this person looks at.
    pub lens: RwSignal<Lens>,
    /// The lens as it was applied; `None` shows the table as it is.
    pub applied: RwSignal<Option<Arc<Applied>>>,
    /// The lenses of all tables.
    pub lenses: Option<Lenses>,
    /// The menu that is open over a heading, or that of the view.
    pub popup: RwSignal<Option<Popup>>,
    /// The heading that the pointer holds.
    pub held: StoredValue<Option<Held>>,
    /// Where a column that is dragged would end or stand.
    pub guide: RwSignal<Option<f64>>,
    /// The columns to draw beside the first.
    pub columns_drawn: Memo<Range<usize>>,
    /// How high the rows are (see `place`).
    pub stack: StoredValue<Stack>,
    /// Tells that heights were corrected.
    pub stack_changed: Trigger,
    /// Measures the rows that are drawn.
    pub observer: StoredValue<Option<ResizeObserver>, LocalStorage>,
    /// Where the cursor is; `None` until the grid is first used.
    pub cursor: RwSignal<Option<Cursor>>,
    /// What is selected beside the cell of the cursor, which lies in it.
    pub selection: RwSignal<Option<Selection>>,
    /// The selected cells.
    pub range: Memo<Option<Selected>>,
    /// Where the cursor last was, should its row go.
    pub last: StoredValue<Spot>,
    /// What the keyboard is doing.
    pub mode: RwSignal<Mode>,
    /// What is in view.
    pub view: RwSignal<View>,
    /// Scrolled to the right by; apart from the view, because few things depend on it.
    pub left: RwSignal<f64>,
    /// So much of the scroller's height lies under the tray. CSS pixels.
    pub under_tray: StoredValue<f64>,
    /// The picker that is open.
    pub picking: RwSignal<Option<Picking>>,
    /// What waits to be looked at before it is pasted.
    pub pasting: RwSignal<Option<Pasting>>,
    /// What is looked for.
    pub find: Find,
    /// The range that dragging the corner of the selection fills.
    pub filling: RwSignal<Option<Selected>>,
    /// The handle at the end of the selection fills: a finger asked for it in the menu.
    pub fills: RwSignal<bool>,
    /// The keyboard map is shown.
    pub helping: RwSignal<bool>,
    /// The row menu that is open.
    pub menu: RwSignal<Option<RowMenu>>,
    /// What is wrong with what was typed, or happened to it.
    pub message: RwSignal<Option<String>>,
    /// What was done, with a way back.
    pub notice: RwSignal<Option<Notice>>,
    /// Read aloud.
    pub announcement: RwSignal<String>,
    /// What the textarea holds changed.
    pub retyped: Trigger,
    /// The cell that is open in the textarea.
    pub session: StoredValue<Option<Session>>,
    /// What the hand is doing.
    pub hand: StoredValue<Hand>,
    /// The last pointer was a finger or pen: handles are shown, and cells are edited in the tray.
    pub touch: RwSignal<bool>,
    /// The row of the cursor is shown as a form.
    pub card: RwSignal<bool>,
    /// How the rows are shown, where the person has chosen.
    pub shape: RwSignal<Option<Shape>>,
    /// The panel beside the table, where the page has one.
    pub panel: Option<RwSignal<Option<Panel>>>,
    /// The cell that it is about.
    pub panel_cell: Option<PanelCell>,
    /// Takes back and does again.
    pub undo: Option<Undo>,
    /// The element that scrolls.
    pub scroller: NodeRef<html::Div>,
    /// The textarea that receives every key and becomes the editor.
    pub textarea: NodeRef<html::Textarea>,
}

impl Sheet {
    /// The state of a grid that was just put on the screen.
    #[must_use]
    pub fn new(store: Store, table: TableId) -> Self {
        let view = RwSignal::new(View::default());
        let arrangement = RwSignal::new(Arrangement::default());
        let columns = Memo::new(move |_| {
            store.track_table(TableId::Columns);
            let regional = store.with(|exercise| exercise.table(TableId::Columns).order().to_vec());
            for row in &regional {
                store.track_row(TableId::Columns, row);
            }
            let columns = store.with(|exercise| columns(exercise, table));
            Arc::new(arrangement.with(|arrangement| arrangement.applied(columns)))
        });
        let width = Memo::new(move |_| view.with(|view| view.width));
        let density = Memo::new(move |_| arrangement.with(|arrangement| arrangement.density));
        let layout = Memo::new(move |_| {
            let layout =
                |columns: &Arc<Vec<_>>| Layout::new(columns, density.get(), rem(), width.get());
            Arc::new(columns.with(layout))
        });
        let left = RwSignal::new(0.0);
        let columns_drawn = Memo::new(move |_| {
            layout.with(|layout| drawn_columns(left.get(), width.get(), &layout.columns))
        });
        let applied = RwSignal::new(None::<Arc<Applied>>);
        let order = Memo::new(move |_| {
            store.track_table(table);
            let rows = store.with(|exercise| exercise.table(table).order().to_vec());
            Arc::new(Order::new(match applied.get() {
                Some(applied) => applied.shown(&rows),
                None => rows,
            }))
        });
        let (cursor, selection) = (RwSignal::new(None), RwSignal::new(None));
        let range = Memo::new(move |_| selected(cursor, selection, order, columns));
        Self {
            store,
            table,
            columns,
            layout,
            order,
            cursor,
            selection,
            range,
            arrangement,
            lens: RwSignal::new(Lens::default()),
            applied,
            lenses: use_context(),
            popup: RwSignal::new(None),
            held: StoredValue::new(None),
            guide: RwSignal::new(None),
            columns_drawn,
            stack: StoredValue::new(Stack::default()),
            stack_changed: Trigger::new(),
            observer: StoredValue::new_local(None),
            last: StoredValue::new(Spot { row: 0, column: 0 }),
            mode: RwSignal::new(Mode::Browse),
            view,
            left,
            under_tray: StoredValue::new(0.0),
            picking: RwSignal::new(None),
            pasting: RwSignal::new(None),
            find: Find::new(),
            filling: RwSignal::new(None),
            fills: RwSignal::new(false),
            helping: RwSignal::new(false),
            menu: RwSignal::new(None),
            message: RwSignal::new(None),
            notice: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            retyped: Trigger::new(),
            session: StoredValue::new(None),
            hand: StoredValue::new(Hand::default()),
            touch: RwSignal::new(false),
            card: RwSignal::new(false),
            shape: use_context::<Shapes>().unwrap_or_default().0,
            panel: use_context(),
            panel_cell: use_context(),
            undo: use_context(),
            scroller: NodeRef::new(),
            textarea: NodeRef::new(),
        }
    }

    /// The rows to draw: none below a list.
    #[must_use]
    pub fn drawn(self) -> Memo<Range<usize>> {
        Memo::new(move |_| {
            let view = self.view.get();
            if self.is_list() {
                return 0..0;
            }
            let head = self.layout.with(|layout| layout.head);
            self.with_heights(|heights| drawn(view.top, view.height - head, heights))
        })
    }

    /// Whether the cursor can be put on a cell, and the cell be opened. Reactive.
    #[must_use]
    pub fn is_ready(self) -> bool {
        self.view.with(|view| view.width > 0.0)
            && (self.is_list() || self.textarea.with(Option::is_some))
    }

    /// Where a cursor stands in what is shown; `None` if its row or column has gone.
    #[must_use]
    pub fn spot_of(self, cursor: &Cursor) -> Option<Spot> {
        let row = self.order.with_untracked(|order| order.place(&cursor.row))?;
        let column = self.columns.with_untracked(|columns| {
            columns.iter().position(|column| column.field == cursor.field)
        })?;
        Some(Spot { row, column })
    }

    /// Where the cursor stands.
    #[must_use]
    pub fn spot(self) -> Option<Spot> {
        self.cursor.with_untracked(|cursor| cursor.as_ref().and_then(|at| self.spot_of(at)))
    }

    /// The cell at a spot.
    #[must_use]
    pub fn at(self, spot: Spot) -> Option<Cursor> {
        let row = self.order.with_untracked(|order| order.rows().get(spot.row).cloned())?;
        let field = self.columns.with_untracked(|columns| {
            columns.get(spot.column).map(|column| column.field.clone())
        })?;
        Some(Cursor { row, field })
    }

    /// The key of the cell that the cursor is on, and what its column holds.
    #[must_use]
    pub fn current(self) -> Option<(Key, Kind)> {
        let cursor = self.cursor.get_untracked()?;
        let Spot { column, .. } = self.spot_of(&cursor)?;
        let kind = self.columns.with_untracked(|columns| columns[column].kind);
        Some((Key::cell(self.table, &cursor.row, &cursor.field), kind))
    }

    /// Whether the person may add, move and delete rows.
    #[must_use]
    pub fn may_arrange(self, row: &RowId) -> bool {
        self.store.may_write(&Key::cell(self.table, row, ORDER))
    }

    /// Puts the cursor on a cell, selects nothing else, and brings it into view.
    pub fn put_cursor(self, spot: Spot) {
        if self.selection.with_untracked(Option::is_some) {
            self.selection.set(None);
        }
        self.place_cursor(spot);
    }

    /// Puts the cursor on a cell and brings it into view.
    pub(super) fn place_cursor(self, spot: Spot) {
        let Some(cursor) = self.at(spot) else { return };
        self.last.set_value(spot);
        self.reveal(spot);
        if self.cursor.with_untracked(|old| old.as_ref() != Some(&cursor)) {
            self.cursor.set(Some(cursor));
        }
        self.hold();
        self.set_reveals(true);
    }

    /// Moves the cursor.
    pub fn go(self, step: Move) {
        let Some(from) = self.spot() else {
            return self.put_cursor(Spot { row: 0, column: 0 });
        };
        let start = self.hand.with_value(|hand| hand.run_start);
        let run_start = matches!(step, Move::Next).then(|| start.unwrap_or(from.column));
        self.hand.update_value(|hand| hand.run_start = run_start);
        if matches!(step, Move::Next | Move::Previous)
            && self.go_round(true, step == Move::Previous)
        {
            return;
        }
        self.put_cursor(moved(from, step, self.extent(), |spot| self.is_filled(spot)));
    }

    /// Moves the cursor down: after a run of tabs to the column where it began.
    pub fn go_down(self) {
        let Some(from) = self.spot() else { return };
        if self.go_round(false, false) {
            return;
        }
        let start = self.hand.with_value(|hand| hand.run_start).unwrap_or(from.column);
        self.hand.update_value(|hand| hand.run_start = None);
        let last = self.extent().rows.saturating_sub(1);
        self.put_cursor(Spot { row: (from.row + 1).min(last), column: start });
    }

    /// How far cursor and selection can go.
    pub(super) fn extent(self) -> Extent {
        let layout = self.layout.get_untracked();
        let height = self.view.with_untracked(|view| view.height) - layout.head;
        let row = self.spot().map_or(0, |spot| spot.row);
        untrack(|| {
            self.with_heights(|heights| Extent {
                rows: heights.len(),
                columns: layout.columns.len(),
                page: heights.at(heights.top(row) + height).saturating_sub(row),
            })
        })
    }

    /// Scrolls as little as needed to show a cell.
    pub fn reveal(self, spot: Spot) {
        self.reveal_row(spot);
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let Some(rect) = untrack(|| self.rect(spot)).filter(|_| spot.column > 0) else { return };
        let (scrolled, length) =
            (f64::from(scroller.scroll_left()), f64::from(scroller.client_width()));
        let frozen = self.layout.with_untracked(|layout| layout.frozen());
        let right = rect.left + rect.width;
        let to = revealed(scrolled, length, frozen, rect.left, right).round();
        if (to - scrolled).abs() >= 1.0 {
            scroller.set_scroll_left(to as i32);
            self.left.set(to);
        }
    }

    /// Scrolls down or up as little as needed to show the row of a cell.
    pub fn reveal_row(self, spot: Spot) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let Some(rect) = untrack(|| self.rect(spot)) else { return };
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
        let covered = self.layout.with_untracked(|layout| layout.head);
        let from = rect.top - covered;
        let covered = covered + self.under_tray.get_value();
        let to = revealed(top, height - covered, 0.0, from, from + rect.height).round();
        if (to - top).abs() >= 1.0 {
            scroller.set_scroll_top(to as i32);
            self.view.update(|view| view.top = to);
        }
    }

    /// Gives the keyboard to the grid, on its cursor or first cell.
    pub fn focus(self) {
        if self.spot().is_none() {
            self.put_cursor(Spot { row: 0, column: 0 });
        }
        self.focus_textarea();
    }

    /// Gives the keyboard to the textarea without scrolling; where the table is covered, to what
    /// covers it.
    pub fn focus_textarea(self) {
        if self.is_covered() {
            return self.focus_cover();
        }
        let Some(textarea) = self.textarea.get_untracked() else { return };
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails for elements that cannot be focused, which a textarea can.
        let _ = textarea.focus_with_options(&options);
    }

    /// Has something read aloud.
    pub fn announce(self, text: impl Into<String>) {
        let text = text.into();
        // The same words once more are read only where the text differs.
        let again = self.announcement.with_untracked(|said| *said == text);
        self.announcement.set(if again { format!("{text}\u{a0}") } else { text });
    }
}

/// The pixels of a rem: what text has grown to by the reader's settings.
fn rem() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(16.0)
}

/// The id of a cell's element.
#[must_use]
pub fn cell_id(row: &RowId, field: &str) -> String {
    format!("cell-{row}-{field}")
}
