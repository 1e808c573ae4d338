//! Corrections, annulments, what later versions write, and acts in any order.

use proptest::prelude::*;

use super::*;
use crate::process::act::{Annulment, Correction};
use Role::{GoreSignatory, SercotecManager, SercotecReviewer};

fn annulled(of: ActNumber) -> Act {
    Act::Annulment(Annulment { of, reason: "Registrado por error.".into() })
}

#[test]
fn an_annulled_act_does_not_count_and_is_still_seen() {
    let mut year = Year::new();
    let opening = year.on(3, 13).sends(SercotecReviewer, LetterKind::Opening, "54");
    let reception = year.does(Role::GoreCounterpart, received(opening, date(2026, 3, 13)));
    let used = year.check(SercotecReviewer, &annulled(opening));
    assert_eq!(used, Err(Refusal::InUse(reception)));
    let foreign = year.check(SercotecReviewer, &annulled(reception));
    assert!(matches!(foreign, Err(Refusal::Forbidden(_))), "who may do it may undo it");
    year.does(Role::GoreCounterpart, annulled(reception));
    year.does(SercotecReviewer, annulled(opening));
    assert_eq!(year.state(), State::Draft);
    let process = year.process();
    let marks: Vec<_> = process.timeline.iter().map(|event| event.is_annulled).collect();
    assert_eq!(marks, [true, true, false, false]);
    assert_eq!(year.check(SercotecReviewer, &annulled(opening)), Err(Refusal::NoSuchAct(opening)));
}

#[test]
fn a_correction_stands_in_the_place_of_the_act() {
    let mut year = Year::new();
    let of = year.on(11, 16).sends(GoreSignatory, LetterKind::Preliminary, "1501");
    assert_eq!(year.process().deadline(Milestone::Preliminary).days_late(), Some(1));
    let right = letter(LetterKind::Preliminary, "1501", date(2026, 11, 13));
    let correct = |act| {
        let reason = "La fecha era la del registro.".into();
        Act::Correction(Correction { of, act: Box::new(act), reason })
    };
    year.does(GoreSignatory, correct(Act::Letter(right)));
    assert_eq!(year.process().deadline(Milestone::Preliminary).days_late(), None);
    assert_eq!(year.process().register.records().len(), 2, "nothing is rewritten");
    // Into another type, or by somebody else, it is none.
    let other = correct(received(of, date(2026, 11, 16)));
    assert_eq!(year.check(GoreSignatory, &other), Err(Refusal::OtherAct(of)));
    let same = correct(Act::Letter(letter(LetterKind::Preliminary, "1", date(2026, 11, 13))));
    assert!(matches!(year.check(SercotecManager, &same), Err(Refusal::Forbidden(_))));
}

#[test]
fn what_was_sent_is_not_corrected() {
    let mut year = Year::new();
    let sent = Act::Version(version(VersionKind::Preliminary, "a", None));
    let of = year.on(11, 13).does(GoreSignatory, sent);
    let act = Box::new(Act::Version(version(VersionKind::Preliminary, "b", None)));
    let correction = Act::Correction(Correction { of, act, reason: "Otra.".into() });
    assert_eq!(year.check(GoreSignatory, &correction), Err(Refusal::Immutable));
}

#[test]
fn acts_of_later_versions_are_read_as_unknown() {
    let text = r#"[
        {"number":1,"at":0,"author":{"user":1,"name":"Ana","role":"gore_editor"},
         "act":{"type":"extension","days":7}},
        {"number":2,"at":0,"author":{"user":1,"name":"Ana","role":"gore_editor"},
         "act":{"type":"activity","milestone":"fourth_session","held":"2026-10-01"}},
        {"number":3,"at":0,"author":{"user":1,"name":"Ana","role":"gore_editor"},
         "act":{"type":"activity","milestone":"first_session","held":"2026-09-01","mood":"good"}}
    ]"#;
    let records: Vec<Record> = serde_json::from_str(text).unwrap();
    let register = Register::new(Year::id(), &records);
    assert_eq!(register.unknown(), 2);
    assert_eq!(register.activities().count(), 1, "what is known of an act counts");
    let year = Year { records, now: noon(2026, 10, 2), previous: None };
    assert_eq!(year.state(), State::Diagnosis);
    assert_eq!(year.check(SercotecManager, &Act::Unknown), Err(Refusal::Unknown));
}

