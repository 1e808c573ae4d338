//! Pieces of screens, one per file.

pub mod aside;
pub mod chain;
pub mod change;
pub mod decide;
pub mod deleted;
pub mod field;
pub mod file;
pub mod findings;
pub mod forms;
pub mod grid;
pub mod history;
pub mod narrative;
pub mod newer_build;
pub mod notices;
pub mod page;
pub mod panel;
pub mod past;
pub mod people;
pub mod save;
pub mod signed_in;
pub mod standing;
pub mod status;
pub mod table;
pub mod totals;
pub mod undo;
pub mod views;
