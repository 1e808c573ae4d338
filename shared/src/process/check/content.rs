//! Whether an act holds what it must, and agrees with itself and with the register.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Refusal, not_future};
use crate::{
    instruments::in_year,
    limits,
    process::{
        Process,
        act::{Act, ActNumber, Activity, Amounts, Ruling},
        council::CouncilDecision,
        letter::{Attachment, Letter, LetterKind},
        milestone::Milestone,
        version::{Version, VersionKind},
    },
};

/// Checks the content of an act; `corrects` is the act in whose place it is read.
pub(super) fn check(
    act: &Act,
    process: &Process<'_>,
    corrects: Option<ActNumber>,
) -> Result<(), Refusal> {
    let today = process.today;
    match act {
        Act::Letter(letter) => check_letter(letter, process, corrects),
        Act::Dispatched(act) => {
            let letter = letter(process, act.of)?;
            once(process.register.dispatch(act.of).is_some(), act.of, corrects)?;
            not_future("despacho", act.what.on, today)?;
            order("despacho", act.what.on, "documento", Some(letter.date))
        }
        Act::Received(act) => {
            let is_version = matches!(process.register.act(act.of), Some(Act::Version(_)));
            if !is_version {
                letter(process, act.of)?;
            }
            once(process.register.reception(act.of).is_some(), act.of, corrects)?;
            not_future("recepción", act.what.on, today)?;
            optional_text("el número de recepción", &act.what.stamp, limits::SHORT_TEXT)?;
            let dispatch = process.register.dispatch(act.of).map(|dispatch| dispatch.on);
            order("recepción", act.what.on, "despacho", dispatch)
        }
        Act::Delivered(act) => {
            letter(process, act.of)?;
            once(process.register.delivery(act.of).is_some(), act.of, corrects)?;
            not_future("entrega", act.what.on, today)?;
            text("la unidad", &act.what.unit, limits::SHORT_TEXT)?;
            let reception = process.register.reception(act.of).map(|reception| reception.on);
            order("entrega", act.what.on, "recepción", reception)
        }
        Act::Ruling(ruling) => check_ruling(ruling, process),
        Act::AgreedCalendar(calendar) => {
            if calendar.days.is_empty() {
                return Err(Refusal::Missing("al menos una fecha"));
            }
            optional_text("la nota", &calendar.note, limits::REASON)?;
            not_future("acuerdo", calendar.on, today)
        }
        Act::Activity(activity) => check_activity(activity, today),
        Act::Version(version) => check_version(version, process),
        Act::Observations(observations) => match process.register.act(observations.version) {
            Some(Act::Version(version)) if version.kind == VersionKind::Preliminary => Ok(()),
            _ => Err(Refusal::OtherAct(observations.version)),
        }
        .and_then(|()| optional_letter(process, observations.letter)),
        Act::Amounts(amounts) => check_amounts(amounts, process),
        Act::Council(decision) => check_council(decision, process),
        Act::Acceptance(remark) | Act::Closing(remark) => {
            optional_text("la nota", &remark.note, limits::REASON)?;
            optional_letter(process, remark.letter)
        }
        Act::Fallback(remark) => {
            text("el motivo", &remark.note, limits::REASON)?;
            optional_letter(process, remark.letter)
        }
        Act::Remainders(remainders) => {
            pesos(&remainders.pesos, process)?;
            optional_text("la nota", &remainders.note, limits::REASON)?;
            not_future("remanentes", remainders.on, today)
        }
        Act::Report(report) => {
            files(report.attachment.as_slice())?;
            not_future("informe", report.on, today)
        }
        Act::Correction(_) | Act::Annulment(_) | Act::Unknown => Err(Refusal::Unknown),
    }
}

