//! Focaliza's server: accounts, exercises, synchronisation, and the files of the application.

pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod error;
pub mod exchange;
pub mod files;
pub mod history;
pub mod meeting;
pub mod oidc;
pub mod process;
pub mod qr;
pub mod reminders;
pub mod restore;
pub mod router;
pub mod routes;
pub mod store;
pub mod sync;
