//! Focaliza.
