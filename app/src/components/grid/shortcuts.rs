//! The keyboard map of the grid: the one list that the keys follow, that people read, and that
//! the tests go through.

use super::{
    find::Finding,
    keys::{Command, Mode, step},
    moves::{Move, Side},
    selection::Whole,
};
use crate::store::Way;

/// When keys do what is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// While going from cell to cell.
    Browsing,
    /// While a cell is open.
    Editing,
    /// While a cell is open because somebody typed over it.
    Typing,
    /// While a row is shown as a form.
    Card,
}

impl When {
    /// Whether it is now.
    #[must_use]
    pub fn holds(self, mode: Mode) -> bool {
        match self {
            Self::Browsing => mode == Mode::Browse,
            Self::Editing => mode != Mode::Browse,
            Self::Typing => mode == Mode::Typing,
            // The table has no keyboard then.
            Self::Card => false,
        }
    }
}

/// Keys and what they do.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// When.
    pub when: When,
    /// Each of these.
    pub keys: &'static [&'static str],
    /// What they ask for.
    pub command: Command,
    /// In the words of the person who looks for it.
    pub what: &'static str,
}

const fn browsing(keys: &'static [&'static str], command: Command, what: &'static str) -> Shortcut {
    Shortcut { when: When::Browsing, keys, command, what }
}

const fn editing(keys: &'static [&'static str], command: Command, what: &'static str) -> Shortcut {
    Shortcut { when: When::Editing, keys, command, what }
}

const fn typing(keys: &'static [&'static str], command: Command, what: &'static str) -> Shortcut {
    Shortcut { when: When::Typing, keys, command, what }
}

const fn card(keys: &'static [&'static str], command: Command, what: &'static str) -> Shortcut {
    Shortcut { when: When::Card, keys, command, what }
}

const fn go(to: Move) -> Command {
    Command::Go(to)
}

const fn extend(to: Move) -> Command {
    Command::Extend(to)
}

const fn commit(to: Move) -> Command {
    Command::Commit(Some(to))
}

use Side::{Down, Left, Right, Up};

