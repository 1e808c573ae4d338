//! The way between one browser and the server: it can be cut, be slow, lose packets or be in the
//! hands of a captive portal, and somebody may speak on it in the server's name.
//!
//! A relay of bytes instead of the browser's own offline switch: it also ends connections that
//! are open already, WebSockets included, works with any browser, and leaves `navigator.onLine`
//! true, as a bad link does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use super::link::{Lane, Quality};
use super::portal::{Answered, Portal};

/// A relay to the server. Its address stays the same while the server or the browser restarts,
/// so that the browser finds its storage again.
pub struct Network {
    port: u16,
    link: Arc<Link>,
    task: JoinHandle<()>,
}

/// What all connections of a browser share.
struct Link {
    server: u16,
    /// With how often every connection was ended.
    way: watch::Sender<(Way, u64)>,
    said: broadcast::Sender<Vec<u8>>,
    quality: Mutex<Quality>,
    up: Lane,
    down: Lane,
    sockets: AtomicUsize,
    answered: Answered,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The server.
    Open,
    /// Nobody.
    Cut,
    /// A captive portal, whatever is asked.
    Portal(Portal),
}

impl Network {
    /// Starts relaying to a port of this machine.
    pub(super) async fn start(server: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let link = Arc::new(Link {
            server,
            way: watch::Sender::new((Way::Open, 0)),
            said: broadcast::Sender::new(16),
            quality: Mutex::default(),
            up: Lane::new(1),
            down: Lane::new(2),
            sockets: AtomicUsize::new(0),
            answered: Answered::default(),
        });
        let task = tokio::spawn(accept(listener, link.clone()));
        Ok(Self { port, link, task })
    }

    /// The address the browser uses, without a slash at its end.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends every connection and lets none in, until `restore`.
    pub fn cut(&self) {
        self.end(Way::Cut);
    }

    /// Ends every connection and has a captive portal answer, until `restore`.
    pub fn capture(&self, portal: Portal) {
        self.end(Way::Portal(portal));
    }

    /// Has everything take so long from now on, each way; connections that are open, too.
    pub fn delay(&self, delay: Duration) {
        self.become_link(Quality { delay, ..Quality::default() });
    }

    /// Makes it such a link from now on; for connections that are open, too.
    pub fn become_link(&self, quality: Quality) {
        *self.link.quality.lock().expect("nobody panics meanwhile") = quality;
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.link.way.send_modify(|(way, _)| *way = Way::Open);
    }

    fn end(&self, next: Way) {
        self.link.way.send_modify(|(way, ends)| (*way, *ends) = (next, *ends + 1));
    }

    /// Sends bytes to the browser on its open WebSocket, as if they came from the server. To be
    /// used while the server is silent: they may not fall into the middle of a frame of its own.
    pub fn say(&self, bytes: Vec<u8>) -> Result<()> {
        self.link.said.send(bytes)?;
        Ok(())
    }

    /// How many WebSockets the server has opened for this browser.
    pub fn sockets(&self) -> usize {
        self.link.sockets.load(Ordering::Relaxed)
    }

    /// The requests that a captive portal answered, as `GET /api/session`.
    pub fn captured(&self) -> Vec<String> {
        self.link.answered.all()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, link: Arc<Link>) {
    while let Ok((browser, _)) = listener.accept().await {
        let (way, ends) = *link.way.borrow();
        let link = link.clone();
        match way {
            Way::Open => {
                tokio::spawn(async move { link.relay(browser, ends).await });
            }
            Way::Portal(portal) => {
                tokio::spawn(async move { portal.answer(browser, &link.answered).await });
            }
            Way::Cut => {}
        }
    }
}

impl Link {
    /// Passes bytes on in both directions until one side ends, or every connection is ended once
    /// more.
    async fn relay(&self, browser: TcpStream, ends: u64) {
        let mut way = self.way.subscribe();
        let both = async {
            // A connection is made by a question and its answer.
            sleep(self.quality().delay * 2).await;
            let Ok(server) = TcpStream::connect(("127.0.0.1", self.server)).await else {
                return;
            };
            // Without this, edits would wait for each other's confirmation (Nagle's algorithm).
            if browser.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
                return;
            }
            let (from_browser, to_browser) = browser.into_split();
            let (from_server, to_server) = server.into_split();
            let said = self.said.subscribe();
            tokio::join!(
                self.pass(from_browser, to_server, None, &self.up),
                self.pass(from_server, to_browser, Some(said), &self.down)
            );
        };
        tokio::select! {
            // How a connection ended is for browser and server to find out.
            () = both => {}
            _ = way.wait_for(|(_, now)| *now != ends) => {}
        }
    }

    fn quality(&self) -> Quality {
        *self.quality.lock().expect("nobody panics meanwhile")
    }

    /// Passes bytes on in one direction, each as much later as the link has it; on a WebSocket
    /// also what is said in the server's name.
    async fn pass(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        mut said: Option<broadcast::Receiver<Vec<u8>>>,
        lane: &Lane,
    ) {
        let (late, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(Quality::buffered());
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
                if bytes.starts_with(b"HTTP/1.1 101") {
                    is_socket = true;
                    self.sockets.fetch_add(1, Ordering::Relaxed);
                }
                let quality = self.quality();
                for piece in quality.pieces(&bytes) {
                    // There is room first: how busy the link is shows when a piece enters it.
                    let Ok(place) = late.reserve().await else { return };
                    place.send((lane.arrival(quality, piece.len()), piece.to_vec()));
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
}

/// What is said next in the server's name.
async fn next(said: &mut Option<broadcast::Receiver<Vec<u8>>>) -> Option<Vec<u8>> {
    said.as_mut()?.recv().await.ok()
}
