//! One screen per file.

pub mod account;
pub mod board;
pub mod device;
pub mod exercise;
pub mod exercises;
pub mod invitation;
pub mod meeting;
pub mod missing;
pub mod people;
pub mod process;
pub mod receipt;
pub mod rules;
pub mod sign_in;
