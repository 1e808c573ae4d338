//! Whether an act may be registered: by whom, in which state, and whether it makes sense beside what
//! is registered already. The server asks this before it writes, the browser before it offers.

use chrono::NaiveDate;

use super::{
    Process,
    act::{Act, ActNumber, ReportKind},
    letter::{Letter, LetterKind},
    milestone::Institution,
    register::Standing,
    state::{State, Step},
    version::VersionKind,
};
use crate::{
    access::{Action, Grant},
    limits,
};

pub use refusal::Refusal;

mod amend;
mod content;
mod refusal;
#[cfg(test)]
mod tests;

/// Who asks, and what is known.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The exercise as it stands, at the server's time.
    pub process: &'a Process<'a>,
    /// The person's role and region.
    pub grant: &'a Grant,
}

impl Act {
    /// What somebody must be allowed in order to register it. `None` for what this version does not
    /// know, and for amendments, which need what they amend.
    #[must_use]
    pub fn action(&self, process: &Process<'_>) -> Option<Action> {
        let issuer = |of: ActNumber| match process.register.act(of)? {
            Act::Letter(letter) => Some((letter.issuer, Some(letter.kind))),
            Act::Version(_) => Some((Institution::Gore, None)),
            _ => None,
        };
        Some(match self {
            Self::Letter(letter) => register_letter(letter.kind, letter.issuer),
            Self::Dispatched(act) => {
                let (institution, kind) = issuer(act.of)?;
                register_letter(kind.unwrap_or(LetterKind::Other), institution)
            }
            Self::Received(act) => receive(issuer(act.of)?),
            Self::Delivered(act) => receive(issuer(act.of)?),
            Self::Ruling(_) => Action::Rule,
            Self::AgreedCalendar(_) => Action::AgreeCalendar,
            Self::Activity(_) => Action::RecordActivity,
            Self::Version(version) => match version.kind {
                VersionKind::Preliminary => Action::SubmitPreliminary,
                VersionKind::Proposal => Action::Propose,
                VersionKind::Amended => Action::Amend,
                VersionKind::Final => Action::SubmitFinal,
                VersionKind::Adjusted => Action::SubmitAdjusted,
            },
            Self::Observations(_) => Action::Observe,
            Self::Amounts(_) => Action::InformAmounts,
            Self::Council(_) => Action::RecordCouncil,
            Self::Acceptance(_) => Action::Accept,
            Self::Fallback(_) => Action::DeclareFallback,
            Self::Remainders(_) => Action::RecordRemainders,
            Self::Report(report) => match report.kind {
                ReportKind::Gore => Action::ReportAsGore,
                ReportKind::RegionalOffice => Action::ReportAsRegionalOffice,
                ReportKind::RegionsManagement | ReportKind::Survey => Action::ReportAsCentre,
            },
            Self::Closing(_) => Action::Close,
            Self::Correction(_) | Self::Annulment(_) | Self::Unknown => return None,
        })
    }

    /// Whether it may be registered. What this version does not know, it does not register.
    pub fn check(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let process = context.process;
        if process.register.records().len() >= limits::ACTS {
            return Err(Refusal::TooManyActs);
        }
        match self {
            Self::Correction(correction) => return amend::correction(correction, context),
            Self::Annulment(annulment) => return amend::annulment(annulment, context),
            _ => {}
        }
        for of in self.refers_to() {
            if process.register.act(of).is_none() {
                return Err(Refusal::NoSuchAct(of));
            }
        }
        let action = self.action(process).ok_or_else(|| match self.refers_to().first() {
            Some(of) => Refusal::OtherAct(*of),
            None => Refusal::Unknown,
        })?;
        allowed(action, context, process.state)?;
        if let Self::Version(version) = self
            && version.kind.is_sent()
            && version.has_blocking()
        {
            allowed(Action::SubmitWithReasons, context, process.state)?;
        }
        if let Self::Letter(letter) = self {
            reception_by_its_side(letter, None, context)?;
        }
        content::check(self, process, None)?;
        in_order(self, process)
    }
}

