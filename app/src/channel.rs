//! What the tabs of a device say to each other.

use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use shared::protocol;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Part of every name: tabs of builds that would not understand each other do not meet.
const VERSION: u32 = 1;

/// A channel on which all tabs that open one of this name hear each other, and none hears itself.
pub struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens a channel; `None` where the browser has none. What is not understood is not told.
    pub fn open<M: DeserializeOwned>(name: &str, tell: impl Fn(M) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(&format!("focaliza/{VERSION}/{name}")).ok()?;
        let on_message = Closure::new(move |event: MessageEvent| {
            let bytes = event.data().dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
            match bytes.map(|bytes| protocol::decode::<M>(&bytes)) {
                Some(Ok(message)) => tell(message),
                _ => leptos::logging::warn!("another tab was not understood"),
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Says something to the other tabs. Who does not hear it misses nothing for good.
    pub fn say(&self, message: &impl Serialize) {
        let bytes = Uint8Array::from(protocol::encode(message).as_slice());
        let _ = self.channel.post_message(&bytes);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