/// The names in the database and on the wire.
#[test]
fn the_json_of_an_act_is_pinned() {
    let act = received(7, date(2026, 11, 14));
    let text = serde_json::to_string(&act).unwrap();
    assert_eq!(text, r#"{"type":"received","of":7,"on":"2026-11-14","stamp":"77"}"#);
    assert_eq!(serde_json::from_str::<Act>(&text).unwrap(), act);
    for act in [
        Act::Letter(letter(LetterKind::Final, "1", date(2026, 12, 29))),
        Act::Version(version(VersionKind::Final, "x", Some(3))),
        amounts(AmountBasis::Preliminary, None),
        annulled(4),
    ] {
        let text = serde_json::to_string(&act).unwrap();
        assert_eq!(serde_json::from_str::<Act>(&text).unwrap(), act, "{text}");
    }
}

/// Acts that anybody might register at any time.
fn any_act() -> impl Strategy<Value = (Role, Act)> {
    let day = (0..400_u64).prop_map(|days| date(2026, 3, 1) + chrono::Days::new(days));
    let kinds = prop::sample::select(LetterKind::ALL.to_vec());
    let roles = prop::sample::select(Role::ALL.to_vec());
    let of = 1..12_u32;
    let content = prop::sample::select(vec!["a", "b"]);
    let versions = prop::sample::select(vec![
        VersionKind::Preliminary,
        VersionKind::Proposal,
        VersionKind::Final,
        VersionKind::Adjusted,
    ]);
    let remark = || crate::process::act::Remark { note: "Nota.".into(), letter: None };
    let act = prop_oneof![
        (kinds, day.clone(), any::<u8>()).prop_map(|(kind, on, number)| Act::Letter(letter(
            kind,
            &number.to_string(),
            on
        ))),
        (of.clone(), day).prop_map(|(of, on)| received(of, on)),
        (versions, content.clone())
            .prop_map(|(kind, text)| Act::Version(version(kind, text, None))),
        (of.clone(), content).prop_map(|(of, text)| Act::Council(
            crate::process::council::tests::approval(of, Fingerprint::of(text.as_bytes()))
        )),
        Just(amounts(AmountBasis::Preliminary, None)),
        of.prop_map(annulled),
        Just(Act::Acceptance(remark())),
        Just(Act::Fallback(remark())),
        Just(Act::Closing(remark())),
    ];
    (roles, act)
}

proptest! {
    /// What is registered never lets the process run backwards, except by an annulment; and nothing
    /// that was registered is ever rewritten or lost from the timeline.
    #[test]
    fn any_year_can_be_read(acts in prop::collection::vec((any_act(), 0..30_i64), 0..40)) {
        let mut year = Year::new();
        for ((role, act), days) in acts {
            year.now += days * 86_400_000;
            let before = year.process().settled;
            let is_annulment = matches!(act, Act::Annulment(_));
            if year.try_do(role, act).is_ok() && !is_annulment {
                let after = year.process().settled;
                let replaced = (before, after) == (State::FinalSent, State::FinalIncomplete);
                let again = (before, after) == (State::FinalResent, State::AdjustmentRequested);
                prop_assert!(before <= after || replaced || again, "{before:?} {after:?}");
            }
            let process = year.process();
            let acts = process.timeline.iter().filter_map(|event| event.act);
            prop_assert!(acts.eq(year.records.iter().map(|record| record.number)));
            let _ = crate::process::duty::duties(&process);
        }
    }
}
