//! One screen per file.

pub mod exercise;
