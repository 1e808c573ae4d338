//! Synchronisation: connections of devices, and the rooms that they meet in.
//!
//! What is said and decided is in `shared` ([`shared::sync::room`]); here it gets sockets, tasks
//! and the database.

mod connection;
mod live;
mod outgoing;
pub mod poll;
mod room;
mod rooms;
pub mod socket;
mod upgrade;

pub use {
    connection::Connection,
    live::{Live, watch},
    outgoing::{Closed, Outgoing},
    poll::Polls,
    room::Told,
    rooms::Rooms,
};
