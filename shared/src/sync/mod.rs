//! Synchronisation as machines without I/O: the [`replica`] of an exercise on a device, the
//! [`room`] of an exercise on the server, and the [`check`] that every entry passes. Who is there is
//! [`presence`] on the server and a [`crowd`] on the device.
//!
//! Whoever drives them does what they ask for (store, send) and tells them what came of it. The
//! simulation drives them with faults; browser and server drive them with IndexedDB, WebSockets
//! and SQLite.

pub mod check;
pub mod crowd;
pub mod journal;
pub(crate) mod packing;
pub mod presence;
pub mod replica;
pub mod room;

/// Names a transaction that a machine asked for, so that its end can be told. Never used twice by
/// one machine.
pub type Ticket = u64;
