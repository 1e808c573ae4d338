//! The way between one browser and the server, which can be cut.
//!
//! A relay of bytes instead of the browser's own offline switch: it also ends connections that
//! are open already, WebSockets included, works with any browser, and leaves `navigator.onLine`
//! true, as a bad link does.

use std::sync::Arc;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A relay to the server. Its address stays the same while the server or the browser restarts,
/// so that the browser finds its storage again.
pub struct Network {
    port: u16,
    open: Arc<watch::Sender<bool>>,
    task: JoinHandle<()>,
}

impl Network {
    /// Starts relaying to a port of this machine.
    pub(super) async fn start(server: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let open = Arc::new(watch::Sender::new(true));
        let task = tokio::spawn(accept(listener, server, open.clone()));
        Ok(Self { port, open, task })
    }

    /// The address the browser uses, without a slash at its end.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends every connection and lets none in, until `restore`.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, server: u16, open: Arc<watch::Sender<bool>>) {
    while let Ok((browser, _)) = listener.accept().await {
        let open = open.subscribe();
        if *open.borrow() {
            tokio::spawn(relay(browser, server, open));
        }
    }
}

/// Passes bytes on in both directions until one side ends, or the network is cut.
async fn relay(mut browser: TcpStream, server: u16, mut open: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", server)).await else {
        return;
    };
    // Without this, edits would wait for each other's confirmation (Nagle's algorithm).
    for stream in [&browser, &server] {
        if stream.set_nodelay(true).is_err() {
            return;
        }
    }
    tokio::select! {
        // How a connection ended is for browser and server to find out.
        _ = tokio::io::copy_bidirectional(&mut browser, &mut server) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}
