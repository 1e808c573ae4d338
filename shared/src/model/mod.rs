//! An exercise as plain data: what rules read, screens show and files hold.

mod exercise;
mod row;
pub mod totals;

pub use exercise::{Exercise, Table, Undecided};
pub use row::{Cell, Row};
