//! Tests across crates, and what several of them share.

pub mod corpus;
mod large;

pub use large::large_exercise;
