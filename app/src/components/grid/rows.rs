//! Adding, deleting and moving rows.

use leptos::prelude::*;
use shared::{edit::Edit, ids::RowId};

use super::{
    lens::Lens,
    moves::Spot,
    notice::Notice,
    sheet::{Cursor, Sheet},
};
use crate::clock::new_row_id;

impl Sheet {
    /// Adds a row below another, or above; without one, at the end. The cursor goes to its first
    /// cell.
    pub fn add_row(self, beside: Option<&RowId>, above: bool) {
        let row = new_row_id();
        if !self.may_arrange(&row) {
            return;
        }
        let order = self.store.with(|exercise| {
            let table = exercise.table(self.table);
            // In the shared order: what is shown may be sorted or filtered.
            let place = beside.and_then(|row| table.place(row));
            match place {
                None => table.order_last(&row),
                Some(place) if above => table.order_after(place.checked_sub(1), &row),
                Some(place) => table.order_after(Some(place), &row),
            }
        });
        if self.apply(vec![Edit::PlaceRow { table: self.table, row: row.clone(), order }])
            && let Some(place) = self.order.with_untracked(|order| order.place(&row))
        {
            self.put_cursor(Spot { row: place, column: 0 });
            self.focus_textarea();
            self.announce(format!("Fila {} agregada.", place + 1));
        }
    }

    /// Marks a row as deleted, and offers to restore it.
    pub fn delete_row(self, row: &RowId) {
        let Some(place) = self.order.with_untracked(|order| order.place(row)) else { return };
        if !self.may_arrange(row) || !self.mark(row, true) {
            return;
        }
        self.card.set(false);
        let row = row.clone();
        self.notice.set(Some(Notice::with_way_back(
            format!("Se borró la fila {}.", place + 1),
            move || self.restore(&row),
        )));
        self.stay_near();
    }

    /// Takes the mark of deletion back.
    pub fn restore(self, row: &RowId) {
        if self.mark(row, false)
            && let Some(place) = self.order.with_untracked(|order| order.place(row))
        {
            let column = self.last.with_value(|last| last.column);
            self.put_cursor(Spot { row: place, column });
        }
    }

    fn mark(self, row: &RowId, deleted: bool) -> bool {
        self.apply(vec![Edit::DeleteRow { table: self.table, row: row.clone(), deleted }])
    }

    /// Moves a row by one place.
    pub fn move_row(self, row: &RowId, up: bool) {
        if self.lens.with_untracked(Lens::is_sorted) {
            let text = "Las filas no se pueden mover mientras la vista está ordenada: su orden es el \
                de la columna. Quita la vista para moverlas.";
            self.announce(text);
            return self.notice.set(Some(Notice::plain(text)));
        }
        let rows = self.order.get_untracked();
        let Some(place) = rows.place(row) else { return };
        if !self.may_arrange(row) || (up && place == 0) || (!up && place + 1 == rows.rows().len()) {
            return;
        }
        // Past the neighbour that is shown, and whatever is filtered out beside it.
        let neighbour = &rows.rows()[if up { place - 1 } else { place + 1 }];
        let order = self.store.with(|exercise| {
            let table = exercise.table(self.table);
            let past = table.place(neighbour);
            table.order_after(if up { past.and_then(|at| at.checked_sub(1)) } else { past }, row)
        });
        if self.apply(vec![Edit::PlaceRow { table: self.table, row: row.clone(), order }]) {
            let place = if up { place - 1 } else { place + 1 };
            let column = self.last.with_value(|last| last.column);
            self.put_cursor(Spot { row: place, column });
            self.announce(format!("Fila movida al lugar {}.", place + 1));
        }
    }

    /// Puts the cursor where it was, when its row has gone.
    pub fn stay_near(self) {
        if self.spot().is_some() {
            return;
        }
        let rows = self.order.with_untracked(|order| order.rows().len());
        let Spot { row, column } = self.last.get_value();
        match rows {
            0 => self.cursor.set(None),
            rows => self.put_cursor(Spot { row: row.min(rows - 1), column }),
        }
    }

    /// Others deleted the row in which a cell is open: what was typed is kept in it, and the row
    /// can be restored.
    pub fn row_has_gone(self, cursor: &Cursor) {
        // The card goes with its row, and its fields keep what was typed into them: whoever goes on
        // typing does not do so in another row.
        let was_card = self.card.get_untracked();
        self.card.set(false);
        if was_card || (self.session.with_value(Option::is_some) && self.commit()) {
            let row = cursor.row.clone();
            self.notice.set(Some(Notice::with_way_back(
                "Otra persona borró la fila en la que escribías; lo escrito quedó en ella.",
                move || self.restore(&row),
            )));
        }
        self.picking.set(None);
        self.stay_near();
    }
}