/// The list.
pub const SHORTCUTS: &[Shortcut] = &[
    browsing(&["ArrowUp"], go(step(Up)), "Celda de arriba"),
    browsing(&["ArrowDown"], go(step(Down)), "Celda de abajo"),
    browsing(&["ArrowLeft"], go(step(Left)), "Celda de la izquierda"),
    browsing(&["ArrowRight"], go(step(Right)), "Celda de la derecha"),
    browsing(&["Tab"], go(Move::Next), "Celda siguiente"),
    browsing(&["Shift+Tab"], go(Move::Previous), "Celda anterior"),
    browsing(&["Ctrl+ArrowUp"], go(Move::Jump(Up)), "Borde de los datos hacia arriba"),
    browsing(&["Ctrl+ArrowDown"], go(Move::Jump(Down)), "Borde de los datos hacia abajo"),
    browsing(&["Ctrl+ArrowLeft"], go(Move::Jump(Left)), "Borde de los datos hacia la izquierda"),
    browsing(&["Ctrl+ArrowRight"], go(Move::Jump(Right)), "Borde de los datos hacia la derecha"),
    browsing(&["Home"], go(Move::RowStart), "Inicio de la fila"),
    browsing(&["End"], go(Move::RowEnd), "Fin de la fila"),
    browsing(&["Ctrl+Home"], go(Move::First), "Primera celda de la tabla"),
    browsing(&["Ctrl+End"], go(Move::Last), "Última celda de la tabla"),
    browsing(&["PageUp"], go(Move::PageUp), "Una página hacia arriba"),
    browsing(&["PageDown"], go(Move::PageDown), "Una página hacia abajo"),
    browsing(&["Shift+ArrowUp"], extend(step(Up)), "Extender la selección hacia arriba"),
    browsing(&["Shift+ArrowDown"], extend(step(Down)), "Extender la selección hacia abajo"),
    browsing(&["Shift+ArrowLeft"], extend(step(Left)), "Extender la selección a la izquierda"),
    browsing(&["Shift+ArrowRight"], extend(step(Right)), "Extender la selección a la derecha"),
    browsing(
        &["Ctrl+Shift+ArrowUp"],
        extend(Move::Jump(Up)),
        "Extender hasta el borde de los datos, hacia arriba",
    ),
    browsing(
        &["Ctrl+Shift+ArrowDown"],
        extend(Move::Jump(Down)),
        "Extender hasta el borde de los datos, hacia abajo",
    ),
    browsing(
        &["Ctrl+Shift+ArrowLeft"],
        extend(Move::Jump(Left)),
        "Extender hasta el borde de los datos, a la izquierda",
    ),
    browsing(
        &["Ctrl+Shift+ArrowRight"],
        extend(Move::Jump(Right)),
        "Extender hasta el borde de los datos, a la derecha",
    ),
    browsing(&["Shift+Home"], extend(Move::RowStart), "Extender hasta el inicio de la fila"),
    browsing(&["Shift+End"], extend(Move::RowEnd), "Extender hasta el fin de la fila"),
    browsing(&["Ctrl+Shift+Home"], extend(Move::First), "Extender hasta la primera celda"),
    browsing(&["Ctrl+Shift+End"], extend(Move::Last), "Extender hasta la última celda"),
    browsing(&["Shift+PageUp"], extend(Move::PageUp), "Extender una página hacia arriba"),
    browsing(&["Shift+PageDown"], extend(Move::PageDown), "Extender una página hacia abajo"),
    browsing(&["Ctrl+a"], Command::Select(Whole::All), "Seleccionar toda la tabla"),
    browsing(&["Ctrl+Space"], Command::Select(Whole::Columns), "Seleccionar la columna"),
    browsing(&["Shift+Space"], Command::Select(Whole::Rows), "Seleccionar la fila"),
    browsing(&["Enter", "Shift+Enter", "F2"], Command::Edit, "Editar la celda"),
    browsing(&["Delete", "Backspace"], Command::Clear, "Vaciar lo seleccionado"),
    browsing(&["Space"], Command::Space, "Marcar sí o no"),
    browsing(&["Ctrl+Enter"], Command::AddRow { above: false }, "Insertar fila debajo"),
    browsing(&["Ctrl+Shift+Enter"], Command::AddRow { above: true }, "Insertar fila arriba"),
    browsing(&["Ctrl+Delete", "Ctrl+Backspace"], Command::DeleteRow, "Borrar fila"),
    browsing(&["Alt+ArrowUp"], Command::MoveRow { up: true }, "Subir la fila"),
    browsing(&["Alt+ArrowDown"], Command::MoveRow { up: false }, "Bajar la fila"),
    browsing(&["Shift+F10", "ContextMenu"], Command::Menu, "Menú de la fila"),
    browsing(&["Alt+Enter"], Command::Card, "Ver la fila como ficha"),
    browsing(&["Alt+r"], Command::Review, "Decidir o revisar la celda"),
    browsing(&["Escape"], Command::Leave, "Soltar la selección; luego Tab sale de la tabla"),
    browsing(&["Ctrl+c"], Command::Clipboard, "Copiar"),
    browsing(&["Ctrl+x"], Command::Clipboard, "Cortar"),
    browsing(&["Ctrl+v"], Command::Clipboard, "Pegar, después de ver qué cambiaría"),
    browsing(&["Ctrl+Shift+v"], Command::Clipboard, "Pegar solo los textos"),
    browsing(&["Ctrl+d"], Command::Fill(Down), "Rellenar hacia abajo"),
    browsing(&["Ctrl+r"], Command::Fill(Right), "Rellenar hacia la derecha"),
    browsing(&["Ctrl+;"], Command::Stamp { with_time: false }, "Escribir la fecha de hoy"),
    browsing(&["Ctrl+:"], Command::Stamp { with_time: true }, "Escribir la fecha y la hora"),
    browsing(&["Ctrl+f"], Command::Find(Finding::Text), "Buscar y reemplazar"),
    browsing(&["F3", "Ctrl+g"], Command::FindNext { back: false }, "Buscar el siguiente"),
    browsing(&["Shift+F3", "Ctrl+Shift+g"], Command::FindNext { back: true }, "Buscar el anterior"),
    browsing(&["Alt+g"], Command::Find(Finding::Row), "Ir a una fila"),
    browsing(&["F1", "Ctrl+/"], Command::Help, "Ver los atajos de teclado"),
    browsing(&["Ctrl+z"], Command::Take(Way::Back), "Deshacer lo último que hiciste"),
    browsing(&["Ctrl+y", "Ctrl+Shift+z"], Command::Take(Way::Again), "Rehacer"),
    editing(&["Enter"], Command::CommitDown, "Guardar y bajar"),
    editing(&["Shift+Enter"], commit(step(Up)), "Guardar y subir"),
    editing(&["Tab"], commit(Move::Next), "Guardar y pasar a la celda siguiente"),
    editing(&["Shift+Tab"], commit(Move::Previous), "Guardar y volver a la celda anterior"),
    editing(&["Alt+Enter"], Command::LineBreak, "Salto de línea en un texto largo"),
    editing(&["Escape"], Command::Cancel, "Dejar la celda como estaba"),
    editing(&["Ctrl+;"], Command::Stamp { with_time: false }, "Insertar la fecha de hoy"),
    editing(&["Ctrl+:"], Command::Stamp { with_time: true }, "Insertar la fecha y la hora"),
    card(&["Alt+PageDown"], Command::CardStep { back: false }, "Ficha de la fila siguiente"),
    card(&["Alt+PageUp"], Command::CardStep { back: true }, "Ficha de la fila anterior"),
    card(&["Escape"], Command::CloseCard, "Volver a la tabla"),
    card(&["Ctrl+z"], Command::Take(Way::Back), "Deshacer lo último que hiciste"),
    card(&["Ctrl+y", "Ctrl+Shift+z"], Command::Take(Way::Again), "Rehacer"),
    typing(&["ArrowUp"], commit(step(Up)), "Guardar y subir, si se escribió encima"),
    typing(&["ArrowDown"], commit(step(Down)), "Guardar y bajar, si se escribió encima"),
    typing(
        &["ArrowLeft"],
        commit(step(Left)),
        "Guardar e ir a la izquierda, si se escribió encima",
    ),
    typing(
        &["ArrowRight"],
        commit(step(Right)),
        "Guardar e ir a la derecha, si se escribió encima",
    ),
];
