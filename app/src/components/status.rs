//! The pill that says where everything is: on this device, on its way, on the server.
//!
//! It only says what was confirmed: «Guardado en este equipo» after the device's transaction, «en
//! el servidor» after the server's.

use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use shared::sync::replica;

use crate::{
    components::panel::Panel,
    session::use_session,
    store::{Store, use_store},
    sync::Link,
    text,
};

/// A standing that lasts this long is read aloud.
const ANNOUNCED_AFTER_MS: u32 = 2_000;
/// While a text grows, that something is under way is shown until nothing was for this long: the
/// words stand still instead of changing with every other key, each time in a frame of its own.
const SETTLED_AFTER_MS: u32 = 400;

/// What the pill says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Decides sign and colour, as the class of the pill.
    pub kind: &'static str,
    /// The words.
    pub words: String,
}

impl Standing {
    /// Whether something is being stored or sent.
    fn is_under_way(&self) -> bool {
        self.kind == "sending" || self.words == STORING
    }
}

const STORING: &str = "Guardando en este equipo…";

/// How things stand, in words.
#[must_use]
pub fn standing(
    status: &replica::Status,
    link: Link,
    is_lasting: bool,
    agreed: Option<i64>,
) -> Standing {
    let standing = |kind, words: String| Standing { kind, words };
    let unsent = text::count(status.unsent, "cambio", "cambios");
    if !is_lasting || status.is_store_failing {
        let words = match status.unsent {
            0 if link == Link::Online && status.agreed => {
                "Este equipo no guarda · todo en el servidor".into()
            }
            0 => "Este equipo no guarda".into(),
            _ => format!("Sin guardar en este equipo · {unsent} por enviar"),
        };
        return standing("danger", words);
    }
    if link == Link::Expired && status.unsent > 0 {
        return standing("warning", format!("Sesión vencida · {unsent} por enviar"));
    }
    if link == Link::Expired {
        return standing("warning", "Sesión vencida".into());
    }
    let is_following = link == Link::Online && status.link == replica::Link::Following;
    if status.unsaved > 0 && !is_following {
        return standing("device", STORING.into());
    }
    match (link, status.link, status.unsent) {
        (Link::Online, replica::Link::Following, 0) if status.agreed => {
            let when = agreed.map_or_else(|| "recién".to_owned(), text::when);
            standing("server", format!("Todo en el servidor · {when}"))
        }
        (Link::Online, replica::Link::Following, 1..) => {
            standing("sending", format!("Enviando {unsent}…"))
        }
        (Link::Online, replica::Link::Denied(_), _) => {
            standing("warning", format!("El servidor no da acceso · {unsent} por enviar"))
        }
        (Link::Online, _, 0) => standing("sending", "Comprobando con el servidor…".into()),
        (_, _, 1..) => standing("device", format!("Guardado en este equipo · {unsent} por enviar")),
        (Link::Connecting, ..) => standing("device", "Conectando…".into()),
        _ => {
            let last = agreed
                .map_or_else(String::new, |at| format!(" Última sincronización: {}", text::at(at)));
            standing("device", format!("Sin conexión — puedes seguir trabajando.{last}"))
        }
    }
}

/// How the open exercise stands. Reactive.
#[must_use]
pub fn standing_of(store: Store, connection: &crate::sync::Connection) -> Standing {
    standing(&store.status(), connection.link(), store.is_lasting(), store.agreed())
}

