//! Which acts move an exercise, and how.

use super::{
    act::{Act, ActNumber, AmountBasis, ReportKind},
    approval::{Approval, approval, latest_final},
    letter::LetterKind,
    milestone::Milestone,
    register::{Register, Standing},
    state::Step,
    version::VersionKind,
};

/// The steps of an act, in their order.
pub(super) fn steps(register: &Register<'_>, standing: &Standing<'_>) -> Vec<Step> {
    let number = standing.record.number;
    match standing.act {
        Act::Letter(letter) if letter.dispatch.is_some() || letter.reception.is_some() => {
            let is_received = letter.reception.is_some();
            let received = is_received.then(|| reception(letter.kind)).flatten();
            letter_step(register, letter.kind, number, number).into_iter().chain(received).collect()
        }
        Act::Dispatched(act) => match register.letter(act.of) {
            Some(letter) => {
                letter_step(register, letter.kind, act.of, number).into_iter().collect()
            }
            None => Vec::new(),
        },
        Act::Received(act) => match register.act(act.of) {
            // It has left, even if nobody noted when.
            Some(Act::Letter(letter)) => {
                let sent = letter_step(register, letter.kind, act.of, number);
                sent.into_iter().chain(reception(letter.kind)).collect()
            }
            Some(Act::Version(version)) if version.kind == VersionKind::Preliminary => {
                vec![Step::ReceivePreliminary]
            }
            _ => Vec::new(),
        },
        Act::Version(version) => match version.kind {
            VersionKind::Preliminary => {
                let letter = version.letter.and_then(|letter| register.letter(letter));
                let is_received = letter.is_some_and(|letter| letter.reception.is_some());
                let received = is_received.then_some(Step::ReceivePreliminary);
                [Step::SendPreliminary].into_iter().chain(received).collect()
            }
            VersionKind::Final => vec![final_step(register, number)],
            VersionKind::Adjusted => vec![Step::SendAdjusted],
            VersionKind::Proposal | VersionKind::Amended => Vec::new(),
        },
        Act::Activity(activity) if activity.held.is_some() => match activity.milestone {
            Milestone::FirstSession => vec![Step::HoldFirstSession],
            Milestone::SecondSession => vec![Step::HoldSecondSession],
            Milestone::ThirdSession => vec![Step::HoldThirdSession],
            _ => Vec::new(),
        },
        Act::Observations(_) => vec![Step::Observe],
        Act::Amounts(amounts) => vec![match amounts.basis {
            AmountBasis::Exploratory => Step::InformBudget,
            AmountBasis::Preliminary => Step::InformAmounts,
        }],
        // A final that is there already may be covered now, or not any more.
        Act::Council(decision) => {
            let approve = decision.is_approved.then_some(Step::Approve);
            let is_sent = latest_final(register, number).is_some();
            let of_final = is_sent.then(|| final_step(register, number));
            approve.into_iter().chain(of_final).collect()
        }
        Act::Acceptance(_) => vec![Step::Accept],
        Act::Fallback(_) => vec![Step::FallBack],
        Act::Closing(_) => [Step::Close].into_iter().chain(reports(register, number)).collect(),
        Act::Report(_) => reports(register, number).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What the dispatch of a letter does, as of an act.
fn letter_step(
    register: &Register<'_>,
    kind: LetterKind,
    letter: ActNumber,
    until: ActNumber,
) -> Option<Step> {
    match kind {
        LetterKind::Opening => Some(Step::Open),
        LetterKind::ExploratoryBudget => Some(Step::InformBudget),
        LetterKind::Preliminary => Some(Step::SendPreliminary),
        LetterKind::Observations => Some(Step::Observe),
        LetterKind::PreliminaryAmounts => Some(Step::InformAmounts),
        LetterKind::CouncilRequest => Some(Step::AskCouncil),
        // The version that goes with a letter says more than the letter.
        LetterKind::Final | LetterKind::Adjusted if is_carried(register, letter) => None,
        LetterKind::Final => Some(final_step(register, until)),
        LetterKind::AdjustmentNotice => Some(Step::RequestAdjustment),
        LetterKind::Adjusted => Some(Step::SendAdjusted),
        LetterKind::FallbackNotice | LetterKind::Other => None,
    }
}

fn is_carried(register: &Register<'_>, letter: ActNumber) -> bool {
    register.versions().any(|(_, version)| version.letter == Some(letter))
}

fn reception(kind: LetterKind) -> Option<Step> {
    (kind == LetterKind::Preliminary).then_some(Step::ReceivePreliminary)
}

/// How a final that is there stands with the council.
fn final_step(register: &Register<'_>, until: ActNumber) -> Step {
    let is_covered = latest_final(register, until).is_some()
        && matches!(approval(register, until), Approval::Covers { .. });
    if is_covered { Step::SendFinal } else { Step::SendIncompleteFinal }
}

/// Whether the reports that the Reglamento asks for are there, up to an act.
fn reports(register: &Register<'_>, until: ActNumber) -> Option<Step> {
    let has = |wanted: ReportKind| {
        register.acts().any(|standing| {
            standing.record.number <= until
                && matches!(standing.act, Act::Report(report) if report.kind == wanted)
        })
    };
    (has(ReportKind::Gore) && has(ReportKind::RegionalOffice)).then_some(Step::Report)
}
