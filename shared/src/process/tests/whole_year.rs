//! The year of the issue: everything sent, with observations late and one peso changed.

use super::*;
use crate::process::{
    act::{Activity, AgreedCalendar, ClosingReport, Remainders, Remark, ReportKind},
    board::board,
    council::tests::approval,
    duty::{Duty, Status, duties},
};
use Role::{
    CoreSecretary, DrLeader, GoreCounterpart, GoreEditor, GoreSignatory, SercotecManager,
    SercotecReviewer,
};

fn session(milestone: Milestone, called: NaiveDate, held: NaiveDate) -> Act {
    let (called, held) = (Some(called), Some(held));
    Act::Activity(Activity { milestone, called, held, note: String::new() })
}

fn duty(year: &Year, milestone: Milestone) -> Duty {
    let all = duties(&year.process());
    all.into_iter().find(|duty| duty.deadline.milestone == milestone).unwrap()
}

/// Until the preliminary was received.
fn until_november(year: &mut Year) -> ActNumber {
    assert_eq!(year.state(), State::Draft);
    year.on(3, 13).sends(SercotecReviewer, LetterKind::Opening, "54");
    assert_eq!(year.state(), State::Opened);

    let calendar = AgreedCalendar {
        on: date(2026, 4, 10),
        days: [(Milestone::FirstSession, date(2026, 8, 27))].into(),
        note: String::new(),
    };
    year.on(4, 10).does(DrLeader, Act::AgreedCalendar(calendar));

    let budget = year.on(6, 26).sends(SercotecManager, LetterKind::ExploratoryBudget, "91");
    year.does(SercotecManager, amounts(AmountBasis::Exploratory, Some(budget)));
    year.on(7, 2).does(GoreCounterpart, received(budget, date(2026, 7, 2)));
    assert_eq!(year.state(), State::ExploratoryBudget);
    let informed = duty(year, Milestone::ExploratoryBudget);
    assert_eq!(informed.deadline.days_received_late(), Some(2), "in time by its date only");
    assert_eq!(informed.missing, Vec::<&str>::new());

    for (milestone, month, state) in [
        (Milestone::FirstSession, 8, State::Diagnosis),
        (Milestone::SecondSession, 9, State::Vocations),
        (Milestone::ThirdSession, 10, State::PreliminaryDraft),
    ] {
        let (called, held) = (date(2026, month, 10), date(2026, month, 27));
        year.on(month, 27).does(GoreEditor, session(milestone, called, held));
        assert_eq!(year.state(), state);
    }

    let letter = year.on(11, 14).sends(GoreSignatory, LetterKind::Preliminary, "1501");
    let sent = version(VersionKind::Preliminary, "preliminar", Some(letter));
    let preliminary = year.does(GoreSignatory, Act::Version(sent));
    assert_eq!(year.state(), State::PreliminarySent);
    assert_eq!(duty(year, Milestone::Observations).status, Status::Waiting);
    year.does(SercotecReviewer, received(letter, date(2026, 11, 14)));
    assert_eq!(year.state(), State::UnderObservation);
    preliminary
}

