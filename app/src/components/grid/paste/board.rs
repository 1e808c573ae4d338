//! The clipboard asked for from a menu, where no key was pressed: browsers may refuse.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::Copied;
use crate::components::grid::{notice::Notice, sheet::Sheet};

const PLAIN: &str = "text/plain";
const HTML: &str = "text/html";

impl Sheet {
    /// The selected cells go to the clipboard; with `cut` they are emptied, once they are there.
    pub fn copy_from_menu(self, cut: bool) {
        let Some(range) = self.selected() else { return };
        let copied = self.copied(range);
        let (rows, _) = self.rows_and_columns(range);
        spawn_local(async move {
            if write(&copied).await.is_none() {
                return self.refused(
                    "El navegador no dejó copiar desde el menú. Permite el uso del portapapeles en \
                     los ajustes de este sitio, o usa Ctrl+C.",
                );
            }
            // Others may have moved rows meanwhile: then what was copied is no longer there.
            let cut = cut && self.rows_and_columns(range).0 == rows;
            self.was_copied(range, cut);
        });
    }

    /// What is on the clipboard comes in.
    pub fn paste_from_menu(self) {
        spawn_local(async move {
            match read().await {
                Some((html, text)) => self.paste_read(&html, &text),
                None => self.refused(
                    "El navegador no dejó leer el portapapeles. Permítelo en los ajustes de este \
                     sitio, o usa Ctrl+V.",
                ),
            }
        });
    }

    fn refused(self, text: &'static str) {
        self.announce(text);
        self.notice.set(Some(Notice::plain(text)));
    }
}

/// The browser's clipboard. The bindings for it would be built for this alone.
fn clipboard() -> Option<JsValue> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.is_object().then_some(clipboard)
}

/// Calls a method that answers later; `None` where there is none, or it refuses.
async fn asked(object: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = method.apply(object, arguments).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn blob(kind: &str, text: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()
}

async fn write(copied: &Copied) -> Option<()> {
    let clipboard = clipboard()?;
    let forms = Object::new();
    for (kind, text) in [(PLAIN, &copied.text), (HTML, &copied.html)] {
        Reflect::set(&forms, &kind.into(), blob(kind, text)?.as_ref()).ok()?;
    }
    let item: Function = Reflect::get(&window(), &"ClipboardItem".into()).ok()?.dyn_into().ok()?;
    let item = Reflect::construct(&item, &Array::of1(&forms)).ok()?;
    asked(&clipboard, "write", &Array::of1(&Array::of1(&item))).await.map(|_| ())
}

/// What is on the clipboard as a table and as text; either may be empty.
async fn read() -> Option<(String, String)> {
    let clipboard = clipboard()?;
    let items: Array = asked(&clipboard, "read", &Array::new()).await?.dyn_into().ok()?;
    let (mut html, mut text) = (String::new(), String::new());
    for item in items {
        let kinds: Array = Reflect::get(&item, &"types".into()).ok()?.dyn_into().ok()?;
        for (kind, form) in [(HTML, &mut html), (PLAIN, &mut text)] {
            if kinds.includes(&kind.into(), 0) {
                let blob = asked(&item, "getType", &Array::of1(&kind.into())).await?;
                *form = asked(&blob, "text", &Array::new()).await?.as_string()?;
            }
        }
    }
    Some((html, text))
}
