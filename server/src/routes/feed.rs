//! A person's calendar, to be subscribed to in any program that shows one.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use chrono::{DateTime, Duration, Utc};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _};
use shared::{
    api::process::Feed,
    format::format_date,
    ids::ExerciseId,
    process::{Deadline, Process},
    territory,
};

use super::Path;
use crate::{
    app::App,
    auth::{origin, session::SignedIn, token::Token},
    clock,
    error::Failure,
    process,
};

/// Days before a deadline on which programs remind of it.
const REMINDED: i64 = 3;
/// Years before the present one whose exercises are still shown.
const YEARS_BACK: i32 = 1;

/// A new address for the person's calendar; the one before is none any more.
pub async fn begin(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    headers: HeaderMap,
) -> Result<Json<Feed>, Failure> {
    let token = Token::draw()?;
    app.store.set_feed(signed_in.0.account.id, token.hash()).await?;
    let asked = origin::asked(&headers, app.config.cookie.secure);
    Ok(Json(Feed { address: format!("{asked}/api/feed/{}.ics", token.text()) }))
}

/// The calendar, for whoever has the address: deadlines, and no content of any exercise.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    let token = name.strip_suffix(".ics").and_then(Token::parse).ok_or_else(Failure::not_found)?;
    let account = app.store.of_feed(token.hash()).await?.ok_or_else(Failure::not_found)?;
    let asked = origin::asked(&headers, app.config.cookie.secure);
    let now = clock::now();
    let this_year = chrono::Datelike::year(&clock::today());
    let mut calendar = Calendar::new();
    calendar.name("Focalización Regional");
    for exercise in app.store.exercises().await? {
        let id = exercise.id;
        if !account.grant.may_read(id) || i32::from(id.budget_year) < this_year - YEARS_BACK {
            continue;
        }
        let acts = app.store.acts(id).await?;
        let of = Process::new(id, &acts, now, process::previous(&app, id).await?);
        let events = of.deadlines.iter().filter_map(|deadline| event(id, deadline, now, &asked));
        calendar.extend(events);
    }
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar.done().to_string()))
}

/// The day on which something is due.
fn event(exercise: ExerciseId, deadline: &Deadline, now: i64, asked: &str) -> Option<Event> {
    let due = deadline.due()?;
    let milestone = deadline.milestone;
    let region = territory::region(exercise.region()).map_or("", |region| region.name);
    let done = if deadline.done.is_some() { "Hecho: " } else { "" };
    let summary = format!("{done}{} · {region} {}", milestone.label(), exercise.budget_year);
    let source = milestone.source();
    let mut text =
        format!("{}. {}, {}.", milestone.owed_by().label(), source.norm.name, source.place);
    if let Some(done) = deadline.done {
        text.push_str(&format!(" Hecho el {}.", format_date(done.on)));
    }
    if let Some(warning) = deadline.warning() {
        text.push_str(&format!(" {warning}"));
    }
    let mut event = Event::new();
    event
        .uid(&format!("{exercise}-{}@focaliza", milestone.id()))
        .timestamp(DateTime::<Utc>::from_timestamp_millis(now)?)
        .summary(&summary)
        .description(&text)
        .url(&format!("{asked}/proceso/{exercise}"))
        .all_day(due);
    if deadline.done.is_none() {
        event.alarm(Alarm::display(&summary, -Duration::days(REMINDED)));
    }
    Some(event.done())
}