fn check_letter(
    letter: &Letter,
    process: &Process<'_>,
    corrects: Option<ActNumber>,
) -> Result<(), Refusal> {
    let today = process.today;
    if let Some(issuer) = letter.kind.issuer()
        && issuer != letter.issuer
    {
        return Err(Refusal::OtherIssuer(issuer.label()));
    }
    text("el número", &letter.number, limits::SHORT_TEXT)?;
    text("la materia", &letter.subject, limits::SUBJECT)?;
    text("quién firma", &letter.signatory.name, limits::SHORT_TEXT)?;
    text("a quién se dirige", &letter.addressee.name, limits::SHORT_TEXT)?;
    for text in [&letter.signatory.post, &letter.addressee.post, &letter.issuer_name] {
        optional_text("el cargo", text, limits::SHORT_TEXT)?;
    }
    // The days of a letter come in one order: it is dated, leaves, comes, and is delivered.
    let date = Some(letter.date);
    let dispatch = letter.dispatch.as_ref().map(|dispatch| dispatch.on);
    let reception = letter.reception.as_ref().map(|reception| reception.on);
    let delivery = letter.delivery.as_ref().map(|delivery| delivery.on);
    not_future("documento", letter.date, today)?;
    for (what, day, before, earlier) in [
        ("despacho", dispatch, "documento", date),
        ("recepción", reception, "despacho", dispatch.or(date)),
        ("entrega", delivery, "recepción", reception.or(dispatch).or(date)),
    ] {
        if let Some(day) = day {
            not_future(what, day, today)?;
            order(what, day, before, earlier)?;
        }
    }
    if letter.kind == LetterKind::AdjustmentNotice && letter.instruments.is_empty() {
        return Err(Refusal::Missing("los instrumentos que se deben ajustar"));
    }
    for instrument in &letter.instruments {
        known(instrument, process)?;
    }
    files(&letter.attachments)?;
    let identity = letter.identity();
    let same = process
        .register
        .letters()
        .find(|(number, other)| Some(*number) != corrects && other.identity() == identity);
    same.map_or(Ok(()), |(number, _)| Err(Refusal::Duplicate(number)))
}

fn check_ruling(ruling: &Ruling, process: &Process<'_>) -> Result<(), Refusal> {
    text("el fundamento", &ruling.reason, limits::REASON)?;
    optional_letter(process, ruling.letter)?;
    match *process.deadline(ruling.milestone).rulings() {
        [legal, next] if ruling.due != legal && ruling.due != next => {
            Err(Refusal::OtherDay(legal, next))
        }
        [_, _] => Ok(()),
        _ => Err(Refusal::NothingToRule),
    }
}

fn check_activity(activity: &Activity, today: NaiveDate) -> Result<(), Refusal> {
    use Milestone::{
        ActorForms, FirstSession, MissingDocuments, PriorMeeting, SecondSession,
        TerritorialActivities, ThirdSession,
    };
    let is_activity = matches!(
        activity.milestone,
        PriorMeeting
            | FirstSession
            | ActorForms
            | SecondSession
            | TerritorialActivities
            | ThirdSession
            | MissingDocuments
    );
    if !is_activity {
        return Err(Refusal::Missing("una reunión, sesión o actividad"));
    }
    let days = [("convocatoria", activity.called), ("realización", activity.held)];
    if days.iter().all(|(_, day)| day.is_none()) {
        return Err(Refusal::Missing("cuándo se convocó o se realizó"));
    }
    for (what, day) in days {
        day.map_or(Ok(()), |day| not_future(what, day, today))?;
    }
    if let Some(held) = activity.held {
        order("realización", held, "convocatoria", activity.called)?;
    }
    optional_text("la nota", &activity.note, limits::REASON)
}

fn check_version(version: &Version, process: &Process<'_>) -> Result<(), Refusal> {
    if version.kind.is_sent() && version.unexplained() > 0 {
        return Err(Refusal::Unexplained(version.unexplained()));
    }
    for finding in &version.findings {
        optional_text("la razón", &finding.reason, limits::REASON)?;
    }
    if let Some(of) = version.letter {
        let wanted = match version.kind {
            VersionKind::Preliminary => LetterKind::Preliminary,
            VersionKind::Proposal | VersionKind::Amended => LetterKind::CouncilRequest,
            VersionKind::Final => LetterKind::Final,
            VersionKind::Adjusted => LetterKind::Adjusted,
        };
        if letter(process, of)?.kind != wanted {
            return Err(Refusal::OtherAct(of));
        }
    }
    match version.based_on {
        Some(of) => match process.register.act(of) {
            Some(Act::Version(_)) => Ok(()),
            _ => Err(Refusal::OtherAct(of)),
        },
        None if version.kind == VersionKind::Amended => {
            Err(Refusal::Missing("la versión que se enmienda"))
        }
        None => Ok(()),
    }
}

