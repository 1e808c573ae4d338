//! The way between one browser and the server, which can be cut, and on which somebody may speak
//! in the server's name.
//!
//! A relay of bytes instead of the browser's own offline switch: it also ends connections that
//! are open already, WebSockets included, works with any browser, and leaves `navigator.onLine`
//! true, as a bad link does.

use std::sync::Arc;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

/// A relay to the server. Its address stays the same while the server or the browser restarts,
/// so that the browser finds its storage again.
pub struct Network {
    port: u16,
    open: Arc<watch::Sender<bool>>,
    said: broadcast::Sender<Vec<u8>>,
    task: JoinHandle<()>,
}

impl Network {
    /// Starts relaying to a port of this machine.
    pub(super) async fn start(server: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let open = Arc::new(watch::Sender::new(true));
        let said = broadcast::Sender::new(16);
        let task = tokio::spawn(accept(listener, server, open.clone(), said.clone()));
        Ok(Self { port, open, said, task })
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

    /// Sends bytes to the browser on its open WebSocket, as if they came from the server. To be
    /// used while the server is silent: they may not fall into the middle of a frame of its own.
    pub fn say(&self, bytes: Vec<u8>) -> Result<()> {
        self.said.send(bytes)?;
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn accept(
    listener: TcpListener,
    server: u16,
    open: Arc<watch::Sender<bool>>,
    said: broadcast::Sender<Vec<u8>>,
) {
    while let Ok((browser, _)) = listener.accept().await {
        let open = open.subscribe();
        if *open.borrow() {
            tokio::spawn(relay(browser, server, open, said.subscribe()));
        }
    }
}

/// Passes bytes on in both directions until one side ends, or the network is cut.
async fn relay(
    mut browser: TcpStream,
    server: u16,
    mut open: watch::Receiver<bool>,
    said: broadcast::Receiver<Vec<u8>>,
) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", server)).await else {
        return;
    };
    // Without this, edits would wait for each other's confirmation (Nagle's algorithm).
    for stream in [&browser, &server] {
        if stream.set_nodelay(true).is_err() {
            return;
        }
    }
    let (mut from_browser, to_browser) = browser.split();
    let (from_server, mut to_server) = server.split();
    tokio::select! {
        // How a connection ended is for browser and server to find out.
        _ = tokio::io::copy(&mut from_browser, &mut to_server) => {}
        _ = answer(from_server, to_browser, said) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}

/// Passes on what the server says, and on a WebSocket also what is said in its name.
async fn answer(
    mut server: ReadHalf<'_>,
    mut browser: WriteHalf<'_>,
    mut said: broadcast::Receiver<Vec<u8>>,
) -> Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    let mut is_socket = false;
    loop {
        tokio::select! {
            read = server.read(&mut bytes) => {
                let count = read?;
                if count == 0 {
                    return Ok(());
                }
                is_socket |= bytes.starts_with(b"HTTP/1.1 101");
                browser.write_all(&bytes[..count]).await?;
            }
            frame = said.recv() => {
                let frame = frame?;
                if is_socket {
                    browser.write_all(&frame).await?;
                }
            }
        }
    }
}
