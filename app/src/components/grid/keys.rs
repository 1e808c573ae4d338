//! What the keys do: the keyboard map of the grid, for each of its modes.

use super::moves::{Move, Side};

/// A key with what was held down with it.
#[derive(Debug, Clone, Copy)]
pub struct Press<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// Control, or ⌘ on Apple's keyboards.
    pub ctrl: bool,
    /// Alt, or ⌥.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
}

/// What the keyboard is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Going from cell to cell.
    Browse,
    /// Typing over a cell: arrows leave it.
    Typing,
    /// Working inside a cell: arrows move the caret.
    Caret,
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Move the cursor.
    Go(Move),
    /// Work inside the cell.
    Edit,
    /// Empty the cell.
    Clear,
    /// The next value of a yes-or-no cell; elsewhere a space begins a text.
    Space,
    /// Keep what was typed, then move.
    Commit(Option<Move>),
    /// Keep what was typed, then go down: where a run of tabs began, if there was one.
    CommitDown,
    /// Back to the value from before.
    Cancel,
    /// A line break inside the cell.
    LineBreak,
    /// A new row below this one, or above.
    AddRow {
        /// Above instead of below.
        above: bool,
    },
    /// Delete this row.
    DeleteRow,
    /// Move this row up or down by one.
    MoveRow {
        /// Towards the top.
        up: bool,
    },
    /// Open the menu of the row.
    Menu,
    /// Let the next Tab leave the grid.
    Leave,
    /// Do nothing, and let nobody else do anything: a command that is not for this mode.
    Nothing,
}

/// The command of a key; `None` leaves it to the browser.
#[must_use]
pub fn command(mode: Mode, press: Press<'_>) -> Option<Command> {
    match mode {
        Mode::Browse => browsing(press),
        Mode::Typing | Mode::Caret => editing(mode, press),
    }
}

fn browsing(Press { key, ctrl, alt, shift }: Press<'_>) -> Option<Command> {
    let go = |step| Some(Command::Go(step));
    match (key, ctrl, alt) {
        ("ArrowUp" | "ArrowDown", false, true) => Some(Command::MoveRow { up: key == "ArrowUp" }),
        ("Enter", true, false) => Some(Command::AddRow { above: shift }),
        ("Backspace" | "Delete", true, false) => Some(Command::DeleteRow),
        ("Home", true, false) => go(Move::First),
        ("End", true, false) => go(Move::Last),
        (_, true, false) if side(key).is_some() => {
            side(key).map(|side| Command::Go(Move::Jump(side)))
        }
        // The textarea is empty and must stay so: its own undo would bring back an old text.
        ("z" | "Z" | "y" | "Y", true, false) => Some(Command::Nothing),
        (_, _, true) | (_, true, _) => None,
        ("Tab", ..) => go(if shift { Move::Previous } else { Move::Next }),
        ("F10", ..) if shift => Some(Command::Menu),
        ("ContextMenu", ..) => Some(Command::Menu),
        ("Enter" | "F2", ..) => Some(Command::Edit),
        ("Escape", ..) => Some(Command::Leave),
        ("Backspace" | "Delete", ..) => Some(Command::Clear),
        (" ", ..) => Some(Command::Space),
        ("Home", ..) => go(Move::RowStart),
        ("End", ..) => go(Move::RowEnd),
        ("PageUp", ..) => go(Move::PageUp),
        ("PageDown", ..) => go(Move::PageDown),
        _ => side(key).map(|side| Command::Go(Move::Step(side))),
    }
}

fn editing(mode: Mode, Press { key, ctrl, alt, shift }: Press<'_>) -> Option<Command> {
    match (key, ctrl, alt) {
        ("Enter", false, true) => Some(Command::LineBreak),
        (_, _, true) | (_, true, _) => None,
        ("Escape", ..) => Some(Command::Cancel),
        ("Enter", ..) if shift => Some(Command::Commit(Some(Move::Step(Side::Up)))),
        ("Enter", ..) => Some(Command::CommitDown),
        ("Tab", ..) => Some(Command::Commit(Some(if shift { Move::Previous } else { Move::Next }))),
        _ if mode == Mode::Typing && !shift => {
            side(key).map(|side| Command::Commit(Some(Move::Step(side))))
        }
        _ => None,
    }
}

