//! Time and chance: the only file of the application that reads either.

use shared::ids::RowId;

/// An identifier for a new row.
#[must_use]
pub fn new_row_id() -> RowId {
    RowId::from_random(random_bits())
}

/// 53 random bits. They tell things apart; they keep no secrets.
fn random_bits() -> u64 {
    (js_sys::Math::random() * (1_u64 << 53) as f64) as u64
}
