//! Creating an exercise: empty, or as the one of the year before leaves it.

use chrono::Datelike as _;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use shared::{
    api::{ExerciseSummary, NewExercise, Person},
    exchange,
    ids::ExerciseId,
    process::{Register, version::VersionKind},
    territory,
};

use crate::{api, clock, pages::process::read_exercise, text};

/// What the form is told: who creates, and what there is already.
#[derive(Clone, Copy)]
pub struct Creating {
    pub person: StoredValue<Person>,
    pub listed: RwSignal<Vec<ExerciseSummary>>,
}

/// Whether the person writes in some region.
#[must_use]
pub fn may_create(person: &Person) -> bool {
    territory::regions().iter().any(|region| {
        let id = ExerciseId::new(region.code, next_year());
        id.is_ok_and(|id| person.grant.may_edit(id))
    })
}

fn next_year() -> u16 {
    u16::try_from(clock::today().year() + 1).unwrap_or_default()
}

/// The form. The region is the person's, or chosen by who writes in all of them.
#[component]
pub fn Create() -> impl IntoView {
    let Creating { person, listed } = expect_context();
    let navigate = StoredValue::new_local(use_navigate());
    let own = person.with_value(|person| person.grant.region.clone());
    let region = RwSignal::new(own.clone().unwrap_or_default());
    let year = RwSignal::new(next_year().to_string());
    let (goes_on, with_actions) = (RwSignal::new(true), RwSignal::new(false));
    let message = RwSignal::new(None::<String>);
    let is_busy = RwSignal::new(false);
    let wanted = move || {
        let year = year.get().trim().parse().ok();
        year.and_then(|year| ExerciseId::new(&region.get(), year).ok())
    };
    let before = Memo::new(move |_| {
        let id = wanted()?;
        let before = ExerciseId::new(id.region(), id.budget_year.checked_sub(1)?).ok()?;
        listed.with(|listed| listed.iter().any(|one| one.id == before)).then_some(before)
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(id) = untrack(wanted) else {
            message.set(Some("Elige una región y un año presupuestario entre 2019 y 2099.".into()));
            return;
        };
        let before = before.get_untracked().filter(|_| goes_on.get_untracked());
        let with_actions = with_actions.get_untracked();
        is_busy.set(true);
        message.set(None);
        spawn_local(async move {
            let done = match before {
                Some(before) => go_on(before, with_actions).await,
                None => {
                    let new =
                        NewExercise { region: id.region().into(), budget_year: id.budget_year };
                    api::create(&new).await.map(|_| ()).map_err(|trouble| text::trouble(&trouble))
                }
            };
            // The page may be gone by now.
            if is_busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(()) => navigate.with_value(|navigate| {
                    navigate(&format!("/ejercicio/{id}"), Default::default())
                }),
                Err(problem) => message.set(Some(problem)),
            }
        });
    };
    let choice = match own {
        Some(code) => {
            view! { <output id="region">{text::region(&code).to_owned()}</output> }.into_any()
        }
        None => view! {
            <select id="region" class="input" bind:value=region>
                <option value="">"Elige una región"</option>
                {territory::regions()
                    .iter()
                    .map(|region| view! { <option value=region.code>{region.name}</option> })
                    .collect_view()}
            </select>
        }
        .into_any(),
    };
    let go_on_fields = move || {
        before.get().map(|before| {
            let words = format!(
                "Partir del ejercicio {}: sus documentos, las matrices 1 a 3 y las columnas propias",
                before.budget_year,
            );
            view! {
                <label class="check">
                    <input type="checkbox" id="partir" bind:checked=goes_on />
                    {words}
                </label>
                <label class="check">
                    <input
                        type="checkbox"
                        id="con-acciones"
                        bind:checked=with_actions
                        disabled=move || !goes_on.get()
                    />
                    "También las acciones de la Matriz Focalización, sin montos, cobertura ni fechas"
                </label>
            }
        })
    };
    view! {
        <section class="create" aria-labelledby="crear">
            <h2 id="crear">"Crear un ejercicio"</h2>
            <form on:submit=submit>
                <div class="field">
                    <label for="region">"Región"</label>
                    {choice}
                </div>
                <div class="field">
                    <label for="year">"Año presupuestario"</label>
                    <input id="year" class="input" inputmode="numeric" size="6" bind:value=year />
                    <span class="hint">"El año en que se ejecuta; se prepara el año anterior."</span>
                </div>
                {go_on_fields}
                <div role="alert">
                    {move || message.get().map(|text| view! { <p class="message danger">{text}</p> })}
                </div>
                <button class="button primary" type="submit" disabled=is_busy>
                    {move || if is_busy.get() { "Creando…" } else { "Crear y abrir" }}
                </button>
            </form>
        </section>
    }
}

/// Makes the exercise of the year after from what was decided in this one; from what is written, where
/// no final was sent.
async fn go_on(before: ExerciseId, with_actions: bool) -> Result<(), String> {
    let told = |trouble| text::trouble(&trouble);
    let process = api::process::show(before).await.map_err(told)?;
    let register = Register::new(before, &process.acts);
    let decided = [VersionKind::Adjusted, VersionKind::Final];
    let decided = decided.into_iter().find_map(|kind| register.latest(kind));
    let file = match decided {
        Some((act, _)) => api::process::version(before, act).await,
        None => api::process::current(before).await,
    };
    let exercise = read_exercise(&file.map_err(told)?)?;
    let next = exchange::next_year(&exercise, with_actions).map_err(|error| error.to_string())?;
    api::import(&next).await.map(|_| ()).map_err(told)
}