fn side(key: &str) -> Option<Side> {
    match key {
        "ArrowLeft" => Some(Side::Left),
        "ArrowRight" => Some(Side::Right),
        "ArrowUp" => Some(Side::Up),
        "ArrowDown" => Some(Side::Down),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &str) -> Press<'_> {
        let key = text.rsplit('+').next().unwrap_or_default();
        Press {
            key: if key == "Space" { " " } else { key },
            ctrl: text.contains("Ctrl+"),
            alt: text.contains("Alt+"),
            shift: text.contains("Shift+"),
        }
    }

    #[test]
    fn browsing_moves_and_begins() {
        for (keys, expected) in [
            ("ArrowDown", Some(Command::Go(Move::Step(Side::Down)))),
            ("Ctrl+ArrowRight", Some(Command::Go(Move::Jump(Side::Right)))),
            ("Tab", Some(Command::Go(Move::Next))),
            ("Shift+Tab", Some(Command::Go(Move::Previous))),
            ("Home", Some(Command::Go(Move::RowStart))),
            ("Ctrl+End", Some(Command::Go(Move::Last))),
            ("Enter", Some(Command::Edit)),
            ("F2", Some(Command::Edit)),
            ("Delete", Some(Command::Clear)),
            ("Ctrl+Enter", Some(Command::AddRow { above: false })),
            ("Ctrl+Shift+Enter", Some(Command::AddRow { above: true })),
            ("Ctrl+Backspace", Some(Command::DeleteRow)),
            ("Alt+ArrowUp", Some(Command::MoveRow { up: true })),
            ("Shift+F10", Some(Command::Menu)),
            ("Escape", Some(Command::Leave)),
            ("Space", Some(Command::Space)),
            ("a", None),
            ("Dead", None),
        ] {
            assert_eq!(command(Mode::Browse, press(keys)), expected, "{keys}");
        }
    }

    #[test]
    fn the_browsers_own_keys_stay_with_it() {
        for keys in ["Ctrl+t", "Ctrl+w", "Ctrl+n", "Ctrl+l", "Ctrl+c", "Ctrl+v", "F5", "F12"] {
            for mode in [Mode::Browse, Mode::Typing, Mode::Caret] {
                assert_eq!(command(mode, press(keys)), None, "{keys}");
            }
        }
    }

    #[test]
    fn arrows_leave_a_cell_only_where_typing_began_it() {
        let right = Some(Command::Commit(Some(Move::Step(Side::Right))));
        assert_eq!(command(Mode::Typing, press("ArrowRight")), right);
        assert_eq!(command(Mode::Caret, press("ArrowRight")), None);
        assert_eq!(command(Mode::Typing, press("Shift+ArrowRight")), None, "selects text");
        assert_eq!(command(Mode::Typing, press("Ctrl+ArrowRight")), None, "jumps a word");
    }

    #[test]
    fn an_open_cell_is_kept_or_left_as_it_was() {
        for mode in [Mode::Typing, Mode::Caret] {
            assert_eq!(command(mode, press("Enter")), Some(Command::CommitDown));
            let up = Some(Command::Commit(Some(Move::Step(Side::Up))));
            assert_eq!(command(mode, press("Shift+Enter")), up);
            assert_eq!(command(mode, press("Alt+Enter")), Some(Command::LineBreak));
            assert_eq!(command(mode, press("Escape")), Some(Command::Cancel));
            assert_eq!(command(mode, press("Tab")), Some(Command::Commit(Some(Move::Next))));
            assert_eq!(command(mode, press("Home")), None);
        }
    }
}
