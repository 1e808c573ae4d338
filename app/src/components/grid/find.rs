//! Finding and replacing in a whole table, rows out of view included, and going to a row.

mod search;

use std::time::Duration;

use leptos::{ev, html, prelude::*};
use shared::{edit::Edit, format::format_integer, key::Key, model::Cell, template::Kind};
use web_sys::KeyboardEvent;

use self::search::Wanted;
use super::{
    entry::{read, written},
    moves::Spot,
    notice::Notice,
    paste::words,
    sheet::{Cursor, Sheet},
};

/// The table is searched when typing pauses for this long.
const PAUSE: Duration = Duration::from_millis(200);

/// What the bar was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A text.
    Text,
    /// A row.
    Row,
}

/// What is looked for in a grid, kept while the bar is closed.
#[derive(Debug, Clone, Copy)]
pub struct Find {
    /// Whether the bar is open.
    pub open: RwSignal<Option<Finding>>,
    text: RwSignal<String>,
    found: RwSignal<Vec<Cursor>>,
}

impl Find {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            text: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
        }
    }
}

/// What came of replacing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Replacing {
    edits: Vec<Edit>,
    cells: usize,
    refused: usize,
}

impl Sheet {
    /// Puts the cursor on the next cell that holds what is looked for, or the one before.
    pub fn find_next(self, back: bool) {
        if Wanted::new(&self.find.text.get_untracked()).is_none() {
            return self.find.open.set(Some(Finding::Text));
        }
        self.search();
        let place = |cursor: &Cursor| self.spot_of(cursor).map(|at| (at.row, at.column));
        let here = self.spot().map(|at| (at.row, at.column));
        let next = self.find.found.with_untracked(|found| {
            let mut places: Vec<_> = found.iter().filter_map(place).collect();
            places.sort_unstable();
            if back {
                let before = places.iter().rev().find(|at| here.is_none_or(|here| **at < here));
                before.or(places.last()).copied()
            } else {
                let behind = places.iter().find(|at| here.is_none_or(|here| **at > here));
                behind.or(places.first()).copied()
            }
        });
        match next {
            Some((row, column)) => self.put_cursor(Spot { row, column }),
            None => self.announce("No se encontró."),
        }
    }

    /// Looks through the whole table.
    fn search(self) {
        let wanted = Wanted::new(&self.find.text.get_untracked());
        let (order, columns) = (self.order.get_untracked(), self.columns.get_untracked());
        let found = wanted.map_or_else(Vec::new, |wanted| {
            self.store.with(|exercise| {
                let rows = order.rows().iter().filter_map(|id| exercise.row(self.table, id));
                rows.flat_map(|row| columns.iter().map(move |column| (row, column)))
                    .filter(|(row, column)| {
                        let cell = row.cells.get(&column.field);
                        cell.is_some_and(|cell| match cell {
                            Cell::Narrative(text) => wanted.is_in(text),
                            cell => wanted.is_in(&words(exercise, column.kind, cell)),
                        })
                    })
                    .map(|(row, column)| Cursor {
                        row: row.id.clone(),
                        field: column.field.clone(),
                    })
                    .collect()
            })
        });
        self.find.found.set(found);
    }

    /// Replaces what is looked for in these cells, as one action.
    fn replace(self, cells: &[Cursor], with: &str) {
        let Some(wanted) = Wanted::new(&self.find.text.get_untracked()) else { return };
        let columns = self.columns.get_untracked();
        let mut replacing = Replacing::default();
        for cursor in cells {
            let key = Key::cell(self.table, &cursor.row, &cursor.field);
            let kind = columns.iter().find(|column| column.field == cursor.field).map(|it| it.kind);
            let edits = kind
                .filter(|_| self.store.may_write(&key))
                .and_then(|kind| replacement(&key, kind, self.cell(&key).as_ref(), &wanted, with));
            match edits {
                Some(edits) => {
                    replacing.cells += 1;
                    replacing.edits.extend(edits);
                }
                None => replacing.refused += 1,
            }
        }
        let text = told(&replacing);
        let is_done = !replacing.edits.is_empty();
        if !is_done || self.apply(replacing.edits) {
            let notice = if is_done { self.way_back(text, true) } else { Notice::plain(text) };
            self.notice.set(Some(notice));
        }
        self.search();
    }
}