/// Whether person and state allow an action.
fn allowed(action: Action, context: &Context<'_>, state: State) -> Result<(), Refusal> {
    if !context.grant.may_ever(action, context.process.register.exercise) {
        return Err(Refusal::Forbidden(action));
    }
    if action.is_possible_in(state) { Ok(()) } else { Err(Refusal::NotNow(action, state)) }
}

/// A letter of Sercotec that decides something needs who may decide; the rest is keeping the register.
fn register_letter(kind: LetterKind, issuer: Institution) -> Action {
    match kind {
        LetterKind::Observations => Action::Observe,
        LetterKind::PreliminaryAmounts | LetterKind::ExploratoryBudget => Action::InformAmounts,
        LetterKind::AdjustmentNotice => Action::RequestAdjustment,
        LetterKind::FallbackNotice => Action::DeclareFallback,
        _ if issuer.is_central() => Action::RegisterCentralLetter,
        _ => Action::RegisterRegionalLetter,
    }
}

/// The side that receives keeps the register of it; the council's secretary that of the council.
fn receive((issuer, kind): (Institution, Option<LetterKind>)) -> Action {
    match issuer {
        _ if kind == Some(LetterKind::CouncilRequest) => Action::RecordCouncil,
        Institution::Gore => Action::ReceiveAtCentre,
        _ => Action::ReceiveAtRegion,
    }
}

/// Terms run from receptions, so that only the side that receives says when: who registers a letter
/// adds its reception only where the same side receives.
fn reception_by_its_side(
    letter: &Letter,
    before: Option<&Letter>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let days = |letter: &Letter| (letter.reception.clone(), letter.delivery.clone());
    if days(letter) == before.map_or((None, None), days) {
        return Ok(());
    }
    let action = receive((letter.issuer, Some(letter.kind)));
    let may = context.grant.may_ever(action, context.process.register.exercise);
    if may { Ok(()) } else { Err(Refusal::Forbidden(action)) }
}

/// What must have happened before.
fn in_order(act: &Act, process: &Process<'_>) -> Result<(), Refusal> {
    let leads_on = |step: Step, action: Action| match process.settled.next(step) {
        Some(_) => Ok(()),
        None => Err(Refusal::NotNow(action, process.settled)),
    };
    match act {
        Act::Version(version) if version.kind.is_sent() => {
            if process.is_fallback_declared() {
                return Err(Refusal::FallbackDeclared);
            }
            // Sending twice is one submission: the caller answers with the receipt of the first.
            match process.register.latest(version.kind) {
                Some((act, sent)) if sent.fingerprint == version.fingerprint => {
                    Err(Refusal::AlreadyDone(act))
                }
                _ => Ok(()),
            }
        }
        Act::Acceptance(_) => leads_on(Step::Accept, Action::Accept),
        Act::Closing(_) => leads_on(Step::Close, Action::Close),
        Act::Fallback(_) => fallback(process),
        _ => Ok(()),
    }
}

/// Only after the last day, and where nothing came in time.
fn fallback(process: &Process<'_>) -> Result<(), Refusal> {
    if let Some(Standing { record, .. }) =
        process.register.acts().find(|standing| matches!(standing.act, Act::Fallback(_)))
    {
        return Err(Refusal::AlreadyDone(record.number));
    }
    let closing = process.deadline(super::Milestone::Final);
    let due = closing.due().ok_or(Refusal::NothingToRule)?;
    if process.today <= due {
        return Err(Refusal::NotExpired(due));
    }
    match closing.done {
        Some(done) if done.on <= due => Err(Refusal::SentInTime(done.act)),
        _ => Ok(()),
    }
}

/// A day of something that happened is not after today.
fn not_future(what: &'static str, day: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if day <= today { Ok(()) } else { Err(Refusal::Future(what, today)) }
}
