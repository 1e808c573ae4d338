//! Cells in the panel from the grid: while the panel shows histories, it shows that of the cell that
//! the cursor is on; what is to be decided or looked at in the cell is asked for.

use std::time::Duration;

use leptos::prelude::*;
use shared::{ids::RowId, key::Key};

use super::{moves::Spot, sheet::Sheet};
use crate::components::panel::{Panel, PanelCell, panel_for, show_cell};

/// How long the cursor rests before the panel follows it: each history is a request.
const REST: Duration = Duration::from_millis(250);

/// Has the panel follow the cursor.
pub fn follow_cursor(sheet: Sheet) {
    let Some(PanelCell(of)) = use_context() else { return };
    Effect::new(move |pending: Option<Option<TimeoutHandle>>| {
        if let Some(Some(pending)) = pending {
            pending.clear();
        }
        let cursor = sheet.cursor.get()?;
        let panel = sheet.panel?;
        (panel.get() == Some(Panel::History)).then_some(())?;
        let key = Key::cell(sheet.table, &cursor.row, &cursor.field);
        let show = move || {
            if of.try_with_untracked(|shown| shown.as_ref() != Some(&key)) == Some(true) {
                of.set(Some(key));
            }
        };
        set_timeout_with_handle(show, REST).ok()
    });
}

impl Sheet {
    /// Shows what is to be decided or looked at in the cell of the cursor.
    pub fn review(self) {
        let Some((key, _)) = self.current() else { return };
        match (panel_for(self.store, &key), self.panel, self.panel_cell) {
            (Some(panel), Some(shown), Some(cell)) => show_cell(shown, panel, cell, key),
            _ => self.announce("Esta celda no tiene nada por decidir ni por revisar."),
        }
    }

    /// Shows the history of the cell of this row that the cursor is on, or would be on.
    pub fn show_history(self, row: &RowId) {
        let Some(place) = self.order.with_untracked(|order| order.place(row)) else { return };
        let column = self.spot().map_or(0, |spot| spot.column);
        self.put_cursor(Spot { row: place, column });
        if let Some(panel) = self.panel {
            panel.set(Some(Panel::History));
        }
    }
}
