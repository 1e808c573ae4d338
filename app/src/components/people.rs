//! Who else is in the exercise: signs in the header, a list with where they are, following one.

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{
    ids::ExerciseId,
    key::Key,
    protocol::Place,
    sync::crowd::{Somebody, initials},
    template::TableId,
};
use wasm_bindgen::JsCast as _;

use crate::{
    components::{chain::short_name, grid::Jump, panel::Panel},
    store::{Store, use_store},
    text,
};

/// Signs that the header has room for.
const SIGNS: usize = 4;

/// The signs of those who are here; opens the list of them.
#[component]
pub fn PeopleButton() -> impl IntoView {
    let store = use_store();
    let shown = expect_context::<RwSignal<Option<Panel>>>();
    let others = Memo::new(move |_| {
        let signs = store.people().others().into_iter().map(|one| (one.name, one.colour));
        signs.collect::<Vec<_>>()
    });
    let is_shown = move || shown.get() == Some(Panel::People);
    let label = move || {
        others.with(|others| {
            let names: Vec<_> = others.iter().map(|(name, _)| name.as_str()).collect();
            let count = text::count(names.len(), "persona más aquí", "personas más aquí");
            format!("{count}: {}", names.join(", "))
        })
    };
    let signs = move || {
        others.with(|others| {
            let more = others.len().saturating_sub(SIGNS);
            let signs = others.iter().take(SIGNS).map(|(name, colour)| sign(name, *colour));
            let signs = signs.collect_view();
            let more = (more > 0)
                .then(|| view! { <span class="person-sign more">{format!("+{more}")}</span> });
            view! { {signs} {more} }
        })
    };
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <button
                type="button"
                class="top-link people-button"
                title=label
                aria-expanded=move || is_shown().to_string()
                on:click=move |_| shown.set((!is_shown()).then_some(Panel::People))
            >
                {signs}
                <span class="visually-hidden">{label}</span>
            </button>
        </Show>
    }
}

/// The sign of a person: initials on a colour.
fn sign(name: &str, colour: u8) -> impl IntoView + use<> {
    let class = format!("person-sign person-{colour}");
    view! { <span class=class aria-hidden="true">{initials(name)}</span> }
}

/// The list of those who are here.
#[component]
pub fn PeopleList() -> impl IntoView {
    let store = use_store();
    let others = move || store.people().others();
    view! {
        <Show when=move || others().is_empty()>
            <p>"Nadie más tiene abierto este ejercicio en este momento."</p>
        </Show>
        <ul class="people">
            <For each=others key=|one| one.user let:one>
                <PersonItem one />
            </For>
        </ul>
    }
}

#[component]
fn PersonItem(one: Somebody) -> impl IntoView {
    let store = use_store();
    let jump = expect_context::<Jump>();
    let Somebody { user, name, role, colour, .. } = one;
    let place = Memo::new(move |_| store.people().find(user).map(|one| one.place));
    let follows =
        Memo::new(move |_| store.people().following().is_some_and(|one| one.user == user));
    let follow = move |_| store.people().follow((!follows.get_untracked()).then_some(user));
    let navigate = use_navigate();
    let go_to = move |_| {
        let Some(place) = place.get_untracked() else { return };
        navigate(&path(store.exercise_id(), place.table), Default::default());
        if let Some(cell) = &place.cell {
            jump.focus_cell(Key::cell(place.table, &cell.row, &cell.field));
        }
    };
    view! {
        <li class="person">
            {sign(&name, colour)}
            <div class="person-about">
                <strong>{name}</strong>
                <small>{role}</small>
                <small>{move || place.get().map(|place| whereabouts(store, &place))}</small>
            </div>
            <div class="person-deeds">
                <button type="button" class="button" aria-pressed=move || follows.get().to_string() on:click=follow>
                    {move || if follows.get() { "Dejar de seguir" } else { "Seguir" }}
                </button>
                <button type="button" class="link-button" on:click=go_to>"Ir ahí"</button>
            </div>
        </li>
    }
}

/// Where somebody is, in words: «Focalización · fila 3 · Presupuesto · escribiendo».
fn whereabouts(store: Store, place: &Place) -> String {
    let mut words = vec![short_name(place.table).to_owned()];
    if let Some(cell) = &place.cell {
        let order = |row: &_| {
            store.with(|exercise| {
                exercise.table(place.table).order().iter().position(|other| other == row)
            })
        };
        if let Some(row) = order(&cell.row) {
            words.push(format!("fila {}", row + 1));
        }
        if let Some(column) = place.table.column(&cell.field) {
            words.push(column.title.into());
        }
    }
    if place.caret.is_some() || place.draft.is_some() {
        words.push("escribiendo".into());
    }
    words.join(" · ")
}

fn path(exercise: ExerciseId, table: TableId) -> String {
    format!("/ejercicio/{exercise}/{}", table.as_str())
}

/// Says whom this screen follows, and follows: it goes to the table that they go to (the grid to
/// their cell), until anything is touched here.
#[component]
pub fn Following(table: Memo<Option<TableId>>) -> impl IntoView {
    let store = use_store();
    let navigate = use_navigate();
    {
        let people = store.people();
        Effect::new(move |_| {
            if let Some(table) = table.get() {
                people.i_am_at(Place::at(table));
            }
        });
    }
    let their_table = Memo::new(move |_| store.people().following().map(|one| one.place.table));
    Effect::new(move |_| {
        if let Some(theirs) = their_table.get()
            && table.get_untracked() != Some(theirs)
        {
            navigate(&path(store.exercise_id(), theirs), Default::default());
        }
    });
    let stop = move |event: &web_sys::Event| {
        if !begins_or_ends(event) {
            store.people().follow(None);
        }
    };
    let listeners = [
        window_event_listener(ev::keydown, move |event| stop(&event)),
        window_event_listener(ev::pointerdown, move |event| stop(&event)),
        window_event_listener(ev::wheel, move |event| stop(&event)),
    ];
    let looked = {
        let people = store.people();
        window_event_listener_untyped("visibilitychange", move |_| people.look())
    };
    on_cleanup(move || {
        listeners.into_iter().for_each(WindowListenerHandle::remove);
        looked.remove();
    });
    let followed = Memo::new(move |_| store.people().following().map(|one| (one.name, one.colour)));
    view! {
        <div role="status">
            {move || followed.get().map(|(name, colour)| view! {
                <div class=format!("message following person-{colour}")>
                    {sign(&name, colour)}
                    <span>{format!("Sigues a {name}: la pantalla va adonde va. Toca cualquier cosa o presiona una tecla para dejar de seguir.")}</span>
                </div>
            })}
        </div>
    }
}

/// Whether the button was touched that says by itself what is followed.
fn begins_or_ends(event: &web_sys::Event) -> bool {
    // Other keys do nothing to a button.
    let key = event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key);
    if key.is_some_and(|key| key != "Enter" && key != " ") {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(".person-deeds").is_ok_and(|found| found.is_some()))
}
