//! The yearly process of an exercise: where it stands, what is due, what was sent and registered.

mod act_form;
mod agreed_form;
mod amend;
mod amounts;
mod briefing;
mod calendar;
mod council;
mod council_form;
mod duties;
mod fields;
mod file_field;
mod letter_form;
mod letters;
mod opened_form;
mod other_form;
mod receive;
mod remainders;
mod send;
mod timeline;
mod waiting;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use shared::{
    access::{Action, Grant},
    api::{
        Person,
        process::{Asked, ProcessOf},
    },
    exchange,
    format::format_long_date,
    ids::ExerciseId,
    model::Exercise,
    process::{Act, Process, Record, check::Context},
};

use self::{
    amounts::AmountsView,
    briefing::BriefingView,
    calendar::CalendarView,
    council::CouncilView,
    duties::DutiesView,
    letters::LettersView,
    send::SendView,
    timeline::TimelineView,
    waiting::{Waiting, WaitingList},
};
use crate::{
    api, clock,
    components::{page::Page, signed_in::SignedIn},
    session::{Session, use_session},
    sync::Link,
    text,
};

/// The parts of the page, with their addresses.
const PARTS: [(&str, &str); 8] = [
    ("", "Por hacer"),
    ("enviar", "Enviar"),
    ("oficios", "Oficios"),
    ("montos", "Montos"),
    ("core", "Consejo Regional"),
    ("minuta", "Minuta"),
    ("calendario", "Calendario"),
    ("linea", "Línea de tiempo"),
];

/// The acts of the exercise that is shown, and what the person may do; in the context of the page.
#[derive(Clone, Copy)]
pub struct Acts {
    exercise: ExerciseId,
    of: RwSignal<Option<ProcessOf>>,
    message: RwSignal<Option<String>>,
    /// Acts that wait on this device.
    waiting: RwSignal<Vec<Waiting>>,
    person: StoredValue<Person>,
    session: Session,
}

fn use_acts() -> Acts {
    expect_context()
}

impl Acts {
    /// Reads the process as of the server's time. Reactive; `None` before anything arrived.
    fn read<T>(self, read: impl FnOnce(&Process<'_>) -> T) -> Option<T> {
        self.of.with(|of| {
            of.as_ref().map(|of| {
                let previous = of.previous.map(Into::into);
                read(&Process::new(self.exercise, &of.acts, of.now, previous))
            })
        })
    }

    /// The same beside what the person may; not reactive.
    fn read_untracked<T>(self, read: impl FnOnce(&Process<'_>, &Grant) -> T) -> Option<T> {
        let person = self.person.try_get_value()?;
        untrack(|| self.read(|process| read(process, &person.grant)))
    }

    /// Whether the person may register this act, as the register stands.
    fn would_take(self, process: &Process<'_>, act: &Act) -> bool {
        self.person
            .with_value(|person| act.check(&Context { process, grant: &person.grant }).is_ok())
    }

    /// Whether the person may do this, now. Reactive.
    fn may(self, action: Action) -> bool {
        let is_possible = self.read(|process| action.is_possible_in(process.state));
        is_possible == Some(true)
            && self.person.with_value(|person| person.grant.may_ever(action, self.exercise))
    }

    /// Fetches what the server has; what was here before stays where it does not answer.
    fn load(self) {
        let session = self.session;
        let name = api::process::remembered(self.exercise);
        spawn_local(async move {
            self.recall_waiting().await;
            if self.of.try_with_untracked(Option::is_none) == Some(true)
                && let Some(remembered) = session.recall::<ProcessOf>(&name).await
            {
                let _ = self.of.try_set(Some(remembered));
            }
            match api::process::show(self.exercise).await {
                Ok(of) => {
                    session.remember(&name, Some(&of)).await;
                    // The page may be gone by now.
                    let _ = (self.of.try_set(Some(of)), self.message.try_set(None));
                    self.send_waiting().await;
                }
                Err(api::Trouble::Offline) => {
                    let known = self.of.try_with_untracked(|of| of.as_ref().map(|of| of.now));
                    let told = match known.flatten() {
                        Some(now) => format!(
                            "Sin conexión: esto es lo que este equipo recibió el {}.",
                            text::at(now)
                        ),
                        None => text::trouble(&api::Trouble::Offline),
                    };
                    let _ = self.message.try_set(Some(told));
                }
                Err(trouble) => {
                    let _ = self.message.try_set(Some(text::trouble(&trouble)));
                }
            }
        });
    }

    /// Has an act registered; without a network it waits on the device. Why not, where neither.
    async fn register(self, request: String, act: Act) -> Result<Registered, String> {
        let asked = Asked { request, act };
        match self.send(&asked).await {
            Ok(()) => {
                self.forget_files(&asked.act).await;
                Ok(Registered::Now)
            }
            Err(api::Trouble::Offline) => self.wait(asked).await,
            Err(trouble) => Err(text::trouble(&trouble)),
        }
    }

    /// Adds what the server registered to what is shown.
    fn add(self, record: Record) -> Record {
        let _ = self.of.try_update(|of| {
            if let Some(of) = of
                && of.acts.iter().all(|known| known.number != record.number)
            {
                of.now = of.now.max(record.at);
                of.acts.push(record.clone());
            }
        });
        record
    }
}

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Registered {
    /// The server has it.
    Now,
    /// It waits on this device for a network.
    Later,
}

impl Registered {
    fn words(self) -> &'static str {
        match self {
            Self::Now => "Registrado.",
            Self::Later => {
                "Guardado en este equipo. Se registra cuando haya conexión; hasta entonces no está registrado."
            }
        }
    }
}

/// The exercise that a file holds.
pub fn read_exercise(file: &str) -> Result<Exercise, String> {
    let import = exchange::import(file).map_err(|error| error.to_string())?;
    let built = import.build().map_err(|error| error.to_string())?;
    Ok(built.document.exercise().clone())
}

/// A name for a request, so that asking twice is one act.
fn new_request() -> String {
    format!("{}-{}", clock::new_peer(), clock::new_peer())
}

/// The page, at `/proceso/01-2027/oficios`.
#[component]
pub fn ProcessPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("exercise").unwrap_or_default());
    move || match id.get().parse::<ExerciseId>() {
        Ok(id) => view! {
            <Page title=format!("Proceso de {}", text::exercise(id))>
                <SignedIn let:person>
                    <Parts id person />
                </SignedIn>
            </Page>
        }
        .into_any(),
        Err(_) => view! {
            <Page title="Este ejercicio no existe">
                <p><a href="/">"Ver la lista de ejercicios"</a></p>
            </Page>
        }
        .into_any(),
    }
}

