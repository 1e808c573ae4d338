//! Parts of the application that are downloaded when they are first shown, and parts of a page that
//! are drawn in a turn of their own.
//!
//! [`lazy_view!`] makes a function of its own module of the WASM file (feature `split`, which
//! `cargo xtask` sets and whose output it splits); without the feature everything is one file, as
//! `trunk serve` and the tests have it. What is fetched is only the way to the view: it is drawn
//! by [`Lazy`], where it belongs.

use std::{future::Future, pin::Pin};

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
pub use wasm_split_helpers::SplitLoaderError;

/// Draws a part that has arrived.
pub type Draw = fn() -> AnyView;

/// A part on its way.
pub type Arriving = Pin<Box<dyn Future<Output = Result<Draw, SplitLoaderError>>>>;

/// Defines a function for [`Lazy`] that fetches a view: `lazy_view!(rules_page in rules, RulesPage)`.
/// The name is unique in the application; what is `in` the same file travels together. The component
/// has no properties.
macro_rules! lazy_view {
    ($visibility:vis $name:ident in $file:ident, $component:ident) => {
        #[doc = concat!("Fetches [`", stringify!($component), "`].")]
        $visibility fn $name() -> $crate::lazy::Arriving {
            #[cfg(feature = "split")]
            #[wasm_split_helpers::wasm_split($file, fallible)]
            fn $name() -> Result<$crate::lazy::Draw, $crate::lazy::SplitLoaderError> {
                Ok(|| leptos::prelude::IntoAny::into_any(leptos::prelude::view! { <$component /> }))
            }
            #[cfg(not(feature = "split"))]
            async fn $name() -> Result<$crate::lazy::Draw, $crate::lazy::SplitLoaderError> {
                Ok(|| leptos::prelude::IntoAny::into_any(leptos::prelude::view! { <$component /> }))
            }
            Box::pin($name())
        }
    };
}
pub(crate) use lazy_view;

/// How long the first screen has the network to itself.
const AHEAD_MS: u32 = 1_000;

/// Fetches parts before somebody asks for them, one after the other: they are there at once, and
/// also where the network is gone by then. One of each file is enough.
pub fn fetch_ahead(parts: &'static [fn() -> Arriving]) {
    spawn_local(async move {
        TimeoutFuture::new(AHEAD_MS).await;
        for part in parts {
            // Who asks for it later tries again, and is told.
            let _ = part().await;
        }
    });
}

/// Until the next turn of the browser: keys and frames that wait go first. What takes long is done in
/// several turns.
pub async fn next_turn() {
    TimeoutFuture::new(0).await;
}

/// Draws its content in a turn of its own. What is around it keeps the room.
#[component]
pub fn Later(children: ChildrenFn) -> impl IntoView {
    let is_time = RwSignal::new(false);
    spawn_local(async move {
        next_turn().await;
        // The page may be gone.
        let _ = is_time.try_set(true);
    });
    view! { <Show when=move || is_time.get()>{children()}</Show> }
}

/// Shows a part as soon as it is there; where it cannot be fetched, says so and tries again on
/// request.
#[component]
pub fn Lazy(
    /// What [`lazy_view!`] defined.
    part: fn() -> Arriving,
) -> impl IntoView {
    let arrived = RwSignal::new_local(None::<Result<Draw, SplitLoaderError>>);
    let fetch = move || {
        arrived.set(None);
        spawn_local(async move {
            // The page is drawn first: a slow device takes as long for either.
            next_turn().await;
            let part = part().await;
            // What it was for may be gone.
            let _ = arrived.try_set(Some(part));
        });
    };
    fetch();
    move || {
        match arrived.get() {
        None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
        Some(Ok(draw)) => draw(),
        Some(Err(_)) => view! {
            <p class="message warning" role="alert">
                "Esta parte de la aplicación aún no está en este equipo y no se pudo descargar. Lo que escribiste sigue guardado. "
                <button type="button" class="button" on:click=move |_| fetch()>"Intentar de nuevo"</button>
            </p>
        }
        .into_any(),
    }
    }
}
