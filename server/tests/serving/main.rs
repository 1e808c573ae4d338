//! The real program, over real connections, with a database of its own on the disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod device;
mod durability;
mod entry;
mod exchange;
mod exercises;
mod factor;
mod files;
mod history;
mod lanes;
mod meeting;
mod people;
mod poll;
mod presence;
mod process;
mod provider;
mod reminders;
mod restore;
mod session;
mod stage;
mod sync;
