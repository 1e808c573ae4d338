//! Frames over plain requests, for networks that block WebSockets.
//!
//! One request waits at the server for frames; sending frames is another request, at which the
//! server lets the waiting one return.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_net::http::{Request, Response};
use js_sys::Uint8Array;
use shared::protocol;
use wasm_bindgen_futures::spawn_local;

use super::carrier::Event;
use crate::clock;

/// The server answers after 25 seconds at the latest.
const PATIENCE_MS: u32 = 40_000;
const CONNECTION: &str = "focaliza-connection";

/// A connection that consists of requests; over when dropped.
pub struct Poll(Rc<Inner>);

struct Inner {
    tell: Box<dyn Fn(Event)>,
    address: String,
    /// What the server calls this connection; `None` before its first answer.
    name: RefCell<Option<String>>,
    frames: RefCell<Vec<Vec<u8>>>,
    under_way: Cell<u32>,
    is_over: Cell<bool>,
}

impl Poll {
    /// Begins to connect as this person.
    pub fn open(user: i64, tell: impl Fn(Event) + 'static) -> Self {
        let inner = Rc::new(Inner {
            tell: Box::new(tell),
            address: format!("/api/sync/poll?user={user}"),
            name: RefCell::default(),
            frames: RefCell::default(),
            under_way: Cell::new(0),
            is_over: Cell::new(false),
        });
        // The server names a connection when it answers, and it answers to a frame: the first
        // one is the caller's.
        let first = Rc::clone(&inner);
        spawn_local(async move { (first.tell)(Event::Opened) });
        Self(inner)
    }

    /// Sends a frame, together with others that are sent in the same moment.
    pub fn send(&self, frame: &[u8]) {
        self.0.frames.borrow_mut().push(frame.to_vec());
        let is_unnamed = self.0.name.borrow().is_none() && self.0.under_way.get() > 0;
        if self.0.frames.borrow().len() == 1 && !is_unnamed {
            let inner = Rc::clone(&self.0);
            spawn_local(async move { inner.exchange().await });
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.0.is_over.set(true);
    }
}

impl Inner {
    /// Sends what waits and takes what comes, until another request does so.
    async fn exchange(&self) {
        self.under_way.set(self.under_way.get() + 1);
        loop {
            let received = self.request().await;
            if self.is_over.get() {
                return;
            }
            let Some(frames) = received else {
                self.is_over.set(true);
                (self.tell)(Event::Closed);
                return;
            };
            (self.tell)(Event::Heard);
            for frame in frames {
                (self.tell)(Event::Frame(frame));
            }
            if self.is_over.get() || self.under_way.get() > 1 {
                break;
            }
        }
        self.under_way.set(self.under_way.get() - 1);
    }

    async fn request(&self) -> Option<Vec<Vec<u8>>> {
        let frames = self.frames.take();
        let body = protocol::join(frames.iter().map(Vec::as_slice));
        let mut request =
            Request::post(&self.address).header("content-type", "application/octet-stream");
        if let Some(name) = &*self.name.borrow() {
            request = request.header(CONNECTION, name);
        }
        let request = request.body(Uint8Array::from(body.as_slice())).ok()?;
        let response = clock::within(PATIENCE_MS, request.send()).await?.ok()?;
        let response = Some(response).filter(Response::ok)?;
        self.name.replace(Some(response.headers().get(CONNECTION)?));
        let body = response.binary().await.ok()?;
        Some(protocol::split(&body).ok()?.into_iter().map(<[u8]>::to_vec).collect())
    }
}
