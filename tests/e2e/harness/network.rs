//! The way between one browser and the server, which can be cut, and on which somebody may speak
//! in the server's name.
//!
//! A relay of bytes instead of the browser's own offline switch: it also ends connections that
//! are open already, WebSockets included, works with any browser, and leaves `navigator.onLine`
//! true, as a bad link does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// A relay to the server. Its address stays the same while the server or the browser restarts,
/// so that the browser finds its storage again.
pub struct Network {
    port: u16,
    open: Arc<watch::Sender<bool>>,
    said: broadcast::Sender<Vec<u8>>,
    /// Milliseconds that everything takes, each way.
    delay: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Network {
    /// Starts relaying to a port of this machine.
    pub(super) async fn start(server: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let open = Arc::new(watch::Sender::new(true));
        let said = broadcast::Sender::new(16);
        let delay = Arc::new(AtomicU64::new(0));
        let task =
            tokio::spawn(accept(listener, server, open.clone(), said.clone(), delay.clone()));
        Ok(Self { port, open, said, delay, task })
    }

    /// The address the browser uses, without a slash at its end.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends every connection and lets none in, until `restore`.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Has everything take so long from now on, each way; connections that are open, too.
    pub fn delay(&self, delay: Duration) {
        self.delay.store(delay.as_millis() as u64, Ordering::Relaxed);
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
    delay: Arc<AtomicU64>,
) {
    while let Ok((browser, _)) = listener.accept().await {
        let open = open.subscribe();
        if *open.borrow() {
            tokio::spawn(relay(browser, server, open, said.subscribe(), delay.clone()));
        }
    }
}

/// Passes bytes on in both directions until one side ends, or the network is cut.
async fn relay(
    browser: TcpStream,
    server: u16,
    mut open: watch::Receiver<bool>,
    said: broadcast::Receiver<Vec<u8>>,
    delay: Arc<AtomicU64>,
) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else {
        return;
    };
    // Without this, edits would wait for each other's confirmation (Nagle's algorithm).
    for stream in [&browser, &server] {
        if stream.set_nodelay(true).is_err() {
            return;
        }
    }
    let (from_browser, to_browser) = browser.into_split();
    let (from_server, to_server) = server.into_split();
    let both = async {
        tokio::join!(
            pass(from_browser, to_server, None, &delay),
            pass(from_server, to_browser, Some(said), &delay)
        )
    };
    tokio::select! {
        // How a connection ended is for browser and server to find out.
        _ = both => {}
        _ = open.wait_for(|open| !open) => {}
    }
}

/// Passes bytes on in one direction, each as much later as the network is slow; on a WebSocket also
/// what is said in the server's name.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut said: Option<broadcast::Receiver<Vec<u8>>>,
    delay: &AtomicU64,
) {
    let (late, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 64 * 1024];
        let mut is_socket = false;
        loop {
            let bytes = tokio::select! {
                read = from.read(&mut buffer) => match read {
                    Ok(length @ 1..) => buffer[..length].to_vec(),
                    _ => return,
                },
                Some(frame) = next(&mut said), if is_socket => frame,
            };
            is_socket |= bytes.starts_with(b"HTTP/1.1 101");
            let at = Instant::now() + Duration::from_millis(delay.load(Ordering::Relaxed));
            if late.send((at, bytes)).is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((at, bytes)) = due.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        // The other side may still have something to say.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

/// What is said next in the server's name.
async fn next(said: &mut Option<broadcast::Receiver<Vec<u8>>>) -> Option<Vec<u8>> {
    said.as_mut()?.recv().await.ok()
}
