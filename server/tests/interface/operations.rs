//! Every operation of the interface.

use serde_json::{Value, json};
use shared::{
    api::{
        BroughtBack, ExerciseSummary, Health, Imported, Join, MeetingInfo, NewExercise, Person,
        SignIn, StorageKey,
        entry::{Leave, Link, Linked, Ways},
        factor::{Confirm, Enrol, Enrolment, Factor, Recovery},
        people::{Accept, Audited, ChangePerson, Contact, Invitation, Invite, People, Way},
        process::{Asked, BoardLine, Feed, Fix, ProcessOf, Receipt},
    },
    exchange,
    history::{Since, Step, WorkSession},
    process::{Record, letter::Attachment},
};

use crate::describe::{BYTES, Describer, JSON, SVG};

pub fn all(to: &mut Describer) {
    session(to);
    exercises(to);
    history(to);
    meetings(to);
    people(to);
    process(to);
    rest(to);
}

fn session(to: &mut Describer) {
    to.on("get", "/session", "Who is signed in").signed_in().gives::<Person>().end();
    to.on("post", "/session", "Sign in; the answer brings the session's cookie")
        .takes::<SignIn>()
        .gives::<Person>()
        .fails(&[401, 429])
        .end();
    to.on(
        "delete",
        "/session",
        "Sign out; 200 where a provider keeps a session that is to end too",
    )
    .gives::<Leave>()
    .gives_nothing(204)
    .end();
    to.on("get", "/session/factor", "Whether a code is asked for beside the password")
        .signed_in()
        .gives::<Factor>()
        .end();
    to.on("post", "/session/factor", "Begin to set that up: what the telephone is told, once")
        .signed_in()
        .takes::<Enrol>()
        .gives::<Enrolment>()
        .fails(&[409, 429])
        .end();
    to.on(
        "put",
        "/session/factor",
        "A code shows that the telephone has it: asked for from now on",
    )
    .signed_in()
    .takes::<Confirm>()
    .gives::<Recovery>()
    .fails(&[409])
    .end();
    to.on("post", "/session/factor/end", "A password alone is enough again")
        .signed_in()
        .takes::<Confirm>()
        .gives_nothing(204)
        .fails(&[429])
        .end();
    to.on("get", "/session/ways", "Ways to sign in beside name and password").gives::<Ways>().end();
    let text = json!({ "type": "string", "examples": ["/ejercicio/01-2027"] });
    to.on("get", "/session/oidc/start", "To a provider of identities; a page, as those below")
        .asks("return", false, &text)
        .asks("invitation", false, &text)
        .gives_nothing(303)
        .fails(&[404])
        .end();
    to.on("get", "/session/oidc/callback", "Back from there: in, or to the page of signing in")
        .asks("state", false, &text)
        .asks("code", false, &text)
        .asks("error", false, &text)
        .gives_nothing(303)
        .fails(&[404])
        .end();
    to.on("get", "/session/oidc/back", "After the provider ended its session")
        .gives_nothing(303)
        .fails(&[404])
        .end();
    to.on("post", "/session/key", "The key that closes what the person keeps on devices")
        .signed_in()
        .gives::<StorageKey>()
        .end();
    to.on("get", "/session/contact", "Where the person is reminded of what is due")
        .signed_in()
        .gives::<Contact>()
        .end();
    to.on("put", "/session/contact", "Change that, or whether")
        .signed_in()
        .takes::<Contact>()
        .gives_nothing(204)
        .end();
}

/// The format has a schema of its own.
fn file() -> Value {
    json!({
        "description": "An exercise as a file: `docs/exercise.schema.json`.",
        "type": "object",
        "required": ["format", "version", "region", "budget_year", "tables"],
        "properties": {
            "format": { "const": exchange::FORMAT },
            "version": { "const": exchange::VERSION },
            "region": { "type": "string", "examples": ["01", "05", "13"] },
            "budget_year": { "type": "integer", "minimum": 2019, "maximum": 2099 },
            "tables": { "type": "object", "examples": [{}, { "focus": [{ "id": "r1" }] }] },
        },
    })
}

