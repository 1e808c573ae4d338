//! The log of each exercise.
