//! The yearly process: registering acts, fixing versions, telling where each exercise stands. What may
//! be registered and what follows from it is said in [`shared::process`].

use axum::http::StatusCode;
use shared::{
    api::process::{Asked, BoardDuty, BoardLine, Fix, REQUEST_CHARS},
    calendar::legal_time::legal_date,
    exchange,
    ids::ExerciseId,
    process::{
        Act, Author, Fingerprint, Previous, Process, Record, Register,
        board::{Line, board},
        check::{Context, Refusal},
        version::{RecordedFinding, Version, findings, fingerprint},
    },
    protocol::Code,
    rules::RULES_VERSION,
    sync::room::Room,
};
use tokio::task::spawn_blocking;

use crate::{
    app::App,
    clock,
    error::Failure,
    store::{Account, Error, NewAct, Store},
};

/// Years before the exercise's own in which a final is looked for.
const YEARS_BACK: u16 = 5;

/// The final that is executed where none is sent.
pub async fn previous(app: &App, exercise: ExerciseId) -> Result<Option<Previous>, Failure> {
    Ok(find_previous(&app.store, exercise).await?)
}

/// The same, for whoever answers no request.
pub async fn find_previous(store: &Store, exercise: ExerciseId) -> Result<Option<Previous>, Error> {
    for back in 1..=YEARS_BACK {
        let year = exercise.budget_year.saturating_sub(back);
        let Ok(earlier) = ExerciseId::new(exercise.region(), year) else { break };
        let acts = store.acts(earlier).await?;
        let found = Previous::find([&Register::new(earlier, &acts)]);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Registers an act; the one that is there already where the same was asked before.
pub async fn register(
    app: &App,
    account: &Account,
    exercise: ExerciseId,
    asked: Asked,
) -> Result<Record, Failure> {
    if matches!(asked.act, Act::Version(_)) {
        let message = "Las versiones se envían desde su propia pantalla.";
        return Err(Failure::new(Code::Malformed, message));
    }
    let _turn = app.registering.lock().await;
    write(app, account, exercise, asked, None).await
}

/// Fixes a version of what the server has, with its own evaluation.
pub async fn fix(
    app: &App,
    account: &Account,
    exercise: ExerciseId,
    fix: Fix,
) -> Result<Record, Failure> {
    let _turn = app.registering.lock().await;
    if let Some(known) = known(app, exercise, &fix.request).await? {
        return Ok(known);
    }
    let state = app.store.room(exercise).await?;
    let today = legal_date(clock::now(), exercise.region());
    let prepared = spawn_blocking(move || prepare(exercise, state, fix, today)).await;
    let (request, version, content) = prepared.map_err(|error| Failure::unavailable(&error))??;
    let content = (version.fingerprint, content);
    let asked = Asked { request, act: Act::Version(version) };
    write(app, account, exercise, asked, Some(content)).await
}

fn prepare(
    exercise: ExerciseId,
    state: shared::sync::room::RoomState,
    fix: Fix,
    today: chrono::NaiveDate,
) -> Result<(String, Version, String), Failure> {
    let room = Room::load(exercise, 0, state).map_err(|error| Failure::unavailable(&error))?;
    let document = room.document().exercise();
    let found = fingerprint(document);
    if found != fix.seen {
        let message = "Lo que tiene el servidor no es lo que tenías en pantalla: entretanto \
                       alguien escribió, o tus cambios aún no llegan. Revísalo y vuelve a enviar.";
        return Err(Failure::new(Code::Malformed, message).with_status(StatusCode::CONFLICT));
    }
    let findings = findings(document, fix.kind, today);
    let findings = findings.iter().map(|finding| {
        let mut recorded = RecordedFinding::from(finding);
        let reason = fix.reasons.iter().find(|of| of.rule == recorded.rule && of.at == recorded.at);
        recorded.reason = reason.map(|of| of.reason.trim().to_owned()).unwrap_or_default();
        recorded
    });
    let version = Version {
        kind: fix.kind,
        fingerprint: found,
        seq: room.head(),
        rules_version: RULES_VERSION,
        findings: findings.collect(),
        letter: fix.letter,
        based_on: fix.based_on,
    };
    Ok((fix.request, version, exchange::export(document)))
}

async fn known(app: &App, exercise: ExerciseId, request: &str) -> Result<Option<Record>, Failure> {
    if !REQUEST_CHARS.contains(&request.len()) || !request.is_ascii() {
        let message = "La solicitud no trae con qué reconocerla si llega dos veces.";
        return Err(Failure::new(Code::Malformed, message));
    }
    Ok(app.store.act_of(exercise, request.to_owned()).await?)
}

async fn write(
    app: &App,
    account: &Account,
    exercise: ExerciseId,
    asked: Asked,
    content: Option<(Fingerprint, String)>,
) -> Result<Record, Failure> {
    let Asked { request, act } = asked;
    if let Some(known) = known(app, exercise, &request).await? {
        return Ok(known);
    }
    let (acts, now) = (app.store.acts(exercise).await?, clock::now());
    for attachment in act.attachments() {
        if !app.store.has_file(exercise, attachment.sha256).await? {
            let message = "Un archivo adjunto aún no llega al servidor. Vuelve a adjuntarlo.";
            return Err(Failure::new(Code::Incomplete, message));
        }
    }
    let process = Process::new(exercise, &acts, now, previous(app, exercise).await?);
    let context = Context { process: &process, grant: &account.grant };
    if let Err(refusal) = act.check(&context) {
        // Sent twice, from two devices: the receipt of the first is that of the second.
        let first = match refusal {
            Refusal::AlreadyDone(first) if matches!(act, Act::Version(_)) => Some(first),
            _ => None,
        };
        let first = first.and_then(|first| acts.iter().find(|record| record.number == first));
        return first.cloned().ok_or_else(|| refused(&refusal));
    }
    let author = Author {
        user: account.id,
        name: account.name.clone(),
        role: account.grant.role,
        is_acting: account.acting,
    };
    let number = acts.last().map_or(0, |last| last.number) + 1;
    let record = Record { number, at: now, author, act };
    let new = NewAct { exercise, request, record: record.clone(), content };
    match app.store.register(new).await {
        Ok(()) => {
            tracing::info!(user = account.id, %exercise, number, "an act was registered");
            Ok(record)
        }
        Err(Error::Taken) => Err(Failure::unavailable(&"another process registers acts")),
        Err(error) => Err(error.into()),
    }
}

fn refused(refusal: &Refusal) -> Failure {
    let code = match refusal {
        Refusal::Forbidden(_) => Code::Forbidden,
        _ => Code::Malformed,
    };
    let status = match refusal {
        Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
        Refusal::NotNow(..) | Refusal::AlreadyDone(_) | Refusal::Duplicate(_) => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Failure::new(code, refusal.to_string()).with_status(status)
}

/// Where all regions stand in a budget year, the most urgent first.
pub async fn lines(app: &App, year: u16) -> Result<Vec<BoardLine>, Failure> {
    let (all, now) = (app.store.acts_of_year(year).await?, clock::now());
    let mut processes = Vec::new();
    for (exercise, acts) in &all {
        let previous = previous(app, *exercise).await?;
        processes.push(Process::new(*exercise, acts, now, previous));
    }
    Ok(board(&processes).iter().map(line).collect())
}

fn line(line: &Line) -> BoardLine {
    let next = line.next.as_ref().map(|duty| BoardDuty {
        title: duty.title.into(),
        owed_by: duty.owed_by,
        due: duty.deadline.due(),
        days_left: line.days_left(),
    });
    BoardLine {
        exercise: line.exercise,
        state: line.state,
        turn: line.turn,
        received: line.received,
        next,
        overdue: line.overdue,
        missing: line
            .missing
            .iter()
            .map(|(milestone, what)| format!("{}: {what}", milestone.label()))
            .collect(),
    }
}
