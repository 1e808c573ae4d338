//! The build of the application that the device keeps (`app/service-worker.js`), so that it opens
//! without a network, and a newer one that waits to take over.

use gloo_timers::{callback::Interval, future::TimeoutFuture};
use js_sys::Reflect;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RegistrationOptions, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerUpdateViaCache,
};

const SERVICE_WORKER: &str = "/service-worker.js";
/// How long the first screen has the network to itself.
const AFTER_MS: u32 = 3_000;
/// Tablets stay open for days.
const AGAIN_MS: u32 = 60 * 60 * 1_000;

/// Handle of the kept build, found in the context by [`use_installed`].
#[derive(Clone, Copy)]
pub struct Installed {
    registration: StoredValue<Option<ServiceWorkerRegistration>, LocalStorage>,
    newer_waits: RwSignal<bool>,
}

/// The kept build.
///
/// # Panics
/// Outside of the application.
#[must_use]
pub fn use_installed() -> Installed {
    expect_context()
}

impl Installed {
    /// Has the device keep this build, and look for newer ones from time to time.
    #[must_use]
    pub fn new() -> Self {
        let installed =
            Self { registration: StoredValue::new_local(None), newer_waits: RwSignal::new(false) };
        spawn_local(async move {
            TimeoutFuture::new(AFTER_MS).await;
            if let Err(error) = installed.register().await {
                leptos::logging::warn!("the device does not keep the application: {error:?}");
            }
        });
        installed
    }

    /// Whether a newer build is on the device and takes over with the next start. Reactive.
    #[must_use]
    pub fn newer_waits(self) -> bool {
        self.newer_waits.get()
    }

    /// Has the newer build take over now: this tab is loaded again.
    pub fn replace(self) {
        let waiting = self.registration.get_value().and_then(|found| found.waiting());
        let (Some(container), Some(waiting)) = (container(), waiting) else { return };
        let reload = Closure::once_into_js(|| {
            // A page that cannot load itself again has the newer build at its next start.
            let _ = location().reload();
        });
        container.set_oncontrollerchange(Some(reload.unchecked_ref()));
        if let Err(error) = waiting.post_message(&JsValue::from_str("activate")) {
            leptos::logging::warn!("the newer build does not answer: {error:?}");
        }
    }

    async fn register(self) -> Result<(), JsValue> {
        // Without HTTPS there is none; the application then needs the network to open.
        let Some(container) = container() else { return Ok(()) };
        let options = RegistrationOptions::new();
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        let registered = container.register_with_options(SERVICE_WORKER, &options);
        let registration: ServiceWorkerRegistration =
            JsFuture::from(registered).await?.unchecked_into();
        self.registration.set_value(Some(registration.clone()));
        self.look();
        let arriving = Closure::<dyn FnMut()>::new({
            let registration = registration.clone();
            move || {
                let look = Closure::<dyn FnMut()>::new(move || self.look());
                if let Some(worker) = registration.installing() {
                    worker.set_onstatechange(Some(look.as_ref().unchecked_ref()));
                }
                // It is asked as long as the application runs, once for each newer build.
                look.forget();
            }
        });
        registration.set_onupdatefound(Some(arriving.as_ref().unchecked_ref()));
        arriving.forget();
        Interval::new(AGAIN_MS, move || self.fetch_newer()).forget();
        Ok(())
    }

    /// Looks for a newer build, which the browser then fetches while people go on.
    pub fn fetch_newer(self) {
        let looking = self.registration.with_value(|found| found.as_ref()?.update().ok());
        spawn_local(async move {
            // Without a network there is nothing newer.
            if let Some(looking) = looking {
                let _ = JsFuture::from(looking).await;
            }
        });
    }

    fn look(self) {
        let waits = self
            .registration
            .with_value(|found| found.as_ref().is_some_and(|r| r.waiting().is_some()));
        if self.newer_waits.get_untracked() != waits {
            self.newer_waits.set(waits);
        }
    }
}

impl Default for Installed {
    fn default() -> Self {
        Self::new()
    }
}

/// The browser's side; `None` where it has none, or where the page came over plain HTTP.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let is_there = Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false);
    is_there.then(|| navigator.service_worker())
}