/// The pill; pressing it shows the details.
#[component]
pub fn StatusPill() -> impl IntoView {
    let store = use_store();
    let panel = expect_context::<RwSignal<Option<Panel>>>();
    let connection = StoredValue::new_local(use_session().connection());
    // «hace 3 min» grows older by itself.
    let minute = RwSignal::new(());
    let clock = StoredValue::new_local(Some(Interval::new(30_000, move || minute.set(()))));
    on_cleanup(move || {
        clock.try_update_value(Option::take);
    });
    let standing = Memo::new(move |_| {
        minute.track();
        connection.with_value(|connection| standing_of(store, connection))
    });
    let standing = settled(store, standing);
    let toggle = move |_| {
        panel.update(|panel| {
            *panel = if *panel == Some(Panel::Status) { None } else { Some(Panel::Status) };
        });
    };
    // Read aloud once it stays: at every keystroke it would drown everything else.
    let announced = RwSignal::new(String::new());
    let pending = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let words = standing.get().words;
        pending.set_value(Some(Timeout::new(ANNOUNCED_AFTER_MS, move || {
            announced.try_set(words);
        })));
    });
    view! {
        <button
            class=move || format!("status {}", standing.get().kind)
            aria-expanded=move || (panel.get() == Some(Panel::Status)).to_string()
            on:click=toggle
        >
            <span class="status-sign" aria-hidden="true"></span>
            <span id="status-text">{move || standing.get().words}</span>
        </button>
        <span class="visually-hidden" role="status">{announced}</span>
    }
}

/// The same, but while a text grows, that all is well is said a moment later.
fn settled(store: Store, standing: Memo<Standing>) -> Signal<Standing> {
    let shown = RwSignal::new(standing.get_untracked());
    let pending = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let next = standing.get();
        let (was, is) = (shown.with_untracked(Standing::is_under_way), next.is_under_way());
        let is_well = matches!(next.kind, "server" | "device");
        let show = move |next| {
            if shown.try_get_untracked().is_some_and(|known| known != next) {
                shown.set(next);
            }
        };
        let wait = was && !is && is_well && store.is_growing(SETTLED_AFTER_MS);
        pending.set_value(wait.then(|| {
            let next = next.clone();
            Timeout::new(SETTLED_AFTER_MS, move || show(next))
        }));
        if !wait {
            show(next);
        }
    });
    shown.into()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::clock;

    fn status() -> replica::Status {
        replica::Status {
            link: replica::Link::Following,
            unsaved: 0,
            unsent: 0,
            is_store_failing: false,
            quarantined: 0,
            fetch: None,
            may_edit: true,
            agreed: true,
            differs: false,
        }
    }

    #[wasm_bindgen_test]
    fn it_says_only_what_was_confirmed() {
        let offline = replica::Link::Offline;
        let now = Some(clock::now());
        let words = |status: replica::Status, link| standing(&status, link, true, now).words;
        for (status, link, expected) in [
            (status(), Link::Online, "Todo en el servidor · recién"),
            (
                replica::Status { unsent: 12, agreed: false, ..status() },
                Link::Online,
                "Enviando 12 cambios…",
            ),
            (
                replica::Status { unsent: 1, unsaved: 1, ..status() },
                Link::Online,
                "Enviando 1 cambio…",
            ),
            (
                replica::Status { unsent: 1, unsaved: 1, link: offline, ..status() },
                Link::Waiting,
                "Guardando en este equipo…",
            ),
            (
                replica::Status { agreed: false, ..status() },
                Link::Online,
                "Comprobando con el servidor…",
            ),
            (
                replica::Status { unsent: 12, link: offline, ..status() },
                Link::Waiting,
                "Guardado en este equipo · 12 cambios por enviar",
            ),
            (
                replica::Status { unsent: 2, agreed: false, ..status() },
                Link::Quiet,
                "Guardado en este equipo · 2 cambios por enviar",
            ),
            (
                replica::Status { unsent: 1, link: offline, ..status() },
                Link::Expired,
                "Sesión vencida · 1 cambio por enviar",
            ),
        ] {
            assert_eq!(words(status, link), expected);
        }
        let alone = words(replica::Status { link: offline, ..status() }, Link::Waiting);
        assert!(alone.starts_with("Sin conexión — puedes seguir trabajando. Última"), "{alone}");
        let private = standing(&status(), Link::Online, false, now);
        let expected = ("danger", "Este equipo no guarda · todo en el servidor");
        assert_eq!((private.kind, private.words.as_str()), expected);
        let waiting = replica::Status { unsent: 2, agreed: false, ..status() };
        let full = standing(&waiting, Link::Online, false, now);
        assert_eq!(full.words, "Sin guardar en este equipo · 2 cambios por enviar");
    }
}
