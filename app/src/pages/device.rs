//! What this device holds: which exercises can be used without a network, how much room they take,
//! what of them waits to be sent.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{ExerciseSummary, Person},
    format::format_bytes,
    ids::ExerciseId,
};

use crate::{
    components::{
        page::Page,
        pin::PinSetting,
        refreshing::{Refreshing, Work},
        rescue::{page, save_page},
        signed_in::SignedIn,
    },
    session::{Session, use_session},
    storage::{self, Holding},
    store::rescue_apart,
    text,
};

/// The page, at `/equipo`.
#[component]
pub fn DevicePage() -> impl IntoView {
    view! {
        <Page title="Este equipo">
            <SignedIn let:person>
                <Device person />
            </SignedIn>
        </Page>
    }
}

/// What is known of one exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kept {
    id: ExerciseId,
    holding: Holding,
    bytes: u64,
    /// When the server was last known to have the same.
    agreed: Option<i64>,
}

/// Handle of the page.
#[derive(Clone, Copy)]
struct Shelf {
    session: Session,
    person: StoredValue<Person>,
    /// `None` before they were read.
    rows: RwSignal<Option<Vec<Kept>>>,
    /// The exercise that is about to be removed although something of it waits.
    asked: RwSignal<Option<ExerciseId>>,
    message: RwSignal<Option<String>>,
}

impl Shelf {
    async fn read(self) {
        let Some(person) = self.person.try_get_value() else { return };
        let listed: Vec<ExerciseSummary> =
            self.session.recall(&super::exercises::list_name(&person)).await.unwrap_or_default();
        let held = self.session.holdings().await;
        let sizes = self.session.sizes().await;
        let mut all: BTreeMap<ExerciseId, Holding> =
            listed.iter().map(|one| (one.id, Holding::default())).collect();
        all.extend(held.into_iter().filter(|(id, _)| person.grant.may_read(*id)));
        let mut rows = Vec::new();
        for (id, holding) in all.into_iter().rev() {
            let agreed = self.session.recall(&format!("agreed/{id}")).await;
            rows.push(Kept { id, holding, bytes: sizes.get(&id).copied().unwrap_or(0), agreed });
        }
        self.rows.try_set(Some(rows));
    }

    /// Takes an exercise from the device; where something of it waits, after asking.
    fn remove(self, kept: Kept, is_sure: bool) {
        if kept.holding.waiting() > 0 && !is_sure {
            return self.asked.set(Some(kept.id));
        }
        self.asked.set(None);
        let Some(person) = self.person.try_get_value() else { return };
        spawn_local(async move {
            let said = match self.session.remove(kept.id, &person).await {
                Ok(()) => format!("{} ya no está en este equipo.", text::exercise(kept.id)),
                Err(failure) => text::failure(&failure).into(),
            };
            self.message.try_set(Some(said));
            self.read().await;
        });
    }

    fn save_rescue(self, id: ExerciseId) {
        let Some(person) = self.person.try_get_value() else { return };
        spawn_local(async move {
            match rescue_apart(self.session, &person, id).await {
                Ok((rescue, exercise)) => save_page(&page(&exercise, &rescue), &rescue),
                Err(failure) => {
                    self.message.try_set(Some(text::failure(&failure).into()));
                }
            }
        });
    }
}

#[component]
fn Device(person: Person) -> impl IntoView {
    let session = use_session();
    let refreshing = Refreshing::new(person.clone());
    let shelf = Shelf {
        session,
        person: StoredValue::new(person),
        rows: RwSignal::new(None),
        asked: RwSignal::new(None),
        message: RwSignal::new(None),
    };
    Effect::new(move |_| {
        refreshing.track();
        spawn_local(shelf.read());
    });
    refreshing.add_outdated();
    let all = move |_| {
        let rows = shelf.rows.get_untracked();
        rows.iter()
            .flatten()
            .filter(|kept| kept.holding.copy)
            .for_each(|kept| refreshing.add(kept.id));
    };
    let unsent = move || {
        shelf.rows.with(|rows| {
            Some(rows.as_ref()?.iter().map(|kept| kept.holding.unsent + kept.holding.acts).sum())
        })
    };
    let waiting = move || match unsent() {
        None => String::new(),
        Some(0_usize) => "Nada espera en este equipo.".to_owned(),
        Some(unsent) => {
            format!("{} por enviar desde este equipo.", text::count(unsent, "cambio", "cambios"))
        }
    };
    view! {
        <p>
            "Lo que está en este equipo se abre y se edita sin conexión. Los ejercicios que abres quedan aquí; puedes traer otros antes de salir a terreno."
        </p>
        <Room />
        <p>
            {waiting} " "
            <button class="button primary" disabled=move || !refreshing.under_way().is_empty() on:click=all>
                "Sincronizar ahora"
            </button>
        </p>
        <div role="status">
            {move || shelf.message.get().map(|text| view! { <p class="message">{text}</p> })}
        </div>
        <Asked shelf />
        <table class="table exercises">
            <thead>
                <tr>
                    <th scope="col">"Ejercicio"</th>
                    <th scope="col">"En este equipo"</th>
                    <th scope="col">"Espacio"</th>
                    <th scope="col">"Última sincronización"</th>
                    <th scope="col"><span class="visually-hidden">"Acciones"</span></th>
                </tr>
            </thead>
            <tbody>
                <For each=move || shelf.rows.get().unwrap_or_default() key=|kept| *kept let:kept>
                    <KeptRow kept shelf refreshing />
                </For>
            </tbody>
        </table>
        <PinSetting />
        <p><a href="/cuenta">"Tu cuenta: segundo factor para entrar con contraseña"</a></p>
    }
}