#[test]
fn everything_is_sent() {
    let mut year = Year::new();
    let preliminary = until_november(&mut year);

    // Fifteen calendar days from Saturday 14 November end on Sunday 29.
    let observations = duty(&year, Milestone::Observations);
    assert_eq!(observations.deadline.due(), Some(date(2026, 11, 29)));
    assert_eq!(observations.time(), "Faltan 15 días");
    assert!(observations.deadline.warning().is_some());
    assert_eq!(year.process().deadline(Milestone::Preliminary).days_late(), None);

    // 1 December: the amounts come in time, the observations are late.
    let letter = year.on(12, 1).sends(SercotecManager, LetterKind::PreliminaryAmounts, "180");
    year.does(SercotecManager, amounts(AmountBasis::Preliminary, Some(letter)));
    assert_eq!(year.state(), State::AmountsReceived);
    assert_eq!(year.process().deadline(Milestone::PreliminaryAmounts).days_late(), None);
    assert_eq!(duty(&year, Milestone::Observations).time(), "Venció hace 2 días");
    let process = year.process();
    let line = &board([&process])[0];
    assert_eq!((line.overdue, line.days_left()), (1, Some(-2)));
    assert_eq!(line.received, Some(date(2026, 11, 14)));

    let letter = year.on(12, 2).sends(SercotecManager, LetterKind::Observations, "181");
    let published =
        crate::process::act::Observations { version: preliminary, count: 11, letter: Some(letter) };
    year.does(SercotecManager, Act::Observations(published));
    assert_eq!(year.state(), State::AmountsReceived, "late observations move nothing back");
    assert_eq!(year.process().deadline(Milestone::Observations).days_late(), Some(3));

    // The council votes on one exact version.
    let tabled = Act::Version(version(VersionKind::Proposal, "1.252.784.000", None));
    let tabled = year.on(12, 4).does(GoreCounterpart, tabled);
    year.sends(GoreSignatory, LetterKind::CouncilRequest, "1866");
    assert_eq!(year.state(), State::CorePending);
    assert_eq!(duty(&year, Milestone::CouncilApproval).owed_by, Institution::Core);
    let content = Fingerprint::of(b"1.252.784.000");
    year.on(12, 17).does(CoreSecretary, Act::Council(approval(tabled, content)));
    assert_eq!(year.state(), State::CoreApproved);

    // One peso more than approved is noticed, and does not keep it from being sent.
    let letter = year.on(12, 28).sends(GoreSignatory, LetterKind::Final, "1900");
    let changed = version(VersionKind::Final, "1.252.784.001", Some(letter));
    let changed = year.does(GoreSignatory, Act::Version(changed));
    assert_eq!(year.state(), State::FinalIncomplete);
    let decision = changed - 2;
    let differs = Approval::Differs { decision, approved: tabled, sent: changed };
    assert_eq!(year.process().approval(), differs);
    let council = duty(&year, Milestone::CouncilApproval).missing;
    assert_eq!(council, ["Falta adjuntar el acta, el acuerdo o el certificado."]);
    let missing = duty(&year, Milestone::Final).missing;
    assert!(missing.contains(&"La final enviada no es la versión que aprobó el CORE."));

    // 29 December: what was approved is sent.
    let letter = year.on(12, 29).sends(GoreSignatory, LetterKind::Final, "1901");
    let sent = Act::Version(version(VersionKind::Final, "1.252.784.000", Some(letter)));
    let act = year.does(GoreSignatory, sent.clone());
    assert_eq!(year.state(), State::FinalSent);
    assert_eq!(year.process().approval(), Approval::Covers { decision, is_later: false });
    assert_eq!(year.process().deadline(Milestone::Final).days_late(), None);
    assert_eq!(year.check(GoreSignatory, &sent), Err(Refusal::AlreadyDone(act)), "sent once");
    year.on(12, 31);
    assert_eq!(year.state(), State::FinalSent, "time brings no fallback to who has sent");
    until_reported(&mut year);
}

fn until_reported(year: &mut Year) {
    let mut notice = letter(LetterKind::AdjustmentNotice, "3", date(2027, 1, 4));
    year.on(1, 4);
    let without = year.check(SercotecManager, &Act::Letter(notice.clone()));
    assert_eq!(without, Err(Refusal::Missing("los instrumentos que se deben ajustar")));
    notice.instruments = vec!["crece".into()];
    year.does(SercotecManager, Act::Letter(notice));
    assert_eq!(year.state(), State::AdjustmentRequested);
    let owed = duty(year, Milestone::AdjustmentNotice);
    assert_eq!((owed.title, owed.owed_by), ("Focalización ajustada", Institution::Gore));

    let adjusted = Act::Version(version(VersionKind::Adjusted, "ajustada", None));
    year.on(1, 8).does(GoreCounterpart, adjusted);
    assert_eq!(year.state(), State::FinalResent);
    let remark = |note: &str| Remark { note: note.into(), letter: None };
    year.does(SercotecReviewer, Act::Acceptance(remark("")));
    assert_eq!(year.state(), State::Accepted);
    let remainders = Remainders {
        pesos: [("crece".into(), 1_000_000)].into(),
        on: date(2027, 1, 8),
        note: String::new(),
    };
    year.does(SercotecReviewer, Act::Remainders(remainders));
    year.does(SercotecManager, Act::Closing(remark("")));
    assert_eq!(year.state(), State::Closed);
    for (role, kind) in
        [(GoreCounterpart, ReportKind::Gore), (DrLeader, ReportKind::RegionalOffice)]
    {
        assert_eq!(year.state(), State::Closed);
        let report = ClosingReport { kind, on: date(2027, 1, 8), attachment: None };
        year.does(role, Act::Report(report));
    }
    assert_eq!(year.state(), State::Reported);
    let process = year.process();
    assert_eq!(process.register.remainders().unwrap().pesos["crece"], 1_000_000);
    assert_eq!(process.timeline.len(), year.records.len());
    let states: Vec<_> = process.timeline.iter().filter_map(|event| event.state).collect();
    let skipped = [State::Draft, State::Observed, State::FallbackPreviousYear];
    let expected = State::ALL.into_iter().filter(|state| !skipped.contains(state));
    assert!(states.iter().copied().eq(expected), "{states:?}");
    let late = process.timeline.iter().find(|event| event.title == "Oficio con las observaciones");
    assert_eq!(late.unwrap().days_after_due(), Some(3));
}