#[component]
fn Parts(id: ExerciseId, person: Person) -> impl IntoView {
    let acts = Acts {
        exercise: id,
        of: RwSignal::new(None),
        message: RwSignal::new(None),
        waiting: RwSignal::new(Vec::new()),
        person: StoredValue::new(person),
        session: use_session(),
    };
    provide_context(acts);
    // Now, and whenever the network is back: then what waits is registered.
    let connection = StoredValue::new_local(acts.session.connection());
    Effect::new(move |last: Option<Link>| {
        let link = connection.with_value(|connection| connection.link());
        if last.is_none() || (link == Link::Online && last != Some(Link::Online)) {
            acts.load();
        }
        link
    });
    let params = use_params_map();
    let part = Memo::new(move |_| params.read().get("part").unwrap_or_default());
    let link = move |(address, title): (&'static str, &'static str)| {
        let href = match address {
            "" => format!("/proceso/{id}"),
            address => format!("/proceso/{id}/{address}"),
        };
        let current = move || (part.get() == address).then_some("page");
        view! { <li><a href=href aria-current=current>{title}</a></li> }
    };
    view! {
        <nav class="process-parts" aria-label="Partes del proceso">
            <ul>
                {PARTS.into_iter().map(link).collect_view()}
                <li><a href=format!("/ejercicio/{id}")>"Matrices"</a></li>
            </ul>
        </nav>
        <div role="status">
            {move || acts.message.get().map(|text| view! { <p class="message warning">{text}</p> })}
        </div>
        <WaitingList />
        <Head />
        {move || match part.get().as_str() {
            "enviar" => view! { <SendView /> }.into_any(),
            "oficios" => view! { <LettersView /> }.into_any(),
            "montos" => view! { <AmountsView /> }.into_any(),
            "core" => view! { <CouncilView /> }.into_any(),
            "minuta" => view! { <BriefingView /> }.into_any(),
            "calendario" => view! { <CalendarView /> }.into_any(),
            "linea" => view! { <TimelineView /> }.into_any(),
            _ => view! { <DutiesView /> }.into_any(),
        }}
    }
}

/// Where the exercise stands, and whose turn it is.
#[component]
fn Head() -> impl IntoView {
    let acts = use_acts();
    let told = move || {
        acts.read(|process| {
            let turn = process.state.turn().map(|turn| format!("Le toca a: {}", turn.label()));
            let unknown = process.register.unknown();
            (process.state.label(), turn, format_long_date(process.today), unknown)
        })
    };
    move || {
        match told() {
        None => view! { <p class="waiting" role="status">"Abriendo…"</p> }.into_any(),
        Some((state, turn, today, unknown)) => view! {
            <p class="process-state">
                <strong>{state}</strong>
                <span>{turn}</span>
                <small>{format!("Al {today}, hora legal de la región")}</small>
            </p>
            {(unknown > 0).then(|| view! {
                <p class="message warning">
                    "Hay actos de una versión más nueva de Focaliza que esta no conoce: lo que sigue puede no ser todo. Vuelve a cargar la página."
                </p>
            })}
        }
        .into_any(),
    }
    }
}
