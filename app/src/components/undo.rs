//! Taking back what one did, and doing it again: buttons, keys, and what is said about it.

use std::rc::Rc;

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{key::Key, template::TableId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::{
    components::{chain::short_name, grid::Jump},
    store::{Outcome, Store, Way},
    text,
};

/// Goes to a path of the application.
type Navigate = Rc<dyn Fn(&str)>;

/// Handle for whoever takes back or does again, found in the context of an exercise's page.
#[derive(Clone, Copy)]
pub struct Undo {
    store: Store,
    jump: Jump,
    /// The table on the screen.
    table: Memo<Option<TableId>>,
    navigate: StoredValue<Navigate, LocalStorage>,
    /// What stayed, because others changed it.
    told: RwSignal<Option<String>>,
    /// Read aloud.
    said: RwSignal<String>,
}

impl Undo {
    /// For the page of an exercise, below a router.
    #[must_use]
    pub fn new(store: Store, jump: Jump, table: Memo<Option<TableId>>) -> Self {
        let navigate = use_navigate();
        let navigate: Navigate = Rc::new(move |path| navigate(path, Default::default()));
        Self {
            store,
            jump,
            table,
            navigate: StoredValue::new_local(navigate),
            told: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// Takes the last action back, or does again what was last taken back, and shows where.
    pub fn take(self, way: Way) {
        self.said.set(String::new());
        match self.store.take(way) {
            Ok(outcome) => {
                self.told.set(stayed(&outcome));
                self.said.set(done(way, &outcome));
                if let Some(key) = outcome.keys.first().or(outcome.kept.first()) {
                    self.show(key);
                }
            }
            Err(rejection) => self.told.set(Some(rejection.to_string())),
        }
    }

    fn show(self, key: &Key) {
        if !TableId::GRIDS.contains(&key.table) && key.table != TableId::Instruments {
            return;
        }
        if self.table.get_untracked() != Some(key.table) {
            let (exercise, table) = (self.store.exercise_id(), key.table.as_str());
            self.navigate.with_value(|go| go(&format!("/ejercicio/{exercise}/{table}")));
            self.said.update(|said| *said += &format!(" En {}.", short_name(key.table)));
        }
        if TableId::GRIDS.contains(&key.table) {
            let key = Key { member: None, ..key.clone() };
            self.jump.focus_cell(key);
        }
    }
}

/// What is read aloud.
fn done(way: Way, outcome: &Outcome) -> String {
    let count = text::count(outcome.keys.len(), "cambio", "cambios");
    match (way, outcome.keys.is_empty()) {
        (Way::Back, true) => "No hay nada que deshacer.".into(),
        (Way::Again, true) => "No hay nada que rehacer.".into(),
        (Way::Back, false) => format!("Se deshizo: {count}."),
        (Way::Again, false) => format!("Se rehízo: {count}."),
    }
}

/// «Ana Rojas cambió 2 celdas después; esas no se tocaron.»
fn stayed(outcome: &Outcome) -> Option<String> {
    let cells = match outcome.kept.len() {
        0 => return None,
        cells => text::count(cells, "celda", "celdas"),
    };
    let who = text::people(&outcome.others);
    let changed = if outcome.others.len() > 1 { "cambiaron" } else { "cambió" };
    let untouched = if outcome.kept.len() == 1 { "esa no se tocó" } else { "esas no se tocaron" };
    Some(format!("{who} {changed} {cells} después; {untouched}."))
}

/// The two buttons, and the keys outside of grids and fields.
#[component]
pub fn UndoButtons() -> impl IntoView {
    let undo = expect_context::<Undo>();
    let keys = window_event_listener(ev::keydown, move |event| {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| target.matches("input, textarea, select").unwrap_or(false));
        if field || event.alt_key() || !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        let way = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
            ("z", false) => Way::Back,
            ("z", true) | ("y", false) => Way::Again,
            _ => return,
        };
        event.prevent_default();
        undo.take(way);
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="undo-buttons" role="group" aria-label="Deshacer y rehacer">
            <button
                type="button"
                class="top-link undo-button"
                title="Deshacer lo último que hiciste (Ctrl+Z)"
                aria-label="Deshacer"
                disabled=move || !undo.store.undo_offered().0
                on:click=move |_| undo.take(Way::Back)
            >
                <span aria-hidden="true">"↶"</span>
            </button>
            <button
                type="button"
                class="top-link undo-button"
                title="Rehacer (Ctrl+Y)"
                aria-label="Rehacer"
                disabled=move || !undo.store.undo_offered().1
                on:click=move |_| undo.take(Way::Again)
            >
                <span aria-hidden="true">"↷"</span>
            </button>
            <span class="visually-hidden" role="status">{move || undo.said.get()}</span>
        </div>
    }
}

/// What stayed because others had changed it.
#[component]
pub fn UndoNotice() -> impl IntoView {
    let undo = expect_context::<Undo>();
    let shown = move |text: String| {
        view! {
            <p class="message undo-notice" role="status">
                {text}
                " "
                <button type="button" class="link-button" on:click=move |_| undo.told.set(None)>
                    "Entendido"
                </button>
            </p>
        }
    };
    move || undo.told.get().map(shown)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn outcome(kept: usize, names: &[&str]) -> Outcome {
        let key = Key::parse("focus/a/budget").unwrap();
        Outcome {
            keys: vec![key.clone()],
            kept: vec![key; kept],
            others: names.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn what_stays_is_told_with_who_changed_it() {
        let told = |kept, names: &[&str]| stayed(&outcome(kept, names));
        assert_eq!(told(0, &[]), None);
        assert_eq!(told(2, &["Ana"]).unwrap(), "Ana cambió 2 celdas después; esas no se tocaron.");
        assert_eq!(
            told(1, &["Ana", "Luis", "Eva"]).unwrap(),
            "Ana, Eva y Luis cambiaron 1 celda después; esa no se tocó."
        );
        assert_eq!(told(1, &[]).unwrap(), "Otra persona cambió 1 celda después; esa no se tocó.");
        assert_eq!(done(Way::Back, &outcome(0, &[])), "Se deshizo: 1 cambio.");
    }
}
