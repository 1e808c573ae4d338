//! The exercise at another moment: when people worked, the tables as they were, what is different
//! since, and the way back for cells and rows. From the server.

mod since;
mod tables;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::{
    doc::Document,
    history::{Since, WorkSession},
    ids::Peer,
};

use self::{since::SinceList, tables::PastTables};
use crate::{
    api, clock,
    store::{Store, use_store},
    text,
};

/// The exercise at a moment.
#[derive(Clone)]
struct Then {
    moment: i64,
    document: std::sync::Arc<Document>,
    since: Since,
}

#[derive(Clone)]
enum Shown {
    Nothing,
    Loading,
    Then(Then),
    Failed(String),
}

/// The screen: the one way into this part of the program.
#[component]
pub fn PastView() -> impl IntoView {
    let store = use_store();
    let sessions = RwSignal::new(None::<Result<Vec<WorkSession>, String>>);
    spawn_local(async move {
        let got = api::sessions(store.exercise_id()).await;
        sessions.try_set(Some(got.map_err(|trouble| text::trouble(&trouble))));
    });
    let query = use_query_map();
    let moment =
        Memo::new(move |_| query.read().get("momento").and_then(|at| at.parse::<i64>().ok()));
    let shown = RwSignal::new_local(Shown::Nothing);
    Effect::new(move |_| {
        let Some(at) = moment.get() else { return shown.set(Shown::Nothing) };
        shown.set(Shown::Loading);
        spawn_local(async move {
            let got = fetch(store, at).await.map_or_else(Shown::Failed, Shown::Then);
            if moment.try_get_untracked() == Some(Some(at)) {
                shown.try_set(got);
            }
        });
    });
    view! {
        <div class="table-head">
            <h2>"El ejercicio en otro momento"</h2>
            <a href=move || format!("/ejercicio/{}", store.exercise_id())>"Volver a las matrices"</a>
        </div>
        <div class="past">
            <section class="past-moments" aria-label="Momentos">
                <OtherMoment />
                {move || match sessions.get() {
                    None => view! { <p role="status">"Buscando…"</p> }.into_any(),
                    Some(Err(message)) => view! { <p class="message danger" role="alert">{message}</p> }.into_any(),
                    Some(Ok(sessions)) => view! { <Moments sessions moment /> }.into_any(),
                }}
            </section>
            <section class="past-then" aria-label="El ejercicio en ese momento">
                {move || match shown.get() {
                    Shown::Nothing => view! { <p>"Elige un momento de la lista."</p> }.into_any(),
                    Shown::Loading => view! { <p role="status">"Descargando…"</p> }.into_any(),
                    Shown::Failed(message) => view! { <p class="message danger" role="alert">{message}</p> }.into_any(),
                    Shown::Then(then) => view! { <ThenView then /> }.into_any(),
                }}
            </section>
        </div>
    }
}

async fn fetch(store: Store, moment: i64) -> Result<Then, String> {
    let exercise = store.exercise_id();
    let said = |trouble| text::trouble(&trouble);
    let since = api::since(exercise, moment).await.map_err(said)?;
    let update = api::document_at(exercise, moment).await.map_err(said)?;
    let document = Document::load(exercise, Peer::SERVER, [update.as_slice()])
        .map_err(|error| error.to_string())?;
    Ok(Then { moment, document: std::sync::Arc::new(document), since })
}

/// Any moment, by day and hour.
#[component]
fn OtherMoment() -> impl IntoView {
    let store = use_store();
    let navigate = use_navigate();
    let choose = move |event| {
        if let Some(at) = clock::moment_of(&event_target_value(&event)) {
            navigate(&address(store, at), Default::default());
        }
    };
    view! {
        <label class="past-other">
            "Otro momento"
            <input class="input" type="datetime-local" on:change=choose />
        </label>
    }
}

fn address(store: Store, at: i64) -> String {
    format!("/ejercicio/{}/historial?momento={at}", store.exercise_id())
}

/// The sessions of work, the latest first, by day.
#[component]
fn Moments(sessions: Vec<WorkSession>, moment: Memo<Option<i64>>) -> impl IntoView {
    let store = use_store();
    if sessions.is_empty() {
        return view! { <p>"Nadie ha escrito en este ejercicio."</p> }.into_any();
    }
    let mut day = None;
    let items = sessions.into_iter().rev().map(|session| {
        let (date, hour, minute) = clock::local_time(session.to);
        let (_, from_hour, from_minute) = clock::local_time(session.from);
        let heading = (day != Some(date)).then(|| shared::format::format_date(date));
        day = Some(date);
        let authors = session.authors.iter().map(|(author, count)| {
            format!("{} ({})", author.name, text::count(*count as usize, "cambio", "cambios"))
        });
        let authors = authors.collect::<Vec<_>>().join(", ");
        let at = session.to;
        view! {
            {heading.map(|heading| view! { <li class="past-day"><h3>{heading}</h3></li> })}
            <li>
                <a
                    class="past-moment"
                    href=address(store, at)
                    aria-current=move || (moment.get() == Some(at)).then_some("true")
                >
                    <strong>{format!("{from_hour}:{from_minute:02} – {hour}:{minute:02}")}</strong>
                    <small>{authors}</small>
                </a>
            </li>
        }
    });
    let items = items.collect_view();
    view! { <ol>{items}</ol> }.into_any()
}

#[component]
fn ThenView(then: Then) -> impl IntoView {
    let store = use_store();
    let file = format!("/api/exercises/{}/past/export?at={}", store.exercise_id(), then.moment);
    let heading = format!("Como estaba: {}", text::at(then.moment));
    let shows_tables = RwSignal::new(false);
    let kept = StoredValue::new_local(then);
    let tab = move |tables: bool, words: String| {
        view! {
            <button
                type="button"
                class="past-tab"
                aria-pressed=move || (shows_tables.get() == tables).to_string()
                on:click=move |_| shows_tables.set(tables)
            >
                {words}
            </button>
        }
    };
    let count = kept.with_value(|then| then.since.total);
    view! {
        <div class="past-head">
            <h3>{heading}</h3>
            <a class="button" href=file download="">"Descargar como estaba (JSON)"</a>
        </div>
        <div class="past-tabs" role="group" aria-label="Qué ver">
            {tab(false, text::count(count, "diferencia con hoy", "diferencias con hoy"))}
            {tab(true, "Matrices".into())}
        </div>
        {move || match (shows_tables.get(), kept.get_value()) {
            (true, then) => view! { <PastTables then=then.document since=then.since /> }.into_any(),
            (false, then) => view! { <SinceList then=then.document since=then.since /> }.into_any(),
        }}
    }
}