fn check_amounts(amounts: &Amounts, process: &Process<'_>) -> Result<(), Refusal> {
    if amounts.pesos.is_empty() {
        return Err(Refusal::Missing("al menos un monto"));
    }
    optional_letter(process, amounts.letter)?;
    pesos(&amounts.pesos, process)
}

fn check_council(decision: &CouncilDecision, process: &Process<'_>) -> Result<(), Refusal> {
    // CON-12: whatever proves it names session, day and agreement.
    text("el número de la sesión", &decision.session, limits::SHORT_TEXT)?;
    text("el número del acuerdo", &decision.agreement, limits::SHORT_TEXT)?;
    text("quién certifica", &decision.secretary.name, limits::SHORT_TEXT)?;
    not_future("sesión", decision.held, process.today)?;
    let attending = u32::from(decision.attending);
    if decision.votes.total() > attending || decision.attending > decision.members {
        return Err(Refusal::Votes);
    }
    files(decision.attachment.as_slice())?;
    match process.register.act(decision.version) {
        Some(Act::Version(version)) if version.fingerprint == decision.fingerprint => Ok(()),
        Some(Act::Version(_)) => Err(Refusal::OtherContent),
        _ => Err(Refusal::OtherAct(decision.version)),
    }
}

fn letter<'a>(process: &'a Process<'_>, of: ActNumber) -> Result<&'a Letter, Refusal> {
    process.register.letter(of).ok_or(Refusal::OtherAct(of))
}

fn optional_letter(process: &Process<'_>, of: Option<ActNumber>) -> Result<(), Refusal> {
    of.map_or(Ok(()), |of| letter(process, of).map(|_| ()))
}

/// Dispatch, reception and delivery are noted once; another day is a correction.
fn once(is_done: bool, of: ActNumber, corrects: Option<ActNumber>) -> Result<(), Refusal> {
    if is_done && corrects.is_none() { Err(Refusal::AlreadyDone(of)) } else { Ok(()) }
}

fn order(
    what: &'static str,
    day: NaiveDate,
    before: &'static str,
    earlier: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let holds = earlier.is_none_or(|earlier| earlier <= day);
    if holds { Ok(()) } else { Err(Refusal::Order(what, before)) }
}

/// A text that must say something.
pub(super) fn text(what: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Missing(what));
    }
    optional_text(what, text, most)
}

fn optional_text(what: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().count() <= most { Ok(()) } else { Err(Refusal::TooLong(what, most)) }
}

fn pesos(pesos: &BTreeMap<String, i64>, process: &Process<'_>) -> Result<(), Refusal> {
    for (instrument, amount) in pesos {
        known(instrument, process)?;
        if !(0..=limits::MONEY).contains(amount) {
            return Err(Refusal::OutOfRange(instrument.clone()));
        }
    }
    Ok(())
}

/// Transferred ones, and joint entries that stand for some.
fn known(instrument: &str, process: &Process<'_>) -> Result<(), Refusal> {
    let year = i32::from(process.register.exercise.budget_year);
    let is_known = in_year(year).any(|known| known.id == instrument && known.transferred());
    if is_known { Ok(()) } else { Err(Refusal::UnknownInstrument(instrument.into())) }
}

fn files(files: &[Attachment]) -> Result<(), Refusal> {
    if files.len() > limits::ATTACHMENTS {
        return Err(Refusal::TooManyFiles);
    }
    for file in files {
        if file.bytes > limits::ATTACHMENT_BYTES {
            return Err(Refusal::TooLarge(file.name.clone(), file.bytes));
        }
        text("el nombre del archivo", &file.name, limits::SHORT_TEXT)?;
        text("el tipo del archivo", &file.media_type, limits::SHORT_TEXT)?;
    }
    Ok(())
}