/// How much room there is.
#[component]
fn Room() -> impl IntoView {
    let session = use_session();
    let said = RwSignal::new(None::<String>);
    spawn_local(async move {
        if let Some((used, available, is_kept)) = storage::room().await {
            let kept = match is_kept {
                true => "El navegador lo conserva aunque falte espacio.",
                false => {
                    "El navegador podría borrarlo si falta espacio: se le pide conservarlo al \
                     empezar a editar."
                }
            };
            said.try_set(Some(format!(
                "Focaliza ocupa {} de {} disponibles. {kept}",
                format_bytes(used),
                format_bytes(available)
            )));
        }
    });
    let failure = move || session.storage().and_then(Result::err);
    move || match failure() {
        Some(failure) => {
            view! { <p class="message danger">{text::failure(&failure)}</p> }.into_any()
        }
        None => view! { <p class="hint">{said}</p> }.into_any(),
    }
}

#[component]
fn KeptRow(kept: Kept, shelf: Shelf, refreshing: Refreshing) -> impl IntoView {
    let Kept { id, holding, bytes, agreed } = kept;
    let name = text::exercise(id);
    let state = {
        let held = super::exercises::state(Some(holding));
        move || match refreshing.work(id) {
            Some(Work::Waiting) => "En espera…".to_owned(),
            Some(Work::Arriving(0)) => "Sincronizando…".into(),
            Some(Work::Arriving(percent)) => format!("Descargando… {percent} %"),
            Some(Work::Failed(why)) => format!("{held} · {why}"),
            None => held.clone(),
        }
    };
    let is_busy = move || matches!(refreshing.work(id), Some(Work::Waiting | Work::Arriving(_)));
    let size = if holding.copy { format_bytes(bytes) } else { String::new() };
    let waits = holding.waiting() > 0;
    let rescue = waits.then(|| {
        view! {
            <button
                class="button"
                aria-label=format!("Descargar respaldo de {name}")
                on:click=move |_| shelf.save_rescue(id)
            >
                "Descargar respaldo"
            </button>
        }
    });
    let act = if holding.copy || waits {
        view! {
            <button
                class="button"
                disabled=is_busy
                aria-label=format!("Quitar {name} de este equipo")
                on:click=move |_| shelf.remove(kept, false)
            >
                "Quitar"
            </button>
        }
        .into_any()
    } else {
        view! {
            <button
                class="button"
                disabled=is_busy
                aria-label=format!("Traer {name} a este equipo")
                on:click=move |_| refreshing.add(id)
            >
                "Dejar disponible sin conexión"
            </button>
        }
        .into_any()
    };
    view! {
        <tr>
            <td><a href=format!("/ejercicio/{id}")>{name.clone()}</a></td>
            <td data-label="En este equipo">{state}</td>
            <td data-label="Espacio" class="number">{size}</td>
            <td data-label="Última sincronización">{agreed.map(text::at)}</td>
            <td><div class="buttons">{rescue}{act}</div></td>
        </tr>
    }
}

/// Asks before something that the server has not got is taken away, for as long as that is so.
#[component]
fn Asked(shelf: Shelf) -> impl IntoView {
    move || {
        let id = shelf.asked.get()?;
        let is_asked = |kept: &&Kept| kept.id == id;
        let kept = shelf.rows.with(|rows| rows.iter().flatten().find(is_asked).copied())?;
        let waits = kept.holding.waiting();
        if waits == 0 {
            return None;
        }
        let (name, waits) = (text::exercise(id), text::count(waits, "cambio", "cambios"));
        Some(view! {
            <div class="message warning" role="alertdialog" aria-label="Quitar de este equipo">
                <p>
                    {format!(
                        "{name} tiene {waits} sin enviar. Si quitas el ejercicio de este equipo, eso \
                         se pierde: sincroniza antes, o descarga un respaldo.",
                    )}
                </p>
                <div class="buttons">
                    <button class="button primary" on:click=move |_| shelf.save_rescue(id)>"Descargar respaldo"</button>
                    <button class="button danger" on:click=move |_| shelf.remove(kept, true)>"Quitar y perder lo que falta enviar"</button>
                    <button class="button" on:click=move |_| shelf.asked.set(None)>"Cancelar"</button>
                </div>
            </div>
        })
    }
}
