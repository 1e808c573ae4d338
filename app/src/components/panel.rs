//! The panel beside the table: findings, decisions, deleted rows, what was refused, how things
//! stand, files.

use leptos::{html, prelude::*};
use shared::key::Key;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    components::{
        aside::Aside, decide::Decide, deleted::Deleted, file::Files, findings::Findings,
        history::HistoryPanel, page::CONTENT, people::PeopleList, rescue::RescueButton,
        review::ReviewPanel, standing::StandingDetails,
    },
    lazy::{Lazy, lazy_view},
    store::{Store, use_store},
    text,
};

lazy_view!(decide in beside, Decide);
lazy_view!(deleted in beside, Deleted);
lazy_view!(aside in beside, Aside);
lazy_view!(standing in beside, StandingDetails);
lazy_view!(files in beside, Files);
lazy_view!(history in beside, HistoryPanel);
lazy_view!(review in beside, ReviewPanel);
lazy_view!(people in beside, PeopleList);
lazy_view!(pub rescue_button in beside, RescueButton);

/// What the panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// What the rules say.
    Findings,
    /// Values to decide between.
    Decide,
    /// Texts that were merged.
    Review,
    /// Rows to restore.
    Deleted,
    /// Changes that the server refused.
    Aside,
    /// Where everything is.
    Status,
    /// Export and import.
    Files,
    /// What became of a cell.
    History,
    /// Who else is here.
    People,
}

/// The cell whose history the panel shows, or which it shows first.
#[derive(Debug, Clone, Copy)]
pub struct PanelCell(pub RwSignal<Option<Key>>);

/// The panel in which something is to be decided or looked at in a cell, where there is anything.
#[must_use]
pub fn panel_for(store: Store, key: &Key) -> Option<Panel> {
    match store.undecided(key).is_empty() {
        false => Some(Panel::Decide),
        true => store.merged(key).map(|_| Panel::Review),
    }
}

/// Shows a cell in a panel, which takes the keyboard also where it is open already.
pub fn show_cell(shown: RwSignal<Option<Panel>>, panel: Panel, cell: PanelCell, key: Key) {
    cell.0.set(Some(key));
    shown.set(Some(panel));
    request_animation_frame(|| focus("aside.panel"));
}

/// What has the keyboard is about to go: it stays in the panel, or in the form of the row.
pub fn hold_keyboard() {
    let focused = document().active_element();
    let is_in = |place: &str| {
        focused.as_ref().is_some_and(|focused| focused.closest(place).ok().flatten().is_some())
    };
    let places = [("aside.panel", "aside.panel"), (".card", "#card-heading")];
    if let Some((_, to)) = places.into_iter().find(|(place, _)| is_in(place)) {
        focus(to);
    }
}

/// Gives the keyboard to the first element that a selector finds.
fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

impl Panel {
    fn title(self) -> &'static str {
        match self {
            Self::Findings => "Avisos",
            Self::Decide => "Por decidir",
            Self::Review => "Por revisar",
            Self::Deleted => "Filas eliminadas",
            Self::Aside => "Cambios apartados",
            Self::Status => "Sincronización",
            Self::Files => "Archivos",
            Self::History => "Historial",
            Self::People => "Personas en el ejercicio",
        }
    }
}

/// Buttons that open the panel, with how much there is in each.
#[component]
pub fn PanelSwitch() -> impl IntoView {
    let store = use_store();
    let findings = move || {
        let derived = store.derived();
        match derived.is_evaluated {
            true => text::count(derived.findings.len(), "aviso", "avisos"),
            false => "Avisos".to_owned(),
        }
    };
    let undecided = Memo::new(move |_| store.undecided_keys().len());
    let review = store.review();
    let merged = Memo::new(move |_| review.with(|review| review.texts().count()));
    let refused = Memo::new(move |_| store.status().quarantined);
    view! {
        <div class="panel-switch">
            <SwitchButton panel=Panel::Findings>{findings}</SwitchButton>
            <Show when=move || { undecided.get() > 0 }>
                <SwitchButton panel=Panel::Decide class="attention">
                    {move || format!("{} por decidir", undecided.get())}
                </SwitchButton>
            </Show>
            <Show when=move || { merged.get() > 0 }>
                <SwitchButton panel=Panel::Review class="attention">
                    {move || format!("{} por revisar", merged.get())}
                </SwitchButton>
            </Show>
            <Show when=move || { refused.get() > 0 }>
                <SwitchButton panel=Panel::Aside class="attention">
                    {move || text::count(refused.get(), "cambio apartado", "cambios apartados")}
                </SwitchButton>
            </Show>
            <SwitchButton panel=Panel::Deleted>"Eliminadas"</SwitchButton>
            <SwitchButton panel=Panel::History>"Historial"</SwitchButton>
            <SwitchButton panel=Panel::Files>"Archivos"</SwitchButton>
        </div>
    }
}

#[component]
fn SwitchButton(
    panel: Panel,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let shown = expect_context::<RwSignal<Option<Panel>>>();
    let is_shown = move || shown.get() == Some(panel);
    view! {
        <button
            class=format!("top-link {class}")
            aria-expanded=move || is_shown().to_string()
            on:click=move |_| shown.set((!is_shown()).then_some(panel))
        >
            {children()}
        </button>
    }
}

/// The panel, where one is open.
#[component]
pub fn SidePanel() -> impl IntoView {
    let shown = expect_context::<RwSignal<Option<Panel>>>();
    let panel = NodeRef::<html::Aside>::new();
    // The panel comes at the end of the page: the keyboard goes there and back.
    let opener = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |before: Option<Option<Panel>>| {
        let now = shown.get();
        if now.is_some() && before.flatten() != now {
            let focused = document().active_element();
            opener.set_value(focused.and_then(|focused| focused.dyn_into().ok()));
            request_animation_frame(move || {
                if let Some(Some(panel)) = panel.try_get_untracked() {
                    // Has a tabindex: can be focused.
                    let _ = panel.focus();
                }
            });
        }
        now
    });
    let close = move || {
        shown.set(None);
        match opener.get_value().filter(|opener| opener.is_connected()) {
            Some(opener) => {
                let _ = opener.focus();
            }
            // What opened it has gone: there was nothing left to do.
            None => focus(&format!("#{CONTENT}")),
        }
    };
    move || {
        let open = shown.get()?;
        let content = match open {
            Panel::Findings => view! { <Findings /> }.into_any(),
            Panel::Decide => view! { <Lazy part=decide /> }.into_any(),
            Panel::Review => view! { <Lazy part=review /> }.into_any(),
            Panel::Deleted => view! { <Lazy part=deleted /> }.into_any(),
            Panel::Aside => view! { <Lazy part=aside /> }.into_any(),
            Panel::Status => view! { <Lazy part=standing /> }.into_any(),
            Panel::Files => view! { <Lazy part=files /> }.into_any(),
            Panel::History => view! { <Lazy part=history /> }.into_any(),
            Panel::People => view! { <Lazy part=people /> }.into_any(),
        };
        Some(view! {
            <aside
                class="panel"
                tabindex="-1"
                node_ref=panel
                aria-label=open.title()
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        close();
                    }
                }
            >
                <div class="panel-head">
                    <h2>{open.title()}</h2>
                    <button class="panel-close" aria-label="Cerrar panel" on:click=move |_| close()>"×"</button>
                </div>
                <div class="panel-content">{content}</div>
            </aside>
        })
    }
}
