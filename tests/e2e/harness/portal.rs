//! A captive portal: the network of a hotel that answers every request itself, until somebody signs
//! in there.

use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Its page, as if that were what was asked for.
    Page,
    /// The address of its page.
    Redirect,
}

/// Where its page is.
const LOGIN: &str = "/portal/login";
/// What its page says, and nobody should ever read in the application.
pub const GREETING: &str = "Bienvenido a la red del hotel";

/// The requests that portals have answered.
#[derive(Debug, Default)]
pub(super) struct Answered(Mutex<Vec<String>>);

impl Answered {
    /// `GET /api/session`, `GET /api/sync`…
    pub fn all(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics meanwhile").clone()
    }

    fn note(&self, request: &str) {
        self.0.lock().expect("nobody panics meanwhile").push(request.to_owned());
    }
}

impl Portal {
    /// Answers one request, and ends the connection.
    pub(super) async fn answer(self, mut browser: TcpStream, answered: &Answered) {
        let Some(request) = read(&mut browser).await else { return };
        answered.note(&request);
        let path = request.split(' ').nth(1).unwrap_or_default();
        let answer = if self == Self::Redirect && path != LOGIN {
            format!(
                "HTTP/1.1 302 Found\r\nLocation: {LOGIN}\r\nContent-Length: 0\r\n\
                 Cache-Control: no-store\r\nConnection: close\r\n\r\n"
            )
        } else {
            let page = format!(
                "<!doctype html><html><head><title>Wi-Fi</title></head><body><h1>{GREETING}</h1>\
                 <form method=\"post\"><input name=\"room\"><button>Conectar</button></form>\
                 </body></html>"
            );
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            )
        };
        // A browser that has gone away reads no answer.
        let _ = browser.write_all(answer.as_bytes()).await;
        let _ = browser.shutdown().await;
    }
}

/// Reads a request to its end; its method and path.
async fn read(browser: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match browser.read(&mut buffer).await {
            Ok(length @ 1..) => bytes.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, length)| length.trim().parse::<usize>().ok())
            .unwrap_or(0);
        if bytes.len() >= head.len() + 4 + length {
            let mut words = head.split(' ');
            return Some(format!("{} {}", words.next()?, words.next()?));
        }
    }
}
