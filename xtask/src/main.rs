//! Focaliza.
fn main() {}
