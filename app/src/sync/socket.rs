//! Frames over a WebSocket.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BinaryType, MessageEvent, WebSocket};

use super::carrier::Event;

/// A socket; closed when dropped, and then silent.
pub struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Socket {
    /// Begins to connect as this person. `None` where the browser refuses the address.
    pub fn open(user: i64, tell: impl Fn(Event) + Clone + 'static) -> Option<Self> {
        let location = web_sys::window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let address = format!("{scheme}://{}/api/sync?user={user}", location.host().ok()?);
        let socket = WebSocket::new(&address).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);

        let (opened, received) = (tell.clone(), tell.clone());
        let on_open = Closure::new(move || opened(Event::Opened));
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(buffer) = event.data().dyn_ref::<ArrayBuffer>() {
                received(Event::Frame(Uint8Array::new(buffer).to_vec()));
            }
        });
        let on_close = Closure::new(move || tell(Event::Closed));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { socket, _on_open: on_open, _on_message: on_message, _on_close: on_close })
    }

    /// Sends a frame. One that does not get through is asked for again by the replica.
    pub fn send(&self, frame: &[u8]) {
        let _ = self.socket.send_with_u8_array(frame);
    }

    /// Bytes that the network has not taken yet.
    pub fn waiting(&self) -> u32 {
        self.socket.buffered_amount()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