/// The edits that replace a text in a cell; `None` where it does not admit what would be there.
fn replacement(
    key: &Key,
    kind: Kind,
    cell: Option<&Cell>,
    wanted: &Wanted,
    with: &str,
) -> Option<Vec<Edit>> {
    match (kind, cell?) {
        (Kind::Narrative, Cell::Narrative(text)) => {
            let new = wanted.replaced(text, with)?;
            Some(Edit::splice(key.clone(), text, &new).into_iter().collect())
        }
        (Kind::Text | Kind::Money | Kind::Integer | Kind::Date, cell) => {
            let new = wanted.replaced(&written(Some(cell)), with)?;
            let value = read(kind, &new).ok()?;
            Some(vec![Edit::SetCell { key: key.clone(), value }])
        }
        _ => None,
    }
}

fn told(replacing: &Replacing) -> String {
    let cells = |count: usize| match count {
        1 => "1 celda".to_owned(),
        count => format!("{} celdas", format_integer(count as i64)),
    };
    let mut text = match replacing.cells {
        0 => "No se reemplazó nada.".to_owned(),
        count => format!("Se reemplazó en {}.", cells(count)),
    };
    if replacing.refused > 0 {
        let admit = if replacing.refused == 1 { "admite" } else { "admiten" };
        text += &format!(" {} no {admit} el reemplazo.", cells(replacing.refused));
    }
    text
}

/// Shows the bar while it is open.
#[component]
pub fn FindBar(sheet: Sheet) -> impl IntoView {
    move || sheet.find.open.get().map(|finding| view! { <Bar sheet finding /> })
}

