//! A stage for browser tests.
//!
//! ```ignore
//! let server = Server::start("both_edit_offline", &["--demo"]).await?;
//! let mut ana = server.browser("ana", Screen::Laptop).await?;
//! ana.open("/").await?;
//! ana.see("Tarapacá").await?;
//! ana.network().cut();            // only Ana's; the server lives on
//! ana.type_into("#budget", "1.000").await?;
//! ana.network().restore();
//! ana.picture("reconnected").await?;
//! ana.kill().await?;              // SIGKILL, as when the power fails
//! ana.reopen().await?;            // same profile: IndexedDB is what reached the disk
//! ```
//!
//! Every wait has a time limit and says what was awaited; a wait that fails leaves a picture.

#![allow(dead_code, reason = "a stage for scenarios that are still being written")]

mod browser;
mod chance;
mod console;
mod device;
mod disk;
mod engine;
mod files;
mod hand;
mod link;
mod network;
mod portal;
mod server;

pub use browser::{Browser, Screen};
pub use chance::Chance;
pub use device::copy_folder;
pub use engine::Engine;
pub use hand::Point;
pub use link::Quality;
pub use network::Network;
pub use portal::{GREETING, Portal};
pub use server::Server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

/// How long anything may take on a busy two-core machine before it counts as missing.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(50);

/// Looks again and again until `look` returns true; an error of `look` ends the waiting.
pub async fn wait_until(what: &str, look: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    wait_long(PATIENCE, what, look).await
}

/// The same for what may take longer by its nature.
pub async fn wait_long(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<bool>,
) -> Result<()> {
    let deadline = tokio::time::Instant::now() + patience;
    while !look().await? {
        if tokio::time::Instant::now() > deadline {
            bail!("waited {} s in vain for {what}", patience.as_secs());
        }
        tokio::time::sleep(INTERVAL).await;
    }
    Ok(())
}

/// The directory of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies inside the workspace")
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// A TCP port that nobody listens on.
fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// Whether somebody listens on this port.
async fn listens(port: u16) -> bool {
    tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}