fn exercises(to: &mut Describer) {
    to.on("get", "/exercises", "Exercises that the person may read, newest year first")
        .signed_in()
        .gives::<Vec<ExerciseSummary>>()
        .end();
    to.on("post", "/exercises", "Make an exercise, or tell that it is there")
        .signed_in()
        .takes::<NewExercise>()
        .gives::<ExerciseSummary>()
        .end();
    to.on("post", "/exercises/import", "Read a file into an exercise that holds nothing yet")
        .signed_in()
        .takes_json(&file())
        .gives::<Imported>()
        .fails(&[409])
        .end();
    let flag = json!({ "type": "boolean" });
    to.on("get", "/exercises/{id}/export", "The exercise with its official acts, as a file")
        .signed_in()
        .asks("files", false, &flag)
        .gives_as(200, JSON, &json!({ "schema": file() }))
        .fails(&[404])
        .end();
}

fn history(to: &mut Describer) {
    let key =
        json!({ "type": "string", "examples": ["focus/r7/budget", "focus/juntos/description"] });
    to.on("get", "/exercises/{id}/history", "What became of one cell, the latest first")
        .signed_in()
        .asks("key", true, &key)
        .gives::<Vec<Step>>()
        .fails(&[404])
        .end();
    to.on("get", "/exercises/{id}/sessions", "When people worked, the latest last")
        .signed_in()
        .gives::<Vec<WorkSession>>()
        .fails(&[404])
        .end();
    let at = json!({
        "description": "Milliseconds since 1970, UTC.",
        "type": "integer",
        "minimum": 0,
        "maximum": 4_000_000_000_000_i64,
    });
    to.on("get", "/exercises/{id}/past", "What is different since a moment")
        .signed_in()
        .asks("at", true, &at)
        .gives::<Since>()
        .fails(&[404])
        .end();
    to.on("get", "/exercises/{id}/past/document", "The document as it was, as an update")
        .signed_in()
        .asks("at", true, &at)
        .gives_as(200, BYTES, &json!({}))
        .fails(&[404])
        .end();
    to.on("get", "/exercises/{id}/past/export", "The exercise as it was, as a file")
        .signed_in()
        .asks("at", true, &at)
        .gives_as(200, JSON, &json!({ "schema": file() }))
        .fails(&[404])
        .end();
}

fn meetings(to: &mut Describer) {
    to.on("get", "/exercises/{id}/meeting", "Take the exercise to a meeting without a network")
        .signed_in()
        .gives_as(200, BYTES, &json!({}))
        .fails(&[403, 404])
        .end();
    to.on("post", "/exercises/{id}/meeting", "Bring back what was written there")
        .signed_in()
        .takes_bytes()
        .gives::<BroughtBack>()
        .fails(&[404])
        .end();
    to.on("post", "/meeting", "Take part in the meeting that this server is for")
        .takes::<Join>()
        .gives::<Person>()
        .fails(&[401, 404, 429])
        .end();
    to.on("get", "/meeting/{code}", "Who may take part, for whoever has the code")
        .gives::<MeetingInfo>()
        .fails(&[401, 404, 429])
        .end();
    to.on("get", "/meeting/{code}/qr", "The way to take part, to be scanned")
        .gives_as(200, SVG, &json!({}))
        .fails(&[401, 404, 429])
        .end();
}

fn people(to: &mut Describer) {
    to.on("get", "/people", "Whom the person manages")
        .signed_in()
        .gives::<People>()
        .fails(&[403])
        .end();
    to.on("put", "/people/{user}", "Change an account; at once, also on open connections")
        .signed_in()
        .takes::<ChangePerson>()
        .gives_nothing(204)
        .fails(&[404])
        .end();
    to.on(
        "post",
        "/people/{user}/password",
        "A way to choose another password, to be given to the person",
    )
    .signed_in()
    .gives::<Way>()
    .fails(&[404])
    .end();
    to.on("get", "/people/{user}/contact", "Where somebody is reminded of what is due")
        .signed_in()
        .gives::<Contact>()
        .fails(&[403])
        .end();
    to.on("put", "/people/{user}/contact", "Change that, or whether")
        .signed_in()
        .takes::<Contact>()
        .gives_nothing(204)
        .end();
    to.on("delete", "/people/{user}/factor", "A password alone is enough again for somebody")
        .signed_in()
        .gives_nothing(204)
        .end();
    to.on("get", "/people/{user}/identity", "Whether a provider's word lets somebody in")
        .signed_in()
        .gives::<Linked>()
        .fails(&[403])
        .end();
    to.on("put", "/people/{user}/identity", "As whom the provider knows them")
        .signed_in()
        .takes::<Link>()
        .gives_nothing(204)
        .fails(&[409])
        .end();
    to.on("post", "/people/invitations", "Invite somebody")
        .signed_in()
        .takes::<Invite>()
        .gives::<Way>()
        .fails(&[409])
        .end();
    to.on("delete", "/people/invitations/{invitation}", "Take an invitation back")
        .signed_in()
        .gives_nothing(204)
        .fails(&[404])
        .end();
    to.on("get", "/invitations/{token}", "What somebody is invited to, for whoever has the way")
        .gives::<Invitation>()
        .fails(&[410, 429])
        .end();
    to.on("post", "/invitations/{token}", "Choose a password, and sign in")
        .takes::<Accept>()
        .gives::<Person>()
        .fails(&[401, 409, 410, 429])
        .end();
    to.on("get", "/audit", "Who did what, the latest first")
        .signed_in()
        .asks("before", false, &json!({ "type": "integer" }))
        .asks("region", false, &json!({ "type": "string", "examples": ["01"] }))
        .gives::<Vec<Audited>>()
        .fails(&[403])
        .end();
}