#[component]
fn Bar(sheet: Sheet, finding: Finding) -> impl IntoView {
    let (text, found) = (sheet.find.text, sheet.find.found);
    let with = RwSignal::new(String::new());
    let (search, row) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    Effect::new(move |_| {
        let first = if finding == Finding::Row { row.get() } else { search.get() };
        if let Some(first) = first {
            // An input that was just put into the page can be focused.
            let _ = first.focus();
            first.select();
        }
    });
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event| {
        text.set(event_target_value(&event));
        if let Some(pause) = pause.get_value() {
            pause.clear();
        }
        let search = move || {
            if text.try_get_untracked().is_some() {
                sheet.search();
            }
        };
        pause.set_value(set_timeout_with_handle(search, PAUSE).ok());
    };
    if !text.with_untracked(String::is_empty) {
        sheet.search();
    }
    let close = move || {
        sheet.find.open.set(None);
        sheet.focus_textarea();
    };
    let next = move |back: bool| sheet.find_next(back);
    let keys = move |event: KeyboardEvent| {
        let ctrl = event.ctrl_key() || event.meta_key();
        match (event.key().as_str(), ctrl) {
            ("Escape", _) => close(),
            ("F3", false) | ("g" | "G", true) => next(event.shift_key()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let enter = move |act: fn(Sheet, bool)| {
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                act(sheet, event.shift_key());
            }
        }
    };
    let go_to_row = move |event: KeyboardEvent| {
        if event.key() == "Enter"
            && let Ok(row) = event_target_value(&event).trim().replace('.', "").parse::<usize>()
        {
            event.prevent_default();
            let rows = sheet.order.with_untracked(|order| order.rows().len());
            if (1..=rows).contains(&row) {
                let column = sheet.spot().map_or(0, |at| at.column);
                sheet.put_cursor(Spot { row: row - 1, column });
                close();
            } else {
                sheet.announce(format!("La tabla tiene {} filas.", format_integer(rows as i64)));
            }
        }
    };
    let here =
        move || sheet.cursor.get().filter(|cursor| found.with(|found| found.contains(cursor)));
    let count = move || {
        let place = here().and_then(|here| found.with(|all| all.iter().position(|at| *at == here)));
        found.with(|found| match (found.len(), place) {
            (0, _) if text.with(|text| text.trim().is_empty()) => String::new(),
            (0, _) => "No se encontró".into(),
            (count, Some(place)) => format!("{} de {}", place + 1, format_integer(count as i64)),
            (count, None) => format!("{} en total", format_integer(count as i64)),
        })
    };
    let replace_one = move |_| {
        if let Some(here) = here() {
            sheet.replace(&[here], &with.get_untracked());
        }
        next(false);
    };
    let replace_all = move |_| {
        sheet.search();
        sheet.replace(&found.get_untracked(), &with.get_untracked());
    };
    let none = move || found.with(Vec::is_empty);
    view! {
        <div class="grid-find" role="search" aria-label="Buscar en la tabla" on:keydown=keys>
            <input
                node_ref=search
                class="input"
                type="text"
                aria-label="Buscar"
                placeholder="Buscar en la tabla"
                prop:value=text
                on:input=typed
                on:keydown=enter(|sheet, back| sheet.find_next(back))
            />
            <span class="grid-find-count" role="status">{count}</span>
            <button type="button" class="button" aria-label="Anterior" on:click=move |_| next(true)>"↑"</button>
            <button type="button" class="button" aria-label="Siguiente" on:click=move |_| next(false)>"↓"</button>
            <input
                class="input"
                type="text"
                aria-label="Reemplazar por"
                placeholder="Reemplazar por"
                prop:value=with
                on:input=move |event: ev::Event| with.set(event_target_value(&event))
            />
            <button type="button" class="button" disabled=none on:click=replace_one>"Reemplazar"</button>
            <button type="button" class="button" disabled=none on:click=replace_all>"Reemplazar todo"</button>
            <label class="grid-find-row">
                "Ir a la fila"
                <input node_ref=row class="input" inputmode="numeric" size="6" on:keydown=go_to_row />
            </label>
            <button type="button" class="button" aria-label="Cerrar la búsqueda" on:click=move |_| close()>"×"</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use shared::value::Value;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn replaced(kind: Kind, cell: Cell, wanted: &str, with: &str) -> Option<Vec<Edit>> {
        let key = Key::parse("focus/a/action").unwrap();
        replacement(&key, kind, Some(&cell), &Wanted::new(wanted).unwrap(), with)
    }

    #[test]
    fn a_cell_takes_only_what_it_admits() {
        let text = Cell::Value(Value::Text("Feria de Año Nuevo".into()));
        let key = Key::parse("focus/a/action").unwrap();
        let value = Some(Value::Text("Fiesta de Año Nuevo".into()));
        let edit = Edit::SetCell { key, value };
        assert_eq!(replaced(Kind::Text, text, "FERIA", "Fiesta"), Some(vec![edit]));
        let amount = || Cell::Value(Value::Money(1_500_000));
        assert!(replaced(Kind::Money, amount(), "1.5", "2.5").is_some());
        assert_eq!(replaced(Kind::Money, amount(), "1.5", "mucho"), None);
        let code = Cell::Value(Value::Code("crece".into()));
        assert_eq!(replaced(Kind::Instrument, code, "crece", "emprende"), None);
    }

    #[test]
    fn what_was_not_replaced_is_told() {
        let replacing = Replacing { cells: 12, refused: 1, ..Replacing::default() };
        assert_eq!(told(&replacing), "Se reemplazó en 12 celdas. 1 celda no admite el reemplazo.");
        assert_eq!(told(&Replacing::default()), "No se reemplazó nada.");
    }
}
