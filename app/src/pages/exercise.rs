//! An exercise: its tables, one at a time, and what surrounds them.

use std::rc::Rc;

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use shared::{api::Person, ids::ExerciseId, sync::replica::Link};

use crate::{
    components::{
        chain::Chain,
        grid::{Jump, Lenses, Shapes},
        notices::Notices,
        page::{CONTENT, Header, Page, arrive, set_title},
        panel::{Panel, PanelCell, PanelSwitch, SidePanel},
        past::PastView,
        people::{Following, PeopleButton},
        signed_in::SignedIn,
        status::StatusPill,
        table::TableView,
        undo::{Undo, UndoButtons, UndoNotice},
        views::{Screen, view_page},
    },
    lazy::{Later, Lazy, lazy_view},
    session::use_session,
    storage::Failure,
    store::{Open, Store},
    text,
};

lazy_view!(past in beside, PastView);

/// Stands in the place of a table where the exercise is shown as it was.
const PAST: &str = "historial";

/// One exercise, at `/ejercicio/01-2027/focus`.
#[component]
pub fn ExercisePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("exercise").unwrap_or_default());
    let screen = Memo::new(move |_| {
        let params = params.read();
        let (table, view) = (params.get("table"), params.get("view"));
        Screen::parse(table.as_deref(), view.as_deref())
    });
    move || {
        match id.get().parse::<ExerciseId>() {
        Ok(id) => view! {
            <SignedIn let:person>
                <Opening id person screen />
            </SignedIn>
        }
        .into_any(),
        Err(_) => view! {
            <Page title="Este ejercicio no existe">
                <p>
                    "La dirección de un ejercicio lleva el código de la región y el año presupuestario, como «01-2027». "
                    <a href="/">"Ver la lista de ejercicios"</a>
                </p>
            </Page>
        }
        .into_any(),
    }
    }
}

#[derive(Clone)]
enum Opened {
    Not,
    Yes(Store),
    Failed(Failure),
}

/// Opens what the device has of the exercise.
#[component]
fn Opening(id: ExerciseId, person: Person, screen: Memo<Option<Screen>>) -> impl IntoView {
    if !person.grant.may_read(id) {
        return view! {
            <Page title="Sin acceso">
                <p>
                    {format!("Tu rol no da acceso al ejercicio {}. ", text::exercise(id))}
                    <a href="/">"Ver tus ejercicios"</a>
                </p>
            </Page>
        }
        .into_any();
    }
    set_title(&text::exercise(id));
    let session = use_session();
    let opened = RwSignal::new_local(Opened::Not);
    let current = StoredValue::new_local(None::<Rc<Open>>);
    let owner = Owner::current();
    spawn_local(async move {
        match Open::open(session, person, id).await {
            Ok(open) => {
                // The page may have been left meanwhile.
                if current.try_set_value(Some(Rc::clone(&open))).is_some() {
                    return open.close();
                }
                if let Some(owner) = owner {
                    opened.set(Opened::Yes(owner.with(|| Store::new(open))));
                }
            }
            Err(failure) => {
                leptos::logging::error!("{id} not opened: {failure}");
                opened.try_set(Opened::Failed(failure));
            }
        }
    });
    on_cleanup(move || {
        if let Some(Some(open)) = current.try_update_value(Option::take) {
            open.close();
        }
    });
    (move || match opened.get() {
        Opened::Not => view! {
            <Header>{text::exercise(id)}</Header>
            <p class="waiting" role="status">"Abriendo…"</p>
        }
        .into_any(),
        Opened::Failed(failure) => view! {
            <Page title="No se pudo abrir">
                <p class="message danger">{text::failure(&failure)}</p>
                <p>
                    <a class="button" rel="external" href=format!("/ejercicio/{id}")>"Volver a intentarlo"</a>
                </p>
            </Page>
        }
        .into_any(),
        Opened::Yes(store) => {
            provide_context(store);
            view! { <Workspace id screen store /> }.into_any()
        }
    })
    .into_any()
}

#[component]
fn Workspace(id: ExerciseId, screen: Memo<Option<Screen>>, store: Store) -> impl IntoView {
    let params = use_params_map();
    let is_past = Memo::new(move |_| params.read().get("table").is_some_and(|table| table == PAST));
    let panel = RwSignal::new(None::<Panel>);
    let table = Memo::new(move |_| match screen.get()? {
        Screen::Table(table) => Some(table),
        Screen::View(_) => None,
    });
    // From view to view the page stays, and what it holds with it.
    let is_view = Memo::new(move |_| matches!(screen.get(), Some(Screen::View(_))));
    arrive();
    provide_context(screen);
    provide_context(panel);
    let jump = Jump::new();
    provide_context(jump);
    provide_context(Undo::new(store, jump, table));
    provide_context(PanelCell(RwSignal::new(None)));
    provide_context(Lenses::new());
    provide_context(Shapes::new());
    let typing = window_event_listener(ev::keydown, move |_| store.note_key());
    on_cleanup(move || typing.remove());
    let fetching = move || {
        let (done, size) = store.status().fetch?;
        let percent = u64::from(done) * 100 / u64::from(size.max(1));
        Some(
            view! { <p class="message" role="status">{format!("Descargando el ejercicio… {percent} %")}</p> },
        )
    };
    let denied = move || match store.status().link {
        Link::Denied(code) => Some(view! {
            <p class="message warning" role="status">{text::code(code)} " No se están recibiendo los cambios de otras personas."</p>
        }),
        _ => None,
    };
    // Both: what the server says now, and what the person may where it was not met yet.
    let only_reads = move || {
        (!store.status().may_edit || !store.may_edit()).then(|| view! {
            <p class="message" role="status">"Solo lectura: tu rol no permite escribir en este ejercicio."</p>
        })
    };
    view! {
        <div class="exercise-page">
        <Header>
            <h1 class="exercise-name">{text::exercise(id)}</h1>
            <UndoButtons />
            <PanelSwitch />
            <PeopleButton />
            <StatusPill />
        </Header>
        <div class="notices">
            <Later>
                <Notices />
                <Following table />
                <UndoNotice />
            </Later>
            {fetching}
            {denied}
            {only_reads}
        </div>
        <div class="exercise" class:with-panel=move || panel.get().is_some()>
            <Chain id screen />
            <main id=CONTENT class="workspace" tabindex="-1" aria-label=text::exercise(id)>
                <Later>
                {move || match table.get() {
                    Some(table) => view! { <TableView table /> }.into_any(),
                    None if is_past.get() => view! { <Lazy part=past /> }.into_any(),
                    None if is_view.get() => view! { <Lazy part=view_page /> }.into_any(),
                    None => view! {
                        <h2>"Esta matriz no existe"</h2>
                        <p>"Elige una de la lista."</p>
                    }
                    .into_any(),
                }}
                </Later>
            </main>
            <Later><SidePanel /></Later>
        </div>
        </div>
    }
}
