//! An exercise as plain data: what rules read, screens show and files hold.

pub mod announced;
mod cells;
mod exercise;
mod preview;
mod row;
mod table;
pub mod totals;

pub use cells::Cells;
pub use exercise::{Exercise, Undecided};
pub use row::{Cell, Row};
pub use table::Table;
