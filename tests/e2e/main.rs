//! What a person sees: the real server, a real browser, a network that can be cut.
//!
//! Run with `cargo xtask e2e`; pictures and logs lie in `target/e2e/` afterwards.

mod accounts;
mod axe;
mod bad_input;
mod big_tables;
mod captive_portal;
mod card;
mod columns;
mod device;
mod eyesight;
mod grid;
mod grid_fill;
mod grid_ime;
mod grid_keys;
mod grid_paste;
mod grid_selection;
mod grid_undo;
mod harness;
mod history;
mod keyboard;
mod kills;
mod meeting;
mod merged;
mod next_year;
mod offline;
mod people;
mod pointing;
mod poor_link;
mod presence;
mod process;
mod provider;
mod rescue;
mod smoke;
mod tab_kills;
mod together;
mod touch;
mod two_tabs;
mod two_weeks;
mod views;
mod wrong_clock;
