//! What browser and server agree on: the model of an exercise, the document that people edit
//! together, its rules, permissions and the synchronisation machines.
//!
//! Nothing in here performs I/O, reads a clock or draws a random number: data in, data out.

pub mod access;
pub mod api;
pub mod calendar;
pub mod digest;
pub mod doc;
pub mod edit;
pub mod exchange;
pub mod fold;
pub mod format;
pub mod history;
pub mod ids;
pub mod instruments;
pub mod key;
pub mod limits;
pub mod meeting;
pub mod merge;
pub mod model;
pub mod norms;
pub mod order;
pub mod process;
pub mod protocol;
pub mod rescue;
pub mod review;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod sectors;
pub mod sync;
pub mod template;
pub mod territory;
pub mod undo;
pub mod value;
pub mod views;
