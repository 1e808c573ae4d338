//! Who is asking: passwords, sessions, and how often somebody may try.

pub mod attempts;
pub mod cookie;
pub mod origin;
pub mod password;
pub mod session;
pub mod token;
pub mod totp;
