//! Locks of the browser that the tabs of a device share. They are free again when their tab ends,
//! however it ends. Browsers have none on pages that came over plain HTTP.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// A lock, held until this is dropped or the tab ends.
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing can be done where the browser does not take it back; it does when the tab ends.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// A lock of this name; `None` where another tab holds it, `Err` where the browser has none.
pub async fn try_lock(name: &str) -> Result<Option<Lock>, JsValue> {
    request(name, true).await
}

/// A lock of this name, as soon as no other tab holds it; `Err` where the browser has none.
pub async fn lock(name: &str) -> Result<Option<Lock>, JsValue> {
    request(name, false).await
}

async fn request(name: &str, if_available: bool) -> Result<Option<Lock>, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &if_available.into())?;
    let name = JsValue::from(name);

    // The browser holds the lock until the promise that the callback returns is fulfilled.
    let granted = Promise::new(&mut |grant, refuse| {
        let callback = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                let _ = grant.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            let held = Promise::new(&mut |release, _| {
                let _ = grant.call1(&JsValue::NULL, &release);
            });
            held.into()
        });
        match request.call3(&locks, &name, &options, &callback) {
            Ok(promise) => {
                let failed = Closure::once_into_js(move |error: JsValue| {
                    let _ = refuse.call1(&JsValue::NULL, &error);
                });
                if let Ok(then) = Reflect::get(&promise, &"catch".into())
                    && let Some(then) = then.dyn_ref::<Function>()
                {
                    let _ = then.call1(&promise, &failed);
                }
            }
            Err(error) => {
                let _ = refuse.call1(&JsValue::NULL, &error);
            }
        }
    });
    let release = JsFuture::from(granted).await?;
    Ok(release.dyn_into().ok().map(|release| Lock { release }))
}
