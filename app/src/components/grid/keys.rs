//! What the keys do in each mode of the grid. The map itself is a list, in `shortcuts`.

use super::{
    find::Finding,
    moves::{Move, Side},
    selection::Whole,
    shortcuts::{SHORTCUTS, When},
};
use crate::store::Way;

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

impl<'a> Press<'a> {
    /// From how the list writes it: `Ctrl+Shift+ArrowDown`.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let mut press = Self { key: text, ctrl: false, alt: false, shift: false };
        loop {
            let (held, rest) = match press.key.split_once('+') {
                Some(("Ctrl", rest)) => (&mut press.ctrl, rest),
                Some(("Alt", rest)) => (&mut press.alt, rest),
                Some(("Shift", rest)) => (&mut press.shift, rest),
                _ => break,
            };
            *held = true;
            press.key = rest;
        }
        if press.key == "Space" {
            press.key = " ";
        }
        press
    }

    /// Whether it is the key that the list means. Where a sign is on a keyboard, and whether it
    /// needs Shift, differs from country to country.
    fn is(&self, listed: &Self) -> bool {
        let mut characters = listed.key.chars();
        let is_sign = characters.next().is_some_and(|first| first.is_ascii_punctuation())
            && characters.next().is_none();
        self.key.eq_ignore_ascii_case(listed.key)
            && self.ctrl == listed.ctrl
            && self.alt == listed.alt
            && (is_sign || self.shift == listed.shift)
    }
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
    /// Move the far corner of the selection.
    Extend(Move),
    /// Select whole rows or columns of what is selected, or everything.
    Select(Whole),
    /// Work inside the cell.
    Edit,
    /// Empty what is selected.
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
    /// Show the row as a form.
    Card,
    /// Show the next row as a form, or the one before.
    CardStep {
        /// The one before.
        back: bool,
    },
    /// From the form back to the table.
    CloseCard,
    /// Show what is to be decided or looked at in the cell.
    Review,
    /// Let the next Tab leave the grid.
    Leave,
    /// Show the keyboard map.
    Help,
    /// Fill the selection from its first row or column.
    Fill(Side),
    /// Write today's date.
    Stamp {
        /// With the time of day.
        with_time: bool,
    },
    /// Look for a text, or go to a row.
    Find(Finding),
    /// Go to the next place of what is looked for, or the one before.
    FindNext {
        /// The one before.
        back: bool,
    },
    /// What the browser does with the clipboard, which the grid hears of.
    Clipboard,
    /// Take back what was last done, or do it again. The textarea is empty and stays so: its own
    /// undo would bring back an old text.
    Take(Way),
}

/// The command of a key; `None` leaves it to the browser.
#[must_use]
pub fn command(mode: Mode, press: Press<'_>) -> Option<Command> {
    listed(press, |when| when.holds(mode))
}

/// The command of a key while a row is shown as a form.
#[must_use]
pub fn command_in_card(press: Press<'_>) -> Option<Command> {
    listed(press, |when| when == When::Card)
}

fn listed(press: Press<'_>, is_when: impl Fn(When) -> bool) -> Option<Command> {
    let shortcuts = SHORTCUTS.iter().filter(|shortcut| is_when(shortcut.when));
    shortcuts
        .flat_map(|shortcut| shortcut.keys.iter().map(move |keys| (keys, shortcut.command)))
        .find_map(|(keys, command)| press.is(&Press::parse(keys)).then_some(command))
}

/// A step to one side, for the list.
pub(super) const fn step(side: Side) -> Move {
    Move::Step(side)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn asked(mode: Mode, keys: &str) -> Option<Command> {
        command(mode, Press::parse(keys))
    }

    #[test]
    fn browsing_moves_and_begins() {
        for (keys, expected) in [
            ("ArrowDown", Some(Command::Go(Move::Step(Side::Down)))),
            ("Ctrl+ArrowRight", Some(Command::Go(Move::Jump(Side::Right)))),
            ("Shift+ArrowDown", Some(Command::Extend(Move::Step(Side::Down)))),
            ("Ctrl+Shift+ArrowRight", Some(Command::Extend(Move::Jump(Side::Right)))),
            ("Ctrl+a", Some(Command::Select(Whole::All))),
            ("Ctrl+Space", Some(Command::Select(Whole::Columns))),
            ("Shift+Space", Some(Command::Select(Whole::Rows))),
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
            assert_eq!(asked(Mode::Browse, keys), expected, "{keys}");
        }
    }

    #[test]
    fn the_browsers_own_keys_stay_with_it() {
        for keys in ["Ctrl+t", "Ctrl+w", "Ctrl+n", "Ctrl+l", "Ctrl+c", "Ctrl+v", "F5", "F12"] {
            for mode in [Mode::Browse, Mode::Typing, Mode::Caret] {
                let left_alone = matches!(asked(mode, keys), None | Some(Command::Clipboard));
                assert!(left_alone, "{keys}");
            }
        }
    }

    #[test]
    fn arrows_leave_a_cell_only_where_typing_began_it() {
        let right = Some(Command::Commit(Some(Move::Step(Side::Right))));
        assert_eq!(asked(Mode::Typing, "ArrowRight"), right);
        assert_eq!(asked(Mode::Caret, "ArrowRight"), None);
        assert_eq!(asked(Mode::Typing, "Shift+ArrowRight"), None, "selects text");
        assert_eq!(asked(Mode::Typing, "Ctrl+ArrowRight"), None, "jumps a word");
        assert_eq!(asked(Mode::Caret, "Ctrl+a"), None, "selects the text");
    }

    #[test]
    fn an_open_cell_is_kept_or_left_as_it_was() {
        for mode in [Mode::Typing, Mode::Caret] {
            assert_eq!(asked(mode, "Enter"), Some(Command::CommitDown));
            let up = Some(Command::Commit(Some(Move::Step(Side::Up))));
            assert_eq!(asked(mode, "Shift+Enter"), up);
            assert_eq!(asked(mode, "Alt+Enter"), Some(Command::LineBreak));
            assert_eq!(asked(mode, "Escape"), Some(Command::Cancel));
            assert_eq!(asked(mode, "Tab"), Some(Command::Commit(Some(Move::Next))));
            assert_eq!(asked(mode, "Home"), None);
        }
    }

    #[test]
    fn every_key_of_the_list_is_found_and_none_is_listed_twice() {
        for mode in [Mode::Browse, Mode::Typing, Mode::Caret] {
            for shortcut in SHORTCUTS.iter().filter(|shortcut| shortcut.when.holds(mode)) {
                for keys in shortcut.keys {
                    assert_eq!(asked(mode, keys), Some(shortcut.command), "{keys} in {mode:?}");
                }
            }
        }
    }
}