fn process(to: &mut Describer) {
    to.on("get", "/exercises/{id}/process", "What was officially done")
        .signed_in()
        .gives::<ProcessOf>()
        .fails(&[404])
        .end();
    to.on("post", "/exercises/{id}/acts", "Register an act; the same one where it is asked twice")
        .signed_in()
        .takes::<Asked>()
        .gives::<Record>()
        .fails(&[404, 409, 422])
        .end();
    to.on("post", "/exercises/{id}/versions", "Fix a version of what the server has")
        .signed_in()
        .takes::<Fix>()
        .gives::<Record>()
        .fails(&[404, 409, 422])
        .end();
    to.on("get", "/exercises/{id}/versions/{act}", "The content of a version, as a file")
        .signed_in()
        .gives_as(200, JSON, &json!({ "schema": file() }))
        .fails(&[404])
        .end();
    let name = json!({ "type": "string", "maxLength": 150, "examples": ["oficio.pdf"] });
    to.on("post", "/exercises/{id}/files", "Keep a file, to be attached to an act")
        .signed_in()
        .asks("name", true, &name)
        .takes_bytes()
        .gives::<Attachment>()
        .fails(&[404])
        .end();
    to.on("get", "/exercises/{id}/files/{sha256}", "A file, as what was found in its content")
        .signed_in()
        .gives_as(200, "*/*", &json!({}))
        .fails(&[404])
        .end();
    let year = json!({ "type": "integer", "minimum": 0, "maximum": 65_535, "examples": [2027] });
    to.on("get", "/board", "Where the regions stand, the most urgent first")
        .signed_in()
        .asks("year", true, &year)
        .gives::<Vec<BoardLine>>()
        .end();
    to.on(
        "get",
        "/receipts/{receipt}/{code}",
        "That a version was sent, for whoever has the receipt",
    )
    .gives::<Receipt>()
    .fails(&[404])
    .end();
    to.on("get", "/receipts/{receipt}/{code}/qr", "The way to verify it, to be scanned")
        .gives_as(200, SVG, &json!({}))
        .fails(&[404])
        .end();
    to.on("post", "/feed", "A new address of the person's calendar")
        .signed_in()
        .gives::<Feed>()
        .end();
    to.on("get", "/feed/{name}", "The deadlines as a calendar, for whoever has the address")
        .gives_as(200, "text/calendar", &json!({}))
        .fails(&[404])
        .end();
}

fn rest(to: &mut Describer) {
    let health = to.of::<Health>();
    to.on("get", "/health", "How the server is")
        .gives::<Health>()
        .gives_as(503, JSON, &json!({ "schema": health }))
        .end();
    to.on("get", "/openapi.json", "This description")
        .gives_as(200, JSON, &json!({ "schema": { "type": "object" } }))
        .end();
    to.on("get", "/sync", "Frames over a WebSocket (`docs/protocol.md`)")
        .signed_in()
        .gives_nothing(101)
        .fails(&[403, 426])
        .end();
    to.on("post", "/sync/poll", "The same over plain requests; waits until there are frames")
        .signed_in()
        .takes_bytes()
        .gives_as(200, BYTES, &json!({}))
        .fails(&[410, 415])
        .waits()
        .end();
}
