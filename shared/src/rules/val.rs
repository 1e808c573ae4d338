//! Family VAL: what the norms ask of the matrices (`requirements.md` §1.8).
//!
//! VAL-20 (totals are computed, never typed) is no rule: nobody can type them. VAL-09 to VAL-12
//! and VAL-17 concern what is sent and who signs it, which an exercise does not hold.

use super::Rule;

mod val01_missing_matrix;
mod val04_missing_instrument;
mod val05_missing_element;
mod val07_unlinked_action;
mod val24_missing_figure;

pub(super) static RULES: &[&Rule] = &[
    &val01_missing_matrix::RULE,
    &val04_missing_instrument::RULE,
    &val05_missing_element::RULE,
    &val07_unlinked_action::RULE,
    &val24_missing_figure::RULE,
];
