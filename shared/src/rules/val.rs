//! Family VAL: what the norms ask of the matrices (`requirements.md` §1.8).
//!
//! VAL-20 (totals are computed, never typed) is no rule: nobody can type them. VAL-09 to VAL-12
//! and VAL-17 concern what is sent and who signs it, which an exercise does not hold.

use super::Rule;

mod val01_missing_matrix;
mod val02_missing_source;
mod val03_missing_aspect;
mod val04_missing_instrument;
mod val05_missing_element;
mod val06_mismatched_criteria;
mod val07_unlinked_action;
mod val08_missing_approval;
mod val13_mismatched_preliminary_amount;
mod val14_mismatched_exploratory_budget;
mod val15_unexplained_focus;
mod val16_unexplained_coherence;
mod val21_out_of_range_coverage;
mod val22_out_of_range_unit_cost;
mod val23_mismatched_money_unit;
mod val24_missing_figure;
mod val25_duplicate_objective;
mod val26_unknown_reference;
mod val27_unknown_figure;

pub(super) static RULES: &[&Rule] = &[
    &val01_missing_matrix::RULE,
    &val02_missing_source::RULE,
    &val03_missing_aspect::RULE,
    &val04_missing_instrument::RULE,
    &val05_missing_element::RULE,
    &val06_mismatched_criteria::RULE,
    &val07_unlinked_action::RULE,
    &val08_missing_approval::RULE,
    &val13_mismatched_preliminary_amount::RULE,
    &val14_mismatched_exploratory_budget::RULE,
    &val15_unexplained_focus::RULE,
    &val16_unexplained_coherence::RULE,
    &val21_out_of_range_coverage::RULE,
    &val22_out_of_range_unit_cost::RULE,
    &val23_mismatched_money_unit::RULE,
    &val24_missing_figure::RULE,
    &val25_duplicate_objective::RULE,
    &val26_unknown_reference::RULE,
    &val27_unknown_figure::RULE,
];
