//! A second factor of local accounts: codes of an application on the person's telephone (RFC 6238).
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `GET /api/session/factor` | | [`Factor`] of the person |
//! | `POST /api/session/factor` | [`Enrol`] | [`Enrolment`], told once |
//! | `PUT /api/session/factor` | [`Confirm`] | [`Recovery`], told once; asked for at signing in from then on |
//! | `POST /api/session/factor/end` | [`Confirm`] | 204; a password alone is enough again |
//! | `DELETE /api/people/{user}/factor` | | 204; the same for somebody who lost the device |

use serde::{Deserialize, Serialize};

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Codes for who has lost the device: enough for years, and they fit on one sheet.
pub const RECOVERY_CODES: usize = 10;

/// Whether a code is asked for beside the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Factor {
    /// Whether it is.
    pub confirmed: bool,
    /// Codes for who has lost the device that were not used yet.
    pub recovery: usize,
}

/// The person's password once more: whoever finds a device open is not to shut its owner out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrol {
    /// The password.
    pub password: String,
}

/// What the application on the telephone is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrolment {
    /// The secret, to be typed: base 32.
    pub secret: String,
    /// The same as an address, to be scanned: SVG.
    pub qr: String,
}

/// A code that shows that the telephone has the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirm {
    /// Six digits; to end, also one for who has lost the device.
    pub code: String,
}

/// What opens the account once each, without the telephone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recovery {
    /// Of which the server keeps hashes.
    pub codes: Vec<String>,
}