#[test]
fn a_final_without_the_council_is_incomplete_until_it_approves() {
    let mut year = Year::new();
    until_november(&mut year);
    let letter = year.on(12, 29).sends(GoreCounterpart, LetterKind::Final, "1900");
    let sent = version(VersionKind::Final, "final", Some(letter));
    let sent = year.does(GoreCounterpart, Act::Version(sent));
    assert_eq!(
        (year.state(), year.process().approval()),
        (State::FinalIncomplete, Approval::Missing)
    );
    let mut decision = approval(sent, Fingerprint::of(b"final"));
    decision.held = date(2027, 1, 12);
    let decision = year.on(1, 12).does(CoreSecretary, Act::Council(decision));
    assert_eq!(year.state(), State::FinalSent);
    assert_eq!(year.process().approval(), Approval::Covers { decision, is_later: true });
    assert_eq!(
        duty(&year, Milestone::Final).missing.last(),
        Some(&"El CORE aprobó después del envío.")
    );
}

#[test]
fn what_the_council_amended_is_what_it_approved() {
    let mut year = Year::new();
    until_november(&mut year);
    let tabled = Act::Version(version(VersionKind::Proposal, "tabla", None));
    let tabled = year.on(12, 10).does(GoreSignatory, tabled);
    let mut amended = version(VersionKind::Amended, "enmendada", None);
    amended.based_on = Some(tabled);
    let amended = year.on(12, 17).does(CoreSecretary, Act::Version(amended));
    assert_eq!(year.state(), State::UnderObservation, "fixing a version decides nothing");
    let decision = approval(amended, Fingerprint::of(b"enmendada"));
    let decision = year.does(CoreSecretary, Act::Council(decision));
    assert_eq!(year.state(), State::CoreApproved);
    assert_eq!(year.process().approval(), Approval::Uncompared { decision });
    let sent = Act::Version(version(VersionKind::Final, "tabla", None));
    year.on(12, 29).does(GoreSignatory, sent);
    assert_eq!(year.state(), State::FinalIncomplete, "the council did not approve what was tabled");
    year.does(GoreSignatory, Act::Version(version(VersionKind::Final, "enmendada", None)));
    assert_eq!(year.state(), State::FinalSent);
}

#[test]
fn the_last_word_of_the_council_counts() {
    let mut year = Year::new();
    let tabled = Act::Version(version(VersionKind::Proposal, "a", None));
    let tabled = year.on(12, 10).does(GoreSignatory, tabled);
    let mut decision = approval(tabled, Fingerprint::of(b"a"));
    decision.is_approved = false;
    year.on(12, 17).does(CoreSecretary, Act::Council(decision.clone()));
    assert_eq!((year.state(), year.process().approval()), (State::Draft, Approval::Missing));
    decision.is_approved = true;
    let approved = year.does(CoreSecretary, Act::Council(decision.clone()));
    let sent = Act::Version(version(VersionKind::Final, "a", None));
    let sent = year.on(12, 18).does(GoreSignatory, sent);
    assert_eq!(year.state(), State::FinalSent);
    decision.is_approved = false;
    year.does(CoreSecretary, Act::Council(decision));
    let differs = Approval::Differs { decision: approved, approved: tabled, sent };
    assert_eq!(year.process().approval(), differs, "it took its approval back");
    assert_eq!(year.state(), State::FinalIncomplete);
}
